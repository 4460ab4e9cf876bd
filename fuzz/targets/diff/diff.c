// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two maps, op by op, and no model: the same pages, the same counts.  Their lists of regions and
 * the entries they set aside differ, that is what the patch is about.
 *
 * Refusals go to the first map.  When it says -ENOMEM it has promised that nothing changed, so the
 * second is not asked; otherwise the second gets all the memory it wants.  An add that fails leaves
 * its ticket open on both.  Windows are not opened: nested ops run behind the op they stand in.
 */
#include "fuzz/run/run.h"

#include "fuzz/run/fault.h"
#include "fuzz/run/pool.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

extern const struct target_traits other_traits;
struct resv_map *other_open(void);
void other_close(struct resv_map *map);
long other_chg(struct resv_map *map, long from, long to, long *needed);
long other_add(struct resv_map *map, long from, long to, long needed, unsigned owner);
void other_abort(struct resv_map *map, long from, long to, long needed);
long other_del(struct resv_map *map, long from, long to);
long other_count(struct resv_map *map, long from, long to);
void other_look(const struct resv_map *map, struct target_view *view);

struct ticket {
	bool open;
	uint8_t from, to;
	long needed, other_needed;
};

static struct {
	const struct trace *trace;
	struct resv_map *map, *other;
	struct ticket ticket[SLOTS];
	long tickets;
	struct fault *fault; /* of the call under way on the first map */
	struct result result[TRACE_OPS];
} run;

struct run_totals run_totals;

const struct result *run_results(void)
{
	return run.result;
}

static void *diff_alloc(size_t size)
{
	return run.fault && fault_refuses(run.fault) ? NULL : pool_alloc(size);
}

static long page(unsigned cell)
{
	return cell == CELL_END ? LONG_MAX : run.trace->at[cell];
}

static void check_pages(void)
{
	static struct target_view view, other;
	struct target_region one = { 0 }, two = { 0 };
	size_t i = 0, k = 0;
	bool more;

	target_look(run.map, &view);
	other_look(run.other, &other);
	CHECK(LINKS_SANE, !view.broken, "%s: %s", target_traits.name, view.broken);
	CHECK(LINKS_SANE, !other.broken, "%s: %s", other_traits.name, other.broken);
	do {
		more = view_pages(&view, &i, &one);
		CHECK(SAME_ON_BOTH,
		      view_pages(&other, &k, &two) == more && one.from == two.from &&
		              one.to == two.to,
		      "%s covers [%ld,%ld), %s [%ld,%ld)", target_traits.name, one.from, one.to,
		      other_traits.name, two.from, two.to);
	} while (more);
}

static void check_same(const char *call, long ret, long other_ret)
{
	CHECK(SAME_ON_BOTH, ret == other_ret, "%s: %s returned %ld, %s %ld", call,
	      target_traits.name, ret, other_traits.name, other_ret);
}

static bool run_chg(const struct op *op, long *ret)
{
	struct ticket *ticket = &run.ticket[op->slot];

	if (ticket->open || page(op->to) == LONG_MAX)
		return false;
	*ret = target_chg(run.map, page(op->from), page(op->to), &ticket->needed);
	run.fault = NULL;
	if (*ret == -ENOMEM)
		return true;
	check_same("chg", *ret,
	           other_chg(run.other, page(op->from), page(op->to), &ticket->other_needed));
	ticket->open = true;
	ticket->from = op->from;
	ticket->to = op->to;
	return true;
}

static bool run_add(const struct op *op, long *ret)
{
	struct ticket *ticket = &run.ticket[op->slot];
	long from = page(ticket->from), to = page(ticket->to);

	if (!ticket->open)
		return false;
	*ret = target_add(run.map, from, to, ticket->needed, op->owner);
	run.fault = NULL;
	if (*ret == -ENOMEM)
		return true;
	check_same("add", *ret, other_add(run.other, from, to, ticket->other_needed, op->owner));
	ticket->open = false;
	return true;
}

static bool run_abort(const struct op *op, long *ret)
{
	struct ticket *ticket = &run.ticket[op->slot];
	long from = page(ticket->from), to = page(ticket->to);

	if (!ticket->open)
		return false;
	target_abort(run.map, from, to, ticket->needed);
	other_abort(run.other, from, to, ticket->other_needed);
	ticket->open = false;
	*ret = 0;
	return true;
}

static bool run_del(const struct op *op, long *ret)
{
	*ret = target_del(run.map, page(op->from), page(op->to));
	run.fault = NULL;
	if (*ret != -ENOMEM)
		check_same("del", *ret, other_del(run.other, page(op->from), page(op->to)));
	return true;
}

static bool run_count(const struct op *op, long *ret)
{
	*ret = target_count(run.map, page(op->from), page(op->to));
	check_same("count", *ret, other_count(run.other, page(op->from), page(op->to)));
	return true;
}

/* What a map refuses is no matter of two maps. */
static bool run_bad(const struct op *op, long *ret)
{
	(void)op;
	(void)ret;
	return false;
}

static bool (*const run_op[OP_KINDS])(const struct op *op, long *ret) = {
#define OP(wire, name, operands, doc) [OP_##name] = run_##name,
#define RESERVE_OP(wire, name, operands, doc)
#include "fuzz/trace/ops.def"
#undef RESERVE_OP
#undef OP
};

static bool range_is_legal(const struct op *op)
{
	return !op_takes(op, OP_RANGE) || op->from < op->to ||
	       (target_traits.empty_ranges && other_traits.empty_ranges);
}

static void run_one(size_t at)
{
	const struct op *op = &run.trace->op[at];
	struct fault fault = { .plan = op->refuse };
	struct result *result = &run.result[at];

	report_story.op = at;
	run.fault = &fault;
	if (range_is_legal(op) && run_op[op->kind] && run_op[op->kind](op, &result->value)) {
		result->kind = RESULT_VALUE;
		run_totals.ops++;
		check_pages();
	} else {
		result->kind = RESULT_SKIPPED;
		run_totals.skipped++;
	}
	run.fault = NULL;
}

static void run_close(void)
{
	long unused;

	report_story.op = run.trace->count;
	for (int slot = 0; slot < SLOTS; slot++)
		run_abort(&(struct op){ .kind = OP_abort, .slot = slot }, &unused);
	report_story.map = NULL;
	target_close(run.map);
	other_close(run.other);
	CHECK(MEMORY_CLEAN, !pool_count(), "%zu blocks leaked", pool_count());
}

bool run_trace(const struct trace *trace, const struct result *expect, enum run_times times)
{
	(void)expect;
	(void)times;
	fault_drive_shim(diff_alloc);
	memset(&run, 0, offsetof(__typeof__(run), result));
	memset(run.result, 0, trace->count * sizeof(run.result[0]));
	run.trace = trace;
	report_verdict.failed = false;
	report_story = (struct story){
		.trace = trace,
		.result = run.result,
		.tickets = &run.tickets,
	};
	run_totals.runs++;
	if (setjmp(report_catch))
		return false;
	run.map = target_open();
	run.other = other_open();
	report_story.map = run.map;
	for (size_t i = 0; i < trace->count; i++)
		run_one(i);
	run_close();
	return true;
}
