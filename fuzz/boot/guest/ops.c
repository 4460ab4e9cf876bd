// SPDX-License-Identifier: GPL-2.0-only
/*
 * One function for each op on a mapping: what its process is told.  An op of the reserve target without a function
 * here or in admin.c cannot be said as system calls; the host takes it out of the trace and names it, and the table of
 * both is fuzz/boot/ops.def.
 *
 * What makes no sense where it stands is skipped by the rules of fuzz/targets/reserve, asked of what has been done
 * here.
 */
#include "guest.h"

#include "module.h"

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

/* An op that is nothing but an order to the slot's process. */
#define TOLD(name, order) \
	int run_##name(const struct op *op) \
	{ \
		return tell(TASK_##order, op); \
	}

TOLD(mremap, MREMAP)
TOLD(fault, TOUCH)
TOLD(zap, ZAP)
TOLD(copy, COPY)
TOLD(continue, CONTINUE)
TOLD(protect, PROTECT)
TOLD(migrate, MIGRATE)

/* A copy whose source is not there at first; that the second attempt fails too takes the module. */
int run_recopy(const struct op *op)
{
	struct op late = *op;

	late.opts |= OPT_LATE;
	return tell(TASK_COPY, &late);
}

/* --- mappings */

bool is_mapped(const struct op *op)
{
	return guest.slot[op->slot].mapped;
}

bool has_page(const struct op *op)
{
	const struct guest_slot *slot = &guest.slot[op->slot];

	return slot->mapped && op->from >= slot->from && op->from < slot->to;
}

bool may_map(const struct op *op)
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

int run_unmap(const struct op *op)
{
	int ret = tell(TASK_UNMAP, op);

	guest.slot[op->slot].mapped = false;
	release(guest.slot[op->slot].task);
	return ret;
}

bool may_fork(const struct op *op)
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

bool may_split(const struct op *op)
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

int run_move(const struct op *op)
{
	guest.slot[op->slot].cgroup = guest_cgroup_of(op);
	enter(&guest.slot[op->slot]);
	return 0;
}

/* --- pages of a mapping */

bool may_keep(const struct op *op)
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

/* A page that its file has still is not taken for good again: that waits until the file is gone. */
static int unpoison(unsigned long frame)
{
	int ret = module_unpoison(frame);

	if (ret != EBUSY || guest.bad_in_files == GUEST_BAD)
		return ret;
	guest.bad[guest.bad_in_files++] = frame;
	return 0;
}

void guest_unpoison(void)
{
	while (guest.bad_in_files)
		module_unpoison(guest.bad[--guest.bad_in_files]);
}

bool keeps_page(const struct op *op)
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
		return unpoison(slot->bad);
	ret = task_do(keeper, &order);
	release(keeper);
	return ret;
}
