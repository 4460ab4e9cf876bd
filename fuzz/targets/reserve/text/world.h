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

/* A process with room for one mapping. */
struct text_slot {
	bool mapped;
	bool leaving; /* somebody is about to unmap it */
	u8 file;
	u8 cgroup;      /* of the task that made the mapping */
	unsigned users; /* calls under way */
	struct vm_area_struct vma;
	struct mm_struct mm;
};

struct world_state {
	struct hugepage_subpool *spool; /* of the mount with limits; NULL: it has none */
	struct super_block limited, unlimited;
	struct hugetlbfs_sb_info info_limited, info_unlimited;
	struct text_file file[FILES];
	struct text_slot slot[SLOTS];
};

extern struct world_state text_state;

/* The address of a page of the file in a slot. */
static inline unsigned long text_addr(const struct text_slot *slot, long page)
{
	return slot->vma.vm_start + ((unsigned long)page << PMD_SHIFT) -
	       (slot->vma.vm_pgoff << PAGE_SHIFT);
}

/* Does the op make sense now? */
bool text_makes_sense(const struct world_state *world, const struct op *op);

#endif
