// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mutations of ranges: what a map does depends on how they lie to each other, not on where.
 */
#include "kinds.h"

void set_range(struct mutating *m, struct op *op, int from, int to)
{
	int most = takes(m, op, OP_TO_END) ? CELL_END : CELLS;

	if (!takes(m, op, OP_RANGE)) {
		to = from;
	} else if (from > to) {
		int old = from;

		from = to;
		to = old;
	}
	op->from = from < 0 ? 0 : from < CELLS ? from : CELLS;
	op->to = to < 0 ? 0 : to < most ? to : most;
}

/*
 * How a range may lie to another one: each end is at an end of the other one, plus so many cells,
 * plus so many times a length.
 */
static const struct relation {
	bool from_its_end;
	int8_t from_add, from_lengths;
	bool to_its_end;
	int8_t to_add, to_lengths;
} relation[] = {
	{ true, 0, 0, true, 0, 1 },    /* touches it from behind */
	{ false, 0, -1, false, 0, 0 }, /* touches it in front */
	{ true, -1, 0, true, -1, 1 },  /* overlaps by one */
	{ false, 1, -1, false, 1, 0 },
	{ false, 1, 0, true, -1, 0 }, /* inside, with a cell left at both ends */
	{ false, 1, 0, false, 1, 1 }, /* inside, near its start, near its end */
	{ true, -1, -1, true, -1, 0 },
	{ false, 0, 0, true, 0, 0 },  /* equal */
	{ false, -1, 0, true, 1, 0 }, /* one cell more at both ends */
	{ false, 0, 0, false, 0, 1 }, /* begins with it */
	{ true, 0, -1, true, 0, 0 },  /* ends with it */
	{ false, 1, 0, false, 2, 0 }, /* its second cell */
	{ false, 0, -1, true, 0, 1 }, /* reaches beyond it on both sides */
	{ true, 1, 0, true, 1, 1 },   /* leaves a cell between */
};

void relate_range(struct mutating *m, struct op *op, const struct op *to)
{
	const struct relation *r = &relation[pick(m, sizeof(relation) / sizeof(relation[0]))];
	int length = 1 + pick(m, pick(m, 2) ? 4 : 16);
	int end[] = { to->from, to->to < CELLS ? to->to : CELLS };

	set_range(m, op, end[r->from_its_end] + r->from_add + r->from_lengths * length,
	          end[r->to_its_end] + r->to_add + r->to_lengths * length);
}

void random_range(struct mutating *m, struct op *op)
{
	int from = pick(m, CELLS), length = 1 + pick(m, pick(m, 4) ? 8 : CELLS);

	set_range(m, op, from, from + length < CELLS ? from + length : CELLS);
}

bool pull_range(struct mutating *m)
{
	int at = pick_op(m, OP_CELLS), to = pick_op(m, OP_RANGE);

	if (at == NO_OP || to == NO_OP)
		return false;
	relate_range(m, &m->trace->op[at], &m->trace->op[to]);
	return true;
}

/* From an end of one range to an end of another. */
bool bridge_ranges(struct mutating *m)
{
	int at = pick_op(m, OP_CELLS), one = pick_op(m, OP_RANGE), two = pick_op(m, OP_RANGE);
	const struct op *op = m->trace->op;

	if (at == NO_OP || one == NO_OP)
		return false;
	set_range(m, &m->trace->op[at], pick(m, 2) ? op[one].from : op[one].to,
	          pick(m, 2) ? op[two].from : op[two].to);
	return true;
}

bool nudge_range(struct mutating *m)
{
	int at = pick_op(m, OP_CELLS), by = pick(m, 2) ? 1 : -1;
	unsigned which = pick(m, 3);
	struct op *op;

	if (at == NO_OP)
		return false;
	op = &m->trace->op[at];
	set_range(m, op, which != 1 ? op->from + by : op->from, which ? op->to + by : op->to);
	return true;
}

/* Whole board, to its end or to LONG_MAX, from its start, empty, anywhere. */
bool extreme_range(struct mutating *m)
{
	int at = pick_op(m, OP_CELLS);
	struct op *op;

	if (at == NO_OP)
		return false;
	op = &m->trace->op[at];
	if (!takes(m, op, OP_RANGE)) {
		op->from = pick(m, 2) ? pick(m, CELLS + 1) : pick(m, 2) ? CELLS : 0;
		return true;
	}
	switch (pick(m, 6)) {
	case 0:
		set_range(m, op, 0, CELLS);
		break;
	case 1:
		set_range(m, op, op->from, CELLS);
		break;
	case 2:
		set_range(m, op, op->from, CELL_END);
		break;
	case 3:
		set_range(m, op, 0, op->to);
		break;
	case 4:
		set_range(m, op, op->from, op->from);
		break;
	default:
		random_range(m, op);
	}
	return true;
}
