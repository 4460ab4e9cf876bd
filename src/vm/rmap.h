/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who maps a page is only counted.  A page of a process' own says so by its mapping, and whether it is
 * that process' alone by PageAnonExclusive.
 */
#ifndef VM_RMAP_H
#define VM_RMAP_H

#include "vma.h"

#define hugetlb_add_file_rmap(folio)  ((void)((folio)->mapcount++))
#define page_dup_file_rmap(page, ...) ((void)(compound_head(page)->mapcount++))
#define page_dup_rmap(page, ...)      page_dup_file_rmap(page)

/* Source: mm/rmap.c hugetlb_add_new_anon_rmap(): what was taken from a reservation is used now. */
static inline void hugetlb_add_new_anon_rmap(struct folio *folio, struct vm_area_struct *vma,
                                             unsigned long address)
{
	(void)address;
	folio->mapping = (struct address_space *)((char *)vma->anon_vma + 1);
	folio->mapcount = 1;
	folio_clear_hugetlb_restore_reserve(folio);
	SetPageAnonExclusive(&folio->page);
}

#define hugepage_add_new_anon_rmap(page, vma, addr) \
	hugetlb_add_new_anon_rmap(page_folio(page), vma, addr)

/* -EBUSY: it is pinned and must be copied. */
static inline int hugetlb_try_dup_anon_rmap(struct folio *folio, struct vm_area_struct *vma)
{
	(void)vma;
	if (PageAnonExclusive(&folio->page)) {
		if (folio->pins)
			return -EBUSY;
		ClearPageAnonExclusive(&folio->page);
	}
	folio->mapcount++;
	return 0;
}

#define page_try_dup_anon_rmap(page, compound, vma) hugetlb_try_dup_anon_rmap(page_folio(page), vma)

static inline void hugetlb_remove_rmap(struct folio *folio)
{
	if (folio->mapcount <= 0)
		shim_breach(SHIM_ASSERT, "a mapping of a page too many is taken away", __FILE__,
		            __LINE__);
	folio->mapcount--;
}

#define page_remove_rmap(page, ...) hugetlb_remove_rmap(page_folio(page))
#define folio_move_anon_rmap(folio, vma) \
	((void)((folio)->mapping = (struct address_space *)((char *)(vma)->anon_vma + 1)))
#define page_move_anon_rmap(page, vma, ...) folio_move_anon_rmap(page_folio(page), vma)
#define folio_maybe_dma_pinned(folio)       ((folio)->pins > 0)
#define page_maybe_dma_pinned(page)         folio_maybe_dma_pinned(page_folio(page))
#define page_needs_cow_for_dma(vma, page)   page_maybe_dma_pinned(page)

/* One for all: it is only asked whether there is one. */
extern struct anon_vma vm_anon_vma;

static inline int anon_vma_prepare(struct vm_area_struct *vma)
{
	vma->anon_vma = &vm_anon_vma;
	return 0;
}

static inline vm_fault_t __vmf_anon_prepare(struct vm_fault *vmf)
{
	vmf->vma->anon_vma = &vm_anon_vma;
	return 0;
}
#define vmf_anon_prepare(vmf) __vmf_anon_prepare(vmf)

#endif
