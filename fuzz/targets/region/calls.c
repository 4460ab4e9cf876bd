// SPDX-License-Identifier: GPL-2.0-only
/*
 * One call after another: arm, call, compare, check.  Keeps the contract of the map's callers, so
 * that what it reports is a bug of the map: a ticket is opened by a chg that succeeded, and closed
 * once, by an add that succeeded or by an abort.  What the contract forbids where it stands (a chg
 * on a slot in use, an add on an empty one) is skipped.
 */
#include "calls.h"
#include "state.h"

#include "check.h"
#include "fuzz/explain/scene.h"
#include "fuzz/map/ops.h"
#include "fuzz/run/call.h"
#include "fuzz/run/run.h"
#include "fuzz/run/refuse.h"
#include "fuzz/run/blocks.h"
#include "fuzz/run/report.h"
#include "src/shim/hooks.h"
#include "fuzz/run/window.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

static struct calls calls;

const struct calls *region_state(void)
{
	return &calls;
}

void region_own(void (*piece)(void *at, size_t size))
{
	piece(&calls, sizeof(calls));
	if (calls.of->own_size)
		piece(calls.of->own, calls.of->own_size);
}

/* For who explains a run; no part of the state, and nothing is decided by it. */
static struct region_facts explained;

const struct region_facts *region_facts(void)
{
	explained.of = calls.of;
	explained.model = &calls.model;
	explained.tickets = calls.tickets;
	return &explained;
}

/* The op should return @pages if nothing is refused, and hand out @needs. */
static void note(const struct op *op, long pages, long needs)
{
	size_t at = op - calls.trace->op;

	if (run_watch)
		explained.wanted[at] = (struct region_wanted){ true, pages, needs };
}

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
	static struct map_view view;

	map_look(&calls.of->layout, calls.map, &view);
	check_map(calls.of, &view, &calls.model, calls.tickets, when, !call_any_under_way());
}

void region_look(enum moment moment)
{
	(void)moment;
	explained.window = call_innermost()->windows + 1;
	check_state(CALL_UNLOCKED);
	explained.window = 0;
}

/* The call of an op is over and its return value is right: what did it do to the map? */
static void settle(struct result *result, long ret)
{
	result->value = ret;
	result->kind = RESULT_VALUE;
	check_state(ret == -ENOMEM ? CALL_FAILED : ret == -EINVAL ? CALL_REFUSED : CALL_RETURNED);
}

/* @call has yet to begin: its refusals are read when it is over. */
static struct call_facts facts_of(struct call *call)
{
	return (struct call_facts){ .map = calls.of,
		                    .refusals = &call->refusals,
		                    .spare = map_spare(&calls.of->layout, calls.map) };
}

static bool range_is_legal(const struct op *op)
{
	/* No kernel caller passes t == LONG_MAX to region_chg(). */
	if (op->kind == OP_chg && page(op->to) == LONG_MAX)
		return false;
	/* An empty range is sent only to a map that promises to take one. */
	return op->from < op->to || calls.of->traits.empty_ranges;
}

/* What the contract of the map's callers forbids where it stands is skipped. */
bool region_may_run(const struct op *op)
{
	switch (op->kind) {
	case OP_chg:
		return calls.ticket[op->slot].state == CLOSED && range_is_legal(op);
	case OP_add:
	case OP_abort:
		return calls.ticket[op->slot].state == OPEN;
	case OP_bad:
		return calls.of->traits.bad_ranges && page(op->from) != page(op->to);
	default:
		return range_is_legal(op);
	}
}

static void run_chg(const struct op *op, struct result *result)
{
	struct ticket *ticket = &calls.ticket[op->slot];
	struct call call;
	struct call_facts facts = facts_of(&call);
	long needed = 0, holes;

	ticket->state = BUSY;
	facts.pages = model_missing(&calls.model, op->from, op->to);
	holes = model_holes(&calls.model, op->from, op->to);
	call_begin(&call, op);
	facts.ret = calls.of->chg(calls.map, page(op->from), page(op->to), &needed);
	call_end(&call);
	facts.overtaken = call.overtaken;
	if (calls.of->traits.counts_at_end) {
		facts.pages = model_missing(&calls.model, op->from, op->to);
		holes = model_holes(&calls.model, op->from, op->to);
	}
	result->has_needs = true;
	result->needs = needed;
	note(op, facts.pages, calls.of->traits.needs_holes && holes > 1 ? holes : 1);
	check_chg(&facts, needed, holes);
	*ticket = (struct ticket){ CLOSED, op->from, op->to, needed };
	if (facts.ret >= 0) {
		ticket->state = OPEN;
		calls.tickets += needed;
	}
	settle(result, facts.ret);
}

static void run_add(const struct op *op, struct result *result)
{
	struct ticket *ticket = &calls.ticket[op->slot];
	long from = page(ticket->from), to = page(ticket->to), holes;
	struct call call;
	struct call_facts facts = facts_of(&call);

	ticket->state = BUSY;
	holes = model_holes(&calls.model, ticket->from, ticket->to);
	call_begin(&call, op);
	facts.ret = calls.of->add(calls.map, from, to, ticket->needed, op->cgroup);
	call_end(&call);
	facts.overtaken = call.overtaken;
	facts.pages = model_missing(&calls.model, ticket->from, ticket->to);
	note(op, facts.pages, 0);
	check_add(&facts, to - from, ticket->needed, holes);
	ticket->state = OPEN;
	if (facts.ret >= 0) {
		model_add(&calls.model, ticket->from, ticket->to,
		          calls.of->traits.has_cgroup ? op->cgroup : 0);
		ticket->state = CLOSED;
		calls.tickets -= ticket->needed;
	}
	settle(result, facts.ret);
}

/* @op: NULL at the end. */
static void abort_ticket(struct ticket *ticket, const struct op *op)
{
	struct call call;

	call_begin(&call, op);
	calls.of->abort(calls.map, page(ticket->from), page(ticket->to), ticket->needed);
	call_end(&call);
	ticket->state = CLOSED;
	calls.tickets -= ticket->needed;
}

static void run_abort(const struct op *op, struct result *result)
{
	abort_ticket(&calls.ticket[op->slot], op);
	settle(result, 0);
}

static void run_del(const struct op *op, struct result *result)
{
	unsigned to = cell_at_most_last(op->to);
	struct call call;
	struct call_facts facts = facts_of(&call);
	bool splits;

	splits = model_splits(&calls.model, op->from, to);
	call_begin(&call, op);
	facts.ret = calls.of->del(calls.map, page(op->from), page(op->to));
	call_end(&call);
	facts.overtaken = call.overtaken;
	facts.pages = model_covered(&calls.model, op->from, to);
	note(op, facts.pages, 0);
	check_del(&facts, splits);
	if (facts.ret >= 0)
		model_del(&calls.model, op->from, to);
	settle(result, facts.ret);
}

static void run_count(const struct op *op, struct result *result)
{
	unsigned to = cell_at_most_last(op->to);
	struct call call;
	struct call_facts facts = facts_of(&call);

	facts.pages = model_covered(&calls.model, op->from, to);
	call_begin(&call, op);
	facts.ret = calls.of->count(calls.map, page(op->from), page(op->to));
	call_end(&call);
	note(op, facts.pages, 0);
	check_count(&facts);
	settle(result, facts.ret);
}

/* Every call with one range that no caller may pass. */
static void refuse_range(const struct op *op, long from, long to)
{
	struct call call;
	long needed = 1, ret[4];

	call_begin(&call, op);
	ret[0] = calls.of->chg(calls.map, from, to, &needed);
	ret[1] = calls.of->add(calls.map, from, to, needed, 0);
	ret[2] = calls.of->del(calls.map, from, to);
	ret[3] = calls.of->count(calls.map, from, to);
	calls.of->abort(calls.map, from, to, needed);
	call_end(&call);
	for (int i = 0; i < 4; i++)
		CHECK(BAD_RANGE, ret[i] == -EINVAL, "%s of [%ld,%ld) returned %ld, not -EINVAL",
		      (const char *[]){ "chg", "add", "del", "count" }[i], from, to, ret[i]);
	CHECK(BAD_RANGE, needed == 1, "chg of [%ld,%ld) handed out %ld", from, to, needed);
}

static void run_bad(const struct op *op, struct result *result)
{
	long from = page(op->from), to = page(op->to);

	refuse_range(op, to, from);
	refuse_range(op, -to, from);
	settle(result, -EINVAL);
}

static void (*const run_op[])(const struct op *op, struct result *result) = {
#define HEAD(wire, name, operands, doc)
#define ORDER(wire, name, operands, doc)
#define OP(wire, name, operands, doc) [OP_##name] = run_##name,
#include "fuzz/map/ops.def"
#undef OP
#undef ORDER
#undef HEAD
};

void region_call(const struct op *op, struct result *result)
{
	run_op[op->kind](op, result);
}

bool region_open(const struct trace *trace)
{
	struct call call;

	calls = (struct calls){ .trace = trace, .of = map_under_test };
	if (run_watch)
		memset(&explained, 0, sizeof(explained));
	report_story.map = calls.of->name;
	model_open(&calls.model, trace->at, calls.of->traits.merges);
	call_begin(&call, &trace->head);
	calls.map = calls.of->open();
	call_end(&call);
	CHECK(ENOMEM_HONEST, !calls.map == (call.refusals.refused > 0),
	      "a new map: %s, %u of %u requests refused", calls.map ? "made" : "refused",
	      call.refusals.refused, call.refusals.asked);
	return calls.map;
}

void region_close(void)
{
	struct resv_map *map = calls.map;

	for (int slot = 0; map && slot < SLOTS; slot++)
		if (calls.ticket[slot].state == OPEN) {
			abort_ticket(&calls.ticket[slot], NULL);
			check_state(CALL_RETURNED);
		}
	calls.map = NULL;
	if (map)
		calls.of->close(map);
	CHECK(LOCK_DISCIPLINE, !shim_locks_held, "the release returns with a lock held");
	CHECK(MEMORY_CLEAN, !blocks_count(), "%zu blocks leaked", blocks_count());
	check_released(calls.of);
}

/* Tickets are what is counted and not there yet, each in a lane of its own. */
static void show_tickets(void)
{
	for (int slot = 0; slot < SLOTS; slot++) {
		const struct ticket *ticket = &calls.ticket[slot];
		char name[16], note[32];

		if (ticket->state != OPEN)
			continue;
		snprintf(name, sizeof(name), "ticket %c", 'a' + slot);
		snprintf(note, sizeof(note), "needs %ld", ticket->needed);
		scene_lane(name, note);
		scene_bar(LOOK_TICKET, page(ticket->from), page(ticket->to));
	}
}

void region_show(void)
{
	if (!calls.map)
		return;
	region_show_map(calls.of, calls.map, &calls.model, scene_is_failure());
	show_tickets();
	scene_number("tickets need", calls.tickets);
}

void region_print_state(FILE *out)
{
	region_print(out, calls.of, calls.map, &calls.model, calls.tickets);
}
