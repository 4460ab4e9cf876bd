/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a file is mapped, by the calls of text.h, for text.c, which has the tree's functions: those that are
 * static there can be called nowhere else.
 */
#ifndef IMPORT_TEXT_MMAP_H
#define IMPORT_TEXT_MMAP_H

#include "text.h"

/* A mapping is found by its file. */
static void join_file(struct vm_area_struct *vma)
{
	i_mmap_lock_write(vma->vm_file->f_mapping);
	vm_link_mapping(vma, vma->vm_file->f_mapping);
	i_mmap_unlock_write(vma->vm_file->f_mapping);
}

/* Is this the type of hugetlb_reserve_pages()? */
#define RESERVES_AS(returned, mapping, flags) \
	__builtin_types_compatible_p(__typeof__(&hugetlb_reserve_pages), \
	                             returned (*)(struct inode *, long, long, mapping *, flags))

/* In 6.19 and 7.0 a mapping is a description until its file has agreed. */
#ifdef TEXT_HAS_hugetlbfs_file_mmap_prepare
static struct vm_area_desc describe(const struct vm_area_struct *vma)
{
	return (struct vm_area_desc){
		.mm = vma->vm_mm,
		.file = vma->vm_file,
		.start = vma->vm_start,
		.end = vma->vm_end,
		.pgoff = vma->vm_pgoff,
		.vm_flags = vma->vm_flags,
	};
}

static void become(struct vm_area_struct *vma, const struct vm_area_desc *desc)
{
	vma->vm_flags = desc->vm_flags;
	vma->vm_ops = desc->vm_ops;
	vma->vm_private_data = desc->private_data;
}

/*
 * The mapping itself is asked for behind what its file does, and nobody takes that back.  The hook asks for the
 * lock of a sharable mapping: a trace that refuses it has refused the mapping before.
 *
 * Source: mm/vma.c __mmap_region(), v6.19
 */
int text_mmap(struct vm_area_struct *vma)
{
	struct vm_area_desc desc = describe(vma);
	int ret = hugetlbfs_file_mmap_prepare(&desc);

	if (ret)
		return ret;
	if (shim_refuses(SHIM_VMA, false))
		return -ENOMEM;
	i_mmap_lock_write(vma->vm_file->f_mapping);
	become(vma, &desc);
	vm_link_mapping(vma, vma->vm_file->f_mapping);
	ret = desc.action.success_hook(vma);
	i_mmap_unlock_write(vma->vm_file->f_mapping);
	return ret;
}

static int reserve(struct inode *inode, long from, long to, struct vm_area_struct *vma)
{
	struct vm_area_desc desc = describe(vma);
	long ret = hugetlb_reserve_pages(
		inode, from, to, &desc,
		__builtin_choose_expr(RESERVES_AS(long, struct vm_area_desc, vma_flags_t),
	                              desc.vma_flags, desc.vm_flags));

	become(vma, &desc);
	return (int)min(ret, 0L);
}
#else
int text_mmap(struct vm_area_struct *vma)
{
	int ret = hugetlbfs_file_mmap(vma->vm_file, vma);

	if (!ret)
		join_file(vma);
	return ret;
}

static int reserve(struct inode *inode, long from, long to, struct vm_area_struct *vma)
{
	long ret = (long)hugetlb_reserve_pages(
		inode, from, to, vma,
		__builtin_choose_expr(RESERVES_AS(long, struct vm_area_struct, vma_flags_t),
	                              vma->flags, vma->vm_flags));

	/* Some say whether it was good, and give no reason; others how many pages they reserved. */
	if (RESERVES_AS(bool, struct vm_area_struct, vm_flags_t))
		return ret ? 0 : -ENOMEM;
	return (int)min(ret, 0L);
}
#endif

int text_reserve(struct inode *inode, long from, long to, struct vm_area_struct *vma)
{
	int ret = reserve(inode, from, to, vma);

	if (!ret)
		join_file(vma);
	return ret;
}

#endif
