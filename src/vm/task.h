/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tasks: the calls under way, each of which waits for locks of the others.  What is a task's own is in
 * struct task_struct, and is swapped when another one goes on.
 *
 * Who decides what runs while a task waits is behind shim_hooks.wait.  Without one nobody else is there,
 * so waiting would be for ever.
 */
#ifndef VM_TASK_H
#define VM_TASK_H

#include "base.h"

struct mm_struct;
struct cgroup_subsys_state;

/* Numbers of tasks are bits of a word. */
enum { VM_TASKS = 32 };
#define PF_MEMALLOC_PIN   1u
#define PF_MEMALLOC_NOCMA 2u

struct task_struct {
	u8 number; /* 1 to VM_TASKS - 1 */
	int sleeping_locks;
	int gathers, notifies; /* of mmu.h, begun and not ended */
	int anon_vmas;         /* references of migrate.h */
	unsigned flags;
	bool signalled;  /* by userfaultfd: its fault is not resolved */
	unsigned looked; /* when it last looked through a cgroup's charges: vm_unlocked + 1 */
	struct mm_struct *mm;
	struct cgroup_subsys_state *cgroup; /* hugetlb's */
};

extern struct task_struct vm_current;

/* Locks given back, and calls that have ended, so far: who waits looks again. */
extern unsigned vm_unlocked;

/* Let others run until the tasks with the bits @holders may have given it back. */
static inline void vm_wait(u32 holders, const char *name, const char *file, int line)
{
	shim_step(file, line);
	if (shim_locks_held)
		shim_breach(SHIM_SLEEP, "waits for a lock with a spinlock held", file, line);
	if (holders >> vm_current.number & 1 && !(holders & ~(1u << vm_current.number)))
		shim_breach(SHIM_LOCK, "takes a lock it already holds", file, line);
	if (!shim_hooks.wait)
		shim_breach(SHIM_ENDLESS, "waits for a lock that nobody gives back", file, line);
	shim_hooks.wait(holders, name, file, line);
}

/*
 * Two functions look again and again until another call has got on; elsewhere it makes no difference who
 * runs.  Whoever dissolves a page looks until it is on the list of free ones, where the call that freed it
 * puts it.  A cgroup that goes moves the charges of pages in use, until none is left.  It looks whether one
 * is left behind this place only, so it waits here if nothing has happened since it looked before: then
 * a page is left that a call under way has not taken into use yet, or keeps off the list.
 *
 * Which function it is the compiler knows, and nobody asks while a kernel's text runs: that makes many pages, and
 * looks up from each.
 */
static inline __attribute__((always_inline)) void vm_resched(const char *function, const char *file,
                                                             int line)
{
	if (!__builtin_strncmp(function, "dissolve_free_huge", sizeof("dissolve_free_huge") - 1)) {
		vm_wait(0, "a page to be free", file, line);
		return;
	}
	if (__builtin_strcmp(function, "hugetlb_cgroup_css_offline"))
		return;
	if (vm_current.looked == vm_unlocked + 1)
		vm_wait(0, "the charges of a cgroup", file, line);
	else
		vm_current.looked = vm_unlocked + 1;
}

/* Does what comes now fail, though everything it needs is there? */
static inline bool vm_late(void)
{
	return shim_hooks.late && shim_hooks.late();
}

/* Before a lock that sleeps somebody else may run; so it may after one was given back. */
static inline void vm_before_lock(void)
{
	if (!shim_locks_held)
		shim_moment();
}

static inline void vm_after_unlock(void)
{
	shim_unlocked = !shim_locks_held;
	vm_unlocked++;
}

#endif
