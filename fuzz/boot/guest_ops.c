// SPDX-License-Identifier: GPL-2.0-only
/*
 * One function for each op on a mapping: what its process is told.  An op of ops.def without a function
 * here or in guest_admin.c cannot be said as system calls; the host takes it out of the trace and names it
 * (sayable.c), and the table of both is guest_ops.def.
 *
 * What makes no sense where it stands is skipped by the rules of fuzz/targets/reserve, asked of what has been done
 * here.
 */
#include "guest.h"

#include "guest_module.h"

#include <errno.h>

struct guest guest;

static struct task_order order_of(enum task_kind kind, const struct op *op)
{
	return (struct task_order){
		.kind = kind,
		.slot = op->slot,
		.file = op->file,
		.from = op->from,
		.to = op->to,
		.into = op->into,
		.opts = op->opts,
	};
}

/* The slot's process is in the slot's cgroup, or, if that is gone, in the root. */
static void enter(const struct guest_slot *slot)
{
	task_enter(slot->task, cgroup_is_there(slot->cgroup) ? slot->cgroup : 0);
}

/* Have the slot's process do it. */
static int tell(enum task_kind kind, const struct op *op)
{
	struct task_order order = order_of(kind, op);

	enter(&guest.slot[op->slot]);
	return task_do(guest.slot[op->slot].task, &order);
}

/* A process ends when no slot needs it any more. */
static void release(unsigned task)
{
	for (int i = 0; i < SLOTS; i++) {
		const struct guest_slot *slot = &guest.slot[i];

		if ((slot->mapped && slot->task == task) || (slot->keeps && slot->keeper == task))
			return;
	}
	task_end(task);
}

/* --- mappings */

bool map_makes_sense(const struct op *op)
{
	return !guest.slot[op->slot].mapped && op->from < op->to && guest_may_make(op->file);
}

int run_map(const struct op *op)
{
	struct guest_slot *slot = &guest.slot[op->slot];
	struct task_order order = order_of(TASK_MAP, op);
	unsigned task;
	int ret;

	guest_make_file(op->file);
	task = task_new();
	task_enter(task, guest_cgroup_of(op));
	ret = task_do(task, &order);
	if (ret) {
		task_end(task);
		return ret;
	}
	slot->mapped = true;
	slot->file = op->file;
	slot->from = op->from;
	slot->to = op->to;
	slot->task = task;
	slot->cgroup = 1;
	enter(slot);
	if (guest.size[op->file] < op->to)
		guest.size[op->file] = op->to;
	return 0;
}

bool unmap_makes_sense(const struct op *op)
{
	return guest.slot[op->slot].mapped;
}

int run_unmap(const struct op *op)
{
	int ret = tell(TASK_UNMAP, op);

	guest.slot[op->slot].mapped = false;
	release(guest.slot[op->slot].task);
	return ret;
}

bool fork_makes_sense(const struct op *op)
{
	return guest.slot[op->slot].mapped && !guest.slot[op->into].mapped;
}

/* What the slot of a mapping that another one has become does not have: the page that is kept. */
static void copy_slot(struct guest_slot *into, const struct guest_slot *slot)
{
	into->mapped = true;
	into->file = slot->file;
	into->from = slot->from;
	into->to = slot->to;
	into->task = slot->task;
	into->cgroup = slot->cgroup;
}

int run_fork(const struct op *op)
{
	struct guest_slot *slot = &guest.slot[op->slot], *into = &guest.slot[op->into];
	struct task_order order = order_of(TASK_FORK, op);
	int ret;

	enter(slot);
	ret = task_fork(slot->task, &order);
	if (ret)
		return ret;
	copy_slot(into, slot);
	into->task = order.task;
	return 0;
}

static bool has_page(const struct op *op)
{
	const struct guest_slot *slot = &guest.slot[op->slot];

	return slot->mapped && op->from >= slot->from && op->from < slot->to;
}

bool split_makes_sense(const struct op *op)
{
	return has_page(op) && op->from > guest.slot[op->slot].from && !guest.slot[op->into].mapped;
}

int run_split(const struct op *op)
{
	struct guest_slot *slot = &guest.slot[op->slot], *into = &guest.slot[op->into];
	int ret = tell(TASK_SPLIT, op);

	if (ret)
		return ret;
	copy_slot(into, slot);
	slot->to = into->from = op->from;
	return 0;
}

bool mremap_makes_sense(const struct op *op)
{
	return guest.slot[op->slot].mapped;
}

int run_mremap(const struct op *op)
{
	return tell(TASK_MREMAP, op);
}

bool move_makes_sense(const struct op *op)
{
	return guest.slot[op->slot].mapped;
}

int run_move(const struct op *op)
{
	guest.slot[op->slot].cgroup = guest_cgroup_of(op);
	enter(&guest.slot[op->slot]);
	return 0;
}

/* --- pages of a mapping */

bool fault_makes_sense(const struct op *op)
{
	return has_page(op);
}

int run_fault(const struct op *op)
{
	return tell(TASK_TOUCH, op);
}

bool zap_makes_sense(const struct op *op)
{
	return has_page(op);
}

int run_zap(const struct op *op)
{
	return tell(TASK_ZAP, op);
}

bool copy_makes_sense(const struct op *op)
{
	return has_page(op);
}

int run_copy(const struct op *op)
{
	return tell(TASK_COPY, op);
}

bool protect_makes_sense(const struct op *op)
{
	return has_page(op);
}

int run_protect(const struct op *op)
{
	return tell(TASK_PROTECT, op);
}

bool migrate_makes_sense(const struct op *op)
{
	return has_page(op);
}

int run_migrate(const struct op *op)
{
	return tell(TASK_MIGRATE, op);
}

bool pin_makes_sense(const struct op *op)
{
	return has_page(op) && !guest.slot[op->slot].keeps;
}

int run_pin(const struct op *op)
{
	struct guest_slot *slot = &guest.slot[op->slot];
	int ret = tell(TASK_PIN, op);

	slot->keeps = !ret;
	slot->keeper = slot->task;
	return ret;
}

bool poison_makes_sense(const struct op *op)
{
	return pin_makes_sense(op);
}

/* A file's page whose memory has failed stays in use, until it is said to be good again. */
int run_poison(const struct op *op)
{
	struct guest_slot *slot = &guest.slot[op->slot];
	int ret = tell(TASK_POISON, op);

	if (ret != TASK_KEPT)
		return ret;
	slot->keeps = true;
	slot->keeper = NO_TASK;
	slot->bad = task_frame(slot->task);
	return 0;
}

bool unpin_makes_sense(const struct op *op)
{
	return guest.slot[op->slot].keeps;
}

int run_unpin(const struct op *op)
{
	struct guest_slot *slot = &guest.slot[op->slot];
	struct task_order order = order_of(TASK_UNPIN, op);
	unsigned keeper = slot->keeper;
	int ret;

	slot->keeps = false;
	if (keeper == NO_TASK)
		return module_unpoison(slot->bad);
	ret = task_do(keeper, &order);
	release(keeper);
	return ret;
}
