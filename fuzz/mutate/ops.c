// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mutations of the sequence: ops come, go, change places, and run inside each other.
 */
#include "kinds.h"

#include <string.h>

static bool has_room(const struct mutating *m, size_t count)
{
	size_t after = m->trace->count + count;

	return after <= m->grow && after <= m->most;
}

static void put(struct trace *trace, size_t at, const struct op *op, size_t count)
{
	memmove(trace->op + at + count, trace->op + at, (trace->count - at) * sizeof(*op));
	memcpy(trace->op + at, op, count * sizeof(*op));
	trace->count += count;
}

/* The depth at which an op put in front of op @at leaves windows as they are. */
static unsigned depth_at(const struct trace *trace, size_t at)
{
	return at < trace->count ? trace->op[at].depth : 0;
}

static void put_new(struct mutating *m, size_t at, unsigned kind, unsigned depth)
{
	struct op op = { .kind = kind, .depth = depth };

	op.request = at < m->trace->count && depth == m->trace->op[at].depth
	                     ? m->trace->op[at].request
	                     : pick_request(m);
	fill_operands(m, &op, at);
	put(m->trace, at, &op, 1);
}

bool insert_op(struct mutating *m)
{
	size_t at = pick(m, m->trace->count + 1);

	if (!has_room(m, 1))
		return false;
	put_new(m, at, pick_kind(m), depth_at(m->trace, at));
	return true;
}

/* Op @at names what op @opening has opened. */
static void name_slot_of(struct mutating *m, size_t at, size_t opening)
{
	struct op *op = &m->trace->op[at];

	op->slot = m->trace->op[opening].slot;
	if (takes(m, op, OP_PAGE))
		aim(m, op, at);
}

bool insert_ticket(struct mutating *m)
{
	struct trace *t = m->trace;
	size_t at = pick(m, t->count + 1), end;

	if (!pick_opening(m) || !has_room(m, 2))
		return false;
	put_new(m, at, pick_opening(m), depth_at(t, at));
	end = at + 1 + (pick(m, 2) ? 0 : pick(m, t->count - at));
	put_new(m, end, pick_closing(m), depth_at(t, end));
	name_slot_of(m, end, at);
	return true;
}

/* The range of op @at, or of the ticket that it closes; NO_OP if it has none. */
static int range_of(const struct trace *trace, int at)
{
	uint8_t slot = trace->op[at].slot;

	if (op_takes(trace->target, &trace->op[at], OP_RANGE))
		return at;
	if (!op_takes(trace->target, &trace->op[at], OP_ANY_SLOT))
		return NO_OP;
	while (--at >= 0)
		if (trace->op[at].slot == slot &&
		    op_takes(trace->target, &trace->op[at], OP_ANY_SLOT) &&
		    op_takes(trace->target, &trace->op[at], OP_RANGE))
			return at;
	return NO_OP;
}

/* Op @inner is to be about the pages that op @outer is about, or at least about its file. */
static void relate_to(struct mutating *m, size_t inner, size_t outer)
{
	struct op *op = m->trace->op;
	int about = range_of(m->trace, outer);

	if (about != NO_OP)
		relate_range(m, &op[inner], &op[about]);
	op[inner].file = op[about != NO_OP ? (size_t)about : outer].file;
}

/* An op or a whole ticket, in half of the cases about what the outer call is about. */
bool insert_inside(struct mutating *m)
{
	int outer = pick_op(m, OP_ALLOCATES), both;
	struct op *op;

	if (outer == NO_OP || !has_room(m, 2) || m->trace->op[outer].depth == MAX_DEPTH)
		return false;
	op = &m->trace->op[outer];
	both = pick_opening(m) && pick(m, 2);
	put_new(m, outer + 1, both ? pick_opening(m) : pick_kind(m), op->depth + 1);
	op[1].request = pick_request(m);
	if (pick(m, 2))
		relate_to(m, outer + 1, outer);
	if (!both)
		return true;
	put_new(m, outer + 2, pick_closing(m), op[1].depth);
	op[2].request = op[1].request;
	name_slot_of(m, outer + 2, outer + 1);
	return true;
}

/* With what is nested in it, or without. */
bool delete_op(struct mutating *m)
{
	struct trace *t = m->trace;
	size_t at;

	if (!t->count)
		return false;
	at = pick(m, t->count);
	mutate_cut(t, at, pick(m, 2) ? trace_behind(t, at) - at : 1);
	return true;
}

bool delete_row(struct mutating *m)
{
	struct trace *t = m->trace;
	size_t at;

	if (!t->count)
		return false;
	at = pick(m, t->count);
	mutate_cut(t, at, 1 + pick(m, t->count - at));
	return true;
}

/* A short row of ops out of a long one. */
bool keep_row(struct mutating *m)
{
	struct trace *t = m->trace;
	size_t at, count;

	if (t->count < 2)
		return false;
	at = pick(m, t->count);
	count = 1 + pick(m, t->count - at);
	mutate_cut(t, at + count, t->count - at - count);
	mutate_cut(t, 0, at);
	return true;
}

bool duplicate_row(struct mutating *m)
{
	struct trace *t = m->trace;
	struct op row[8];
	size_t at, count;

	if (!t->count)
		return false;
	at = pick(m, t->count);
	count = 1 + pick(m, t->count - at < 8 ? t->count - at : 8);
	if (!has_room(m, count))
		return false;
	memcpy(row, t->op + at, count * sizeof(row[0]));
	put(t, pick(m, 2) ? at + count : pick(m, t->count + 1), row, count);
	return true;
}

/* Windows stay where they are, their ops change places. */
bool swap_ops(struct mutating *m)
{
	struct op *one, *two, old;

	if (m->trace->count < 2)
		return false;
	one = m->trace->op + pick(m, m->trace->count - 1);
	two = pick(m, 2) ? one + 1 : m->trace->op + pick(m, m->trace->count);
	old = *one;
	*one = *two;
	one->depth = old.depth;
	one->request = old.request;
	old.depth = two->depth;
	old.request = two->request;
	*two = old;
	return true;
}

/* With what is nested in it: take op @at out, and put it back at @to with @depth. */
static bool move_to(struct trace *t, size_t at, size_t to, unsigned depth, unsigned request)
{
	static struct op row[TRACE_OPS];
	size_t count = trace_behind(t, at) - at;
	int deeper = (int)depth - t->op[at].depth;

	if (to >= at && to < at + count)
		return false;
	memcpy(row, t->op + at, count * sizeof(row[0]));
	for (size_t i = 0; i < count; i++) {
		int nested = row[i].depth + deeper;

		row[i].depth = nested < MAX_DEPTH ? nested : MAX_DEPTH;
	}
	row[0].request = request;
	mutate_cut(t, at, count);
	put(t, to > at ? to - count : to, row, count);
	return true;
}

bool move_op(struct mutating *m)
{
	size_t to = pick(m, m->trace->count + 1);

	return m->trace->count && move_to(m->trace, pick(m, m->trace->count), to,
	                                  depth_at(m->trace, to), pick_request(m));
}

bool move_inside(struct mutating *m)
{
	int outer = pick_op(m, OP_ALLOCATES);

	if (outer == NO_OP || m->trace->op[outer].depth == MAX_DEPTH)
		return false;
	return move_to(m->trace, pick(m, m->trace->count), outer + 1, m->trace->op[outer].depth + 1,
	               pick_request(m));
}

/* Move op @at and what is nested in it in or out by one level. */
static void shift(struct trace *t, size_t at, int levels, unsigned request)
{
	size_t end = trace_behind(t, at);

	for (size_t i = at; i < end; i++)
		if (t->op[i].depth + levels <= MAX_DEPTH)
			t->op[i].depth += levels;
	t->op[at].request = request;
}

bool nest_op(struct mutating *m)
{
	struct trace *t = m->trace;
	size_t at;

	if (t->count < 2)
		return false;
	at = 1 + pick(m, t->count - 1);
	if (t->op[at].depth > t->op[at - 1].depth || !takes(m, &t->op[at - 1], OP_ALLOCATES))
		return false;
	shift(t, at, 1, pick_request(m));
	return true;
}

bool unnest_op(struct mutating *m)
{
	struct trace *t = m->trace;
	size_t at;

	if (!t->count)
		return false;
	at = pick(m, t->count);
	if (!t->op[at].depth)
		return false;
	shift(t, at, -1, pick_request(m));
	return true;
}
