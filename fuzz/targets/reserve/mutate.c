// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mutations of what only this target's ops say, and operands that mean something: pages of a mapping,
 * sizes, the pool.  A fault is mostly one of a page that its mapping has, and what is done to a file
 * mostly something to one that is mapped, where it is mapped: anything else does little.
 */
#include "ops.h"

#include "fuzz/mutate/kinds.h"

/*
 * The op whose range the mapping in each slot has in front of op @at, if every call before it
 * succeeded; NO_OP where there is none.
 */
static void look_at_slots(const struct trace *trace, size_t at, int mapping[SLOTS])
{
	for (int slot = 0; slot < SLOTS; slot++)
		mapping[slot] = NO_OP;
	for (size_t i = 0; i < at; i++) {
		const struct op *op = &trace->op[i];

		if (op->kind == OP_map && mapping[op->slot] == NO_OP)
			mapping[op->slot] = i;
		else if (op->kind == OP_fork && mapping[op->into] == NO_OP)
			mapping[op->into] = mapping[op->slot];
		else if (op->kind == OP_unmap)
			mapping[op->slot] = NO_OP;
	}
}

uint32_t reserve_mapped_slots(const struct trace *trace, size_t at)
{
	int mapping[SLOTS];
	unsigned mapped = 0;

	look_at_slots(trace, at, mapping);
	for (int slot = 0; slot < SLOTS; slot++)
		mapped |= (mapping[slot] != NO_OP) << slot;
	return mapped;
}

/* A page of the range, now and then the one in front of it or behind it. */
static uint8_t pick_page_of(struct mutating *m, const struct op *range)
{
	unsigned length = range->to - range->from;

	switch (pick(m, 16)) {
	case 0:
		return range->from ? range->from - 1 : range->to;
	case 1:
		return range->to;
	case 2:
		return range->from;
	case 3:
		return range->to ? range->to - 1 : 0;
	default:
		return length ? range->from + pick(m, length) : range->from;
	}
}

/* A size that cuts where the range ends, or beside it, or leaves nothing. */
static uint8_t pick_size_for(struct mutating *m, const struct op *range)
{
	const uint8_t size[] = { range->from, range->to, range->from + 1, range->to - 1, 0 };
	uint8_t chosen = size[pick(m, sizeof(size))];

	return chosen <= CELLS ? chosen : 0;
}

static void aim_page(struct mutating *m, struct op *op, size_t at)
{
	int mapping[SLOTS], about;

	look_at_slots(m->trace, at, mapping);
	about = mapping[op->slot] != NO_OP ? mapping[op->slot] : pick_op(m, OP_RANGE);
	op->from = about != NO_OP ? pick_page_of(m, &m->trace->op[about]) : pick(m, CELLS);
}

/* Of a file: at a range in it, mostly. */
static void aim_size(struct mutating *m, struct op *op)
{
	int about = pick_op(m, OP_RANGE);

	if (about == NO_OP) {
		op->from = pick(m, CELLS);
		return;
	}
	op->from = pick_size_for(m, &m->trace->op[about]);
	if (pick(m, 4))
		op->file = m->trace->op[about].file;
}

/* Of the pool: near to what it has, or small. */
static void aim_pool_size(struct mutating *m, struct op *op)
{
	int pages = m->trace->head.pages + 2 - (int)pick(m, 5);

	op->from = pick(m, 2) && pages >= 0 ? pages : (int)pick(m, 2 * POOL_PLAIN);
}

void reserve_aim(struct mutating *m, struct op *op, size_t at)
{
	if (takes(m, op, OP_PAGE))
		aim_page(m, op, at);
	else if (takes(m, op, OP_SIZE) && takes(m, op, OP_FILE))
		aim_size(m, op);
	else if (takes(m, op, OP_SIZE))
		aim_pool_size(m, op);
}

/* The pool's numbers, and the most that each may be. */
static uint8_t *pool_number(struct trace *t, unsigned i, uint8_t *most)
{
	static const uint8_t limit[] = { POOL_PAGES, POOL_SURPLUS, POOL_LIMIT + 1, POOL_LIMIT + 1 };
	uint8_t *const number[] = { &t->head.pages, &t->head.surplus, &t->head.max, &t->head.min };

	*most = limit[i];
	return number[i];
}

static bool change_pool(struct mutating *m)
{
	unsigned which = pick(m, 4);
	uint8_t most, *number = pool_number(m->trace, which, &most);

	if (which && pick(m, 2))
		*number = 0;
	else
		*number = pick(m, pick(m, 6) ? POOL_PLAIN + 2 : most + 1u);
	return true;
}

static bool nudge_pool(struct mutating *m)
{
	uint8_t most, *number = pool_number(m->trace, pick(m, 4), &most);
	bool up = pick(m, 2);

	if (*number == (up ? most : 0))
		return false;
	*number += up ? 1 : -1;
	return true;
}

const struct mutation reserve_mutation[] = {
	{ "insert_inside", insert_inside, 12 },
	{ "move_inside", move_inside, 6 },
	{ "set_refusal", set_refusal, 6 },
	{ "change_file", change_file, 2 },
	{ "flip_opt", flip_opt, 4 },
	{ "change_pool", change_pool, 2 },
	{ "nudge_pool", nudge_pool, 2 },
	{ 0 },
};
