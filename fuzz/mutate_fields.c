// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mutations of what ops say: ranges that have to do with each other, slots that are open or free
 * where they are named, refusals, owners.
 */
#include "mutate_kinds.h"

/*
 * Which slots hold a ticket in front of op @at, if every call before it succeeded: an op with slot
 * and range opens one, an op with a slot alone closes it.
 */
static unsigned open_slots(const struct trace *trace, size_t at)
{
	unsigned open = 0;

	for (size_t i = 0; i < at; i++) {
		const struct op *op = &trace->op[i];

		if (!op_takes(op, OP_SLOT))
			continue;
		if (op_takes(op, OP_RANGE))
			open |= 1u << op->slot;
		else
			open &= ~(1u << op->slot);
	}
	return open;
}

/* A slot that is likely in the state which @op wants; any if there is none. */
static unsigned pick_slot(struct mutating *m, const struct op *op, size_t at)
{
	unsigned open = open_slots(m->trace, at);
	unsigned wanted = op_takes(op, OP_RANGE) ? ~open : open;
	unsigned slot = pick(m, SLOTS);

	for (int tries = 0; tries < SLOTS && !(wanted >> slot & 1); tries++)
		slot = (slot + 1) % SLOTS;
	return slot;
}

static void set_range(struct op *op, int from, int to)
{
	int most = op_takes(op, OP_TO_END) ? CELL_END : CELLS;

	if (from > to) {
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

	set_range(op, end[r->from_its_end] + r->from_add + r->from_lengths * length,
	          end[r->to_its_end] + r->to_add + r->to_lengths * length);
}

static void random_range(struct mutating *m, struct op *op)
{
	int from = pick(m, CELLS), length = 1 + pick(m, pick(m, 4) ? 8 : CELLS);

	set_range(op, from, from + length < CELLS ? from + length : CELLS);
}

static uint8_t pick_plan(struct mutating *m)
{
	unsigned first = pick(m, 2) ? 0 : pick(m, PLAN_BITS);

	return pick(m, 3) ? 1u << first : PLAN_MASK << first & PLAN_MASK;
}

void fill_operands(struct mutating *m, struct op *op, size_t at)
{
	int other = pick_op(m, OP_RANGE);

	if (other != NO_OP && pick(m, 8))
		relate_range(m, op, &m->trace->op[other]);
	else
		random_range(m, op);
	op->slot = pick_slot(m, op, at);
	if (!pick(m, 8))
		op->refuse = pick_plan(m);
	if (!pick(m, 4))
		op->owner = pick(m, OWNERS);
}

bool change_kind(struct mutating *m)
{
	struct op *op;
	size_t at;

	if (!m->trace->count)
		return false;
	at = pick(m, m->trace->count);
	op = &m->trace->op[at];
	if (!op_takes(op, OP_RANGE))
		random_range(m, op);
	op->kind = pick_any_kind(m);
	/* An end that only some kinds take. */
	set_range(op, op->from, op->to);
	if (pick(m, 2))
		op->slot = pick_slot(m, op, at);
	return true;
}

bool change_request(struct mutating *m)
{
	struct op *op;

	if (!m->trace->count)
		return false;
	op = &m->trace->op[pick(m, m->trace->count)];
	op->request = pick(m, 4);
	return op->depth;
}

bool change_slot(struct mutating *m)
{
	int at = pick_op(m, OP_SLOT);

	if (at == NO_OP)
		return false;
	m->trace->op[at].slot = pick_slot(m, &m->trace->op[at], at);
	return true;
}

bool change_owner(struct mutating *m)
{
	int at = pick_op(m, OP_OWNER);

	if (at == NO_OP)
		return false;
	m->trace->op[at].owner = pick(m, OWNERS);
	return true;
}

bool pull_range(struct mutating *m)
{
	int at = pick_op(m, OP_RANGE), to = pick_op(m, OP_RANGE);

	if (at == NO_OP)
		return false;
	relate_range(m, &m->trace->op[at], &m->trace->op[to]);
	return true;
}

/* From an end of one range to an end of another. */
bool bridge_ranges(struct mutating *m)
{
	int at = pick_op(m, OP_RANGE), one = pick_op(m, OP_RANGE), two = pick_op(m, OP_RANGE);
	const struct op *op = m->trace->op;

	if (at == NO_OP)
		return false;
	set_range(&m->trace->op[at], pick(m, 2) ? op[one].from : op[one].to,
	          pick(m, 2) ? op[two].from : op[two].to);
	return true;
}

bool nudge_range(struct mutating *m)
{
	int at = pick_op(m, OP_RANGE), by = pick(m, 2) ? 1 : -1;
	unsigned which = pick(m, 3);
	struct op *op;

	if (at == NO_OP)
		return false;
	op = &m->trace->op[at];
	set_range(op, which != 1 ? op->from + by : op->from, which ? op->to + by : op->to);
	return true;
}

/* Whole board, to its end or to LONG_MAX, from its start, empty, anywhere. */
bool extreme_range(struct mutating *m)
{
	int at = pick_op(m, OP_RANGE);
	struct op *op;

	if (at == NO_OP)
		return false;
	op = &m->trace->op[at];
	switch (pick(m, 6)) {
	case 0:
		set_range(op, 0, CELLS);
		break;
	case 1:
		set_range(op, op->from, CELLS);
		break;
	case 2:
		set_range(op, op->from, CELL_END);
		break;
	case 3:
		set_range(op, 0, op->to);
		break;
	case 4:
		set_range(op, op->from, op->from);
		break;
	default:
		random_range(m, op);
	}
	return true;
}

bool set_refusal(struct mutating *m)
{
	int at = pick_op(m, OP_ALLOCATES);

	if (at == NO_OP)
		return false;
	if (pick(m, 2))
		m->trace->op[at].refuse = pick_plan(m);
	else
		m->trace->op[at].refuse ^= 1u << pick(m, PLAN_BITS);
	return true;
}

static int pick_refused(struct mutating *m)
{
	int at = pick_op(m, OP_ALLOCATES);

	for (size_t i = 0; at != NO_OP && i < m->trace->count; i++, at++) {
		at %= m->trace->count;
		if (m->trace->op[at].refuse)
			return at;
	}
	return NO_OP;
}

bool clear_refusal(struct mutating *m)
{
	int at = pick_refused(m);

	if (at == NO_OP)
		return false;
	m->trace->op[at].refuse = 0;
	return true;
}

/* To another op, or to another request of its own. */
bool move_refusal(struct mutating *m)
{
	int at = pick_refused(m), to = pick_op(m, OP_ALLOCATES);
	uint8_t plan;

	if (at == NO_OP)
		return false;
	plan = m->trace->op[at].refuse;
	m->trace->op[at].refuse = 0;
	if (at == to)
		plan = pick(m, 2) ? plan << 1 & PLAN_MASK : plan >> 1;
	m->trace->op[to].refuse = plan;
	return true;
}
