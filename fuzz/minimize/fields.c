// SPDX-License-Identifier: GPL-2.0-only
/*
 * The minimizer's passes that keep every op and make what it says plainer: fewer refusals, shorter
 * ranges, lower numbers, the first slots, and a board or pool that is as small as it can be.
 */
#include "passes.h"

static bool takes(const struct op *op, unsigned operands)
{
	return op_takes(minimize_best->target, op, operands);
}

/* A copy of the best trace in which one byte of it, which is @field, is @value. */
static bool try_byte(const uint8_t *field, uint8_t value)
{
	static struct trace t;
	size_t offset = field - (const uint8_t *)minimize_best;

	t = *minimize_best;
	((uint8_t *)&t)[offset] = value;
	return minimize_try(&t);
}

/* Clear all bits of a plan, or one by one; then the same of switches. */
static bool drop_bits(const uint8_t *field)
{
	bool better = *field && try_byte(field, 0);

	for (int bit = 0; bit < 8; bit++)
		if (*field >> bit & 1)
			better |= try_byte(field, *field & ~(1 << bit));
	return better;
}

static bool try_opts(size_t at, uint16_t opts)
{
	static struct trace t;

	t = *minimize_best;
	t.op[at].opts = opts;
	return minimize_try(&t);
}

static bool drop_opts(size_t at)
{
	const uint16_t *opts = &minimize_best->op[at].opts;
	bool better = *opts && try_opts(at, 0);

	for (int bit = 0; bit < OPTS; bit++)
		if (*opts >> bit & 1)
			better |= try_opts(at, *opts & ~(1 << bit));
	return better;
}

static bool drop_refusals(void)
{
	bool better = drop_bits(&minimize_best->head.refuse);

	for (size_t at = 0; at < minimize_best->count; at++) {
		better |= drop_bits(&minimize_best->op[at].refuse);
		better |= drop_opts(at);
	}
	return better;
}

/* The lowest number that still fails. */
static bool lower(const uint8_t *field)
{
	for (uint8_t value = 0; value < *field; value++)
		if (try_byte(field, value))
			return true;
	return false;
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

		while (takes(op, OP_RANGE) &&
		       (try_range(at, op->from, op->from + 1) ||
		        try_range(at, op->to - 1, op->to) ||
		        try_range(at, op->from, (op->from + op->to) / 2) ||
		        try_range(at, (op->from + op->to) / 2, op->to) ||
		        try_range(at, op->from + 1, op->to) || try_range(at, op->from, op->to - 1)))
			better = true;
	}
	return better;
}

/* Cgroups to none, requests to the first, windows of others' to their own; files, pages, sizes. */
static bool plainer_ops(void)
{
	bool better = false;

	for (size_t at = 0; at < minimize_best->count; at++) {
		const struct op *op = &minimize_best->op[at];

		better |= lower(&op->cgroup);
		better |= lower(&op->request);
		better |= lower(&op->file);
		if (takes(op, OP_PAGE | OP_SIZE | OP_RESUMES))
			better |= lower(&op->from);
	}
	return better;
}

static bool plainer_board(void)
{
	static struct trace t;
	bool better = false;

	for (int board = BOARD_UNIT; board < minimize_best->head.board; board++) {
		t = *minimize_best;
		trace_set_board(&t, board);
		better |= minimize_try(&t);
	}
	while (minimize_best->head.ends) {
		t = *minimize_best;
		t.head.ends--;
		trace_set_board(&t, t.head.board);
		if (!minimize_try(&t))
			break;
		better = true;
	}
	return better;
}

/* No limits, no surplus, as few pages as it takes. */
static bool plainer_pool(void)
{
	bool better = lower(&minimize_best->head.surplus);

	better |= lower(&minimize_best->head.max);
	better |= lower(&minimize_best->head.min);
	better |= lower(&minimize_best->head.pages);
	return better;
}

/* New names in the order of the first use; there are less files than slots. */
struct names {
	uint8_t name[SLOTS], used;
};

static void rename_field(struct names *names, uint8_t *field)
{
	uint8_t *name = &names->name[*field];

	/* A name of 0 is none yet. */
	if (!*name)
		*name = ++names->used;
	*field = *name - 1;
}

static bool rename_slots_and_files(void)
{
	struct names slots = { { 0 }, 0 }, files = { { 0 }, 0 };
	static struct trace t;
	bool better;

	t = *minimize_best;
	for (size_t i = 0; i < t.count; i++) {
		if (takes(&t.op[i], OP_ANY_SLOT))
			rename_field(&slots, &t.op[i].slot);
		if (takes(&t.op[i], OP_INTO))
			rename_field(&slots, &t.op[i].into);
	}
	better = minimize_try(&t);
	t = *minimize_best;
	for (size_t i = 0; i < t.count; i++)
		if (takes(&t.op[i], OP_FILE))
			rename_field(&files, &t.op[i].file);
	return better | minimize_try(&t);
}

/* Take @cell out of the board: every end beyond it moves down.  No range and no page may vanish. */
static bool take_cell(struct trace *trace, int cell)
{
	for (size_t i = 0; i < trace->count; i++) {
		struct op *op = &trace->op[i];
		bool empty = op->from == op->to;

		if (takes(op, OP_PAGE) && op->from == cell)
			return false;
		/* The size of the pool is none of the board. */
		if (takes(op, OP_RANGE | OP_PAGE | OP_FILE))
			op->from -= op->from > cell;
		if (op->to != CELL_END)
			op->to -= op->to > cell;
		if (takes(op, OP_RANGE) && op->from == op->to && !empty)
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
	bool better = drop_refusals();

	better |= shorten_ranges();
	better |= plainer_ops();
	better |= plainer_board();
	better |= plainer_pool();
	better |= rename_slots_and_files();
	better |= close_gaps();
	return better;
}
