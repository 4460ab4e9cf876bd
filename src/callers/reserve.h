/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The callers of the reservation map: who reserves pages, takes them, gives them back, and keeps
 * the books of what is promised to whom.
 *
 * Three books have to agree with the maps:
 *
 *	the pool	resv_huge_pages: free pages that are promised
 *	a subpool	a mount's limits: used pages against its maximum; of its minimum, what is
 *			promised to the mount and to nobody in it yet (rsv)
 *	a cgroup	pages charged when they are promised, not when they are touched
 *
 * A shared map (of a file) has the pages that are reserved or already there.  A private one (of
 * the mapping that made it, its owner) has those whose reservation is used up.
 *
 * Locking: no call is made with a spinlock held.  hugetlb_reserve_pages() and
 * hugetlb_unreserve_pages() are called with the file's inode lock held, which keeps two of them
 * apart; alloc_huge_page() and restore_reserve_on_error() with the fault mutex of the page; and
 * mappings come and go under the mmap lock of their process.  Those are sleeping locks that the
 * kernel's own callers take; here the driver keeps to them.  Each call may be overtaken by others
 * wherever it holds no spinlock.
 *
 * Source: mm/hugetlb.c, v5.5 with the series of "hugetlb: disable region_add file_region
 * coalescing", v7; its defects and those found in later kernels repaired, as the functions say.
 */
#ifndef RESERVE_H
#define RESERVE_H

#include "src/vm/pool.h"

/* A mount's limits; -1 is none. */
struct hugepage_subpool {
	spinlock_t lock;  /* guards everything below */
	long count;       /* mounts that use it */
	long max_hpages;  /* most pages that may be used */
	long used_hpages; /* reserved, or in use without; only counted where there is a maximum */
	struct hstate *hstate;
	long min_hpages; /* pages promised to the mount as a whole */
	long rsv_hpages; /* those of them that nobody in it has been promised */
};

/* In the low bits of a private mapping's vm_private_data, beside its map. */
enum { HPAGE_RESV_OWNER = 1, HPAGE_RESV_UNMAPPED = 2, HPAGE_RESV_MASK = 3 };

/**
 * hugepage_new_subpool - limits for a mount, and one reference to them, the caller's
 * @max_hpages, @min_hpages: -1 for none
 *
 * The minimum is promised by the pool right away.
 * Return: NULL when memory or the minimum was refused; then nothing has changed.
 * Source: mm/hugetlb.c hugepage_new_subpool(), v5.5.
 */
struct hugepage_subpool *hugepage_new_subpool(struct hstate *h, long max_hpages, long min_hpages);

/* Drop a reference; with the last one, and no page used, the limits go.  Source: as above. */
void hugepage_put_subpool(struct hugepage_subpool *spool);

/**
 * vma_needs_reservation - has page @addr of a mapping no reservation?  Opens a ticket for it
 * @regions_needed: out, to be handed on
 *
 * Return: 0, it has one; 1, it has none; -ENOMEM, and no ticket is open.  Every other result is
 * owed exactly one of the three below.  A mapping without a map has no reservations, and its
 * tickets are nothing.
 * Source: mm/hugetlb.c __vma_reservation_common(), the patch.
 */
long vma_needs_reservation(struct hstate *h, struct vm_area_struct *vma, unsigned long addr,
                           long *regions_needed);

/* The page was taken.  Return: as above, whether it had no reservation by now; never fails. */
long vma_commit_reservation(struct hstate *h, struct vm_area_struct *vma, unsigned long addr,
                            long regions_needed);

/* Nothing came of it. */
void vma_end_reservation(struct hstate *h, struct vm_area_struct *vma, unsigned long addr,
                         long regions_needed);

/*
 * The reservation is to be there again.  Return: < 0, it could not be given back and counts as
 * used up; a private map may need memory to forget a page.
 */
long vma_add_reservation(struct hstate *h, struct vm_area_struct *vma, unsigned long addr,
                         long regions_needed);

/**
 * alloc_huge_page - take a page for @addr, out of its reservation if it has one
 * @avoid_reserve: the owner copies a page that others still see, and leaves reservations alone
 *
 * Return: the page with one reference, the caller's; HPageRestoreReserve() says that it took a
 * promise which its free would give back.  ERR_PTR(-ENOMEM): memory was refused; ERR_PTR(-ENOSPC):
 * subpool, cgroup or pool has no room; nothing has changed either way.
 * Source: mm/hugetlb.c alloc_huge_page(), the patch; what is undone when it fails, v6.16.
 */
struct page *alloc_huge_page(struct vm_area_struct *vma, unsigned long addr, int avoid_reserve);

/**
 * restore_reserve_on_error - a page that alloc_huge_page() gave is of no use after all
 * @page: not in a page cache, not mapped; the caller frees it next
 *
 * A file's page stays in the file's map, now as a reservation, also where there was none before:
 * whoever reserves it meanwhile has counted on that.  (The patch leaves an entry there that nothing
 * backs; v5.14 takes it out again, and with it a reservation just made.)  A private page's
 * reservation comes back unless memory is refused; then it counts as used up.
 * Source: mm/hugetlb.c restore_reserve_on_error(), the patch.
 */
void restore_reserve_on_error(struct hstate *h, struct vm_area_struct *vma, unsigned long address,
                              struct page *page);

/**
 * free_huge_page - a page that nobody refers to goes back
 *
 * It is free before its subpool hears of it.  (Kernels tell the subpool first: who reserves a page
 * of the minimum then finds none to take.)
 * Source: mm/hugetlb.c free_huge_page(), v5.5.
 */
void free_huge_page(struct page *page);

/**
 * hugetlb_reserve_pages - promise the pages [from, to) of a file to a mapping
 * @vma: the mapping, or NULL for a shared one that comes later; private: it becomes their owner
 * @vm_flags: with VM_NORESERVE nothing is promised, and faults take what there is
 *
 * Called under the file's inode lock.
 *
 * Return: 0.  -EINVAL: from > to.  -ENOMEM, -ENOSPC: memory, cgroup, subpool or pool refused, and
 * books and map are as before, but for spare entries.
 * Source: mm/hugetlb.c hugetlb_reserve_pages(), the patch; what is undone when it fails, v6.16.
 */
int hugetlb_reserve_pages(struct inode *inode, long from, long to, struct vm_area_struct *vma,
                          vm_flags_t vm_flags);

/**
 * hugetlb_unreserve_pages - a file loses the pages [start, end)
 * @freed: how many of them were there, and have been freed
 *
 * Return: 0.  -ENOMEM, never for end == LONG_MAX: nothing has changed, the pages are still in the
 * map, and the caller owes hugetlb_fix_reserve_counts() for each.
 * Source: mm/hugetlb.c hugetlb_unreserve_pages(), v5.5.
 */
long hugetlb_unreserve_pages(struct inode *inode, long start, long end, long freed);

/**
 * hugetlb_fix_reserve_counts - a page left its file, but its entry could not leave the map
 * @page: the page, out of the page cache, not freed yet
 *
 * Makes a reservation of the entry: the page, when it is freed, promises itself.  (Kernels promise
 * another one, which can fail while this one is still in use.)
 * Source: mm/hugetlb.c hugetlb_fix_reserve_counts(), v5.5.
 */
void hugetlb_fix_reserve_counts(struct inode *inode, struct page *page);

/**
 * hugetlb_vm_op_close - a mapping is gone, and with it what its owner did not use
 *
 * Source: mm/hugetlb.c hugetlb_vm_op_close(), v5.5.
 */
void hugetlb_vm_op_close(struct vm_area_struct *vma);

/* The map of a file that goes away; the pages are gone from it. */
void hugetlb_release_map(struct inode *inode);

/* A private mapping's bits of HPAGE_RESV_MASK.  Source: mm/hugetlb.c, v5.5. */
int is_vma_resv_set(struct vm_area_struct *vma, unsigned long flag);
void set_vma_resv_flags(struct vm_area_struct *vma, unsigned long flags);

/* The map that a mapping's reservations are in, or NULL.  Source: mm/hugetlb.c, v5.5. */
struct resv_map *vma_resv_map(struct vm_area_struct *vma);

#endif
