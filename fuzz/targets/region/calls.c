// SPDX-License-Identifier: GPL-2.0-only
/*
 * One call after another: arm, call, compare, check.  Keeps the contract of the map's callers, so
 * that what it reports is a bug of the map: a ticket is opened by a chg that succeeded, and closed
 * once, by an add that succeeded or by an abort.  What the contract forbids where it stands (a chg
 * on a slot in use, an add on an empty one) is skipped.
 */
#include "fuzz/run/calls.h"

#include "check.h"
#include "fuzz/run/fault.h"
#include "fuzz/run/pool.h"
#include "fuzz/run/report.h"
#include "src/shim/hooks.h"
#include "fuzz/run/window.h"

#include <errno.h>
#include <limits.h>

struct ticket {
	enum { CLOSED, BUSY, OPEN } state; /* busy: the call that opens or closes it runs */
	uint8_t from, to;
	long needed;
};

/* A call under way; inside its windows there are inner ones. */
struct call {
	size_t op; /* trace->count: a call that is no op */
	struct fault fault;
	struct call *outer;
};

static struct calls {
	const struct trace *trace;
	struct result *result;
	void (*run_nested)(size_t op);
	struct resv_map *map;
	struct model model;
	struct ticket ticket[SLOTS];
	long tickets;      /* entries promised to tickets that are not closed */
	struct call *call; /* the innermost one under way */
} calls;

static long page(unsigned cell)
{
	return cell == CELL_END ? LONG_MAX : calls.trace->at[cell];
}

static unsigned cell_at_most_last(unsigned cell)
{
	return cell < CELLS ? cell : CELLS;
}

static void check_state(enum check_when when)
{
	static struct target_view view;

	target_look(calls.map, &view);
	check_map(&view, &calls.model, calls.tickets, when, !calls.call);
}

static void *call_alloc(size_t size)
{
	struct call *call = calls.call;
	bool refused = false;
	void *block;

	if (call) {
		unsigned request = call->fault.asked;

		refused = fault_refuses(&call->fault);
		if (call->op < calls.trace->count) {
			check_state(CALL_UNLOCKED);
			window_run(calls.trace, call->op, request, calls.run_nested);
		}
	}
	if (refused)
		return NULL;
	block = pool_alloc(size);
	CHECK(MEMORY_CLEAN, block, "no block of %zu bytes left: %zu are live", size, pool_count());
	return block;
}

static void call_begin(struct call *call, size_t op, uint8_t plan)
{
	*call = (struct call){ .op = op, .fault.plan = plan, .outer = calls.call };
	calls.call = call;
	shim_steps = 0;
	report_story.op = op;
}

static void call_end(struct call *call)
{
	report_story.op = call->op;
	if (call->op < calls.trace->count)
		calls.result[call->op].asked = call->fault.asked;
	CHECK(LOCK_DISCIPLINE, !shim_locks_held, "returns with the lock held");
	calls.call = call->outer;
}

/* The call of an op is over and its return value is right: what did it do to the map? */
static void settle(size_t op, long ret)
{
	calls.result[op].kind = RESULT_VALUE;
	calls.result[op].value = ret;
	check_state(ret == -ENOMEM ? CALL_FAILED : ret == -EINVAL ? CALL_REFUSED : CALL_RETURNED);
}

static bool range_is_legal(const struct op *op)
{
	/* No caller adds to the very end, and kernels are not asked for nothing. */
	if (op->kind == OP_chg && page(op->to) == LONG_MAX)
		return false;
	return op->from < op->to || target_traits.empty_ranges;
}

/* An op's handler; false: the op was skipped. */
static bool run_chg(const struct op *op, size_t at)
{
	struct ticket *ticket = &calls.ticket[op->slot];
	struct call_facts facts = { 0 };
	struct call call;
	long needed = 0, holes;

	if (ticket->state != CLOSED || !range_is_legal(op))
		return false;
	ticket->state = BUSY;
	facts.fault = &call.fault;
	facts.pages = model_missing(&calls.model, op->from, op->to);
	holes = model_holes(&calls.model, op->from, op->to);
	call_begin(&call, at, op->refuse);
	facts.ret = target_chg(calls.map, page(op->from), page(op->to), &needed);
	call_end(&call);
	if (target_traits.counts_at_end) {
		facts.pages = model_missing(&calls.model, op->from, op->to);
		holes = model_holes(&calls.model, op->from, op->to);
	}
	calls.result[at].has_needs = true;
	calls.result[at].needs = needed;
	check_chg(&facts, needed, holes);
	*ticket = (struct ticket){ CLOSED, op->from, op->to, needed };
	if (facts.ret >= 0) {
		ticket->state = OPEN;
		calls.tickets += needed;
	}
	settle(at, facts.ret);
	return true;
}

static bool run_add(const struct op *op, size_t at)
{
	struct ticket *ticket = &calls.ticket[op->slot];
	struct call_facts facts = { 0 };
	long from = page(ticket->from), to = page(ticket->to), holes;
	struct call call;

	if (ticket->state != OPEN)
		return false;
	ticket->state = BUSY;
	facts.fault = &call.fault;
	holes = model_holes(&calls.model, ticket->from, ticket->to);
	call_begin(&call, at, op->refuse);
	facts.ret = target_add(calls.map, from, to, ticket->needed, op->owner);
	call_end(&call);
	facts.pages = model_missing(&calls.model, ticket->from, ticket->to);
	check_add(&facts, to - from, ticket->needed, holes);
	ticket->state = OPEN;
	if (facts.ret >= 0) {
		model_add(&calls.model, ticket->from, ticket->to,
		          target_traits.has_cgroup ? op->owner : 0);
		ticket->state = CLOSED;
		calls.tickets -= ticket->needed;
	}
	settle(at, facts.ret);
	return true;
}

static void abort_ticket(struct ticket *ticket, size_t at)
{
	struct call call;

	call_begin(&call, at, 0);
	target_abort(calls.map, page(ticket->from), page(ticket->to), ticket->needed);
	call_end(&call);
	ticket->state = CLOSED;
	calls.tickets -= ticket->needed;
}

static bool run_abort(const struct op *op, size_t at)
{
	if (calls.ticket[op->slot].state != OPEN)
		return false;
	abort_ticket(&calls.ticket[op->slot], at);
	settle(at, 0);
	return true;
}

static bool run_del(const struct op *op, size_t at)
{
	unsigned to = cell_at_most_last(op->to);
	struct call_facts facts = { 0 };
	struct call call;
	bool splits;

	if (!range_is_legal(op))
		return false;
	facts.fault = &call.fault;
	splits = model_splits(&calls.model, op->from, to);
	call_begin(&call, at, op->refuse);
	facts.ret = target_del(calls.map, page(op->from), page(op->to));
	call_end(&call);
	facts.pages = model_covered(&calls.model, op->from, to);
	check_del(&facts, splits);
	if (facts.ret >= 0)
		model_del(&calls.model, op->from, to);
	settle(at, facts.ret);
	return true;
}

static bool run_count(const struct op *op, size_t at)
{
	unsigned to = cell_at_most_last(op->to);
	struct call_facts facts = { 0 };
	struct call call;

	if (!range_is_legal(op))
		return false;
	facts.fault = &call.fault;
	facts.pages = model_covered(&calls.model, op->from, to);
	call_begin(&call, at, 0);
	facts.ret = target_count(calls.map, page(op->from), page(op->to));
	call_end(&call);
	check_count(&facts);
	settle(at, facts.ret);
	return true;
}

/* Every call with one range that no caller may pass. */
static void refuse_range(size_t at, long from, long to)
{
	struct call call;
	long needed = 1, ret[4];

	call_begin(&call, at, 0);
	ret[0] = target_chg(calls.map, from, to, &needed);
	ret[1] = target_add(calls.map, from, to, needed, 0);
	ret[2] = target_del(calls.map, from, to);
	ret[3] = target_count(calls.map, from, to);
	target_abort(calls.map, from, to, needed);
	call_end(&call);
	for (int i = 0; i < 4; i++)
		CHECK(BAD_RANGE, ret[i] == -EINVAL, "%s of [%ld,%ld) returned %ld, not -EINVAL",
		      (const char *[]){ "chg", "add", "del", "count" }[i], from, to, ret[i]);
	CHECK(BAD_RANGE, needed == 1, "chg of [%ld,%ld) handed out %ld", from, to, needed);
}

static bool run_bad(const struct op *op, size_t at)
{
	long from = page(op->from), to = page(op->to);

	if (!target_traits.bad_ranges || from == to)
		return false;
	refuse_range(at, to, from);
	refuse_range(at, -to, from);
	settle(at, -EINVAL);
	return true;
}

static bool (*const run_op[OP_KINDS])(const struct op *op, size_t at) = {
#define OP(wire, name, operands, doc) [OP_##name] = run_##name,
#define RESERVE_OP(wire, name, operands, doc)
#include "fuzz/trace/ops.def"
#undef RESERVE_OP
#undef OP
};

bool calls_run(size_t at)
{
	const struct op *op = &calls.trace->op[at];

	return calls.map && run_op[op->kind] && run_op[op->kind](op, at);
}

void calls_begin(const struct trace *trace, struct result *result, void (*run_nested)(size_t op))
{
	fault_drive_shim(call_alloc);
	calls = (struct calls){ .trace = trace, .result = result, .run_nested = run_nested };
	model_open(&calls.model, trace->at, target_traits.merges);
	report_story = (struct story){
		.trace = trace,
		.result = result,
		.model = &calls.model,
		.tickets = &calls.tickets,
	};
}

void calls_open(void)
{
	struct call call;

	call_begin(&call, 0, calls.trace->open_refuse);
	call.op = calls.trace->count;
	calls.map = target_open();
	calls.call = NULL;
	CHECK(ENOMEM_HONEST, !calls.map == (call.fault.refused > 0),
	      "a new map: %s, %u of %u requests refused", calls.map ? "made" : "refused",
	      call.fault.refused, call.fault.asked);
	report_story.map = calls.map;
}

void calls_close(void)
{
	report_story.op = calls.trace->count;
	for (int slot = 0; calls.map && slot < SLOTS; slot++)
		if (calls.ticket[slot].state == OPEN) {
			abort_ticket(&calls.ticket[slot], calls.trace->count);
			check_state(CALL_RETURNED);
		}
	report_story.map = NULL;
	if (calls.map)
		target_close(calls.map);
	CHECK(LOCK_DISCIPLINE, !shim_locks_held, "the release returns with a lock held");
	CHECK(MEMORY_CLEAN, !pool_count(), "%zu blocks leaked", pool_count());
	check_released();
}
