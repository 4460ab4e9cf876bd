// SPDX-License-Identifier: GPL-2.0-only
/*
 * The minimizer's passes that keep every op and make what it says plainer: fewer refusals, shorter
 * ranges, lower numbers, the first slots, and a board or pool that is as small as it can be.
 */
#include "minimize_passes.h"

#include <string.h>

static bool drop_refusals(uint8_t (*plan_of)(struct trace *, size_t, int), size_t count)
{
	static struct trace t;
	bool better = false;

	for (size_t at = 0; at < count; at++) {
		for (int bit = -1; bit < PLAN_BITS; bit++) {
			t = *minimize_best;
			if (plan_of(&t, at, bit))
				better |= minimize_try(&t);
		}
	}
	return better;
}

/* Clear one refusal of a plan, or all of it with -1; says whether that changed it. */
static bool clear_bit(uint8_t *plan, int bit)
{
	uint8_t old = *plan;

	*plan = bit < 0 ? 0 : *plan & ~(1 << bit);
	return *plan != old;
}

static uint8_t clear_op_bit(struct trace *trace, size_t at, int bit)
{
	return clear_bit(&trace->op[at].refuse, bit);
}

static uint8_t clear_open_bit(struct trace *trace, size_t at, int bit)
{
	(void)at;
	return clear_bit(&trace->open_refuse, bit);
}

static unsigned length_of(const struct op *op)
{
	return op->from == op->to ? CELLS + 2 : op->to - op->from;
}

static bool try_range(size_t at, unsigned from, unsigned to)
{
	static struct trace t;

	t = *minimize_best;
	/* One cell is as short as a caller's range gets; an empty one is longer than that. */
	if (from >= to || to > CELLS + 1 || to - from >= length_of(&t.op[at]))
		return false;
	t.op[at].from = from;
	t.op[at].to = to;
	return minimize_try(&t);
}

static bool shorten_ranges(void)
{
	bool better = false;

	for (size_t at = 0; at < minimize_best->count; at++) {
		const struct op *op = &minimize_best->op[at];

		while (op_takes(op, OP_RANGE) &&
		       (try_range(at, op->from, op->from + 1) ||
		        try_range(at, op->to - 1, op->to) ||
		        try_range(at, op->from, (op->from + op->to) / 2) ||
		        try_range(at, (op->from + op->to) / 2, op->to) ||
		        try_range(at, op->from + 1, op->to) || try_range(at, op->from, op->to - 1)))
			better = true;
	}
	return better;
}

/* Owners to none, requests to the first, windows of others' to their own. */
static bool plainer_ops(void)
{
	static struct trace t;
	bool better = false;

	for (size_t at = 0; at < minimize_best->count; at++) {
		t = *minimize_best;
		t.op[at].owner = 0;
		better |= minimize_try(&t);
		for (uint8_t request = 0; request < minimize_best->op[at].request; request++) {
			t = *minimize_best;
			t.op[at].request = request;
			better |= minimize_try(&t);
		}
	}
	return better;
}

static bool plainer_board(void)
{
	static struct trace t;
	bool better = false;

	for (int board = BOARD_UNIT; board < (int)minimize_best->board; board++) {
		t = *minimize_best;
		trace_set_board(&t, board);
		better |= minimize_try(&t);
	}
	while (minimize_best->longs) {
		t = *minimize_best;
		t.longs--;
		trace_set_board(&t, t.board);
		if (!minimize_try(&t))
			break;
		better = true;
	}
	return better;
}

/* Slots in the order in which they are first used. */
static bool rename_slots(void)
{
	static struct trace t;
	uint8_t name[SLOTS], names = 0;

	memset(name, SLOTS, sizeof(name));
	t = *minimize_best;
	for (size_t i = 0; i < t.count; i++) {
		if (!op_takes(&t.op[i], OP_SLOT))
			continue;
		if (name[t.op[i].slot] == SLOTS)
			name[t.op[i].slot] = names++;
		t.op[i].slot = name[t.op[i].slot];
	}
	return minimize_try(&t);
}

/* Take @cell out of the board: every range end beyond it moves down.  No range may vanish. */
static bool take_cell(struct trace *trace, int cell)
{
	for (size_t i = 0; i < trace->count; i++) {
		struct op *op = &trace->op[i];
		bool empty = op->from == op->to;

		op->from -= op->from > cell;
		if (op->to != CELL_END)
			op->to -= op->to > cell;
		if (op->from == op->to && !empty)
			return false;
	}
	return true;
}

static bool close_gaps(void)
{
	static struct trace t;
	bool better = false;

	for (int cell = CELLS; cell-- > 0;) {
		t = *minimize_best;
		if (take_cell(&t, cell))
			better |= minimize_try(&t);
	}
	return better;
}

bool plainer_fields(void)
{
	bool better = drop_refusals(clear_op_bit, minimize_best->count);

	better |= drop_refusals(clear_open_bit, 1);
	better |= shorten_ranges();
	better |= plainer_ops();
	better |= plainer_board();
	better |= rename_slots();
	better |= close_gaps();
	return better;
}
