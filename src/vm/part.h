/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The world below a part of hugetlb: the callers of a kernel's map, where the rest of its hugetlb cannot be
 * taken.  All that vm.h has, and in place of the rest the pool of pool.h; a function of the tree that has a
 * name of pool.h or of this file is not taken from the tree, and its manifest says so.
 *
 * Macros where kernels disagree about types: a page was a struct page once, and is a struct folio now; both
 * are the same memory here, as there.
 */
#ifndef VM_PART_H
#define VM_PART_H

#include "vm.h"

#include "pool.h"

/* --- what hugetlb keeps of a page, by all names that it has had --------------------------------- */

/* A flag of its own since 5.12, PG_private before; then the subpool had ->private for itself. */
#undef PagePrivate
#undef SetPagePrivate
#undef ClearPagePrivate
#undef page_private
#undef set_page_private
#define PagePrivate(p)                    HPageRestoreReserve(VM_PAGE(p))
#define SetPagePrivate(p)                 SetHPageRestoreReserve(VM_PAGE(p))
#define ClearPagePrivate(p)               ClearHPageRestoreReserve(VM_PAGE(p))
#define page_private(p)                   ((unsigned long)hugetlb_page_subpool(p))
#define set_page_private(p, v)            hugetlb_set_page_subpool(p, (void *)(v))

#define hugetlb_folio_subpool(f)          hugetlb_page_subpool(f)
#define hugetlb_set_folio_subpool(f, s)   hugetlb_set_page_subpool(f, s)
#define hugetlb_cgroup_from_folio(f)      hugetlb_cgroup_from_page(f)
#define hugetlb_cgroup_from_folio_rsvd(f) hugetlb_cgroup_from_page_rsvd(f)
#define __hugetlb_cgroup_from_page(p, rsvd) \
	((struct hugetlb_cgroup *)*vm_page_cgroup(VM_HEAD(p), rsvd))
#define __hugetlb_cgroup_from_folio(f, rsvd) __hugetlb_cgroup_from_page(f, rsvd)
#define __set_hugetlb_cgroup(p, who, rsvd)   ((void)(*vm_page_cgroup(VM_HEAD(p), rsvd) = (who)))

static inline void **vm_page_cgroup(struct folio *folio, bool rsvd)
{
	return rsvd ? &folio->_hugetlb_cgroup_rsvd : &folio->_hugetlb_cgroup;
}

#define HUGETLB_CGROUP_MIN_ORDER    0
#define hugetlb_cgroup_disabled()   false
#define arch_clear_hugetlb_flags(f) ((void)(f))
#define PageHugeTemporary(p)        ((void)(p), false)
#define ClearPageHugeTemporary(p)   ((void)(p))
#define clear_page_huge_active(p)   ((void)(p))
#define page_hstate(p)              ((void)(p), &hstates[0])
#define folio_hstate(f)             ((void)(f), &hstates[0])
#define htlb_alloc_mask(h)          ((void)(h), GFP_KERNEL)

/* --- mappings and files: all are hugetlb's ------------------------------------------------------- */

#define HUGETLBFS_I(inode)          (&(inode)->i_data)
#define is_vm_hugetlb_page(vma)     ((void)(vma), true)
#define is_vm_hugetlb_flags(flags)  ((void)(flags), true)
#define is_vma_hugetlb_flags(flags) ((void)(flags), true)
#define hugetlb_vma_lock_alloc(vma) ((void)(vma))
#define hugetlb_vma_lock_free(vma)  ((void)(vma))

/* --- our pool, for the tree's ---------------------------------------------------------------------- */

static inline int hstate_index(struct hstate *h)
{
	(void)h;
	return 0;
}

/* On no list; the kernel's text puts it on one. */
static inline struct page *vm_pool_buddy(struct hstate *h)
{
	struct page *page = vm_pool_surplus(h);

	if (page)
		list_del_init(&page->lru);
	return page;
}

/*
 * Off the list of pages in use, and no huge page any more; with @surplus, one less beyond the pool's own size.
 * It goes away when hugetlb_lock is not held any more.  Up to 5.12 there is one step for both.
 */
static inline void vm_pool_remove(struct hstate *h, struct page *page, bool surplus)
{
	list_del(&page->lru);
	folio_clear_hugetlb(page);
	h->nr_huge_pages--;
	h->nr_huge_pages_node[0]--;
	if (surplus) {
		h->surplus_huge_pages--;
		h->surplus_huge_pages_node[0]--;
	}
}

static inline void vm_pool_forget(struct hstate *h, struct page *page)
{
	if (folio_test_hugetlb(page))
		vm_pool_unmake(h, page);
	else
		vm_buddy_free(VM_HEAD(page));
}

/* Off the list of pages in use, onto that of free ones. */
static inline void vm_pool_give_back(struct hstate *h, struct page *page)
{
	list_del(&page->lru);
	vm_pool_enqueue(h, page);
}

#define dequeue_huge_page_node(h, ...)              vm_pool_dequeue(h)
#define dequeue_huge_page_nodemask(h, ...)          vm_pool_dequeue(h)
#define dequeue_hugetlb_folio_nodemask(h, ...)      VM_HEAD(vm_pool_dequeue(h))
#define __alloc_buddy_huge_page_with_mpol(h, ...)   vm_pool_buddy(h)
#define alloc_buddy_huge_page_with_mpol(h, ...)     vm_pool_buddy(h)
#define alloc_buddy_hugetlb_folio_with_mpol(h, ...) VM_HEAD(vm_pool_buddy(h))
#define alloc_buddy_hugetlb_folio(h, ...)           VM_HEAD(vm_pool_buddy(h))
#define enqueue_huge_page(h, p)                     vm_pool_give_back(h, p)
#define enqueue_hugetlb_folio(h, f)                 vm_pool_give_back(h, VM_PAGE(f))
#define remove_hugetlb_page(h, p, surplus)          vm_pool_remove(h, p, surplus)
#define remove_hugetlb_folio(h, f, surplus)         vm_pool_remove(h, VM_PAGE(f), surplus)
#define update_and_free_page(h, p, ...)             vm_pool_forget(h, p)
#define update_and_free_hugetlb_folio(h, f, ...)    vm_pool_forget(h, VM_PAGE(f))
#define allowed_mems_nr(h)                          ((unsigned int)(h)->free_huge_pages_node[0])
#define cpuset_mems_nr(array)                       ((unsigned int)(array)[0])

/* Built without cgroups, the files that have these names are not read. */
#ifdef WITHOUT_CGROUP
#include "src/shim/nocgroup.h"
#endif

#endif
