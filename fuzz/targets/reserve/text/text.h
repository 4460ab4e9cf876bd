/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The calls of a kernel's own hugetlb that the reserve target's ops are made of, with one signature for
 * all trees.  text.c has the tree's text, unchanged, and is built like any map under test; whoever
 * includes this header sees its structs and none of its functions.
 *
 * Locking: as the kernel's callers do it, by the functions of text_ops.c; each says what it wants held.
 */
#ifndef IMPORT_TEXT_H
#define IMPORT_TEXT_H

#include "facts.h"

#include "src/vm/vm.h"

#include "types.h"

#include "fuzz/targets/reserve/world.h"

extern struct hstate hstates[HUGE_MAX_HSTATE];

/* A group, with room for what the tree keeps for each node behind the struct. */
union text_cgroup {
	struct hugetlb_cgroup group;
	unsigned long room[64];
};
enum { TEXT_CGROUP_ROOM = 48 }; /* from there on it is free for a node's own struct */
_Static_assert(sizeof(struct hugetlb_cgroup) < (TEXT_CGROUP_ROOM - 2) * sizeof(long), "room");

extern union text_cgroup text_cgroup[MAP_CGROUPS];

static inline unsigned text_group_number(const struct hugetlb_cgroup *group)
{
	return group ? (unsigned)((const union text_cgroup *)group - text_cgroup) : 0;
}

/* Static state as at boot: no page, no list, one node, all cgroups empty. */
void text_reset(void);

/* Set the size of the pool, as nr_hugepages does.  Returns 0 or a negative errno. */
int text_resize(unsigned long pages);

struct hugepage_subpool *text_new_subpool(long max_hpages, long min_hpages);
void text_put_subpool(struct hugepage_subpool *spool);

/* An inode of a regular file on @sb as hugetlbfs_get_inode() makes it; false: no memory. */
bool text_new_inode(struct hugetlbfs_inode_info *info, struct super_block *sb,
                    unsigned long number);

/* The map of an inode, where this tree keeps it. */
struct resv_map *text_inode_map(struct inode *inode);

/*
 * mmap(): @vma is filled in but for what the file says.  mmap_lock is held.  0, and the file finds the mapping;
 * or a negative errno.
 */
int text_mmap(struct vm_area_struct *vma);

/* As text_mmap() by hugetlb_reserve_pages() alone, for ranges that no mmap() asks for. */
int text_reserve(struct inode *inode, long from, long to, struct vm_area_struct *vma);

/* mmap_lock is held for reading. */
vm_fault_t text_fault(struct vm_area_struct *vma, unsigned long addr, unsigned flags);

/*
 * Take the pages of [start, end) out of the mapping: mmap_lock is held.  @unmap: the mapping goes
 * (munmap), else it stays (MADV_DONTNEED).  The gather is finished by the caller: only then pages are
 * put; but of a mapping that stays while it is locked, where its lock keeps faults away.
 */
void text_zap(struct mmu_gather *tlb, struct vm_area_struct *vma, unsigned long start,
              unsigned long end, bool unmap);

/*
 * UFFDIO_COPY and UFFDIO_CONTINUE of one page by the tree's own function, if that was taken; mmap_lock is held for
 * reading, and given back.  0 or a negative errno.
 */
#if defined(TEXT_HAS_mfill_atomic_hugetlb) || defined(TEXT_HAS___mcopy_atomic_hugetlb)
#define TEXT_FILLS 1
int text_fill(struct vm_area_struct *vma, unsigned long addr);
int text_continue(struct vm_area_struct *vma, unsigned long addr);
int text_ruin(struct vm_area_struct *vma, unsigned long addr);
#else
/*
 * UFFDIO_COPY of one page; mmap_lock is held for reading.  -ENOENT: what is to be copied is not there, and
 * *@folio is a page for it, to be given with the next attempt; else *@folio is NULL behind the call.
 */
int text_copy(struct vm_area_struct *vma, unsigned long addr, struct folio **folio);

/* UFFDIO_CONTINUE of one page; mmap_lock is held for reading.  0 or a negative errno. */
int text_continue(struct vm_area_struct *vma, unsigned long addr);
#endif

/*
 * hugetlb's part of a mapping that is cut in two at @addr, before anything is changed: 0, or it may not
 * be.  mmap_lock is held for writing.
 */
int text_may_split(struct vm_area_struct *vma, unsigned long addr);

/*
 * Move @length bytes of entries of @vma at @from to @to, which belongs to @new; returns how many were moved.
 * Then the reservations are the other one's.  Both are of one process; mmap_lock is held for writing.
 */
unsigned long text_move(struct vm_area_struct *vma, struct vm_area_struct *new, unsigned long from,
                        unsigned long to, unsigned long length);
void text_forget_reservations(struct vm_area_struct *vma);

/* The process watches the mapping by userfaultfd, for what the flags say; mmap_lock is held for writing. */
void text_watch(struct vm_area_struct *vma, vm_flags_t flags);

/* Take away the right to write one page, and give back what else it was; mmap_lock is held for reading. */
void text_protect(struct vm_area_struct *vma, unsigned long addr);

/* Take it away for good; 0 or a negative errno. */
int text_guard(struct vm_area_struct *vma, unsigned long addr);

/* A cgroup without tasks goes. */
void text_offline(struct cgroup_subsys_state *css);

/*
 * Migration: take the page off the list of pages in use, with a reference, and give it back; another one for
 * it, or NULL; move a file's page, whose lock is held; tell the books of the new one.
 */
bool text_isolate(struct folio *folio, struct list_head *list);
void text_putback(struct folio *folio);
struct folio *text_new_page_for(struct folio *folio);
int text_migrate_file(struct address_space *mapping, struct folio *to, struct folio *from);
void text_move_state(struct folio *from, struct folio *to);

/* Memory failure: the page may not migrate any more; a file's page is no good.  The page is locked. */
void text_clear_migratable(struct folio *folio);
int text_error_remove(struct address_space *mapping, struct folio *folio);

/* A new page at @index, in small pages, of a file, with a reference; or an error. */
struct folio *text_memfd(struct file *file, pgoff_t index);
bool text_can_memfd(void);
bool text_can_migrate(void);
bool text_can_fail_memory(void);

/*
 * All of it by the tree's own function, if that was taken: @folio is on a list.  0 or a negative errno; then it is
 * still on that list or on @left, or was put back already.
 */
#if defined(TEXT_HAS_unmap_and_move_huge_page) || defined(TEXT_HAS_unmap_and_move_hugetlb_folio)
#define TEXT_MIGRATES 1
int text_migrate(struct folio *folio, struct list_head *left);
#endif

/* All huge pages, those of @spool apart; NULL: there is none. */
void text_look_pages(const struct hugepage_subpool *spool, struct pages_view *view);

/* Take a free huge page out of the pool: 0 or a negative errno. */
int text_dissolve(struct folio *folio);

/* Does UFFDIO_COPY take mappings of huge pages?  Since 4.11. */
bool text_can_copy(void);

/* Does UFFDIO_CONTINUE?  Since 5.13. */
bool text_can_continue(void);

/* Does UFFDIO_POISON?  Since 6.6. */
bool text_can_ruin(void);

/* Does MADV_DONTNEED take mappings of huge pages?  Since 5.18; one that takes flags of the zap, since 5.19. */
bool text_can_zap(void);

/* Is a page marked as one that a process has alone, and is a pinned one kept so, since 5.19? */
bool text_knows_exclusive(void);

/* Can mappings be moved, since 5.16; can userfaultfd protect pages of them, since 5.19? */
bool text_can_move(void);
bool text_can_protect(void);

/* The first step of fork() for a mapping that was copied: its reservations are not the child's. */
void text_dup_private(struct vm_area_struct *child);

/* The last one: copy the page table.  Both mmap_locks are held. */
int text_copy_range(struct vm_area_struct *child, struct vm_area_struct *parent);

/* ftruncate() and fallocate(): lock the inode by themselves or want it locked, as the tree does. */
int text_truncate(struct inode *inode, loff_t size);
int text_fallocate(struct file *file, int mode, loff_t from, loff_t len);

/* Nobody has the file any more. */
void text_evict(struct inode *inode);

/* Is a mapping private with reservations of its own, and where is its map? */
bool text_owns(struct vm_area_struct *vma);
bool text_was_unmapped(struct vm_area_struct *vma);
struct resv_map *text_vma_map(struct vm_area_struct *vma);

/* Is the cgroup charged for the reservations of the mapping, which owns them? */
bool text_pays(struct vm_area_struct *vma, unsigned group);

/* The cgroup of a page, and that of its reservation. */
struct hugetlb_cgroup *text_page_cgroup(struct folio *folio, bool rsvd);
struct hugepage_subpool *text_page_subpool(struct folio *folio);

#endif
