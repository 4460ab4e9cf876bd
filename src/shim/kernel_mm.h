/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel's text around the reservation map uses beyond kernel.h: how it gets at a page,
 * a mapping and a cgroup, and where the shim's pool (mm.h) stands in for the kernel's.  Sorted by
 * honesty; a function of the tree that has a name of this file is not taken from the tree, and its
 * manifest says so.
 *
 * Macros where kernels disagree about types: a page was a struct page once, and is a struct folio
 * now; both are the same memory here, as there.
 */
#ifndef SHIM_KERNEL_MM_H
#define SHIM_KERNEL_MM_H

#include "kernel.h"

/* --- the same as in the kernel, for one size of huge pages and one node --------------------- */

typedef unsigned long pgoff_t;
typedef unsigned char u8;

#define BIT(n) (1UL << (n))

struct folio {
	union {
		struct page page;
		struct {
			struct list_head lru;
			struct address_space *mapping;
		};
	};
};
_Static_assert(offsetof(struct folio, mapping) == offsetof(struct page, mapping), "one memory");

#define SHIM_PAGE(p)                           ((struct page *)(p))
#define page_folio(p)                          ((struct folio *)(p))
#define page_hstate(p)                         (&hstates[0])
#define folio_hstate(f)                        (&hstates[0])
#define page_to_nid(p)                         0
#define folio_nid(f)                           0
#define huge_page_shift(h)                     SHIM_PAGE_SHIFT
#define huge_page_order(h)                     0 /* vm_pgoff counts huge pages */
#define HUGETLB_CGROUP_MIN_ORDER               0
#define blocks_per_huge_page(h)                SHIM_PAGES_PER_HPAGE
#define HUGETLBFS_SB(sb)                       (sb)
#define HUGETLBFS_I(inode)                     (&(inode)->i_data)
#define is_vm_hugetlb_page(vma)                true
#define is_vm_hugetlb_flags(flags)             true
#define is_vma_hugetlb_flags(f)                true

/* What a page is known for; a flag of its own since 5.12, PG_private before. */
#define PagePrivate(p)                         (SHIM_PAGE(p)->restore_reserve)
#define SetPagePrivate(p)                      (SHIM_PAGE(p)->restore_reserve = true)
#define ClearPagePrivate(p)                    (SHIM_PAGE(p)->restore_reserve = false)
#define HPageRestoreReserve(p)                 PagePrivate(p)
#define SetHPageRestoreReserve(p)              SetPagePrivate(p)
#define ClearHPageRestoreReserve(p)            ClearPagePrivate(p)
#define folio_test_hugetlb_restore_reserve(f)  PagePrivate(f)
#define folio_set_hugetlb_restore_reserve(f)   SetPagePrivate(f)
#define folio_clear_hugetlb_restore_reserve(f) ClearPagePrivate(f)

#define page_private(p)                        (SHIM_PAGE(p)->private)
#define set_page_private(p, v)                 (SHIM_PAGE(p)->private = (v))
#define hugetlb_page_subpool(p)                ((struct hugepage_subpool *)page_private(p))
#define hugetlb_folio_subpool(f)               hugetlb_page_subpool(f)
#define hugetlb_set_page_subpool(p, s)         set_page_private(p, (unsigned long)(s))
#define hugetlb_set_folio_subpool(f, s)        hugetlb_set_page_subpool(f, s)

#define page_count(p)                          (SHIM_PAGE(p)->refcount)
#define folio_ref_count(f)                     page_count(f)
#define set_page_refcounted(p)                 ((void)(page_count(p) = 1))
#define folio_ref_unfreeze(f, n)               ((void)(page_count(f) = (n)))

/* Only where the file read has this function, since 6.7. */
#define folio_put(f) \
	do { \
		if (!--page_count(f)) \
			free_huge_folio(f); \
	} while (0)

/* In huge pages, as vm_pgoff. */
#define linear_page_index(vma, addr) \
	((((addr) - (vma)->vm_start) >> SHIM_PAGE_SHIFT) + (vma)->vm_pgoff)

/* Who is charged for a page. */
#define hugetlb_cgroup_from_page(p)          (SHIM_PAGE(p)->h_cg)
#define hugetlb_cgroup_from_page_rsvd(p)     (SHIM_PAGE(p)->h_cg_rsvd)
#define hugetlb_cgroup_from_folio(f)         hugetlb_cgroup_from_page(f)
#define hugetlb_cgroup_from_folio_rsvd(f)    hugetlb_cgroup_from_page_rsvd(f)
#define __hugetlb_cgroup_from_page(p, rsvd)  (*shim_page_cgroup(SHIM_PAGE(p), rsvd))
#define __hugetlb_cgroup_from_folio(f, rsvd) __hugetlb_cgroup_from_page(f, rsvd)
#define set_hugetlb_cgroup(p, who)           ((void)(SHIM_PAGE(p)->h_cg = (who)))
#define set_hugetlb_cgroup_rsvd(p, who)      ((void)(SHIM_PAGE(p)->h_cg_rsvd = (who)))
#define __set_hugetlb_cgroup(p, who, rsvd)   ((void)(__hugetlb_cgroup_from_page(p, rsvd) = (who)))

static inline struct hugetlb_cgroup **shim_page_cgroup(struct page *page, bool rsvd)
{
	return rsvd ? &page->h_cg_rsvd : &page->h_cg;
}

/* The one of the task that makes the call; no cgroup is on its way out. */
#define hugetlb_cgroup_from_task(task) shim_current_cgroup

static inline bool css_tryget(struct cgroup_subsys_state *css)
{
	css_get(css);
	return true;
}
#define css_tryget_online(css) css_tryget(css)

/* Flags of a mapping since 6.19: a type of their own, tested by the bit's number. */
typedef struct {
	vm_flags_t bits;
} vma_flags_t;
enum { VMA_MAYSHARE_BIT = 0, VMA_NORESERVE_BIT = 2 };
_Static_assert(VM_MAYSHARE == 1 << VMA_MAYSHARE_BIT && VM_NORESERVE == 1 << VMA_NORESERVE_BIT,
               "one flag, two names");

#define vma_flags_test(flags, bit)     (((flags)->bits >> (bit)) & 1)
#define vma_test(vma, bit)             (((vma)->vm_flags >> (bit)) & 1)
#define vma_desc_test_flags(desc, bit) vma_flags_test(&(desc)->vma_flags, bit)

/* A mapping that is about to be one. */
struct vm_area_desc {
	union {
		vm_flags_t vm_flags;
		vma_flags_t vma_flags;
	};
	void *private_data;
};

/* --- changed on purpose: assertions and warnings are told to the driver --------------------- */

#define VM_BUG_ON_VMA(cond, vma)       VM_BUG_ON(cond)
#define VM_BUG_ON_PAGE(cond, page)     VM_BUG_ON(cond)
#define VM_BUG_ON_FOLIO(cond, folio)   VM_BUG_ON(cond)
#define VM_WARN_ON_ONCE(cond)          VM_BUG_ON(cond)
#define VM_WARN_ON_ONCE_VMA(cond, vma) VM_BUG_ON(cond)
#define BUG()                          BUG_ON(true)
#define pr_warn(...)                   ((void)shim_warned++)
#define pr_warning(...)                pr_warn(__VA_ARGS__)

/* --- the shim's pool, for the kernel's: one node, no policy, no cpuset ---------------------- */

/* On no list; the kernel's text puts it on one. */
static inline struct page *shim_buddy_page(struct hstate *h)
{
	struct page *page = shim_page_surplus(h);

	if (page)
		list_del_init(&page->lru);
	return page;
}

/* Off the list of pages in use; with @surplus, one less beyond the pool's own size. */
static inline void shim_page_remove(struct hstate *h, struct page *page, bool surplus)
{
	list_del(&page->lru);
	if (surplus) {
		h->surplus_huge_pages--;
		h->surplus_huge_pages_node[0]--;
	}
}

/* Off the list of pages in use, onto that of free ones. */
static inline void shim_page_give_back(struct hstate *h, struct page *page)
{
	list_del(&page->lru);
	shim_page_enqueue(h, page);
}

#define dequeue_huge_page_node(h, ...)                shim_page_dequeue(h)
#define dequeue_huge_page_nodemask(h, ...)            shim_page_dequeue(h)
#define dequeue_hugetlb_folio_nodemask(h, ...)        page_folio(shim_page_dequeue(h))
#define __alloc_buddy_huge_page_with_mpol(h, ...)     shim_buddy_page(h)
#define alloc_buddy_huge_page_with_mpol(h, ...)       shim_buddy_page(h)
#define alloc_buddy_hugetlb_folio_with_mpol(h, ...)   page_folio(shim_buddy_page(h))
#define alloc_buddy_hugetlb_folio(h, ...)             page_folio(shim_buddy_page(h))
#define enqueue_huge_page(h, p)                       shim_page_give_back(h, p)
#define enqueue_hugetlb_folio(h, f)                   shim_page_give_back(h, SHIM_PAGE(f))
#define remove_hugetlb_page(h, p, surplus)            shim_page_remove(h, p, surplus)
#define remove_hugetlb_folio(h, f, surplus)           shim_page_remove(h, SHIM_PAGE(f), surplus)
#define update_and_free_page(h, p, ...)               shim_page_unmake(h, p)
#define update_and_free_hugetlb_folio(h, f, ...)      shim_page_unmake(h, SHIM_PAGE(f))

#define allowed_mems_nr(h)                            ((unsigned int)(h)->free_huge_pages_node[0])
#define cpuset_mems_nr(array)                         ((unsigned int)(array)[0])
#define huge_node(...)                                0
#define huge_zonelist(...)                            NULL
#define mpol_is_preferred_many(mpol)                  false
#define read_mems_allowed_begin()                     0
#define read_mems_allowed_retry(cookie)               false
#define MAX_NR_ZONES                                  1
#define cpuset_zone_allowed(zone, ...)                true
#define zone_to_nid(zone)                             0

/* One zone, that of the one node. */
#define for_each_zone_zonelist_nodemask(zone, z, ...) for (zone = (void *)1; zone; zone = NULL)

typedef struct {
	char unused;
} nodemask_t;

/* Since 7.3 the kernel's text hands on what a policy says. */
enum mempolicy_mode { MPOL_DEFAULT, MPOL_PREFERRED_MANY };
struct mempolicy {
	enum mempolicy_mode mode;
};

#endif
