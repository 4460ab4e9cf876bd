// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs an op where it stands: skips it where it makes no sense or where a call under way locks it out, arms what is
 * to be refused, and opens the windows in which others run.  Knows no op by its work, only what each takes.
 */
#include "guest.h"

#include "module.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct {
	bool (*makes_sense)(const struct op *op);
	int (*run)(const struct op *op);
} table[RESERVE_OPS] = {
#define SAID(name, when, module) [OP_##name] = { when, run_##name },
#include "fuzz/boot/ops.def"
#undef SAID
};

static void set_outcome(struct boot_step *step, int ret)
{
	const char *seen = "-";

	step->outcome = ret ? BOOT_FAILED : BOOT_GOOD;
	if (ret == TASK_DIED)
		step->outcome = BOOT_DEAD;
	if (ret == TASK_LACKS)
		step->outcome = BOOT_SKIPPED;
	if (ret == -SIGBUS)
		seen = "SIGBUS";
	else if (ret == TASK_DIED)
		seen = "killed";
	else if (ret == TASK_LACKS)
		seen = BOOT_LACKS;
	else if (ret)
		seen = strerrorname_np(ret);
	snprintf(step->seen, sizeof(step->seen), "%s", seen ? seen : "unnamed");
}

static bool takes(const struct op *op, unsigned operands)
{
	return reserve_op[op->kind].operands & operands;
}

/* --- who may run inside whom, as the locks of fuzz/targets/reserve/port/world.c say */

/* The pages whose fault mutex or table entry it holds, as a set. */
static uint64_t pages_of(const struct op *op)
{
	unsigned from = op->from, to = CELLS;

	if (takes(op, OP_PAGE))
		to = from + 1;
	else if (op->kind == OP_punch || op->kind == OP_allocate)
		to = op->to;
	else if (op->kind == OP_evict)
		from = 0;
	else if (op->kind != OP_truncate)
		return 0;
	return cell_set(from, to);
}

static bool locks_inode(const struct op *op)
{
	return op->kind == OP_map || op->kind == OP_truncate || op->kind == OP_punch ||
	       op->kind == OP_allocate;
}

static bool uses_slot(const struct op *op, unsigned slot)
{
	return (takes(op, OP_SLOT) && op->slot == slot) || (takes(op, OP_INTO) && op->into == slot);
}

/* A process makes one call at a time: that of a slot, and of those that share it. */
static bool same_process(const struct op *a, const struct op *b)
{
	const struct guest_slot *one = &guest.slot[a->slot], *other = &guest.slot[b->slot];

	return takes(a, OP_SLOT) && takes(b, OP_SLOT) && one->mapped && other->mapped &&
	       one->task == other->task;
}

static bool excludes(const struct guest_call *one, const struct guest_call *other)
{
	const struct op *a = one->op, *b = other->op;
	bool same_file = one->file == other->file && one->file < FILES;

	if (same_process(a, b) || (takes(a, OP_SLOT) && uses_slot(b, a->slot)))
		return true;
	if (takes(a, OP_INTO) && uses_slot(b, a->into))
		return true;
	if (!same_file)
		return false;
	return (locks_inode(a) && locks_inode(b)) || a->kind == OP_evict || b->kind == OP_evict ||
	       pages_of(a) & pages_of(b);
}

static bool is_locked_out(const struct guest_call *call)
{
	for (const struct guest_call *outer = call->outer; outer; outer = outer->outer)
		if (excludes(call, outer))
			return true;
	return false;
}

/* --- one op */

static unsigned file_of(const struct op *op)
{
	if (takes(op, OP_FILE))
		return op->file;
	return takes(op, OP_SLOT) && guest.slot[op->slot].mapped ? guest.slot[op->slot].file
	                                                         : FILES;
}

static unsigned requests_held(size_t at)
{
	size_t end = trace_behind(guest.trace, at);
	unsigned held = 0;

	for (size_t i = at + 1; i < end; i = trace_behind(guest.trace, i))
		held |= 1U << guest.trace->op[i].request;
	return held;
}

/* Ops on files and the pool are made by PID 1 itself, others by the process of their slot. */
static int run_marked(const struct op *op)
{
	bool marked = !takes(op, OP_SLOT) && module_mark(getpid(), op, 0);
	int ret = table[op->kind].run(op);

	if (marked)
		module_unmark(getpid());
	return ret;
}

/* Who is charged: the task that the op names, or the process of its slot. */
static unsigned charged_by(const struct op *op)
{
	unsigned own = guest.slot[op->slot].cgroup;

	if (takes(op, OP_SLOT) && !takes(op, OP_CGROUP))
		return cgroup_is_there(own) ? own : 0;
	return guest_cgroup_of(op);
}

static int run_limited(const struct op *op)
{
	unsigned cgroup = op->opts & REFUSE_CGROUP ? charged_by(op) : 0;
	bool lowered = false;
	long max;
	int ret;

	if (op->opts & REFUSE_SUBPOOL && guest.limited)
		lowered = module_lower_max(MOUNT_LIMITED, &max);
	if (cgroup)
		cgroup_limit(cgroup, true);
	ret = run_marked(op);
	if (op->refuse && (op->kind == OP_punch || op->kind == OP_truncate))
		guest.blocks_lie[op->file] = true;
	if (cgroup)
		cgroup_limit(cgroup, false);
	if (lowered)
		module_restore_max(MOUNT_LIMITED, max);
	return ret;
}

void guest_run(size_t at)
{
	const struct op *op = &guest.trace->op[at];
	struct guest_call call = {
		.op = op,
		.at = at,
		.hold = requests_held(at),
		.file = file_of(op),
		.outer = guest.call,
	};

	if (!table[op->kind].run)
		guest_die("cannot say %s as system calls", reserve_op[op->kind].name);
	if (!guest.mounted || !table[op->kind].makes_sense(op) || is_locked_out(&call))
		return;
	guest.call = &call;
	set_outcome(&guest.step[at], run_limited(op));
	guest.call = call.outer;
}

void guest_open_window(const struct guest_call *call, unsigned number)
{
	const struct guest_call *innermost = guest.call;
	size_t end = trace_behind(guest.trace, call->at);

	guest.call = call;
	for (size_t i = call->at + 1; i < end; i = trace_behind(guest.trace, i))
		if (guest.trace->op[i].request == number)
			guest_run(i);
	guest.call = innermost;
}

/* --- the end of a trace */

static void run_leftover(struct op op)
{
	if (table[op.kind].makes_sense(&op))
		table[op.kind].run(&op);
}

void guest_clear(void)
{
	reserve_leftovers(run_leftover);
	guest_unpoison();
}
