/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All of the kernel's vocabulary that the reservation map's own text uses, from 4.4 to 7.3: what
 * the other shim files say, and what only kernel text needs.  An imported kernel is compiled over
 * this header and nothing else, so a name that is missing goes here, or where it belongs by its
 * honesty: dup.h, stubs.h or custom.h.
 *
 * One huge page size; cgroups that nothing but references and charges are counted of.
 */
#ifndef SHIM_KERNEL_H
#define SHIM_KERNEL_H

#include "cgroup.h"
#include "custom.h"
#include "dup.h"
#include "stubs.h"

/* Words about a function or a variable, for the kernel's linker and checkers. */
#define __acquires(lock)
#define __releases(lock)
#define __must_check
#define __maybe_unused
#define __always_unused
#define __init
#define __exit
#define __ref
#define __read_mostly
#define __ro_after_init
#define __cold
#define noinline
#define noinline_for_stack
#define noinstr
#define asmlinkage
#define __user
#define __force

/* Since 6.19: an object of the type of @obj; an optional second argument is the flags. */
#define kmalloc_obj(obj, ...) kmalloc(sizeof(__typeof__(obj)), GFP_KERNEL)
#define kzalloc_obj(obj, ...) kzalloc(sizeof(__typeof__(obj)), GFP_KERNEL)

#define lockdep_assert_held(lock) \
	do { \
		if (!(lock)->held) \
			shim_breach(SHIM_LOCK, "needs " #lock " and does not hold it", __FILE__, \
			            __LINE__); \
	} while (0)

/* These stay where DEBUG_VM is off.  A warning is a finding too. */
#define BUG_ON(cond) ((void)WARN_ON(cond))
#define WARN_ON(cond) \
	({ \
		bool warn_on = (cond); \
		if (unlikely(warn_on)) \
			shim_breach(SHIM_ASSERT, "assertion (" #cond ")", __FILE__, __LINE__); \
		warn_on; \
	})
#define WARN_ON_ONCE(cond) WARN_ON(cond)
#define VM_WARN_ON(cond)   VM_BUG_ON(cond)

/*
 * Small pages in a huge one: more than one, so that a lost factor shows, and so few that no sum
 * of pages on any board overflows an unsigned long.
 */
enum { HUGE_MAX_HSTATE = 1, SHIM_PAGES_PER_HPAGE = 2 };

/* The pool that a map's pages are of: only its size of pages matters. */
struct hstate {
	char unused;
};

static inline int hstate_index(struct hstate *h)
{
	(void)h;
	return 0;
}

static inline unsigned int pages_per_huge_page(const struct hstate *h)
{
	(void)h;
	return SHIM_PAGES_PER_HPAGE;
}

/* Who is charged for what is reserved. */
struct hugetlb_cgroup {
	struct cgroup_subsys_state css;
	struct page_counter rsvd_hugepage[HUGE_MAX_HSTATE];
};

/* No call on a map holds it. */
struct rw_semaphore {
	char unused;
};

static inline void init_rwsem(struct rw_semaphore *sem)
{
	(void)sem;
}

#ifdef CONFIG_CGROUP_HUGETLB
static inline bool hugetlb_cgroup_disabled(void)
{
	return false;
}
#else
#include "nocgroup.h"
#endif

#endif
