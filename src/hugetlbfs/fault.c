// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults: a page is found or made, put where others find it, and mapped; a private one is copied
 * when it is written and somebody else sees it too.  Whatever was taken out of a reservation goes
 * back when the fault comes to nothing.
 */
#include "hugetlbfs.h"

#include "src/callers/callers.h"

static unsigned long address_of(const struct vm_area_struct *vma, long idx)
{
	return vma->vm_start + ((idx - vma->vm_pgoff) << SHIM_PAGE_SHIFT);
}

/* Of no use after all. */
static void give_back_if(bool restores, struct vm_area_struct *vma, long idx, struct page *page)
{
	if (restores)
		callers.restore_reserve(hstate_vma(vma), vma, address_of(vma, idx), page);
	put_page(page);
}

static void give_back(struct vm_area_struct *vma, long idx, struct page *page)
{
	give_back_if(true, vma, idx, page);
}

static void set_pte(struct vm_area_struct *vma, long idx, struct page *page, bool write)
{
	vma->pte[idx] = page;
	vma->pte_write[idx] = write;
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

	if (callers.needs_reservation(h, vma, address_of(vma, idx), &regions_needed) < 0)
		return -ENOMEM;
	callers.end_reservation(h, vma, address_of(vma, idx), regions_needed);
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
	struct page *page = owner->pte[idx];
	struct vm_area_struct *vma;

	inode->i_mmap_rwsem++;
	list_for_each_entry(vma, &inode->i_mmap, i_mmap) {
		if (vma == owner || vma->vm_flags & VM_MAYSHARE || vma->pte[idx] != page)
			continue;
		if (callers.is_vma_resv_set(vma, HPAGE_RESV_OWNER))
			continue;
		hugetlb_unmap_page(vma, idx);
		callers.set_vma_resv_flags(vma, HPAGE_RESV_UNMAPPED);
	}
	inode->i_mmap_rwsem--;
}

/* Write to a private page that is mapped for reading.  Source: hugetlb_cow(). */
static int copy_on_write(struct vm_area_struct *vma, long idx, bool late)
{
	struct page *old = vma->pte[idx], *copy;
	/* An owner's own page has used its reservation, which is not there for a second one. */
	bool avoid_reserve = !old->mapping && callers.is_vma_resv_set(vma, HPAGE_RESV_OWNER);

	if (!old->mapping && old->refcount == 1) {
		vma->pte_write[idx] = true;
		return 0;
	}
	copy = callers.alloc_page(vma, address_of(vma, idx), avoid_reserve);
	if (IS_ERR(copy) && avoid_reserve) {
		take_from_others(vma, idx);
		if (old->refcount == 1) {
			vma->pte_write[idx] = true;
			return 0;
		}
	}
	if (IS_ERR(copy))
		return PTR_ERR(copy);
	shim_moment(); /* it is copied */
	if (late) {
		give_back(vma, idx, copy);
		return -EAGAIN;
	}
	copy->restore_reserve = false;
	set_pte(vma, idx, copy, true);
	put_page(old);
	return 0;
}

/* The cache has a reference of its own. */
static void add_to_page_cache(struct page *page, struct address_space *mapping, long idx)
{
	page->restore_reserve = false;
	page->mapping = mapping;
	mapping->page[idx] = page;
	mapping->present |= 1ull << idx;
	mapping->host->i_blocks += SHIM_PAGES_PER_HPAGE;
	get_page(page);
}

/* A page that is not there yet, with a reference for the caller. */
static struct page *new_page(struct vm_area_struct *vma, long idx, bool late)
{
	struct address_space *mapping = vma->vm_file->f_mapping;
	struct page *page = callers.alloc_page(vma, address_of(vma, idx), 0);

	if (IS_ERR(page))
		return page;
	shim_moment(); /* it is cleared */
	if (!(vma->vm_flags & VM_MAYSHARE))
		return page;
	if (late) {
		give_back_if(callers.fault_restores, vma, idx, page);
		return ERR_PTR(-EAGAIN);
	}
	add_to_page_cache(page, mapping, idx);
	return page;
}

static int no_page(struct vm_area_struct *vma, long idx, bool write, bool late)
{
	struct page *page = vma->vm_file->f_mapping->page[idx];
	bool shared = vma->vm_flags & VM_SHARED;
	int ret = 0;

	if (page) {
		get_page(page);
	} else {
		page = new_page(vma, idx, late);
		if (IS_ERR(page))
			return PTR_ERR(page);
	}
	if (write && !shared)
		ret = prepare_write(vma, idx);
	if (late && !page->mapping)
		ret = -EAGAIN;
	if (ret && !page->mapping)
		give_back(vma, idx, page);
	else if (ret)
		put_page(page);
	if (ret)
		return ret;
	if (!page->mapping)
		page->restore_reserve = false;
	set_pte(vma, idx, page, write && (shared || !page->mapping));
	return write && !vma->pte_write[idx] ? copy_on_write(vma, idx, late) : 0;
}

int hugetlb_fault(struct vm_area_struct *vma, long idx, bool write, bool late)
{
	int ret;

	if (callers.is_vma_resv_set(vma, HPAGE_RESV_UNMAPPED) && !(vma->vm_flags & VM_MAYSHARE) &&
	    !vma->pte[idx])
		return -EFAULT;
	if (!vma->pte[idx]) {
		if ((unsigned long)idx >= vma->vm_file->f_mapping->host->i_size)
			return -EFAULT;
		return no_page(vma, idx, write, late);
	}
	if (!write || vma->pte_write[idx])
		return 0;
	if (vma->vm_flags & VM_SHARED) {
		vma->pte_write[idx] = true;
		return 0;
	}
	ret = prepare_write(vma, idx);
	return ret ? ret : copy_on_write(vma, idx, late);
}

int hugetlb_copy(struct vm_area_struct *vma, long idx, bool late)
{
	struct address_space *mapping = vma->vm_file->f_mapping;
	bool shared = vma->vm_flags & VM_SHARED;
	struct page *page;

	if (vma->pte[idx] || (shared && mapping->page[idx]))
		return -EEXIST;
	page = callers.alloc_page(vma, address_of(vma, idx), 0);
	if (IS_ERR(page))
		return PTR_ERR(page);
	shim_moment(); /* it is copied */
	if (late || (shared && (unsigned long)idx >= mapping->host->i_size)) {
		give_back_if(late || callers.copy_restores, vma, idx, page);
		return -EFAULT;
	}
	if (shared)
		add_to_page_cache(page, mapping, idx);
	page->restore_reserve = false;
	set_pte(vma, idx, page, true);
	return 0;
}
