/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The files, mappings and limits of one run of the reserve target, the calls on them that ops stand
 * for, and which of them may run inside which: a call's windows are wherever it holds no spinlock,
 * and the sleeping locks that kernels hold around these calls forbid some of the others there.
 *
 * Knows ops and src/hugetlbfs/hugetlbfs.h; nothing of models and rules.
 */
#ifndef RESERVE_WORLD_H
#define RESERVE_WORLD_H

#include "fuzz/trace/op.h"
#include "fuzz/map/reserve_target.h"

#include "src/hugetlbfs/hugetlbfs.h"

/* A call under way, as far as it locks others out; the one inside of which it runs is @outer. */
struct under_way {
	const struct op *op;
	unsigned file;    /* that it works on, FILES if none */
	bool inode_lock;  /* held on the file */
	unsigned slot;    /* whose mmap lock it holds, SLOTS if none */
	bool shares_slot; /* ... together with other faults */
	uint64_t pages;   /* whose fault mutexes it holds */
	const struct under_way *outer;
};

struct world {
	struct hugepage_subpool *spool; /* of the mount with limits; NULL: it has none */
	struct super_block limited, unlimited;
	struct inode inode[FILES];
	bool file_exists[FILES];
	struct vm_area_struct vma[SLOTS];
	bool mapped[SLOTS];
	uint8_t file_of[SLOTS];
	uint8_t owner_of[SLOTS]; /* the cgroup of the task that made the mapping */
	const struct under_way *under_way;
};

/* Files 0 and 1 are on the mount with limits, the others on one without. */
enum { LIMITED_FILES = 3 };

static inline bool file_is_limited(unsigned file)
{
	return LIMITED_FILES >> file & 1;
}

/*
 * Nothing, and a pool of @pages huge pages, @surplus more on demand.  world_mount() then makes the
 * mount with its limits, -1 for none; false: it was refused.
 */
void world_begin(struct world *world, unsigned pages, unsigned surplus);
bool world_mount(struct world *world, long max, long min);

/* The mount goes; no file is left. */
void world_unmount(struct world *world);

/*
 * What the op locks while it runs.  False: it makes no sense now (a slot in use, a page outside of
 * the mapping), or a call under way keeps it from running here.
 */
bool world_may_run(const struct world *world, const struct op *op, struct under_way *call);

/* Run it.  Returns 0 or a negative errno. */
int world_run(struct world *world, const struct op *op);

/* The cgroup that an op's task is in. */
static inline unsigned op_cgroup(const struct op *op)
{
	return op->owner ? op->owner : 1;
}

/* The pages of a file that are in its page cache. */
uint64_t world_cached(const struct world *world, unsigned file);

/* The map of a mapping that owns reservations, or NULL. */
struct resv_map *world_owner_map(const struct world *world, unsigned slot);

#endif
