// SPDX-License-Identifier: GPL-2.0-only
#include "callers.h"

#include "reserve.h"
#include "src/map/resv_map.h"
#include "subpool.h"

void vm_free_huge(struct folio *folio)
{
	free_huge_page(&folio->page);
}

const struct callers callers = {
	.new_subpool = hugepage_new_subpool,
	.put_subpool = hugepage_put_subpool,
	.needs_reservation = vma_needs_reservation,
	.end_reservation = vma_end_reservation,
	.alloc_page = alloc_huge_page,
	.restore_reserve = restore_reserve_on_error,
	.reserve_pages = hugetlb_reserve_pages,
	.unreserve_pages = hugetlb_unreserve_pages,
	.fix_reserve_counts = hugetlb_fix_reserve_counts,
	.vm_op_close = hugetlb_vm_op_close,
	.map_alloc = resv_map_alloc,
	.release_map = hugetlb_release_map,
	.is_vma_resv_set = is_vma_resv_set,
	.set_vma_resv_flags = set_vma_resv_flags,
	.vma_resv_map = vma_resv_map,
	.fault_restores = true,
	.copy_restores = true,
	.unmap_restores = false,
	.subpool = SUBPOOL_LAYOUT,
};
