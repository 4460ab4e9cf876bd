// SPDX-License-Identifier: GPL-2.0-only
/*
 * What administrators do to cgroups, mount and pool, and what is done to files and pages without a process.
 * As in ops.c.
 */
#include "world.h"

/*
 * Source: kernel/cgroup/cgroup.c offline_css(), v6.12: its tasks have left for the root before, also those whose
 * calls are under way.
 */
int text_op_offline(struct world_state *world, const struct op *op)
{
	unsigned group = op_cgroup(op);

	world->offline[group] = true;
	text_cgroup[group].group.css.gone = true;
	text_offline(&text_cgroup[group].group.css);
	return 0;
}

/* Source: hugetlbfs_put_super(), v6.12. */
int text_op_unmount(struct world_state *world, const struct op *op)
{
	(void)op;
	world_unmount(world);
	return 0;
}

/* Source: vfs_fallocate(), v6.12. */
int text_op_allocate(struct world_state *world, const struct op *op)
{
	struct text_file *file = &world->file[op->file];
	int ret;

	file->users++;
	ret = text_fallocate(&file->file, 0, (loff_t)op->from << PMD_SHIFT,
	                     (loff_t)(op->to - op->from) << PMD_SHIFT);
	file->users--;
	return ret;
}

static struct folio *some_free_page(void)
{
	for (unsigned i = 0; i < vm_folios; i++)
		if (vm_in_use[i] && folio_test_hugetlb(&vm_folio[i]) && !vm_folio[i].refcount)
			return &vm_folio[i];
	return NULL;
}

/* Memory goes offline: a free page leaves the pool.  Source: dissolve_free_hugetlb_folios(), v6.12. */
int text_op_dissolve(struct world_state *world, const struct op *op)
{
	struct folio *folio = some_free_page();

	(void)world, (void)op;
	return folio ? text_dissolve(folio) : -EBUSY;
}

/* --- dispatch: of all ops ------------------------------------------------------------------------------ */

static bool in_mapping(const struct text_slot *slot, long page)
{
	long from = (long)(slot->vma->vm_pgoff >> VM_HUGE_ORDER);

	return page >= from &&
	       page < from + (long)((slot->vma->vm_end - slot->vma->vm_start) >> PMD_SHIFT);
}

static bool is_free(const struct text_slot *slot)
{
	return !slot->mapped && !slot->users;
}

static bool may_be_made(const struct world_state *world, unsigned file)
{
	return !world->file[file].leaving && (world->mounted || !file_is_limited(file));
}

static bool may_unmount(const struct world_state *world)
{
	for (int file = 0; file < FILES; file++)
		if (file_is_limited(file) &&
		    (world->file[file].exists || world->file[file].leaving))
			return false;
	return world->mounted;
}

bool text_makes_sense(const struct world_state *world, const struct op *op)
{
	const struct text_slot *slot = &world->slot[op->slot];
	const struct text_file *file = &world->file[op->file];

	switch (op->kind) {
	case OP_map:
	case OP_backwards:
		return is_free(slot) && may_be_made(world, op->file) && op->from < op->to;
	case OP_zap:
	case OP_copy:
	case OP_recopy:
	case OP_continue:
	case OP_ruin:
	case OP_fault:
	case OP_protect:
	case OP_guard:
	case OP_migrate:
		return slot->mapped && in_mapping(slot, op->from);
	case OP_pin:
	case OP_poison:
		return slot->mapped && in_mapping(slot, op->from) && !slot->pinned;
	case OP_unpin:
		return slot->pinned;
	case OP_split:
		return slot->mapped && in_mapping(slot, op->from) &&
		       op->from > slot->vma->vm_pgoff >> VM_HUGE_ORDER &&
		       is_free(&world->slot[op->into]);
	case OP_unmap:
		return slot->mapped && !slot->leaving;
	case OP_mremap:
	case OP_watch:
	case OP_move:
		return slot->mapped;
	case OP_fork:
		return slot->mapped && is_free(&world->slot[op->into]);
	case OP_truncate:
		return file->exists && op->from < file->inode.vfs_inode.i_size >> PMD_SHIFT;
	case OP_memfd:
		return file->exists && op->from < file->inode.vfs_inode.i_size >> PMD_SHIFT;
	case OP_allocate:
	case OP_punch:
		return file->exists && op->from < op->to;
	case OP_evict:
		return file->exists && !file->users;
	case OP_unmount:
		return may_unmount(world);
	case OP_offline:
		return !world->offline[op_cgroup(op)];
	default:
		return true;
	}
}

bool world_can(unsigned kind)
{
	switch (kind) {
#define CAN(op, port, text) \
	case OP_##op: \
		return text;
#include "fuzz/targets/reserve/worlds.def"
#undef CAN
	default:
		return false;
	}
}

static int (*const run_op[RESERVE_OPS])(struct world_state *world, const struct op *op) = {
#define HEAD(wire, name, operands, doc)
#define OP(wire, name, operands, doc) [OP_##name] = text_op_##name,
#include "fuzz/targets/reserve/ops.def"
#undef OP
#undef HEAD
};

int world_run(struct world_state *world, const struct op *op)
{
	int ret = run_op[op->kind](world, op);

	vm_unlocked++; /* who waits for a page that the call had sees it again */
	text_forget_subpool(world);
	if (vm_current.sleeping_locks)
		shim_breach(SHIM_LOCK, "returns with a mutex or semaphore held", __FILE__,
		            __LINE__);
	if (vm_current.anon_vmas)
		shim_breach(SHIM_ASSERT, "returns with an anon_vma referenced", __FILE__, __LINE__);
	if (vm_current.gathers || vm_current.notifies)
		shim_breach(SHIM_LOCK, "returns before it has told who looks at page tables",
		            __FILE__, __LINE__);
	return ret;
}
