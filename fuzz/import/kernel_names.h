/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * With an imported kernel, whoever includes src/callers/reserve.h is compiled behind this header: its
 * functions are then kernel_reserve.c's.
 */
#include "kernel_reserve.h"

#define hugepage_new_subpool       kernel_new_subpool
#define hugepage_put_subpool       kernel_put_subpool
#define vma_needs_reservation      kernel_needs_reservation
#define vma_end_reservation        kernel_end_reservation
#define alloc_huge_page            kernel_alloc_page
#define restore_reserve_on_error   kernel_restore_reserve
#define free_huge_page             kernel_free_page
#define hugetlb_reserve_pages      kernel_reserve_pages
#define hugetlb_unreserve_pages    kernel_unreserve_pages
#define hugetlb_fix_reserve_counts kernel_fix_reserve_counts
#define hugetlb_vm_op_close        kernel_vm_op_close
#define hugetlb_release_map        kernel_release_map
#define is_vma_resv_set            kernel_is_vma_resv_set
#define set_vma_resv_flags         kernel_set_vma_resv_flags
#define vma_resv_map               kernel_vma_resv_map
#define resv_map_alloc             kernel_map_alloc
