/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * UFFDIO_COPY and UFFDIO_CONTINUE for text.c: by the tree's own function of mm/userfaultfd.c, or, where that was not taken, by what it
 * calls in mm/hugetlb.c, with its locks.
 */
#ifndef IMPORT_TEXT_COPY_H
#define IMPORT_TEXT_COPY_H

#include "text.h"

/* The words by which this tree is asked for a copy, and to go on with the page that is there. */
#ifdef TEXT_HAS_hugetlb_mfill_atomic_pte
#define MODE_COPY     MFILL_ATOMIC_COPY
#define MODE_CONTINUE MFILL_ATOMIC_CONTINUE
#else
#define MODE_COPY     MCOPY_ATOMIC_NORMAL
#define MODE_CONTINUE MCOPY_ATOMIC_CONTINUE
#endif

void text_watch(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_userfaultfd_ctx.ctx = &watcher;
	vm_flags_set(vma, flags);
}

/* Who protects pages of a mapping has those that are copied into it protected too. */
static inline bool copies_protected(const struct vm_area_struct *vma, unsigned mode)
{
	return mode == MODE_COPY && vma->vm_flags & VM_UFFD_WP;
}

/* What is copied is nowhere in a mapping. */
enum { AWAY = VM_TABLE << PMD_SHIFT };

#ifdef TEXT_FILLS
/*
 * The process watches the mapping from now on.  Nothing changes its mappings by userfaultfd, so the lock for that is
 * free.  Source: mm/userfaultfd.c mfill_atomic() and uffd_mfill_lock(), v6.12.
 */
static int fill(struct vm_area_struct *vma, unsigned long addr, unsigned mode)
{
	bool protects = copies_protected(vma, mode);
	long copied;

	text_watch(vma, 0);
#ifdef TEXT_HAS_mfill_atomic_hugetlb
	mode |= protects ? MFILL_ATOMIC_WP : 0;
#endif
#if defined(TEXT_HAS_mfill_atomic_hugetlb) && TEXT_ARGS_mfill_atomic_hugetlb == 6 && \
	defined(TEXT_HAS_uffd_mfill_lock)
	if (!(vma->vm_flags & VM_SHARED))
		anon_vma_prepare(vma);
	down_read_trylock(&watcher.map_changing_lock);
	copied = mfill_atomic_hugetlb(&watcher, vma, addr, addr + AWAY, PMD_SIZE, mode);
#elif defined(TEXT_HAS_mfill_atomic_hugetlb) && TEXT_ARGS_mfill_atomic_hugetlb == 6
	copied = mfill_atomic_hugetlb(vma, addr, addr + AWAY, PMD_SIZE, NULL, mode);
#elif defined(TEXT_HAS_mfill_atomic_hugetlb)
	copied = mfill_atomic_hugetlb(vma, addr, addr + AWAY, PMD_SIZE, mode);
#elif TEXT_ARGS___mcopy_atomic_hugetlb == 8
	copied = __mcopy_atomic_hugetlb(vma->vm_mm, vma, addr, addr + AWAY, PMD_SIZE, NULL, mode,
	                                protects);
#elif TEXT_ARGS___mcopy_atomic_hugetlb == 7 && TEXT_ARGS_hugetlb_mcopy_atomic_pte == 8
	copied = __mcopy_atomic_hugetlb(vma->vm_mm, vma, addr, addr + AWAY, PMD_SIZE, mode,
	                                protects);
#elif TEXT_ARGS___mcopy_atomic_hugetlb == 7
	copied = __mcopy_atomic_hugetlb(vma->vm_mm, vma, addr, addr + AWAY, PMD_SIZE, NULL, mode);
#else
	copied = __mcopy_atomic_hugetlb(vma->vm_mm, vma, addr, addr + AWAY, PMD_SIZE, mode);
#endif
	(void)protects;
	if (copied == -EHWPOISON)
		return -EFAULT;
	return (int)(copied > 0 ? copied - (long)PMD_SIZE : copied);
}

int text_fill(struct vm_area_struct *vma, unsigned long addr)
{
	return fill(vma, addr, MODE_COPY);
}

int text_continue(struct vm_area_struct *vma, unsigned long addr)
{
	return fill(vma, addr, MODE_CONTINUE);
}

int text_ruin(struct vm_area_struct *vma, unsigned long addr)
{
	return fill(vma, addr, MFILL_ATOMIC_POISON);
}
#else
/* The call under the locks, by whatever name and with whatever arguments this tree has it. */
static int fill_page(struct vm_area_struct *vma, unsigned long addr, pte_t *pte, unsigned mode,
                     struct folio **folio)
{
#if defined(TEXT_HAS_hugetlb_mfill_atomic_pte) && TEXT_ARGS_hugetlb_mfill_atomic_pte == 6
	return hugetlb_mfill_atomic_pte(pte, vma, addr, 0,
	                                mode | (copies_protected(vma, mode) ? MFILL_ATOMIC_WP : 0),
	                                folio);
#elif !defined(TEXT_HAS_hugetlb_mcopy_atomic_pte)
	(void)vma, (void)addr, (void)pte, (void)mode, (void)folio;
	return -EINVAL;
#else
	struct page *page = *folio ? &(*folio)->page : NULL;
	bool again = page;
	int ret;

	(void)mode; /* up to 5.12 there is one */
#if TEXT_ARGS_hugetlb_mcopy_atomic_pte == 8
	ret = hugetlb_mcopy_atomic_pte(vma->vm_mm, pte, vma, addr, 0, mode, &page,
	                               copies_protected(vma, mode));
#elif TEXT_ARGS_hugetlb_mcopy_atomic_pte == 7
	ret = hugetlb_mcopy_atomic_pte(vma->vm_mm, pte, vma, addr, 0, mode, &page);
#else
	ret = hugetlb_mcopy_atomic_pte(vma->vm_mm, pte, vma, addr, 0, &page);
#endif
	*folio = page ? page_folio(page) : NULL;
	/* Up to 4.19 a source that is not there is -EFAULT. */
	return ret == -EFAULT && page && !again ? -ENOENT : ret;
#endif
}

/* Until there was a lock for it, i_mmap_rwsem kept a shared page table where it is. */
#ifdef TEXT_HAS_hugetlb_vma_lock_read
#define LOCK_TABLE(vma)   hugetlb_vma_lock_read(vma)
#define UNLOCK_TABLE(vma) hugetlb_vma_unlock_read(vma)
#define LOCK_FILE(vma)    ((void)0)
#define UNLOCK_FILE(vma)  ((void)0)
#else
#define LOCK_TABLE(vma)   ((void)0)
#define UNLOCK_TABLE(vma) ((void)0)
#define LOCK_FILE(vma)    i_mmap_lock_read((vma)->vm_file->f_mapping)
#define UNLOCK_FILE(vma)  i_mmap_unlock_read((vma)->vm_file->f_mapping)
#endif

/* Source: mm/userfaultfd.c mfill_atomic_hugetlb(), v6.12, and __mcopy_atomic_hugetlb(), v5.10. */
static int fill(struct vm_area_struct *vma, unsigned long addr, unsigned mode, struct folio **folio)
{
	struct address_space *mapping = vma->vm_file->f_mapping;
	u32 hash = vm_fault_hash(mapping, vm_small_page_index(vma, addr) >> VM_HUGE_ORDER);
	pte_t *pte;
	int ret = -EEXIST;

	LOCK_FILE(vma);
	mutex_lock(&hugetlb_fault_mutex_table[hash]);
	LOCK_TABLE(vma);
	pte = vm_make_table(vma->vm_mm, addr);
	if (mode == MODE_CONTINUE || huge_pte_none_mostly(*pte))
		ret = fill_page(vma, addr, pte, mode, folio);
	UNLOCK_TABLE(vma);
	mutex_unlock(&hugetlb_fault_mutex_table[hash]);
	UNLOCK_FILE(vma);
	return ret;
}

int text_copy(struct vm_area_struct *vma, unsigned long addr, struct folio **folio)
{
	return fill(vma, addr, MODE_COPY, folio);
}

int text_continue(struct vm_area_struct *vma, unsigned long addr)
{
	struct folio *folio = NULL;

	return fill(vma, addr, MODE_CONTINUE, &folio);
}
#endif

#endif
