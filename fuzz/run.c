// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interpreter: arm, call, compare, check.  Keeps the contract of the map's callers, so that
 * what it reports is a bug of the map: a ticket is opened by a chg that succeeded, and closed once,
 * by an add that succeeded or by an abort.
 *
 * An op that the contract forbids where it stands (a chg on a slot in use, an add on an empty one)
 * is skipped, so every sequence of ops is a trace.  At the end open tickets are aborted and the map
 * is released.
 */
#include "run.h"

#include "src/shim/hooks.h"
#include "check.h"
#include "fault.h"
#include "pool.h"
#include "window.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

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

static struct run {
	const struct trace *trace;
	const struct result *expect;
	struct resv_map *map;
	struct model model;
	struct ticket ticket[SLOTS];
	long tickets;      /* entries promised to tickets that are not closed */
	struct call *call; /* the innermost one under way */
	struct result result[TRACE_OPS];
} run;

struct run_totals run_totals;

const struct result *run_results(void)
{
	return run.result;
}

static long page(unsigned cell)
{
	return cell == CELL_END ? LONG_MAX : run.trace->at[cell];
}

static unsigned cell_at_most_last(unsigned cell)
{
	return cell < CELLS ? cell : CELLS;
}

static void check_state(enum check_when when)
{
	static struct target_view view;

	target_look(run.map, &view);
	check_map(&view, &run.model, run.tickets, when, !run.call);
}

static void run_one(size_t op);

static void *call_alloc(size_t size)
{
	struct call *call = run.call;
	bool refused = false;
	void *block;

	if (call) {
		unsigned request = call->fault.asked;

		refused = fault_refuses(&call->fault);
		if (call->op < run.trace->count) {
			check_state(CALL_UNLOCKED);
			window_run(run.trace, call->op, request, run_one);
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
	*call = (struct call){ .op = op, .fault.plan = plan, .outer = run.call };
	run.call = call;
	shim_steps = 0;
	report_story.op = op;
}

static void call_end(struct call *call)
{
	report_story.op = call->op;
	if (call->op < run.trace->count)
		run.result[call->op].asked = call->fault.asked;
	CHECK(LOCK_DISCIPLINE, !shim_locks_held, "returns with the lock held");
	run.call = call->outer;
}

static void check_expected(size_t op)
{
	const struct result *is = &run.result[op], *should = &run.expect[op];

	report_story.op = op;
	if (should->kind == RESULT_NONE)
		return;
	CHECK(EXPECTED_RESULT, is->kind == should->kind, "the op was %s",
	      is->kind == RESULT_VALUE ? "not skipped" : "skipped");
	CHECK(EXPECTED_RESULT, is->value == should->value, "returned %ld, expected %ld", is->value,
	      should->value);
	CHECK(EXPECTED_RESULT, !should->has_needs || is->needs == should->needs,
	      "needs %ld entries, expected %ld", is->needs, should->needs);
}

/* The call of an op is over and its return value is right: what did it do to the map? */
static void settle(size_t op, long ret)
{
	run.result[op].kind = RESULT_VALUE;
	run.result[op].value = ret;
	run_totals.ops++;
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
	struct ticket *ticket = &run.ticket[op->slot];
	struct call_facts facts = { .from = op->from, .to = op->to };
	struct call call;
	long needed = 0, holes;

	if (ticket->state != CLOSED || !range_is_legal(op))
		return false;
	ticket->state = BUSY;
	facts.fault = &call.fault;
	facts.pages = model_missing(&run.model, op->from, op->to);
	holes = model_holes(&run.model, op->from, op->to);
	call_begin(&call, at, op->refuse);
	facts.ret = target_chg(run.map, page(op->from), page(op->to), &needed);
	call_end(&call);
	if (target_traits.counts_at_end) {
		facts.pages = model_missing(&run.model, op->from, op->to);
		holes = model_holes(&run.model, op->from, op->to);
	}
	run.result[at].has_needs = true;
	run.result[at].needs = needed;
	check_chg(&facts, needed, holes);
	*ticket = (struct ticket){ CLOSED, op->from, op->to, needed };
	if (facts.ret >= 0) {
		ticket->state = OPEN;
		run.tickets += needed;
	}
	settle(at, facts.ret);
	return true;
}

static bool run_add(const struct op *op, size_t at)
{
	struct ticket *ticket = &run.ticket[op->slot];
	struct call_facts facts = { .from = ticket->from, .to = ticket->to };
	long from = page(ticket->from), to = page(ticket->to), holes;
	struct call call;

	if (ticket->state != OPEN)
		return false;
	ticket->state = BUSY;
	facts.fault = &call.fault;
	holes = model_holes(&run.model, ticket->from, ticket->to);
	call_begin(&call, at, op->refuse);
	facts.ret = target_add(run.map, from, to, ticket->needed, op->owner);
	call_end(&call);
	facts.pages = model_missing(&run.model, ticket->from, ticket->to);
	check_add(&facts, to - from, ticket->needed, holes);
	ticket->state = OPEN;
	if (facts.ret >= 0) {
		model_add(&run.model, ticket->from, ticket->to,
		          target_traits.has_cgroup ? op->owner : 0);
		ticket->state = CLOSED;
		run.tickets -= ticket->needed;
	}
	settle(at, facts.ret);
	return true;
}

static void abort_ticket(struct ticket *ticket, size_t at)
{
	struct call call;

	call_begin(&call, at, 0);
	target_abort(run.map, page(ticket->from), page(ticket->to), ticket->needed);
	call_end(&call);
	ticket->state = CLOSED;
	run.tickets -= ticket->needed;
}

static bool run_abort(const struct op *op, size_t at)
{
	if (run.ticket[op->slot].state != OPEN)
		return false;
	abort_ticket(&run.ticket[op->slot], at);
	settle(at, 0);
	return true;
}

static bool run_del(const struct op *op, size_t at)
{
	unsigned to = cell_at_most_last(op->to);
	struct call_facts facts = { .from = op->from, .to = to };
	struct call call;
	bool splits;

	if (!range_is_legal(op))
		return false;
	facts.fault = &call.fault;
	splits = model_splits(&run.model, op->from, to);
	call_begin(&call, at, op->refuse);
	facts.ret = target_del(run.map, page(op->from), page(op->to));
	call_end(&call);
	facts.pages = model_covered(&run.model, op->from, to);
	check_del(&facts, splits);
	if (facts.ret >= 0)
		model_del(&run.model, op->from, to);
	settle(at, facts.ret);
	return true;
}

static bool run_count(const struct op *op, size_t at)
{
	unsigned to = cell_at_most_last(op->to);
	struct call_facts facts = { .from = op->from, .to = to };
	struct call call;

	if (!range_is_legal(op))
		return false;
	facts.fault = &call.fault;
	facts.pages = model_covered(&run.model, op->from, to);
	call_begin(&call, at, 0);
	facts.ret = target_count(run.map, page(op->from), page(op->to));
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
	ret[0] = target_chg(run.map, from, to, &needed);
	ret[1] = target_add(run.map, from, to, needed, 0);
	ret[2] = target_del(run.map, from, to);
	ret[3] = target_count(run.map, from, to);
	target_abort(run.map, from, to, needed);
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
#include "ops.def"
#undef OP
};

/* Run op @at, and in its windows what is nested in it.  Without a map every op is skipped. */
static void run_one(size_t at)
{
	size_t outer = report_story.op, end = trace_behind(run.trace, at);

	report_story.op = at;
	if (!run.map || !run_op[run.trace->op[at].kind](&run.trace->op[at], at)) {
		run.result[at].kind = RESULT_SKIPPED;
		run_totals.skipped++;
	}
	/* A request that never came: what should have run in it did not. */
	for (size_t i = at + 1; i < end; i++)
		if (run.result[i].kind == RESULT_NONE)
			run.result[i].kind = RESULT_SKIPPED;
	for (size_t i = at; run.expect && i < end; i++)
		check_expected(i);
	report_story.op = outer;
}

static void run_open(void)
{
	struct call call;

	call_begin(&call, 0, run.trace->open_refuse);
	call.op = run.trace->count;
	run.map = target_open();
	run.call = NULL;
	CHECK(ENOMEM_HONEST, !run.map == (call.fault.refused > 0),
	      "a new map: %s, %u of %u requests refused", run.map ? "made" : "refused",
	      call.fault.refused, call.fault.asked);
	report_story.map = run.map;
}

/* Back to nothing: every ticket aborted, the map released, every block returned. */
static void run_close(void)
{
	report_story.op = run.trace->count;
	for (int slot = 0; run.map && slot < SLOTS; slot++)
		if (run.ticket[slot].state == OPEN) {
			abort_ticket(&run.ticket[slot], run.trace->count);
			check_state(CALL_RETURNED);
		}
	report_story.map = NULL;
	if (run.map)
		target_close(run.map);
	CHECK(LOCK_DISCIPLINE, !shim_locks_held, "the release returns with a lock held");
	CHECK(MEMORY_CLEAN, !pool_count(), "%zu blocks leaked", pool_count());
	check_released();
}

static void run_begin(const struct trace *trace, const struct result *expect)
{
	fault_drive_shim(call_alloc);
	memset(&run, 0, offsetof(struct run, result));
	memset(run.result, 0, trace->count * sizeof(run.result[0]));
	run.trace = trace;
	run.expect = expect;
	model_open(&run.model, trace->at, target_traits.merges);
	report_verdict.failed = false;
	report_story = (struct story){
		.trace = trace,
		.result = run.result,
		.model = &run.model,
		.tickets = &run.tickets,
	};
	run_totals.runs++;
}

static bool run_once(const struct trace *trace, const struct result *expect)
{
	run_begin(trace, expect);
	if (setjmp(report_catch))
		return false;
	run_open();
	for (size_t i = 0; i < trace->count; i = trace_behind(trace, i))
		run_one(i);
	run_close();
	return true;
}

/* The transcripts of two runs, op by op. */
static void compare_results(const struct result *first, const struct result *second, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		report_story.op = i;
		CHECK(SAME_AGAIN,
		      first[i].kind == second[i].kind && first[i].value == second[i].value &&
		              first[i].needs == second[i].needs &&
		              first[i].asked == second[i].asked,
		      "returned %ld needs %ld after %u requests, the second time %ld, %ld, %u",
		      first[i].value, first[i].needs, first[i].asked, second[i].value,
		      second[i].needs, second[i].asked);
	}
}

bool run_trace(const struct trace *trace, const struct result *expect, enum run_times times)
{
	static struct result first[TRACE_OPS];

	if (!run_once(trace, expect))
		return false;
	if (times == RUN_ONCE)
		return true;
	memcpy(first, run.result, trace->count * sizeof(first[0]));
	if (!run_once(trace, expect)) {
		struct verdict second = report_verdict;

		report_verdict.rule = RULE_SAME_AGAIN;
		snprintf(report_verdict.what, sizeof(report_verdict.what),
		         "the first run was good, the second: %s: %.120s", rule_name[second.rule],
		         second.what);
	} else if (!setjmp(report_catch)) {
		compare_results(first, run.result, trace->count);
	}
	return !report_verdict.failed;
}
