/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pool of huge pages, and what hugetlb keeps of a page, a mount and a cgroup, for who brings none of that:
 * the port (src/callers/), and a kernel's callers where the rest of its hugetlb cannot be taken.  All of a
 * kernel's own hugetlb has it all by itself, so vm.h does not include this.
 *
 * Promises are numbers only; whose they are, and whether they add up, is what is tested.  Names are the
 * kernel's where it has one.
 *
 * Locking: hugetlb_lock guards hstates[0] and its pages.
 */
#ifndef VM_POOL_H
#define VM_POOL_H

#include "buddy.h"
#include "cache.h"
#include "cgroup.h"
#include "rmap.h"

/* One size of huge pages, on one node. */
struct hstate {
	unsigned long nr_huge_pages;            /* that exist */
	unsigned long free_huge_pages;          /* of them, on the free list */
	unsigned long resv_huge_pages;          /* of those, promised */
	unsigned long surplus_huge_pages;       /* of nr, beyond the pool's own size */
	unsigned long nr_overcommit_huge_pages; /* most of them */
	unsigned long max_huge_pages;           /* the pool's own size */
	unsigned long free_huge_pages_node[1], surplus_huge_pages_node[1], nr_huge_pages_node[1];
	struct list_head hugepage_freelists[1], hugepage_activelist;
};

extern struct hstate hstates[HUGE_MAX_HSTATE];
extern spinlock_t hugetlb_lock;

struct hugetlb_cgroup {
	struct cgroup_subsys_state css;
	struct page_counter hugepage[HUGE_MAX_HSTATE];
	struct page_counter rsvd_hugepage[HUGE_MAX_HSTATE];
	struct {
		unsigned long usage[HUGE_MAX_HSTATE];
	} nodeinfo[1][1]; /* pages in use on a node; a pointer each in the kernel */
};

/* All there are; the first stands for none.  A task's is current->cgroup. */
enum { VM_CGROUPS = 4 };
extern struct hugetlb_cgroup vm_cgroup[VM_CGROUPS];

/* Whose task makes the calls from now on. */
static inline void vm_task_in(unsigned cgroup)
{
	vm_current.cgroup = &vm_cgroup[cgroup].css;
}

/* Everything new: @pages in the pool, all free, and up to @overcommit more on demand. */
void vm_pool_reset(unsigned long pages, unsigned long overcommit);

/*
 * Set the pool's own size, as nr_hugepages does.  Pages in use or promised stay, as surplus.
 * Source: mm/hugetlb.c set_max_huge_pages(), v6.1.
 */
void vm_pool_resize(struct hstate *h, unsigned long pages);

/*
 * Have enough free pages to promise @delta more, and promise them; hugetlb_lock is dropped while
 * surplus pages are made.
 *
 * Return: 0, or -ENOMEM and nothing is promised.
 * Source: mm/hugetlb.c gather_surplus_pages(), v6.1.
 */
int gather_surplus_pages(struct hstate *h, long delta) __must_hold(&hugetlb_lock);

/*
 * Take back the promise of @unused pages; surplus pages that nobody needs then go away.
 * Source: mm/hugetlb.c return_unused_surplus_pages(), v6.1.
 */
void return_unused_surplus_pages(struct hstate *h, unsigned long unused) __must_hold(&hugetlb_lock);

/* A free page, now in use with one reference, or NULL. */
struct page *vm_pool_dequeue(struct hstate *h) __must_hold(&hugetlb_lock);

/* A surplus page, in use with one reference, or NULL.  Takes hugetlb_lock by itself. */
struct page *vm_pool_surplus(struct hstate *h);

/* A page without references goes back to the free list, or away if it is surplus and not promised. */
void vm_pool_free(struct hstate *h, struct page *page) __must_hold(&hugetlb_lock);

/* Its two halves, for callers that do the rest themselves: onto the free list, or away. */
void vm_pool_enqueue(struct hstate *h, struct page *page) __must_hold(&hugetlb_lock);
void vm_pool_unmake(struct hstate *h, struct page *page);

/* --- what hugetlb keeps of a page: the subpool that it counts in, who is charged for it -------- */

/* Pages of hugetlb's are known by their first struct page. */
#define VM_HEAD(p)                         ((struct folio *)(void *)(p))
#define hugetlb_page_subpool(p)            ((struct hugepage_subpool *)VM_HEAD(p)->_hugetlb_subpool)
#define hugetlb_set_page_subpool(p, spool) ((void)(VM_HEAD(p)->_hugetlb_subpool = (spool)))
#define hugetlb_cgroup_from_page(p)        ((struct hugetlb_cgroup *)VM_HEAD(p)->_hugetlb_cgroup)
#define hugetlb_cgroup_from_page_rsvd(p)   ((struct hugetlb_cgroup *)VM_HEAD(p)->_hugetlb_cgroup_rsvd)
#define set_hugetlb_cgroup(p, h_cg)        ((void)(VM_HEAD(p)->_hugetlb_cgroup = (h_cg)))
#define set_hugetlb_cgroup_rsvd(p, h_cg)   ((void)(VM_HEAD(p)->_hugetlb_cgroup_rsvd = (h_cg)))

/* --- a mount's part of a file ------------------------------------------------------------------ */

struct hugepage_subpool;

struct hugetlbfs_sb_info {
	struct hugepage_subpool *spool; /* NULL: no limits */
};

#define HUGETLBFS_SB(sb)        ((struct hugetlbfs_sb_info *)(sb)->s_fs_info)

/* --- sizes --------------------------------------------------------------------------------------- */

#define hstate_vma(vma)         ((void)(vma), &hstates[0])
#define hstate_inode(inode)     ((void)(inode), &hstates[0])
#define huge_page_shift(h)      ((void)(h), PMD_SHIFT)
#define huge_page_order(h)      ((void)(h), VM_HUGE_ORDER)
#define pages_per_huge_page(h)  ((void)(h), VM_HUGE_PAGES)
#define blocks_per_huge_page(h) ((void)(h), PMD_SIZE / 512)

#endif
