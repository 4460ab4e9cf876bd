// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files, their page caches, and mappings; faults are in fault.c.
 */
#include "hugetlbfs.h"

#include "src/callers/callers.h"

#include "src/map/resv_map.h"

struct page *hugetlb_page_at(const struct vm_area_struct *vma, long idx)
{
	pte_t pte = *vm_entry(vma->vm_mm, hugetlb_address(vma, idx));

	return pte_present(pte) ? pte_page(pte) : NULL;
}

bool hugetlb_writable(const struct vm_area_struct *vma, long idx)
{
	return pte_write(*vm_entry(vma->vm_mm, hugetlb_address(vma, idx)));
}

/* Source: __unmap_hugepage_range(), v7.3. */
static bool restores(struct vm_area_struct *vma, const struct page *page)
{
	return PageAnon(page) && page->refcount == 1 && !hstate_vma(vma)->surplus_huge_pages &&
	       !(vma->vm_flags & VM_MAYSHARE) && callers.is_vma_resv_set(vma, HPAGE_RESV_OWNER);
}

void hugetlb_unmap_page(struct vm_area_struct *vma, long idx)
{
	unsigned long addr = hugetlb_address(vma, idx);
	pte_t pte = vm_get_and_clear(vm_entry(vma->vm_mm, addr));
	struct page *page;

	if (!pte_present(pte))
		return;
	page = pte_page(pte);
	hugetlb_remove_rmap(VM_HEAD(page));
	atomic_long_sub(VM_HUGE_PAGES, &vma->vm_mm->hugetlb_usage);
	if (callers.unmap_restores && restores(vma, page)) {
		SetHPageRestoreReserve(page);
		callers.restore_reserve(hstate_vma(vma), vma, addr, page);
	}
	folio_put(VM_HEAD(page));
}

int hugetlbfs_new_inode(struct inode *inode, struct file *file, struct super_block *sb,
                        struct hugetlb_cgroup *h_cg)
{
	*inode = (struct inode){ .i_sb = sb, .h_cg = h_cg };
	inode->i_mapping = &inode->i_data;
	inode->i_data.host = inode;
	INIT_LIST_HEAD(vm_mappings(inode->i_mapping));
	*file = (struct file){ .f_mapping = inode->i_mapping, .f_inode = inode };
	inode->i_data.private_data = callers.map_alloc();
	return inode->i_data.private_data ? 0 : -ENOMEM;
}

/* Not more than a file has, also where a kernel took a range whose end is before its start. */
static long pages_of(const struct vm_area_struct *vma)
{
	return (long)min((vma->vm_end - vma->vm_start) >> PMD_SHIFT, (unsigned long)VM_FILE_PAGES);
}

int hugetlbfs_mmap(struct vm_area_struct *vma, struct mm_struct *mm, struct file *file, long from,
                   long to, vm_flags_t vm_flags)
{
	struct inode *inode = file_inode(file);
	int ret;

	*vma = (struct vm_area_struct){
		.vm_start = VM_BASE,
		.vm_end = VM_BASE + ((unsigned long)(to - from) << PMD_SHIFT),
		.vm_pgoff = (unsigned long)from << VM_HUGE_ORDER,
		.vm_flags = vm_flags,
		.vm_mm = mm,
		.vm_file = file,
	};
	memset(mm->table, 0, (size_t)pages_of(vma) * sizeof(mm->table[0]));
	mm->hugetlb_usage = (atomic_long_t){ 0 };
	ret = callers.reserve_pages(inode, from, to, vma, vm_flags);
	if (ret)
		return ret;
	list_add_tail(&vma->in_i_mmap, vm_mappings(inode->i_mapping));
	inode->i_size = max(inode->i_size, (loff_t)to << PMD_SHIFT);
	return 0;
}

/* Of the pages [from, to) of its file a mapping has no more. */
static void unmap_range(struct vm_area_struct *vma, long from, long to)
{
	long first = (long)(vma->vm_pgoff >> VM_HUGE_ORDER);
	long last = first + pages_of(vma);

	for (long idx = max(from, first); idx < min(to, last); idx++)
		if (!pte_none(vma->vm_mm->table[idx - first]))
			hugetlb_unmap_page(vma, idx);
}

void hugetlb_munmap(struct vm_area_struct *vma)
{
	unmap_range(vma, 0, VM_FILE_PAGES);
	list_del(&vma->in_i_mmap);
	callers.vm_op_close(vma);
}

/* The child's entry for a page of its parent.  Who writes a private one first, makes a copy. */
static void copy_entry(pte_t *child, pte_t *parent, bool shared, struct vm_area_struct *vma)
{
	struct page *page;

	*child = __pte(0);
	if (!pte_present(*parent))
		return;
	page = pte_page(*parent);
	get_page(page);
	if (PageAnon(page))
		page_try_dup_anon_rmap(page, true, vma);
	else
		page_dup_file_rmap(page);
	if (!shared)
		*parent = pte_wrprotect(*parent);
	*child = *parent;
	atomic_long_add(VM_HUGE_PAGES, &vma->vm_mm->hugetlb_usage);
}

/* Source: copy_hugetlb_page_range(). */
void hugetlb_fork(struct vm_area_struct *child, struct mm_struct *mm, struct vm_area_struct *parent)
{
	*child = *parent;
	child->vm_mm = mm;
	mm->hugetlb_usage = (atomic_long_t){ 0 };
	child->vm_private_data = NULL;
	list_add(&child->in_i_mmap, &parent->in_i_mmap);
	for (long i = 0; i < pages_of(parent); i++)
		copy_entry(&mm->table[i], &parent->vm_mm->table[i], parent->vm_flags & VM_SHARED,
		           child);
}

/* No page table may have pages of [from, to) any more, nor copies of them. */
static void unmap_everywhere(struct inode *inode, long from, long to)
{
	struct vm_area_struct *vma;

	hugetlb_walk_mappings(inode->i_mapping);
	list_for_each_entry(vma, vm_mappings(inode->i_mapping), in_i_mmap)
		unmap_range(vma, from, to);
	hugetlb_walked_mappings(inode->i_mapping);
}

/* The page, with a reference. */
static struct page *remove_from_page_cache(struct inode *inode, long idx)
{
	struct folio *folio = inode->i_mapping->folio[idx];

	VM_BUG_ON(folio_test_hugetlb_restore_reserve(folio));
	folio_get(folio);
	__folio_set_locked(folio);
	filemap_remove_folio(folio);
	__folio_clear_locked(folio);
	return &folio->page;
}

/* The first page in the page cache from @idx on, or VM_FILE_PAGES. */
static long next_page(const struct inode *inode, long idx)
{
	u64 left = idx < VM_FILE_PAGES ? inode->i_mapping->present >> idx : 0;

	return left ? idx + __builtin_ctzll(left) : VM_FILE_PAGES;
}

/* Pages behind @size are gone; so are reservations, all at once. */
static void drop_from(struct inode *inode, long size)
{
	long freed = 0;

	for (long idx = next_page(inode, size); idx < VM_FILE_PAGES;
	     idx = next_page(inode, idx + 1)) {
		put_page(remove_from_page_cache(inode, idx));
		freed++;
	}
	callers.unreserve_pages(inode, size, LONG_MAX, freed);
}

void hugetlbfs_truncate(struct inode *inode, long size)
{
	inode->i_size = (loff_t)size << PMD_SHIFT;
	unmap_everywhere(inode, size, VM_FILE_PAGES);
	drop_from(inode, size);
}

void hugetlbfs_punch_hole(struct inode *inode, long from, long to)
{
	struct page *page;

	unmap_everywhere(inode, from, to);
	for (long idx = from; idx < to; idx++) {
		if (!inode->i_mapping->folio[idx])
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
