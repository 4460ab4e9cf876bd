// SPDX-License-Identifier: GPL-2.0-only
/*
 * What chance decides: numbers, ops out of the trace, kinds for new ones.
 */
#include "kinds.h"

/* splitmix64: a counter and a finalizer, so every seed is a good one. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

unsigned pick(struct mutating *m, size_t n)
{
	return next_random(&m->random) % n;
}

unsigned pick_any_kind(struct mutating *m)
{
	const struct target *target = m->trace->target;
	unsigned kind;

	do
		kind = 1 + pick(m, target->ops - 1);
	while (target->can && !target->can(kind));
	return kind;
}

int pick_op(struct mutating *m, unsigned operands)
{
	const struct trace *t = m->trace;
	unsigned found = 0, chosen;

	for (size_t i = 0; i < t->count; i++)
		found += takes(m, &t->op[i], operands);
	if (!found)
		return NO_OP;
	chosen = pick(m, found);
	for (size_t i = 0; i < t->count; i++)
		if (takes(m, &t->op[i], operands) && !chosen--)
			return i;
	return NO_OP;
}

unsigned pick_request(struct mutating *m)
{
	return pick(m, 3) ? 0 : pick(m, 4);
}

static unsigned operands_of(const struct mutating *m, unsigned kind)
{
	return m->trace->target->op[kind].operands;
}

/*
 * Calls that allocate have most to show, but for one that is always refused.  What only says who goes on
 * makes sense in few places.
 */
static bool is_shown(struct mutating *m, unsigned kind)
{
	if (operands_of(m, kind) & OP_ORDER)
		return !pick(m, 8);
	return (operands_of(m, kind) & OP_ALLOCATES && kind != m->trace->target->rarely) ||
	       !pick(m, 3);
}

unsigned pick_kind(struct mutating *m)
{
	for (;;) {
		unsigned kind = pick_any_kind(m);

		if (is_shown(m, kind))
			return kind;
	}
}

unsigned pick_opening(struct mutating *m)
{
	return m->trace->target->opens;
}

unsigned pick_closing(struct mutating *m)
{
	for (;;) {
		unsigned kind = pick_any_kind(m);
		unsigned operands = operands_of(m, kind);

		if (operands & OP_ANY_SLOT && !(operands & OP_RANGE) && is_shown(m, kind))
			return kind;
	}
}
