/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What calls, rules and reports see of the world that a run is in: ops to run, and books to look at.
 * Two worlds implement it, one is linked: world.c, files and faults of ours around the callers of a map;
 * and text_world.c, all of a kernel's own hugetlb.
 *
 * Knows ops; nothing of models and rules, and no struct of a kernel's.
 */
#ifndef RESERVE_VIEW_H
#define RESERVE_VIEW_H

#include "fuzz/map/reserve_target.h"
#include "fuzz/trace/op.h"

#include "src/shim/dup.h"

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

struct world;

/* The one world of a program that runs traces. */
struct world *world_of_runs(void);

/* Files 0 and 1 are on the mount with limits, the others on one without. */
enum { LIMITED_FILES = 3 };

static inline bool file_is_limited(unsigned file)
{
	return LIMITED_FILES >> file & 1;
}

/* The cgroup that an op's task is in. */
static inline unsigned op_cgroup(const struct op *op)
{
	return op->owner ? op->owner : 1;
}

/* --- running ------------------------------------------------------------------------------------- */

/*
 * Nothing, and a pool of @pages huge pages, @surplus more on demand.  world_mount() then makes the
 * mount with its limits, -1 for none; false: it was refused.
 */
void world_begin(struct world *world, unsigned pages, unsigned surplus);
bool world_mount(struct world *world, long max, long min);

/* The mount goes; no file is left. */
void world_unmount(struct world *world);

/* A new file, which op's task makes.  False: its memory was refused. */
bool world_make_file(struct world *world, const struct op *op);
bool world_has_file(const struct world *world, unsigned file);

/*
 * What the op locks while it runs.  False: it makes no sense now (a slot in use, a page outside of
 * the mapping), or a call under way keeps it from running here.
 */
bool world_may_run(const struct world *world, const struct op *op, struct under_way *call);

/* The call under way is @call, or none; its task is in the cgroup of its op. */
void world_under_way(struct world *world, const struct under_way *call);

/* Run it.  Returns 0 or a negative errno. */
int world_run(struct world *world, const struct op *op);

/*
 * "refuse subpool": until it is set again, the maximum of the mount is what is used already.  Returns
 * the old one; without a maximum nothing happens.
 */
long world_set_max(struct world *world, long max);

/* Does the world itself see that a page is lacking?  Else the shim's hooks are asked (hooks.h). */
bool world_lacks_pages(const struct world *world, long pages);

/* --- books --------------------------------------------------------------------------------------- */

struct pool_view {
	long pages, free, promised, surplus, overcommit;
};
void world_look_pool(struct pool_view *pool);

/* False: there is no mount with limits. */
bool world_look_mount(const struct world *world, struct subpool_view *mount);

/* What cgroup @i is charged for, in small pages, and how often it is referenced. */
struct cgroup_view {
	long refs;
	unsigned long reserved, used;
};
void world_look_cgroup(unsigned i, struct cgroup_view *cgroup);

/* A huge page in use. */
struct page_view {
	unsigned cgroup, cgroup_rsvd; /* who is charged for it */
	bool in_file;                 /* it is in a page cache, and not one process' own */
	bool of_mount;                /* it counts in the mount with limits */
};

/* The next page in use at or behind number *@i, which moves behind it.  False: there is none. */
bool world_look_page(const struct world *world, unsigned *i, struct page_view *page);

/* Of a file that there is: its map, its pages in the page cache, who has made it. */
const struct resv_map *world_file_map(const struct world *world, unsigned file);
uint64_t world_cached(const struct world *world, unsigned file);
unsigned world_file_cgroup(const struct world *world, unsigned file);

/* Of a slot: is it mapped, is that mapping shared, and by which cgroup's task was it made? */
bool world_mapped(const struct world *world, unsigned slot);
bool world_shares(const struct world *world, unsigned slot);
unsigned world_mapping_cgroup(const struct world *world, unsigned slot);
unsigned world_mapping_file(const struct world *world, unsigned slot);

/* The map of a mapping that owns reservations, or NULL. */
struct resv_map *world_owner_map(const struct world *world, unsigned slot);

/* The page that is mapped at @page of its file, or NULL; and whether it is the process' own. */
const void *world_page_at(const struct world *world, unsigned slot, unsigned page, bool *own);

/* What the kernel's text has warned of since world_begin(). */
extern unsigned shim_warned;

#endif
