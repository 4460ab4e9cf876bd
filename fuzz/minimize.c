// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every pass proposes candidates that are simpler in one respect; what still fails replaces the
 * trace.  The passes go round until none of them gets anywhere.
 */
#include "minimize.h"

#include <string.h>

enum { MEMO = 1 << 16 };

static struct {
	struct trace *best;
	bool (*still_fails)(const struct trace *candidate);
	void (*progress)(const struct trace *smaller);
	unsigned tried;
	uint64_t memo[MEMO]; /* hashes of candidates that did not fail; 0 is free */
} min;

static uint64_t hash_of(const struct trace *trace)
{
	static uint8_t bytes[TRACE_BYTES];
	size_t size = trace_encode(trace, bytes);
	uint64_t hash = 0xcbf29ce484222325;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3;
	return hash | 1;
}

/* Take @candidate for the trace if it is another one and still fails. */
static bool try(struct trace *candidate)
{
	uint64_t hash, *seen;

	trace_settle(candidate);
	hash = hash_of(candidate);
	seen = &min.memo[hash >> 48];
	if (hash == hash_of(min.best) || *seen == hash)
		return false;
	min.tried++;
	if (!min.still_fails(candidate)) {
		*seen = hash;
		return false;
	}
	*min.best = *candidate;
	if (min.progress)
		min.progress(candidate);
	return true;
}

static void cut(struct trace *trace, size_t at, size_t count)
{
	memmove(trace->op + at, trace->op + at + count,
	        (trace->count - at - count) * sizeof(trace->op[0]));
	trace->count -= count;
}

static bool drop_ops(void)
{
	static struct trace t;
	bool better = false;

	for (size_t chunk = min.best->count; chunk; chunk /= 2) {
		for (size_t at = min.best->count; at-- > 0;) {
			if (at + chunk > min.best->count)
				continue;
			t = *min.best;
			cut(&t, at, chunk);
			better |= try(&t);
		}
	}
	return better;
}

/* Move what is nested in op @at out by one level; with @self also the op itself. */
static void raise(struct trace *trace, size_t at, bool self)
{
	size_t end = trace_behind(trace, at);

	for (size_t i = at + !self; i < end; i++) {
		trace->op[i].request = trace->op[at].request;
		if (trace->op[i].depth)
			trace->op[i].depth--;
	}
}

/* Leave an op out and keep what is nested in it; close a window. */
static bool drop_nesting(void)
{
	static struct trace t;
	bool better = false;

	for (size_t at = 0; at < min.best->count; at++) {
		t = *min.best;
		raise(&t, at, false);
		cut(&t, at, 1);
		if (try(&t)) {
			better = true;
			continue;
		}
		if (!min.best->op[at].depth)
			continue;
		t = *min.best;
		raise(&t, at, true);
		better |= try(&t);
	}
	return better;
}

static bool drop_refusals(uint8_t (*plan_of)(struct trace *, size_t, int), size_t count)
{
	static struct trace t;
	bool better = false;

	for (size_t at = 0; at < count; at++) {
		for (int bit = -1; bit < PLAN_BITS; bit++) {
			t = *min.best;
			if (plan_of(&t, at, bit))
				better |= try(&t);
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

	t = *min.best;
	/* One cell is as short as a caller's range gets; an empty one is longer than that. */
	if (from >= to || to > CELLS + 1 || to - from >= length_of(&t.op[at]))
		return false;
	t.op[at].from = from;
	t.op[at].to = to;
	return try(&t);
}

static bool shorten_ranges(void)
{
	bool better = false;

	for (size_t at = 0; at < min.best->count; at++) {
		const struct op *op = &min.best->op[at];

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

	for (size_t at = 0; at < min.best->count; at++) {
		t = *min.best;
		t.op[at].owner = 0;
		better |= try(&t);
		for (uint8_t request = 0; request < min.best->op[at].request; request++) {
			t = *min.best;
			t.op[at].request = request;
			better |= try(&t);
		}
	}
	return better;
}

static bool plainer_board(void)
{
	static struct trace t;
	bool better = false;

	for (int board = BOARD_UNIT; board < (int)min.best->board; board++) {
		t = *min.best;
		trace_set_board(&t, board);
		better |= try(&t);
	}
	while (min.best->longs) {
		t = *min.best;
		t.longs--;
		trace_set_board(&t, t.board);
		if (!try(&t))
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
	t = *min.best;
	for (size_t i = 0; i < t.count; i++) {
		if (!op_takes(&t.op[i], OP_SLOT))
			continue;
		if (name[t.op[i].slot] == SLOTS)
			name[t.op[i].slot] = names++;
		t.op[i].slot = name[t.op[i].slot];
	}
	return try(&t);
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
		t = *min.best;
		if (take_cell(&t, cell))
			better |= try(&t);
	}
	return better;
}

unsigned minimize(struct trace *trace, bool (*still_fails)(const struct trace *candidate),
                  void (*progress)(const struct trace *smaller))
{
	bool better;

	memset(&min, 0, sizeof(min));
	min.best = trace;
	min.still_fails = still_fails;
	min.progress = progress;
	do {
		better = drop_ops();
		better |= drop_nesting();
		better |= drop_refusals(clear_op_bit, min.best->count);
		better |= drop_refusals(clear_open_bit, 1);
		better |= shorten_ranges();
		better |= plainer_ops();
		better |= plainer_board();
		better |= rename_slots();
		better |= close_gaps();
	} while (better);
	return min.tried;
}
