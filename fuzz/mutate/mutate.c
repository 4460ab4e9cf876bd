// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of generic mutations and what drives it.  Weights are relative; a target may give one
 * another weight.  These were chosen by `make bench-mutator` for the region target.
 */
#include "kinds.h"

#include <string.h>

static const struct mutation generic[] = {
#define M(name, weight) \
	{ \
#name, name, weight \
	}
	M(insert_op, 6),   M(insert_ticket, 6),  M(insert_inside, 6), M(delete_op, 4),
	M(delete_row, 1),  M(keep_row, 1),       M(duplicate_row, 3), M(swap_ops, 3),
	M(move_op, 3),     M(move_inside, 3),    M(nest_op, 3),       M(unnest_op, 2),
	M(change_kind, 3), M(change_request, 2), M(change_slot, 4),   M(change_cgroup, 1),
	M(pull_range, 6),  M(bridge_ranges, 4),  M(nudge_range, 3),   M(extreme_range, 2),
	M(set_refusal, 4), M(clear_refusal, 2),  M(move_refusal, 2),  M(refuse_open, 1),
#undef M
};

enum { GENERIC = sizeof(generic) / sizeof(generic[0]) };

/* The row of @target that gives a generic mutation another weight, or NULL. */
static const struct mutation *weighted_anew(const struct target *target,
                                            const struct mutation *mutation)
{
	for (const struct mutation *own = target->mutation; own && own->name; own++)
		if (own->run == mutation->run)
			return own;
	return NULL;
}

static bool is_generic(const struct mutation *own)
{
	for (size_t i = 0; i < GENERIC; i++)
		if (generic[i].run == own->run)
			return true;
	return false;
}

const struct mutation *mutation_of(const struct target *target, size_t kind)
{
	const struct mutation *own = target->mutation;

	if (kind < GENERIC) {
		const struct mutation *anew = weighted_anew(target, &generic[kind]);

		return anew ? anew : &generic[kind];
	}
	for (kind -= GENERIC; own && own->name; own++)
		if (!is_generic(own) && !kind--)
			return own;
	return NULL;
}

/* Ops that most traces need not be longer than. */
enum { SHORT = 32 };

void mutate_cut(struct trace *trace, size_t at, size_t count)
{
	memmove(trace->op + at, trace->op + at + count,
	        (trace->count - at - count) * sizeof(trace->op[0]));
	trace->count -= count;
}

void mutate_tidy(struct trace *trace)
{
	trace_settle(trace);
	for (size_t i = 0; i < trace->count; i++)
		op_tidy(&trace->op[i], trace->target);
}

static size_t least(size_t one, size_t two)
{
	return one < two ? one : two;
}

/* How many ops fit beside the records before them; ends of a raw board go first. */
static size_t most_ops(struct trace *trace, size_t max_size)
{
	size_t records = max_size / OP_BYTES;

	if (1u + trace->head.ends > records) {
		trace->head.ends = records - 1;
		trace_set_board(trace, trace->head.board);
	}
	return least(records - 1 - trace->head.ends, TRACE_OPS);
}

static struct mutating begin(struct trace *trace, uint64_t seed, size_t max_size)
{
	struct mutating m = { trace, most_ops(trace, max_size), 0, seed };

	if (trace->count > m.most)
		trace->count = m.most;
	/*
	 * Traces grow slowly: to twice the length half as often.  What a long one does, its first
	 * ops have mostly decided: the cache, once it has many entries, never asks for more.
	 */
	for (m.grow = SHORT; m.grow < m.most && pick(&m, 2);)
		m.grow *= 2;
	if (m.grow > m.most)
		m.grow = m.most;
	return m;
}

static bool is_same(const struct trace *one, const struct trace *two)
{
	return one->count == two->count && !memcmp(&one->head, &two->head, sizeof(one->head)) &&
	       !memcmp(one->at, two->at, sizeof(one->at)) &&
	       !memcmp(one->op, two->op, one->count * sizeof(one->op[0]));
}

/* Run one mutation; false if the trace is what it was. */
static bool run_mutation(const struct mutation *mutation, struct mutating *m)
{
	static struct trace before;
	bool said;

	memcpy(&before, m->trace, offsetof(struct trace, op[m->trace->count]));
	said = mutation->run(m);
	mutate_tidy(m->trace);
	return said && !is_same(&before, m->trace);
}

bool mutate_by(size_t kind, struct trace *trace, uint64_t seed, size_t max_size)
{
	struct mutating m = begin(trace, seed, max_size);

	return run_mutation(mutation_of(trace->target, kind), &m);
}

static const struct mutation *pick_mutation(struct mutating *m)
{
	const struct target *target = m->trace->target;
	const struct mutation *mutation;
	unsigned sum = 0, chosen;

	for (size_t kind = 0; (mutation = mutation_of(target, kind)); kind++)
		sum += mutation->weight;
	chosen = pick(m, sum);
	for (size_t kind = 0; (mutation = mutation_of(target, kind)); kind++) {
		if (chosen < mutation->weight)
			break;
		chosen -= mutation->weight;
	}
	return mutation;
}

const char *mutate(struct trace *trace, uint64_t seed, size_t max_size)
{
	struct mutating m = begin(trace, seed, max_size);
	const char *last = "none";
	unsigned wanted = 1;

	while (wanted < 4 && pick(&m, 2))
		wanted++;
	/* What finds nothing to change is not counted; an empty trace takes few mutations. */
	for (int tries = 0; wanted && tries < 64; tries++) {
		const struct mutation *mutation = pick_mutation(&m);

		m.most = most_ops(trace, max_size); /* a board may have got more records */
		if (!run_mutation(mutation, &m))
			continue;
		last = mutation->name;
		wanted--;
	}
	return last;
}

void mutate_splice(struct trace *trace, const struct trace *other, uint64_t seed, size_t max_size)
{
	struct mutating m = begin(trace, seed, max_size);
	size_t keep = pick(&m, least(trace->count, m.grow) + 1), from = pick(&m, other->count + 1);
	size_t count = least(other->count - from, m.grow - keep), tail = 0;

	/* In half of the cases what stood behind stays behind. */
	if (pick(&m, 2)) {
		count = pick(&m, count + 1);
		tail = least(trace->count - keep, m.grow - keep - count);
	}
	memmove(trace->op + keep + count, trace->op + keep, tail * sizeof(trace->op[0]));
	memcpy(trace->op + keep, other->op + from, count * sizeof(trace->op[0]));
	trace->count = keep + count + tail;
	mutate_tidy(trace);
}
