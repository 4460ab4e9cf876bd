/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The callers of the map as an object: what src/hugetlbfs/ calls, files and faults of ours.  It is the
 * functions of reserve.h and subpool.h, or those that were cut out of a kernel tree, whatever their
 * signatures are there.
 */
#ifndef CALLERS_H
#define CALLERS_H

#include "src/vm/pool.h"

/* Where a subpool has its lock and its numbers: whoever looks at them need not know the struct. */
struct subpool_layout {
	size_t lock, max, used, min, rsv;
};

/* Behind the struct, whose fields have had these names since 4.1. */
#define SUBPOOL_LAYOUT \
	{ \
		.lock = offsetof(struct hugepage_subpool, lock), \
		.max = offsetof(struct hugepage_subpool, max_hpages), \
		.used = offsetof(struct hugepage_subpool, used_hpages), \
		.min = offsetof(struct hugepage_subpool, min_hpages), \
		.rsv = offsetof(struct hugepage_subpool, rsv_hpages), \
	}

static inline long *subpool_number(struct hugepage_subpool *spool, size_t at)
{
	return (long *)((char *)spool + at);
}

/* Each as its namesake in reserve.h. */
struct callers {
	struct hugepage_subpool *(*new_subpool)(struct hstate *h, long max_hpages, long min_hpages);
	void (*put_subpool)(struct hugepage_subpool *spool);
	long (*needs_reservation)(struct hstate *h, struct vm_area_struct *vma, unsigned long addr,
	                          long *regions_needed);
	void (*end_reservation)(struct hstate *h, struct vm_area_struct *vma, unsigned long addr,
	                        long regions_needed);
	struct page *(*alloc_page)(struct vm_area_struct *vma, unsigned long addr,
	                           int avoid_reserve);
	void (*restore_reserve)(struct hstate *h, struct vm_area_struct *vma, unsigned long address,
	                        struct page *page);
	int (*reserve_pages)(struct inode *inode, long from, long to, struct vm_area_struct *vma,
	                     vm_flags_t vm_flags);
	long (*unreserve_pages)(struct inode *inode, long start, long end, long freed);
	void (*fix_reserve_counts)(struct inode *inode, struct page *page);
	void (*vm_op_close)(struct vm_area_struct *vma);
	struct resv_map *(*map_alloc)(void);
	void (*release_map)(struct inode *inode);
	int (*is_vma_resv_set)(struct vm_area_struct *vma, unsigned long flag);
	void (*set_vma_resv_flags)(struct vm_area_struct *vma, unsigned long flags);
	struct resv_map *(*vma_resv_map)(struct vm_area_struct *vma);

	/* What the faults and unmaps that belong to these callers do, where kernels differ. */
	bool fault_restores; /* a file's page that cannot be added to it leaves its reservation */
	bool copy_restores;  /* ... or is behind its end, in UFFDIO_COPY */
	bool unmap_restores; /* an owner's page that nobody has any more leaves its reservation */

	struct subpool_layout subpool;
};

extern const struct callers callers;

#endif
