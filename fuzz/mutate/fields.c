// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mutations of what ops say: slots that are open or free where they are named, refusals, cgroups.
 */
#include "kinds.h"

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
	unsigned open = m->trace->target->open_slots(m->trace, at);

	return pick_slot_of(m, takes(m, op, OP_RANGE) ? ~open : open);
}

unsigned pick_free_slot(struct mutating *m, size_t at)
{
	return pick_slot_of(m, ~m->trace->target->open_slots(m->trace, at));
}

static uint8_t pick_plan(struct mutating *m)
{
	unsigned first = pick(m, 2) ? 0 : pick(m, PLAN_BITS);

	return pick(m, 3) ? 1u << first : PLAN_MASK << first & PLAN_MASK;
}

uint8_t pick_file(struct mutating *m)
{
	int other = pick_op(m, OP_FILE);

	return other != NO_OP && pick(m, 6) ? m->trace->op[other].file : pick(m, FILES);
}

void aim(struct mutating *m, struct op *op, size_t at)
{
	if (m->trace->target->aim)
		m->trace->target->aim(m, op, at);
}

/* One in so many ops has the switch, in the order of their bits. */
static const uint8_t opt_odds[OPTS] = { 4, 8, 2, 8, 12, 12, 12, 24, 24, 24, 24, 8 };

void fill_options(struct mutating *m, struct op *op, size_t at)
{
	aim(m, op, at);
	if (takes(m, op, OP_INTO))
		op->into = pick_free_slot(m, at);
	op->opts = 0;
	for (int i = 0; i < OPTS; i++)
		if (opts_of(m, op) >> i & 1 && !pick(m, opt_odds[i]))
			op->opts |= 1u << i;
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
		op->cgroup = pick(m, CGROUPS);
	/* What is related is so in one file. */
	if (takes(m, op, OP_FILE))
		op->file = other != NO_OP && pick(m, 4) ? m->trace->op[other].file : pick_file(m);
	fill_options(m, op, at);
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
	had_range = takes(m, op, OP_RANGE);
	op->kind = pick_any_kind(m);
	if (!had_range)
		random_range(m, op);
	/* An end that only some kinds take. */
	set_range(m, op, op->from, op->to);
	if (pick(m, 2))
		op->slot = pick_slot(m, op, at);
	fill_options(m, op, at);
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
	int at = pick_op(m, OP_ANY_SLOT);
	struct op *op;

	if (at == NO_OP)
		return false;
	op = &m->trace->op[at];
	if (takes(m, op, OP_INTO) && pick(m, 2))
		op->into = pick_free_slot(m, at);
	else
		op->slot = pick_slot(m, op, at);
	/* A page of the other mapping. */
	if (takes(m, op, OP_PAGE) && pick(m, 2))
		aim(m, op, at);
	return true;
}

bool change_cgroup(struct mutating *m)
{
	int at = pick_op(m, OP_CGROUP);

	if (at == NO_OP)
		return false;
	m->trace->op[at].cgroup = pick(m, CGROUPS);
	return true;
}

bool set_refusal(struct mutating *m)
{
	int at = pick_op(m, OP_ALLOCATES);

	if (at == NO_OP)
		return false;
	if (opts_of(m, &m->trace->op[at]) & REFUSE_WORDS && pick(m, 2))
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
	uint16_t words;
	uint8_t plan;

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

bool change_file(struct mutating *m)
{
	int at = pick_op(m, OP_FILE);

	if (at == NO_OP)
		return false;
	m->trace->op[at].file = pick(m, 2) ? pick_file(m) : pick(m, FILES);
	return true;
}

bool flip_opt(struct mutating *m)
{
	int at = pick_op(m, OP_OPTS);
	unsigned bit;

	if (at == NO_OP)
		return false;
	do {
		bit = pick(m, OPTS);
	} while (!(opts_of(m, &m->trace->op[at]) >> bit & 1));
	m->trace->op[at].opts ^= 1u << bit;
	return true;
}
