// SPDX-License-Identifier: GPL-2.0
/*
 * What the executor asks for that no system call says: the subpool of a mount, and calls that no system call
 * makes: a free page leaves the pool, a page of a file is had for a device, memory that has failed is good again.
 *
 * Source: struct hugepage_subpool of include/linux/hugetlb.h, v5.10 to v7.3.
 */
#include "books.h"

#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/kprobes.h>
#include <linux/magic.h>

static struct hugepage_subpool *subpool_of(const struct file *file)
{
	struct super_block *super = file_inode(file)->i_sb;

	return super->s_magic == HUGETLBFS_MAGIC ? HUGETLBFS_SB(super)->spool : NULL;
}

long books_subpool(unsigned command, struct seam_subpool *subpool)
{
	struct file *file = fget(subpool->fd);
	struct hugepage_subpool *spool;

	if (!file)
		return -EBADF;
	spool = subpool_of(file);
	subpool->there = !!spool;
	if (spool) {
		spin_lock_irq(&spool->lock);
		if (command == SEAM_SET_MAX)
			swap(spool->max_hpages, *(long *)&subpool->max);
		else
			subpool->max = spool->max_hpages;
		subpool->min = spool->min_hpages;
		subpool->used = spool->used_hpages;
		subpool->rsv = spool->rsv_hpages;
		spin_unlock_irq(&spool->lock);
	}
	fput(file);
	return 0;
}

/* Functions of the kernel that modules are not to call, or NULL: this kernel has none of that name. */
static struct {
	int (*dissolve)(void *page); /* a folio and its first page are at one address */
	long (*pin)(struct file *file, loff_t start, loff_t end, void **folios, unsigned most,
	            pgoff_t *offset);
	void (*unpin)(void **folios, unsigned long count);
	int (*unpoison)(unsigned long frame);
} kernel;

static void *function_named(const char *name)
{
	struct kprobe probe = { .symbol_name = name };
	void *function;

	if (register_kprobe(&probe))
		return NULL;
	function = probe.addr;
	unregister_kprobe(&probe);
	return function;
}

void books_find(void)
{
	kernel.dissolve = function_named("dissolve_free_hugetlb_folio");
	if (!kernel.dissolve)
		kernel.dissolve = function_named("dissolve_free_huge_page");
	kernel.pin = function_named("memfd_pin_folios");
	kernel.unpin = function_named("unpin_folios");
	kernel.unpoison = function_named("unpoison_memory");
}

static long dissolve(const struct inode *inode)
{
	struct hstate *h = HUGETLBFS_SB(inode->i_sb)->hstate;
	int node;

	if (!kernel.dissolve)
		return -ENOSYS;
	for_each_online_node(node) if (!list_empty(&h->hugepage_freelists[node])) return kernel
		.dissolve(list_first_entry(&h->hugepage_freelists[node], struct page, lru));
	return -EBUSY;
}

/* Source: memfd_pin_folios() and unpin_folios(), v6.12, whose files are known by small pages. */
static long have_page(struct file *file, unsigned long index)
{
	loff_t at = (loff_t)index << HPAGE_SHIFT;
	pgoff_t offset;
	void *folio;
	long ret;

	if (!kernel.pin || !kernel.unpin)
		return -ENOSYS;
	if (xa_load(&file->f_mapping->i_pages, at >> PAGE_SHIFT))
		return -EEXIST;
	ret = kernel.pin(file, at, at + PAGE_SIZE - 1, &folio, 1, &offset);
	if (ret > 0)
		kernel.unpin(&folio, 1);
	return min(ret, 0L);
}

static long unpoison(unsigned long frame)
{
	return kernel.unpoison ? kernel.unpoison(frame) : -ENOSYS;
}

long books_page(unsigned command, struct seam_page *page)
{
	struct file *file;
	long ret = -EINVAL;

	if (command == SEAM_UNPOISON) {
		page->ret = (int)-unpoison(page->index);
		return 0;
	}
	file = fget(page->fd);
	if (!file)
		return -EBADF;
	if (file_inode(file)->i_sb->s_magic == HUGETLBFS_MAGIC)
		ret = command == SEAM_DISSOLVE ? dissolve(file_inode(file))
		                               : have_page(file, page->index);
	fput(file);
	page->ret = (int)-ret;
	return 0;
}
