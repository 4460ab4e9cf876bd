// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults: a page is found or made, put where others find it, and mapped; a private one is copied
 * when it is written and somebody else sees it too.  Whatever was taken out of a reservation goes
 * back when the fault comes to nothing.
 */
#include "hugetlbfs.h"

#include "src/callers/callers.h"
#include "src/vm/mmu.h"

/* Of no use after all. */
static void give_back_if(bool restores, struct vm_area_struct *vma, long idx, struct page *page)
{
	if (restores)
		callers.restore_reserve(hstate_vma(vma), vma, hugetlb_address(vma, idx), page);
	put_page(page);
}

static void give_back(struct vm_area_struct *vma, long idx, struct page *page)
{
	give_back_if(true, vma, idx, page);
}

/* The caller's reference to the page is the entry's from now on. */
static void set_pte(struct vm_area_struct *vma, long idx, struct page *page, bool write)
{
	unsigned long addr = hugetlb_address(vma, idx);

	if (page->mapping) {
		page_dup_file_rmap(page);
	} else {
		anon_vma_prepare(vma);
		hugepage_add_new_anon_rmap(page, vma, addr);
	}
	atomic_long_add(VM_HUGE_PAGES, &vma->vm_mm->hugetlb_usage);
	*vm_entry(vma->vm_mm, addr) = mk_huge_pte(page, ((pgprot_t){ write ? VM_PTE_WRITE : 0 }));
}

static void allow_write(struct vm_area_struct *vma, long idx)
{
	pte_t *pte = vm_entry(vma->vm_mm, hugetlb_address(vma, idx));

	*pte = pte_mkwrite(*pte);
}

/*
 * Before a private page is written: what a reservation of it needs memory for, is allocated now,
 * while nothing is held.
 * Source: hugetlb_fault() and hugetlb_no_page().
 */
static int prepare_write(struct vm_area_struct *vma, long idx)
{
	struct hstate *h = hstate_vma(vma);
	long regions_needed = 0;

	if (callers.needs_reservation(h, vma, hugetlb_address(vma, idx), &regions_needed) < 0)
		return -ENOMEM;
	callers.end_reservation(h, vma, hugetlb_address(vma, idx), regions_needed);
	return 0;
}

/*
 * The owner could not have a page for its copy, which it has been promised: whoever else sees the
 * old one privately loses it, and finds out when it looks again.
 * Source: unmap_ref_private().
 */
static void take_from_others(struct vm_area_struct *owner, long idx)
{
	struct inode *inode = file_inode(owner->vm_file);
	struct page *page = hugetlb_page_at(owner, idx);
	struct vm_area_struct *vma;

	hugetlb_walk_mappings(inode->i_mapping);
	list_for_each_entry(vma, vm_mappings(inode->i_mapping), in_i_mmap) {
		if (vma == owner || vma->vm_flags & VM_MAYSHARE || !hugetlb_has_page(vma, idx) ||
		    hugetlb_page_at(vma, idx) != page)
			continue;
		if (callers.is_vma_resv_set(vma, HPAGE_RESV_OWNER))
			continue;
		hugetlb_unmap_page(vma, idx);
		callers.set_vma_resv_flags(vma, HPAGE_RESV_UNMAPPED);
	}
	hugetlb_walked_mappings(inode->i_mapping);
}

/* Write to a private page that is mapped for reading.  Source: hugetlb_cow(). */
static int copy_on_write(struct vm_area_struct *vma, long idx)
{
	struct page *old = hugetlb_page_at(vma, idx), *copy;
	/* An owner's own page has used its reservation, which is not there for a second one. */
	bool avoid_reserve = PageAnon(old) && callers.is_vma_resv_set(vma, HPAGE_RESV_OWNER);

	if (PageAnon(old) && old->refcount == 1) {
		allow_write(vma, idx);
		return 0;
	}
	copy = callers.alloc_page(vma, hugetlb_address(vma, idx), avoid_reserve);
	if (IS_ERR(copy) && avoid_reserve) {
		take_from_others(vma, idx);
		if (old->refcount == 1) {
			allow_write(vma, idx);
			return 0;
		}
	}
	if (IS_ERR(copy))
		return PTR_ERR(copy);
	if (vm_copy(copy, old)) {
		give_back(vma, idx, copy);
		return -EAGAIN;
	}
	page_remove_rmap(old);
	atomic_long_sub(VM_HUGE_PAGES, &vma->vm_mm->hugetlb_usage);
	set_pte(vma, idx, copy, true);
	put_page(old);
	return 0;
}

static void add_to_file(struct page *page, struct address_space *mapping, long idx)
{
	ClearHPageRestoreReserve(page);
	vm_cache_insert(page_folio(page), mapping, (pgoff_t)idx);
	mapping->host->i_blocks += blocks_per_huge_page(&hstates[0]);
}

/* A page that is not there yet, with a reference for the caller. */
static struct page *new_page(struct vm_area_struct *vma, long idx)
{
	struct address_space *mapping = vma->vm_file->f_mapping;
	struct page *page = callers.alloc_page(vma, hugetlb_address(vma, idx), 0);

	if (IS_ERR(page))
		return page;
	clear_huge_page(page);
	if (!(vma->vm_flags & VM_MAYSHARE))
		return page;
	if (vm_late()) {
		give_back_if(callers.fault_restores, vma, idx, page);
		return ERR_PTR(-EAGAIN);
	}
	add_to_file(page, mapping, idx);
	return page;
}

static int no_page(struct vm_area_struct *vma, long idx, bool write)
{
	struct page *page = VM_PAGE(vma->vm_file->f_mapping->folio[idx]);
	bool shared = vma->vm_flags & VM_SHARED;
	int ret = 0;

	if (page) {
		get_page(page);
	} else {
		page = new_page(vma, idx);
		if (IS_ERR(page))
			return PTR_ERR(page);
	}
	if (write && !shared)
		ret = prepare_write(vma, idx);
	if (!page->mapping && vm_late())
		ret = -EAGAIN;
	if (ret && !page->mapping)
		give_back(vma, idx, page);
	else if (ret)
		put_page(page);
	if (ret)
		return ret;
	set_pte(vma, idx, page, write && (shared || !page->mapping));
	return write && !hugetlb_writable(vma, idx) ? copy_on_write(vma, idx) : 0;
}

int hugetlb_fault(struct vm_area_struct *vma, long idx, bool write)
{
	bool there = hugetlb_page_at(vma, idx);
	int ret;

	if (callers.is_vma_resv_set(vma, HPAGE_RESV_UNMAPPED) && !(vma->vm_flags & VM_MAYSHARE) &&
	    !there)
		return -EFAULT;
	if (!there) {
		if (idx >= hugetlbfs_size(file_inode(vma->vm_file)))
			return -EFAULT;
		return no_page(vma, idx, write);
	}
	if (!write || hugetlb_writable(vma, idx))
		return 0;
	if (vma->vm_flags & VM_SHARED) {
		allow_write(vma, idx);
		return 0;
	}
	ret = prepare_write(vma, idx);
	return ret ? ret : copy_on_write(vma, idx);
}

int hugetlb_copy(struct vm_area_struct *vma, long idx)
{
	struct address_space *mapping = vma->vm_file->f_mapping;
	bool shared = vma->vm_flags & VM_SHARED, late;
	struct page *page;

	if (hugetlb_page_at(vma, idx) || (shared && mapping->folio[idx]))
		return -EEXIST;
	page = callers.alloc_page(vma, hugetlb_address(vma, idx), 0);
	if (IS_ERR(page))
		return PTR_ERR(page);
	late = vm_copy_from_user(page);
	if (late || (shared && idx >= hugetlbfs_size(mapping->host))) {
		give_back_if(late || callers.copy_restores, vma, idx, page);
		return -EFAULT;
	}
	if (shared)
		add_to_file(page, mapping, idx);
	set_pte(vma, idx, page, true);
	return 0;
}
