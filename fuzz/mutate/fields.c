// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mutations of what ops say: slots that are open or free where they are named, refusals, owners.
 */
#include "kinds.h"

/*
 * Which slots hold a ticket in front of op @at, if every call before it succeeded: an op with slot
 * and range opens one, an op with a slot alone closes it.  In the reserve family: a mapping.
 */
static unsigned open_slots(const struct trace *trace, size_t at)
{
	unsigned open = 0;

	if (trace->family == FAMILY_RESERVE)
		return mapped_slots(trace, at);
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

/* One out of the set @wanted; any if that is empty. */
static unsigned pick_slot_of(struct mutating *m, unsigned wanted)
{
	unsigned slot = pick(m, SLOTS);

	for (int tries = 0; tries < SLOTS && !(wanted >> slot & 1); tries++)
		slot = (slot + 1) % SLOTS;
	return slot;
}

/* A slot that is likely in the state which @op wants. */
static unsigned pick_slot(struct mutating *m, const struct op *op, size_t at)
{
	unsigned open = open_slots(m->trace, at);

	return pick_slot_of(m, op_takes(op, OP_RANGE) ? ~open : open);
}

unsigned pick_free_slot(struct mutating *m, size_t at)
{
	return pick_slot_of(m, ~open_slots(m->trace, at));
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
	if (m->trace->family == FAMILY_RESERVE) {
		/* What is related is so in one file. */
		op->file = other != NO_OP && pick(m, 4) ? m->trace->op[other].file : pick_file(m);
		fill_reserve(m, op, at);
	}
}

bool change_kind(struct mutating *m)
{
	bool had_range;
	struct op *op;
	size_t at;

	if (!m->trace->count)
		return false;
	at = pick(m, m->trace->count);
	op = &m->trace->op[at];
	had_range = op_takes(op, OP_RANGE);
	op->kind = pick_any_kind(m);
	if (!had_range)
		random_range(m, op);
	/* An end that only some kinds take. */
	set_range(op, op->from, op->to);
	if (pick(m, 2))
		op->slot = pick_slot(m, op, at);
	if (m->trace->family == FAMILY_RESERVE)
		fill_reserve(m, op, at);
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
	struct op *op;

	if (at == NO_OP)
		return false;
	op = &m->trace->op[at];
	if (op_takes(op, OP_INTO) && pick(m, 2))
		op->into = pick_free_slot(m, at);
	else
		op->slot = pick_slot(m, op, at);
	/* A page of the other mapping. */
	if (op_takes(op, OP_PAGE) && pick(m, 2))
		aim(m, op, at);
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

bool set_refusal(struct mutating *m)
{
	int at = pick_op(m, OP_ALLOCATES);

	if (at == NO_OP)
		return false;
	if (op_opts(&m->trace->op[at]) & REFUSE_WORDS && pick(m, 2))
		m->trace->op[at].opts ^= REFUSE_POOL << pick(m, REFUSALS);
	else if (pick(m, 2))
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
		if (m->trace->op[at].refuse || m->trace->op[at].opts & REFUSE_WORDS)
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
	m->trace->op[at].opts &= ~REFUSE_WORDS;
	return true;
}

/* To another op, or to another request of its own. */
bool move_refusal(struct mutating *m)
{
	int at = pick_refused(m), to = pick_op(m, OP_ALLOCATES);
	uint8_t plan, words;

	if (at == NO_OP)
		return false;
	plan = m->trace->op[at].refuse;
	words = m->trace->op[at].opts & REFUSE_WORDS;
	m->trace->op[at].refuse = 0;
	m->trace->op[at].opts &= ~REFUSE_WORDS;
	if (at == to)
		plan = pick(m, 2) ? plan << 1 & PLAN_MASK : plan >> 1;
	m->trace->op[to].refuse = plan;
	m->trace->op[to].opts |= words;
	return true;
}
