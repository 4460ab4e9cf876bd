// SPDX-License-Identifier: GPL-2.0-only
/*
 * The diff target: two maps, op by op, and no model: the same pages, the same counts.  Their lists of
 * regions and the entries they set aside differ, that is what the patch is about.
 *
 * Refusals go to the map under test.  When it says -ENOMEM it has promised that nothing changed, so
 * the one beside it is not asked; otherwise that one gets all the memory it wants.  An add that fails
 * leaves its ticket open on both.  Windows are not opened: two maps do not wait at the same moments.
 */
#include "fuzz/map/map.h"
#include "fuzz/map/ops.h"
#include "fuzz/run/call.h"
#include "fuzz/run/blocks.h"
#include "fuzz/run/report.h"

#include <errno.h>
#include <limits.h>

extern const struct target diff_target;

/* A map, and what it gave for each ticket. */
struct side {
	const struct map *of;
	struct resv_map *map;
	long needed[SLOTS];
};

static struct diff {
	const struct trace *trace;
	struct side one, two;
	struct {
		bool open;
		uint8_t from, to;
	} ticket[SLOTS];
} diff;

static long page(unsigned cell)
{
	return cell == CELL_END ? LONG_MAX : diff.trace->at[cell];
}

/* The op's call on one of the maps. */
static long call_side(struct side *side, const struct op *op)
{
	long *needed = &side->needed[op->slot];
	long from = page(diff.ticket[op->slot].from), to = page(diff.ticket[op->slot].to);

	switch (op->kind) {
	case OP_chg:
		return side->of->chg(side->map, page(op->from), page(op->to), needed);
	case OP_add:
		return side->of->add(side->map, from, to, *needed, op->cgroup);
	case OP_abort:
		side->of->abort(side->map, from, to, *needed);
		return 0;
	case OP_del:
		return side->of->del(side->map, page(op->from), page(op->to));
	default:
		return side->of->count(side->map, page(op->from), page(op->to));
	}
}

static void check_pages(void)
{
	static struct map_view view, other;
	struct map_region one = { 0 }, two = { 0 };
	size_t i = 0, k = 0;
	bool more;

	map_look(&diff.one.of->layout, diff.one.map, &view);
	map_look(&diff.two.of->layout, diff.two.map, &other);
	CHECK(LINKS_SANE, !view.broken, "%s: %s", diff.one.of->name, view.broken);
	CHECK(LINKS_SANE, !other.broken, "%s: %s", diff.two.of->name, other.broken);
	do {
		more = view_pages(&view, &i, &one);
		CHECK(SAME_ON_BOTH,
		      view_pages(&other, &k, &two) == more && one.from == two.from &&
		              one.to == two.to,
		      "%s covers [%ld,%ld), %s [%ld,%ld)", diff.one.of->name, one.from, one.to,
		      diff.two.of->name, two.from, two.to);
	} while (more);
}

static void settle_ticket(const struct op *op)
{
	if (op->kind == OP_chg) {
		diff.ticket[op->slot].from = op->from;
		diff.ticket[op->slot].to = op->to;
		diff.ticket[op->slot].open = true;
	} else if (op->kind == OP_add || op->kind == OP_abort) {
		diff.ticket[op->slot].open = false;
	}
}

static long run_on_both(const struct op *op, const struct op *refusals)
{
	struct call call;
	long ret, other;

	call_begin(&call, refusals);
	ret = call_side(&diff.one, op);
	call_end(&call);
	if (ret == -ENOMEM)
		return ret;
	call_begin(&call, NULL);
	other = call_side(&diff.two, op);
	call_end(&call);
	CHECK(SAME_ON_BOTH, ret == other, "%s: %s returned %ld, %s %ld", map_op[op->kind].name,
	      diff.one.of->name, ret, diff.two.of->name, other);
	settle_ticket(op);
	return ret;
}

static void diff_call(const struct op *op, struct result *result)
{
	result->value = run_on_both(op, op);
	check_pages();
}

/* What a map refuses, and what only one of them takes, is no matter of two maps. */
static bool diff_may_run(const struct op *op)
{
	bool empty = op->from == op->to &&
	             !(diff.one.of->traits.empty_ranges && diff.two.of->traits.empty_ranges);

	switch (op->kind) {
	case OP_chg:
		return !diff.ticket[op->slot].open && page(op->to) != LONG_MAX && !empty;
	case OP_add:
	case OP_abort:
		return diff.ticket[op->slot].open;
	case OP_del:
	case OP_count:
		return !empty;
	default:
		return false;
	}
}

/* Nobody's call: a refused map is the region target's matter. */
static bool diff_open(const struct trace *trace)
{
	struct call call;

	diff = (struct diff){ .trace = trace, .one.of = map_under_test, .two.of = map_beside };
	report_story.map = diff.one.of->name;
	call_begin(&call, NULL);
	diff.one.map = diff.one.of->open();
	diff.two.map = diff.two.of->open();
	call_end(&call);
	return true;
}

static void diff_close(void)
{
	for (uint8_t slot = 0; slot < SLOTS; slot++)
		if (diff.ticket[slot].open)
			run_on_both(&(struct op){ .kind = OP_abort, .slot = slot }, NULL);
	diff.one.of->close(diff.one.map);
	diff.two.of->close(diff.two.map);
	diff.one.map = NULL;
	CHECK(MEMORY_CLEAN, !blocks_count(), "%zu blocks leaked", blocks_count());
}

static void diff_print_state(FILE *out)
{
	static struct map_view view;

	if (!diff.one.map)
		return;
	map_look(&diff.one.of->layout, diff.one.map, &view);
	fprintf(out, "  map:  ");
	for (size_t i = 0; i < view.regions; i++)
		fprintf(out, " [%ld,%ld)", view.region[i].from, view.region[i].to);
	if (view.broken)
		fprintf(out, " (%s)", view.broken);
	fprintf(out, "\n  cache %ld (count says %ld), in progress %ld\n", view.spare,
	        view.cache_count, view.in_progress);
}

const struct target diff_target = {
	.name = "diff",
	.op = map_op,
	.ops = MAP_OPS,
	.first_ops = MAP_FIRST_OPS,
	.kind_of = map_kind_of,
	.mutation = map_mutation,
	.open_slots = map_open_tickets,
	.opens = OP_chg,
	.open = diff_open,
	.may_run = diff_may_run,
	.call = diff_call,
	.close = diff_close,
	.print_state = diff_print_state,
	.flat = true,
};
