// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files, their page caches, and mappings; faults are in fault.c.
 */
#include "hugetlbfs.h"

#include "src/callers/callers.h"

#include "src/map/resv_map.h"

void put_page(struct page *page)
{
	VM_BUG_ON(page->refcount <= 0);
	if (!--page->refcount)
		callers.free_page(page);
}

/* Source: __unmap_hugepage_range(), v7.3. */
static bool restores(struct vm_area_struct *vma, const struct page *page)
{
	return !page->mapping && page->refcount == 1 && !hstate_vma(vma)->surplus_huge_pages &&
	       !(vma->vm_flags & VM_MAYSHARE) && callers.is_vma_resv_set(vma, HPAGE_RESV_OWNER);
}

void hugetlb_unmap_page(struct vm_area_struct *vma, long idx)
{
	struct page *page = vma->pte[idx];

	vma->pte[idx] = NULL;
	if (!page)
		return;
	if (callers.unmap_restores && restores(vma, page)) {
		page->restore_reserve = true;
		callers.restore_reserve(hstate_vma(vma), vma,
		                        vma->vm_start + ((idx - vma->vm_pgoff) << SHIM_PAGE_SHIFT),
		                        page);
	}
	put_page(page);
}

int hugetlbfs_new_inode(struct inode *inode, struct super_block *sb, struct hugetlb_cgroup *h_cg)
{
	*inode = (struct inode){ .i_sb = sb, .h_cg = h_cg };
	inode->i_mapping = &inode->i_data;
	inode->i_data.host = inode;
	INIT_LIST_HEAD(&inode->i_mmap);
	inode->i_data.private_data = callers.map_alloc();
	return inode->i_data.private_data ? 0 : -ENOMEM;
}

int hugetlbfs_mmap(struct vm_area_struct *vma, struct inode *inode, long from, long to,
                   vm_flags_t vm_flags)
{
	int ret;

	*vma = (struct vm_area_struct){
		.vm_end = (unsigned long)(to - from) << SHIM_PAGE_SHIFT,
		.vm_pgoff = from,
		.vm_flags = vm_flags,
		.vm_file = &vma->file,
		.file.f_mapping = inode->i_mapping,
	};
	ret = callers.reserve_pages(inode, from, to, vma, vm_flags);
	if (ret)
		return ret;
	list_add_tail(&vma->i_mmap, &inode->i_mmap);
	inode->i_size = max(inode->i_size, (unsigned long)to);
	return 0;
}

/* Of the pages [from, to) of its file a mapping has no more. */
static void unmap_range(struct vm_area_struct *vma, long from, long to)
{
	long first = vma->vm_pgoff, last = first + (long)(vma->vm_end >> SHIM_PAGE_SHIFT);

	for (long idx = max(from, first); idx < min(to, last); idx++)
		hugetlb_unmap_page(vma, idx);
}

void hugetlb_munmap(struct vm_area_struct *vma)
{
	unmap_range(vma, 0, FILE_PAGES);
	list_del(&vma->i_mmap);
	callers.vm_op_close(vma);
}

void hugetlb_fork(struct vm_area_struct *child, struct vm_area_struct *parent)
{
	*child = *parent;
	child->vm_file = &child->file;
	child->vm_private_data = NULL;
	list_add(&child->i_mmap, &parent->i_mmap);
	for (int idx = 0; idx < FILE_PAGES; idx++) {
		if (!parent->pte[idx])
			continue;
		get_page(parent->pte[idx]);
		/* Who writes first, makes a copy. */
		if (!(parent->vm_flags & VM_SHARED))
			child->pte_write[idx] = parent->pte_write[idx] = false;
	}
}

/* No page table may have pages of [from, to) any more, nor copies of them. */
static void unmap_everywhere(struct inode *inode, long from, long to)
{
	struct vm_area_struct *vma;

	inode->i_mmap_rwsem++;
	list_for_each_entry(vma, &inode->i_mmap, i_mmap)
		unmap_range(vma, from, to);
	inode->i_mmap_rwsem--;
}

static struct page *remove_from_page_cache(struct inode *inode, long idx)
{
	struct page *page = inode->i_mapping->page[idx];

	VM_BUG_ON(page->restore_reserve);
	inode->i_mapping->page[idx] = NULL;
	inode->i_mapping->present &= ~(1ull << idx);
	page->mapping = NULL;
	return page;
}

/* The first page in the page cache from @idx on, or FILE_PAGES. */
static long next_page(const struct inode *inode, long idx)
{
	unsigned long long left = idx < FILE_PAGES ? inode->i_mapping->present >> idx : 0;

	return left ? idx + __builtin_ctzll(left) : FILE_PAGES;
}

/* Pages behind @size are gone; so are reservations, all at once. */
static void drop_from(struct inode *inode, long size)
{
	long freed = 0;

	for (long idx = next_page(inode, size); idx < FILE_PAGES; idx = next_page(inode, idx + 1)) {
		put_page(remove_from_page_cache(inode, idx));
		freed++;
	}
	callers.unreserve_pages(inode, size, LONG_MAX, freed);
}

void hugetlbfs_truncate(struct inode *inode, long size)
{
	inode->i_size = size;
	unmap_everywhere(inode, size, FILE_PAGES);
	drop_from(inode, size);
}

void hugetlbfs_punch_hole(struct inode *inode, long from, long to)
{
	struct page *page;

	unmap_everywhere(inode, from, to);
	for (long idx = from; idx < to; idx++) {
		if (!inode->i_mapping->page[idx])
			continue;
		page = remove_from_page_cache(inode, idx);
		if (callers.unreserve_pages(inode, idx, idx + 1, 1))
			callers.fix_reserve_counts(inode, page);
		put_page(page);
	}
}

void hugetlbfs_evict_inode(struct inode *inode)
{
	drop_from(inode, 0);
	callers.release_map(inode);
}
