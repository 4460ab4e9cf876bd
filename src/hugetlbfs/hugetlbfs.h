/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files of huge pages and mappings of them: what the rest of the kernel does around the calls of
 * reserve.h, over the world of src/vm/.  With an imported kernel whose own files and faults cannot be taken
 * these are still ours: its text stands behind reserve.h only.
 *
 * Locking, kept by the caller: hugetlbfs_mmap(), truncate, punch and evict hold the file's inode
 * lock; what a mapping's process does to it excludes each other, but for faults on two pages; two
 * faults on one page of a file exclude each other, and a truncate or punch of that page; while
 * i_mmap_rwsem is held, no mapping of the file comes or goes.
 *
 * Source: fs/hugetlbfs/inode.c and mm/hugetlb.c, v6.1, as far as reservations see it.
 */
#ifndef HUGETLBFS_H
#define HUGETLBFS_H

#include "src/callers/reserve.h"

/**
 * hugetlbfs_new_inode - a new, empty file, with its map
 * @inode, @file: room for it; @h_cg pays for what the port's calls reserve in it
 *
 * Return: 0, or -ENOMEM.  Source: hugetlbfs_get_inode().
 */
int hugetlbfs_new_inode(struct inode *inode, struct file *file, struct super_block *sb,
                        struct hugetlb_cgroup *h_cg);

/* Drop every page and reservation, and the map; no mapping is left.  Source: hugetlbfs_evict_inode(). */
void hugetlbfs_evict_inode(struct inode *inode);

/**
 * hugetlbfs_mmap - map the pages [from, to) of a file, in a process that maps nothing else
 * @vma, @mm: room for the mapping, whose vm_flags say how, and for the process, of whose page table only the
 *	entries of this mapping mean something
 *
 * Return: 0; a negative errno, and there is no mapping.  Source: hugetlbfs_file_mmap().
 */
int hugetlbfs_mmap(struct vm_area_struct *vma, struct mm_struct *mm, struct file *file, long from,
                   long to, vm_flags_t vm_flags);

/* Take the mapping away.  Source: unmap_hugepage_range(), hugetlb_vm_op_close(). */
void hugetlb_munmap(struct vm_area_struct *vma);

/*
 * @child, of the new process @mm, gets what fork() gives it: the pages there are, and no reservation of a
 * private mapping.
 */
void hugetlb_fork(struct vm_area_struct *child, struct mm_struct *mm,
                  struct vm_area_struct *parent);

/* Make the file @size pages long; pages behind it are gone everywhere.  Source: hugetlb_vmtruncate(). */
void hugetlbfs_truncate(struct inode *inode, long size);

/* Pages of [from, to) that are there are gone, everywhere.  Source: hugetlbfs_punch_hole(). */
void hugetlbfs_punch_hole(struct inode *inode, long from, long to);

/**
 * hugetlb_fault - touch page @idx of the file through a mapping of it
 *
 * Return: 0.  -ENOMEM, -ENOSPC as for alloc_huge_page(); -EFAULT: beyond the file's end, or a page
 * that a parent took back; -EAGAIN: what comes after the allocation failed late (hooks.h): no room in the
 * page cache's tree, or a page table that has changed.  The page is then not there.
 * Source: hugetlb_fault(), hugetlb_no_page().
 */
int hugetlb_fault(struct vm_area_struct *vma, long idx, bool write);

/**
 * hugetlb_copy - fill page @idx of the file for a mapping, from elsewhere
 *
 * Return: 0.  -EEXIST: there is one; -ENOMEM, -ENOSPC as for alloc_huge_page(); -EFAULT: beyond the
 * file's end, or what it is to be filled with is not there.
 * Source: hugetlb_mfill_atomic_pte(), without its second attempt.
 */
int hugetlb_copy(struct vm_area_struct *vma, long idx);

/* The page at @idx of the file in a mapping that has it, or NULL; and may it be written there? */
struct page *hugetlb_page_at(const struct vm_area_struct *vma, long idx);
bool hugetlb_writable(const struct vm_area_struct *vma, long idx);

/* Has a mapping this page of its file?  A file's size, in pages. */
static inline bool hugetlb_has_page(const struct vm_area_struct *vma, long idx)
{
	long at = idx - (long)(vma->vm_pgoff >> VM_HUGE_ORDER);

	return at >= 0 && at < (long)((vma->vm_end - vma->vm_start) >> PMD_SHIFT);
}

/* Where it is in the mapping, whether or not that has it. */
static inline unsigned long hugetlb_address(const struct vm_area_struct *vma, long idx)
{
	return vma->vm_start + ((unsigned long)idx << PMD_SHIFT) - (vma->vm_pgoff << PAGE_SHIFT);
}

static inline long hugetlbfs_size(const struct inode *inode)
{
	return (long)(inode->i_size >> PMD_SHIFT);
}

/*
 * Between the two files.  i_mmap_rwsem is held while mappings are walked, by any number of calls inside each
 * other: the driver looks at it and keeps others out, so nobody waits for it.
 */
static inline void hugetlb_walk_mappings(struct address_space *mapping)
{
	mapping->i_mmap_rwsem.readers++;
}

static inline void hugetlb_walked_mappings(struct address_space *mapping)
{
	mapping->i_mmap_rwsem.readers--;
}

void hugetlb_unmap_page(struct vm_area_struct *vma, long idx);

#endif
