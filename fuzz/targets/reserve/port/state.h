/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The files, mappings and limits of one run of the reserve target, the calls on them that ops stand
 * for, and which of them may run inside which: a call's windows are wherever it holds no spinlock,
 * and the sleeping locks that kernels hold around these calls forbid some of the others there.
 *
 * Knows ops and src/hugetlbfs/hugetlbfs.h; nothing of models and rules.
 */
#ifndef RESERVE_PORT_STATE_H
#define RESERVE_PORT_STATE_H

#include "fuzz/targets/reserve/ops.h"
#include "fuzz/targets/reserve/world_calls.h"

#include "src/hugetlbfs/hugetlbfs.h"

struct world_state {
	struct hugepage_subpool *spool; /* of the mount with limits; NULL: it has none */
	struct hugetlbfs_sb_info info_limited, info_unlimited;
	unsigned writes; /* of pages, so far */
	struct super_block limited, unlimited;
	struct inode inode[FILES];
	struct file file[FILES];
	bool file_exists[FILES];
	struct vm_area_struct vma[SLOTS];
	struct mm_struct mm[SLOTS];
	bool mapped[SLOTS];
	uint8_t file_of[SLOTS];
	uint8_t cgroup_of[SLOTS]; /* the cgroup of the task that made the mapping */
	const struct under_way *under_way;
};

extern struct world_state port_state;

#endif
