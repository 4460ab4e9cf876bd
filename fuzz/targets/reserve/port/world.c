// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which locks of the kernel stand behind struct under_way, and hence who may run inside whom:
 *
 *	inode lock	held by mmap, truncate and punch of a file: they exclude each other, also a
 *			private mmap.  A fault, a munmap and a fork do not take it.
 *	fault mutex	one for each page of a file: two faults on a page exclude each other, whatever
 *			mappings they come through, and so do a fault and a punch of its page.
 *			Truncation is kept apart from faults behind the new end: older kernels do it by
 *			the file's size and the page lock, since 6.1 there is a lock for it.
 *	mmap lock	of a process, for which a slot stands: a fault shares it with other faults; map,
 *			unmap and fork have it alone.
 *	i_mmap_rwsem	while a file's mappings are walked: none of them comes or goes.  Held for a
 *			part of a call only, so the file itself says whether.
 *
 * Everything else may run in a window.
 */
#include "state.h"

#include "src/callers/callers.h"

#include <string.h>

struct world_state port_state;

static bool maps_in(const struct op *op)
{
	return op->kind == OP_map || op->kind == OP_backwards;
}

static unsigned file_of(const struct world_state *world, const struct op *op)
{
	if ((reserve_op[op->kind].operands & OP_FILE))
		return op->file;
	return (reserve_op[op->kind].operands & OP_SLOT) ? world->file_of[op->slot] : FILES;
}

static uint64_t locked_pages(const struct op *op)
{
	switch (op->kind) {
	case OP_fault:
	case OP_copy:
	case OP_zap: /* it takes no such mutex, but a table entry changes by one of them at a time */
		return cell_set(op->from, op->from + 1);
	case OP_truncate:
		return cell_set(op->from, CELLS);
	case OP_punch:
		return cell_set(op->from, op->to);
	case OP_evict:
		return ~0ULL;
	default:
		return 0;
	}
}

static bool excludes(const struct under_way *one, const struct under_way *other)
{
	bool same_file = one->file == other->file && one->file < FILES;
	bool same_slot = one->slot == other->slot && one->slot < SLOTS;

	if (same_file && one->inode_lock && other->inode_lock)
		return true;
	if (same_file && (one->op->kind == OP_evict || other->op->kind == OP_evict))
		return true;
	if (same_slot && !(one->shares_slot && other->shares_slot))
		return true;
	return same_file && one->pages & other->pages;
}

static bool has_mappings(const struct world_state *world, unsigned file)
{
	for (int slot = 0; slot < SLOTS; slot++)
		if (world->mapped[slot] && world->file_of[slot] == file)
			return true;
	return false;
}

static bool makes_sense(const struct world_state *world, const struct op *op)
{
	switch (op->kind) {
	case OP_map:
	case OP_backwards:
		return !world->mapped[op->slot] && op->from < op->to;
	case OP_fault:
	case OP_copy:
	case OP_zap:
		return world->mapped[op->slot] && hugetlb_has_page(&world->vma[op->slot], op->from);
	case OP_unmap:
		return world->mapped[op->slot];
	case OP_fork:
		return world->mapped[op->slot] && !world->mapped[op->into];
	case OP_truncate:
		return world->file_exists[op->file] &&
		       op->from < hugetlbfs_size(&world->inode[op->file]);
	case OP_punch:
		return world->file_exists[op->file] && op->from < op->to;
	case OP_evict:
		return world->file_exists[op->file] && !has_mappings(world, op->file);
	default:
		return true;
	}
}

/* A child's slot is as good as one that is being mapped: nobody else may be at it. */
static bool slot_is_busy(const struct world_state *world, unsigned slot)
{
	for (const struct under_way *c = world->under_way; c; c = c->outer)
		if (c->slot == slot || (c->op->kind == OP_fork && c->op->into == slot))
			return true;
	return false;
}

bool world_may_run(const struct world_state *world, const struct op *op, struct under_way *call)
{
	bool moves_mapping = maps_in(op) || op->kind == OP_unmap || op->kind == OP_fork;

	if (!makes_sense(world, op))
		return false;
	*call = (struct under_way){
		.op = op,
		.file = file_of(world, op),
		.inode_lock = maps_in(op) || op->kind == OP_truncate || op->kind == OP_punch,
		.slot = (reserve_op[op->kind].operands & OP_SLOT) ? op->slot : SLOTS,
		.shares_slot = op->kind == OP_fault || op->kind == OP_copy || op->kind == OP_zap,
		.pages = locked_pages(op),
		.outer = world->under_way,
	};
	for (const struct under_way *c = world->under_way; c; c = c->outer)
		if (excludes(call, c))
			return false;
	if (op->kind == OP_fork && slot_is_busy(world, op->into))
		return false;
	return !(moves_mapping && world->file_exists[call->file] &&
	         rwsem_is_locked(&world->inode[call->file].i_data.i_mmap_rwsem));
}

static int mmap_range(struct world_state *world, const struct op *op, long from, long to)
{
	vm_flags_t flags = op->opts & OPT_PRIVATE ? 0 : VM_SHARED | VM_MAYSHARE;
	int ret;

	if (op->opts & OPT_NORESERVE)
		flags |= VM_NORESERVE;
	world->file_of[op->slot] = op->file;
	world->cgroup_of[op->slot] = op_cgroup(op);
	ret = hugetlbfs_mmap(&world->vma[op->slot], &world->mm[op->slot], &world->file[op->file],
	                     from, to, flags);
	world->mapped[op->slot] = !ret;
	return ret;
}

static int run_map(struct world_state *world, const struct op *op)
{
	return mmap_range(world, op, op->from, op->to);
}

static int run_backwards(struct world_state *world, const struct op *op)
{
	return mmap_range(world, op, op->to, op->from);
}

/* The access itself: it does not make good what else is in the page. */
static void write_page(struct world_state *world, struct folio *folio)
{
	if (folio->content != VM_STALE)
		folio->content = VM_WRITTEN + world->writes++;
}

static int run_fault(struct world_state *world, const struct op *op)
{
	const struct vm_area_struct *vma = &world->vma[op->slot];
	int ret = hugetlb_fault(&world->vma[op->slot], op->from, op->opts & OPT_WRITE);

	if (!ret && op->opts & OPT_WRITE)
		write_page(world, page_folio(hugetlb_page_at(vma, op->from)));
	return ret;
}

static int run_copy(struct world_state *world, const struct op *op)
{
	return hugetlb_copy(&world->vma[op->slot], op->from);
}

static int run_fork(struct world_state *world, const struct op *op)
{
	hugetlb_fork(&world->vma[op->into], &world->mm[op->into], &world->vma[op->slot]);
	world->file_of[op->into] = world->file_of[op->slot];
	world->mapped[op->into] = true;
	return 0;
}

static int run_unmap(struct world_state *world, const struct op *op)
{
	world->mapped[op->slot] = false; /* nobody looks at it any more, also not meanwhile */
	hugetlb_munmap(&world->vma[op->slot]);
	return 0;
}

static int run_zap(struct world_state *world, const struct op *op)
{
	hugetlb_unmap_page(&world->vma[op->slot], op->from);
	return 0;
}

static int run_truncate(struct world_state *world, const struct op *op)
{
	hugetlbfs_truncate(&world->inode[op->file], op->from);
	return 0;
}

static int run_punch(struct world_state *world, const struct op *op)
{
	hugetlbfs_punch_hole(&world->inode[op->file], op->from, op->to);
	return 0;
}

static int run_evict(struct world_state *world, const struct op *op)
{
	world->file_exists[op->file] = false;
	hugetlbfs_evict_inode(&world->inode[op->file]);
	return 0;
}

static int run_resize(struct world_state *world, const struct op *op)
{
	(void)world;
	vm_pool_resize(&hstates[0], op->from);
	return 0;
}

static int (*const run_op[RESERVE_OPS])(struct world_state *world, const struct op *op) = {
#define RUN_true(op)        run_##op
#define RUN_false(op)       NULL
#define CAN(op, port, text) [OP_##op] = RUN_##port(op),
#include "fuzz/targets/reserve/worlds.def"
#undef CAN
};

bool world_can(unsigned kind)
{
	return run_op[kind];
}

int world_run(struct world_state *world, const struct op *op)
{
	return run_op[op->kind](world, op);
}

void world_begin(struct world_state *world, unsigned pages, unsigned surplus)
{
	memset(world, 0, offsetof(struct world_state, inode));
	memset(world->file_exists, 0, sizeof(world->file_exists));
	memset(world->mapped, 0, sizeof(world->mapped));
	world->under_way = NULL;
	vm_pool_reset(pages, surplus);
	vm_task_in(1);
	world->limited.s_fs_info = &world->info_limited;
	world->unlimited.s_fs_info = &world->info_unlimited;
}

bool world_mount(struct world_state *world, long max, long min)
{
	if (max < 0 && min < 0)
		return true;
	world->spool = callers.new_subpool(&hstates[0], max, min);
	world->info_limited.spool = world->spool;
	return world->spool;
}

void world_unmount(struct world_state *world)
{
	if (world->spool)
		callers.put_subpool(world->spool);
	world->spool = NULL;
}

uint64_t world_cached(const struct world_state *world, unsigned file)
{
	return world->file_exists[file] ? world->inode[file].i_data.present : 0;
}

struct resv_map *world_owner_map(const struct world_state *world, unsigned slot)
{
	struct vm_area_struct *vma = (struct vm_area_struct *)&world->vma[slot];

	if (!world->mapped[slot] || vma->vm_flags & VM_MAYSHARE ||
	    !callers.is_vma_resv_set(vma, HPAGE_RESV_OWNER))
		return NULL;
	return callers.vma_resv_map(vma);
}

bool world_has_file(const struct world_state *world, unsigned file)
{
	return world->file_exists[file];
}

bool world_make_file(struct world_state *world, const struct op *op)
{
	struct super_block *mount = file_is_limited(op->file) ? &world->limited : &world->unlimited;

	world->file_exists[op->file] = !hugetlbfs_new_inode(&world->inode[op->file],
	                                                    &world->file[op->file], mount,
	                                                    &vm_cgroup[op_cgroup(op)]);
	return world->file_exists[op->file];
}

void world_under_way(struct world_state *world, const struct under_way *call)
{
	world->under_way = call;
	if (call && call->op)
		vm_task_in(op_cgroup(call->op));
}

long world_set_max(struct world_state *world, long max)
{
	long *limit, old;

	if (!world->spool)
		return -1;
	limit = subpool_number(world->spool, callers.subpool.max);
	old = *limit;
	if (old != -1)
		*limit = max;
	return old;
}

/* Our pool asks for each page by the hook. */
bool world_lacks_pages(const struct world_state *world, long pages)
{
	(void)world, (void)pages;
	return false;
}
