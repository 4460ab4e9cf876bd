/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The callers of the map cut out of a kernel tree: what src/callers/reserve.h promises, as far as
 * src/hugetlbfs/hugetlbfs.c, src/hugetlbfs/fault.c and the harness call it, under names of our own.  The kernel's own
 * names stand beside them in kernel_reserve.c.
 *
 * kernel_names.h turns every call of reserve.h into one of these.  It includes this header first,
 * so a prototype that differs from reserve.h's does not compile.
 */
#ifndef KERNEL_RESERVE_H
#define KERNEL_RESERVE_H

#include "src/shim/mm.h"

struct hugepage_subpool *kernel_new_subpool(struct hstate *h, long max_hpages, long min_hpages);
void kernel_put_subpool(struct hugepage_subpool *spool);

long kernel_needs_reservation(struct hstate *h, struct vm_area_struct *vma, unsigned long addr,
                              long *regions_needed);
void kernel_end_reservation(struct hstate *h, struct vm_area_struct *vma, unsigned long addr,
                            long regions_needed);

struct page *kernel_alloc_page(struct vm_area_struct *vma, unsigned long addr, int avoid_reserve);
void kernel_restore_reserve(struct hstate *h, struct vm_area_struct *vma, unsigned long address,
                            struct page *page);
void kernel_free_page(struct page *page);

int kernel_reserve_pages(struct inode *inode, long from, long to, struct vm_area_struct *vma,
                         vm_flags_t vm_flags);
long kernel_unreserve_pages(struct inode *inode, long start, long end, long freed);
void kernel_fix_reserve_counts(struct inode *inode, struct page *page);
void kernel_vm_op_close(struct vm_area_struct *vma);

struct resv_map *kernel_map_alloc(void);
void kernel_release_map(struct inode *inode);

int kernel_is_vma_resv_set(struct vm_area_struct *vma, unsigned long flag);
void kernel_set_vma_resv_flags(struct vm_area_struct *vma, unsigned long flags);
struct resv_map *kernel_vma_resv_map(struct vm_area_struct *vma);

#endif
