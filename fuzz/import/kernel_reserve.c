// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own text, unchanged, and the calls of src/callers/callers.h over it, for every signature
 * that kernels have had.  import.h says what this text has.
 */
#include "import.h"

#include "src/vm/part.h"

#include "types.h"

#include "src/callers/callers.h"

/* Warnings about the kernel's text are not ours to judge. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#pragma GCC diagnostic ignored "-Wunused-value"
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wshadow"
#include "reserve.c"
#pragma GCC diagnostic pop

/* reserve.h says so too. */
_Static_assert(HPAGE_RESV_OWNER == 1 && HPAGE_RESV_UNMAPPED == 2, "flags of a private mapping");

static struct hugepage_subpool *kernel_new_subpool(struct hstate *h, long max_hpages,
                                                   long min_hpages)
{
	return hugepage_new_subpool(h, max_hpages, min_hpages);
}

static void kernel_put_subpool(struct hugepage_subpool *spool)
{
	hugepage_put_subpool(spool);
}

/* Where they do not hand on regions_needed, a ticket for one page is worth one entry. */
static long kernel_needs_reservation(struct hstate *h, struct vm_area_struct *vma,
                                     unsigned long addr, long *regions_needed)
{
	*regions_needed = 1;
#if IMPORT_VMA_NEEDED
	return vma_needs_reservation(h, vma, addr, regions_needed);
#else
	return vma_needs_reservation(h, vma, addr);
#endif
}

static void kernel_end_reservation(struct hstate *h, struct vm_area_struct *vma, unsigned long addr,
                                   long regions_needed)
{
#if IMPORT_VMA_NEEDED
	vma_end_reservation(h, vma, addr, regions_needed);
#else
	(void)regions_needed;
	vma_end_reservation(h, vma, addr);
#endif
}

static struct page *kernel_alloc_page(struct vm_area_struct *vma, unsigned long addr,
                                      int avoid_reserve)
{
#if IMPORT_ALLOC_FOLIO
	return VM_PAGE(alloc_hugetlb_folio(vma, addr, avoid_reserve));
#else
	return alloc_huge_page(vma, addr, avoid_reserve);
#endif
}

/* Before 4.10 hugetlb_no_page() and hugetlb_cow() just put a page that they could not map. */
static void kernel_restore_reserve(struct hstate *h, struct vm_area_struct *vma,
                                   unsigned long address, struct page *page)
{
#if IMPORT_RESTORE_FOLIO
	restore_reserve_on_error(h, vma, address, page_folio(page));
#elif IMPORT_RESTORE
	restore_reserve_on_error(h, vma, address, page);
#else
	(void)h, (void)vma, (void)address, (void)page;
#endif
}

void vm_free_huge(struct folio *folio)
{
#if IMPORT_FREE_FOLIO
	free_huge_folio(folio);
#else
	free_huge_page(&folio->page);
#endif
}

#if IMPORT_RESERVE_VMA_FLAGS
#define FLAGS(vm_flags) ((vma_flags_t){ vm_flags })
#else
#define FLAGS(vm_flags) (vm_flags)
#endif

#if IMPORT_RESERVE_DESC
/* The mapping comes to be when the call was good; a shared one has no map of its own. */
static long reserve_pages(struct inode *inode, long from, long to, struct vm_area_struct *vma,
                          vm_flags_t vm_flags)
{
	struct vm_area_desc desc = { .private_data = NULL };
	long ret;

	if (vma)
		desc.vm_flags = vma->vm_flags;
	ret = hugetlb_reserve_pages(inode, from, to, vma ? &desc : NULL, FLAGS(vm_flags));
	if (vma && ret >= 0)
		vma->vm_private_data = desc.private_data;
	return ret;
}
#elif IMPORT_RESERVE_BOOL
/* Without a reason. */
static long reserve_pages(struct inode *inode, long from, long to, struct vm_area_struct *vma,
                          vm_flags_t vm_flags)
{
	return hugetlb_reserve_pages(inode, from, to, vma, FLAGS(vm_flags)) ? 0 : -ENOMEM;
}
#else
static long reserve_pages(struct inode *inode, long from, long to, struct vm_area_struct *vma,
                          vm_flags_t vm_flags)
{
	return hugetlb_reserve_pages(inode, from, to, vma, FLAGS(vm_flags));
}
#endif

/* The newest kernels return how many pages they reserved. */
static int kernel_reserve_pages(struct inode *inode, long from, long to, struct vm_area_struct *vma,
                                vm_flags_t vm_flags)
{
	long ret = reserve_pages(inode, from, to, vma, vm_flags);

	return ret < 0 ? ret : 0;
}

static long kernel_unreserve_pages(struct inode *inode, long start, long end, long freed)
{
	return hugetlb_unreserve_pages(inode, start, end, freed);
}

/* 4.4's caller says whether the page had given its reservation up, as one in a page cache has. */
static void kernel_fix_reserve_counts(struct inode *inode, struct page *page)
{
#if IMPORT_FIX_RESTORE
	hugetlb_fix_reserve_counts(inode, !PagePrivate(page));
#else
	(void)page;
	hugetlb_fix_reserve_counts(inode);
#endif
}

static void kernel_vm_op_close(struct vm_area_struct *vma)
{
	hugetlb_vm_op_close(vma);
}

static struct resv_map *kernel_map_alloc(void)
{
	return resv_map_alloc();
}

/* As hugetlbfs_evict_inode() does. */
static void kernel_release_map(struct inode *inode)
{
	struct resv_map *map = inode->i_mapping->private_data;

	if (map)
		resv_map_release(&map->refs);
	inode->i_mapping->private_data = NULL;
}

static int kernel_is_vma_resv_set(struct vm_area_struct *vma, unsigned long flag)
{
	return is_vma_resv_set(vma, flag);
}

static void kernel_set_vma_resv_flags(struct vm_area_struct *vma, unsigned long flags)
{
	set_vma_resv_flags(vma, flags);
}

static struct resv_map *kernel_vma_resv_map(struct vm_area_struct *vma)
{
	return vma_resv_map(vma);
}

const struct callers callers = {
	.new_subpool = kernel_new_subpool,
	.put_subpool = kernel_put_subpool,
	.needs_reservation = kernel_needs_reservation,
	.end_reservation = kernel_end_reservation,
	.alloc_page = kernel_alloc_page,
	.restore_reserve = kernel_restore_reserve,
	.reserve_pages = kernel_reserve_pages,
	.unreserve_pages = kernel_unreserve_pages,
	.fix_reserve_counts = kernel_fix_reserve_counts,
	.vm_op_close = kernel_vm_op_close,
	.map_alloc = kernel_map_alloc,
	.release_map = kernel_release_map,
	.is_vma_resv_set = kernel_is_vma_resv_set,
	.set_vma_resv_flags = kernel_set_vma_resv_flags,
	.vma_resv_map = kernel_vma_resv_map,
	.fault_restores = IMPORT_FAULT_RESTORES,
	.copy_restores = IMPORT_COPY_RESTORES,
	.unmap_restores = IMPORT_UNMAP_RESTORES,
	.subpool = SUBPOOL_LAYOUT,
};
