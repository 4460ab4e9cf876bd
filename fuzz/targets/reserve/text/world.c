// SPDX-License-Identifier: GPL-2.0-only
/*
 * Begin and end of a run over a kernel's own hugetlb: pool, mount, files.  What a mount and the making of
 * an inode do is written here, after fs/hugetlbfs/inode.c, and not taken from the tree: that would need
 * another 150 names of the file system's.
 */
#include "world.h"

#include "fuzz/run/blocks.h"
#include "fuzz/run/tasks.h"

#include <string.h>

struct world_state text_state;

void world_begin(struct world_state *world, unsigned pages, unsigned surplus)
{
	for (int i = 0; i < FILES; i++) {
		world->file[i].exists = world->file[i].leaving = false;
		world->file[i].users = 0;
	}
	for (int i = 0; i < SLOTS; i++) {
		memset(&world->slot[i], 0, offsetof(struct text_slot, vma));
		world->slot[i].vma = &world->slot[i].area[0];
	}
	memset(world->offline, 0, sizeof(world->offline));
	world->spool = NULL;
	world->writes = 0;
	world->mounted = false;
	world->info_limited = world->info_unlimited = (struct hugetlbfs_sb_info){ 0 };
	world->info_limited.hstate = world->info_unlimited.hstate = &hstates[0];
	world->limited.s_fs_info = &world->info_limited;
	world->unlimited.s_fs_info = &world->info_unlimited;
	text_reset();
	tasks_reset(&vm_unlocked);
	tasks_own(&vm_current, sizeof(vm_current));
	vm_current.cgroup = &text_cgroup[1].group.css;
	text_resize(pages);
	hstates[0].nr_overcommit_huge_pages = surplus;
}

/* Source: hugetlbfs_validate() and hugetlbfs_fill_super(), v6.12. */
bool world_mount(struct world_state *world, long max, long min)
{
	world->mounted = true;
	if (max < 0 && min < 0)
		return true;
	world->mounted = max < 0 || min <= max;
	if (!world->mounted)
		return false;
	world->spool = text_new_subpool(max, min);
	world->info_limited.spool = world->spool;
	world->mounted = world->spool;
	return world->mounted;
}

/* Pages that somebody keeps may keep the subpool of a mount that has gone. */
bool text_has_subpool(const struct world_state *world)
{
	return world->spool && (world->mounted || block_live(world->spool));
}

void text_forget_subpool(struct world_state *world)
{
	if (!text_has_subpool(world))
		world->spool = NULL;
}

void world_unmount(struct world_state *world)
{
	bool mounted = world->mounted;

	world->mounted = false;
	if (mounted && world->spool)
		text_put_subpool(world->spool);
}

bool world_has_file(const struct world_state *world, unsigned file)
{
	return world->file[file].exists;
}

bool world_make_file(struct world_state *world, const struct op *op)
{
	struct text_file *file = &world->file[op->file];
	struct inode *inode = &file->inode.vfs_inode;

	file->exists = text_new_inode(&file->inode,
	                              file_is_limited(op->file) ? &world->limited
	                                                        : &world->unlimited,
	                              op->file);
	file->file = (struct file){ .f_mapping = &inode->i_data, .f_inode = inode };
	file->cgroup = (u8)text_cgroup_of(world, op_cgroup(op));
	return file->exists;
}

/* The locks are the text's own: nothing but sense keeps an op from running. */
bool world_may_run(const struct world_state *world, const struct op *op, struct under_way *call)
{
	if (!text_makes_sense(world, op))
		return false;
	*call = (struct under_way){ .op = op, .file = FILES, .slot = SLOTS };
	if ((reserve_op[op->kind].operands & OP_SLOT))
		call->slot = op->slot;
	if ((reserve_op[op->kind].operands & OP_FILE))
		call->file = op->file;
	else if (call->slot < SLOTS)
		call->file = world->slot[op->slot].file;
	return true;
}

/* The cgroup of the task that makes the call; of one that has gone the root is left. */
static unsigned task_cgroup(const struct world_state *world, const struct under_way *call)
{
	unsigned group = op_cgroup(call->op);

	if (call->slot < SLOTS && !(reserve_op[call->op->kind].operands & OP_CGROUP) &&
	    world->slot[call->slot].task_cgroup)
		group = world->slot[call->slot].task_cgroup;
	return text_cgroup_of(world, group);
}

void world_under_way(struct world_state *world, const struct under_way *call)
{
	if (!call || !call->op)
		return;
	vm_current = (struct task_struct){
		.number = (u8)tasks_current(),
		.cgroup = &text_cgroup[task_cgroup(world, call)].group.css,
	};
}

long world_set_max(struct world_state *world, long max)
{
	long old = text_has_subpool(world) ? world->spool->max_hpages : -1;

	if (old != -1)
		world->spool->max_hpages = max;
	return old;
}

/* What the pool has and has not promised, and what it may have beyond. */
bool world_lacks_pages(const struct world_state *world, long pages)
{
	const struct hstate *h = &hstates[0];
	long more = (long)h->nr_overcommit_huge_pages - (long)h->surplus_huge_pages;

	(void)world;
	return pages > 0 &&
	       (long)h->resv_huge_pages + pages > (long)h->free_huge_pages + max(more, 0L);
}
