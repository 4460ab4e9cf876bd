/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The world of the reserve target over a kernel's own hugetlb: files, processes with one mapping each,
 * and the mount.  ops.c has the calls, look.c the books; ../world.h is what others see of both.
 */
#ifndef IMPORT_TEXT_WORLD_H
#define IMPORT_TEXT_WORLD_H

#include "text.h"

#include "fuzz/targets/reserve/ops.h"
#include "fuzz/targets/reserve/world_calls.h"

/* A file.  It is in use while a mapping or a call under way has it, so it is not evicted then. */
struct text_file {
	struct hugetlbfs_inode_info inode;
	struct file file;
	bool exists;
	bool leaving; /* it is being evicted: nobody finds it by its name */
	unsigned users;
	u8 cgroup; /* of the task that made it */
};

/* A mapping.  Its process has no other one, unless it was split. */
struct text_slot {
	bool mapped;
	bool leaving; /* somebody is about to unmap it */
	u8 file;
	u8 cgroup;                  /* of the task that made the mapping */
	u8 task_cgroup;             /* that its process has moved to, or 0: none */
	unsigned users;             /* calls under way */
	struct mm_struct *mm;       /* of its process; stays until the slot is used again */
	struct folio *pinned;       /* by somebody who was given it through this slot, or NULL */
	bool failed;                /* ... that is memory failure, which keeps a file's page */
	bool failing;               /* memory failure is at one of its pages, and may keep it */
	struct vm_area_struct *vma; /* one of: */
	struct vm_area_struct area[2];
};

struct world_state {
	struct hugepage_subpool *spool; /* of the mount with limits; NULL: it has none */
	bool mounted;                   /* that mount is there */
	struct super_block limited, unlimited;
	struct hugetlbfs_sb_info info_limited, info_unlimited;
	struct text_file file[FILES];
	struct text_slot slot[SLOTS];
	struct mm_struct mm[SLOTS];
	unsigned writes;       /* of pages, so far */
	bool offline[CGROUPS]; /* cgroups that have gone: their tasks are in the root */
};

extern struct world_state text_state;

/* Is there a subpool of the mount with limits, whether or not that is still mounted? */
bool text_has_subpool(const struct world_state *world);

/* A call has ended, and may have freed the subpool of a mount that has gone. */
void text_forget_subpool(struct world_state *world);

/* The address of a page of the file in a slot. */
static inline unsigned long text_addr(const struct text_slot *slot, long page)
{
	return slot->vma->vm_start + ((unsigned long)page << PMD_SHIFT) -
	       (slot->vma->vm_pgoff << PAGE_SHIFT);
}

/* Does the slot have a mapping with this page of its file? */
static inline bool text_has_page(const struct text_slot *slot, long page)
{
	unsigned long addr = text_addr(slot, page);

	return slot->mapped && addr >= slot->vma->vm_start && addr < slot->vma->vm_end;
}

/* Nobody watches the mapping by userfaultfd any more. */
static inline void text_unwatch(struct vm_area_struct *vma)
{
	vma->vm_userfaultfd_ctx = NULL_VM_UFFD_CTX;
	vm_flags_clear(vma, VM_UFFD_MISSING | VM_UFFD_WP | VM_UFFD_MINOR);
}

/* The group, or the root if it has gone. */
static inline unsigned text_cgroup_of(const struct world_state *world, unsigned group)
{
	return world->offline[group] ? 0 : group;
}

/* Does the op make sense now? */
bool text_makes_sense(const struct world_state *world, const struct op *op);

/* An address space that nobody has, with nothing in it; has somebody this one? */
struct mm_struct *text_new_mm(struct world_state *world);
bool text_mm_in_use(const struct world_state *world, const struct mm_struct *mm);

/* The call works on the slot's process: nobody takes the slot before text_leave_slot(). */
void text_use_slot(struct text_slot *slot);
void text_leave_slot(struct text_slot *slot);

/* A mapping goes, and what it has: mmap_lock is held for writing. */
void text_remove_mapping(struct vm_area_struct *vma);

/* A request of userfaultfd that fills a page of a mapping. */
int text_fill_page(struct world_state *world, const struct op *op,
                   int (*request)(struct vm_area_struct *vma, unsigned long addr));

/* What each op does; see ops.c. */
#define HEAD(wire, name, operands, doc)
#define OP(wire, name, operands, doc) \
	int text_op_##name(struct world_state *world, const struct op *op);
#include "fuzz/targets/reserve/ops.def"
#undef OP
#undef HEAD

#endif
