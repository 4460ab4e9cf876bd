/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The buddy allocator, which gives out folios of one size, and what stands between it and hugetlb:
 * gigantic pages, CMA and the vmemmap optimisation, which there are none of.
 */
#ifndef VM_BUDDY_H
#define VM_BUDDY_H

#include "page.h"

/*
 * A folio with one reference, or NULL: it is refused, or none is left.  Others run before.  The one
 * that has been free for longest is taken, so that a stale pointer to it shows.
 */
struct folio *vm_buddy_alloc(void);

/*
 * The same without others, and without being asked, or NULL if none is left: what a pool begins with.  Of its struct
 * pages only the first is cleared.
 */
struct folio *vm_buddy_take(void);

/* Everything is free, and nothing of it is charged to the cgroup of memory. */
void vm_buddy_reset(void);

static inline struct page *vm_buddy_page(void)
{
	struct folio *folio = vm_buddy_alloc();

	return folio ? &folio->page : NULL;
}

static inline struct folio *vm_buddy_frozen(void)
{
	struct folio *folio = vm_buddy_alloc();

	if (folio)
		folio->refcount = 0;
	return folio;
}

#define __folio_alloc(gfp, order, ...)          ((void)(order), vm_buddy_alloc())
#define __alloc_pages(gfp, order, ...)          ((void)(order), vm_buddy_page())
#define __alloc_pages_node(nid, gfp, order)     ((void)(nid), (void)(order), vm_buddy_page())
#define alloc_pages_node(nid, gfp, order)       __alloc_pages_node(nid, gfp, order)
#define __alloc_pages_nodemask(gfp, order, ...) ((void)(order), vm_buddy_page())
#define __alloc_frozen_pages(gfp, order, ...)   ((void)(order), (struct page *)vm_buddy_frozen())
#define free_frozen_pages(page, order)          ((void)(order), vm_buddy_free(page_folio(page)))
#define __free_pages(page, order)               ((void)(order), put_page(page))

#define gigantic_page_runtime_supported()       false
#define alloc_gigantic_folio(h, ...)            ((struct folio *)NULL)
#define alloc_gigantic_frozen_folio(h, ...)     ((struct folio *)NULL)
#define alloc_gigantic_page(h, ...)             ((struct page *)NULL)
#define alloc_fresh_gigantic_page(...)          0 /* a page, or whether there is one */
#define free_gigantic_folio(...)                ((void)0)
#define free_gigantic_page(...)                 ((void)0)
#define destroy_compound_gigantic_folio(...)    ((void)0)
#define destroy_compound_gigantic_page(...)     ((void)0)
#define hugetlb_cma_exclusive_alloc()           false
#define hugetlb_cma_free_folio(f)               ((void)(f))
#define hugetlb_cma_free_frozen_folio(f)        ((void)(f))
#define hugetlb_cma_total_size()                0ul
#define cma_free_folio(...)                     false

/* The work queue that frees vmemmap: never used, for nothing is optimised. */
struct llist_node {
	struct llist_node *next;
};
struct llist_head {
	struct llist_node *first;
};
#define llist_add(node, list)                        false
#define schedule_work(work)                          ((void)0)
#define flush_work(work)                             ((void)0)
#define free_hpage_work                              0
#define hpage_freelist                               0

/* Only gigantic pages are put together by hugetlb itself. */
#define prep_compound_gigantic_page(...)             true
#define prep_compound_gigantic_page_for_demote(...)  true
#define prep_compound_gigantic_folio(...)            true
#define prep_compound_gigantic_folio_for_demote(...) true
#define VMEMMAP_OPTIMIZE_NEVER                       0
#define __count_vm_event(event)                      ((void)0)
#define count_vm_event(event)                        ((void)0)
#define lruvec_stat_mod_folio(...)                   ((void)0)
#define mod_node_page_state(...)                     ((void)0)
#define set_page_owner_migrate_reason(...)           ((void)0)
#define folio_set_owner_migrate_reason(...)          ((void)0)
#define page_owner_migrate_reason                    0

#endif
