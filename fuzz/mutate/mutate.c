// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of mutations and what drives it.  Weights are relative, one for each family of
 * ops; the region's were chosen by `make bench-mutator`.
 */
#include "kinds.h"

#include <string.h>

#define MUTATIONS(M) \
	M(insert_op, 6, 6) \
	M(insert_ticket, 6, 6) \
	M(insert_inside, 6, 12) \
	M(delete_op, 4, 4) \
	M(delete_row, 1, 1) \
	M(keep_row, 1, 1) \
	M(duplicate_row, 3, 3) \
	M(swap_ops, 3, 3) \
	M(move_op, 3, 3) \
	M(move_inside, 3, 6) \
	M(nest_op, 3, 3) \
	M(unnest_op, 2, 2) \
	M(change_kind, 3, 3) \
	M(change_request, 2, 2) \
	M(change_slot, 4, 4) \
	M(change_owner, 1, 1) \
	M(change_file, 0, 2) \
	M(flip_opt, 0, 4) \
	M(pull_range, 6, 6) \
	M(bridge_ranges, 4, 4) \
	M(nudge_range, 3, 3) \
	M(extreme_range, 2, 2) \
	M(set_refusal, 4, 6) \
	M(clear_refusal, 2, 2) \
	M(move_refusal, 2, 2) \
	M(refuse_open, 1, 1) \
	M(change_board, 1, 2) \
	M(change_end, 1, 2)

static const struct {
	bool (*run)(struct mutating *m);
	unsigned weight[FAMILIES];
} mutation[] = {
#define M(name, region, reserve) { name, { region, reserve } },
	MUTATIONS(M)
#undef M
};

const char *const mutation_name[] = {
#define M(name, region, reserve) #name,
	MUTATIONS(M)
#undef M
};

const size_t mutations = sizeof(mutation) / sizeof(mutation[0]);

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
		op_tidy(&trace->op[i]);
}

static size_t least(size_t one, size_t two)
{
	return one < two ? one : two;
}

/* How many ops fit beside the records before them; ends of a raw board go first. */
static size_t most_ops(struct trace *trace, size_t max_size)
{
	size_t records = max_size / OP_BYTES;

	if (1u + trace->longs > records) {
		trace->longs = records - 1;
		trace_set_board(trace, trace->board);
	}
	return least(records - 1 - trace->longs, TRACE_OPS);
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
	return one->board == two->board && one->longs == two->longs &&
	       one->open_refuse == two->open_refuse && one->pages == two->pages &&
	       one->surplus == two->surplus && one->max == two->max && one->min == two->min &&
	       one->count == two->count && !memcmp(one->at, two->at, sizeof(one->at)) &&
	       !memcmp(one->op, two->op, one->count * sizeof(one->op[0]));
}

/* Run one mutation; false if the trace is what it was. */
static bool run_mutation(size_t kind, struct mutating *m)
{
	static struct trace before;
	bool said;

	memcpy(&before, m->trace, offsetof(struct trace, op[m->trace->count]));
	said = mutation[kind].run(m);

	mutate_tidy(m->trace);
	return said && !is_same(&before, m->trace);
}

bool mutate_by(size_t kind, struct trace *trace, uint64_t seed, size_t max_size)
{
	struct mutating m = begin(trace, seed, max_size);

	return run_mutation(kind, &m);
}

static size_t pick_mutation(struct mutating *m)
{
	enum family family = m->trace->family;
	unsigned sum = 0, chosen;
	size_t kind = 0;

	for (size_t i = 0; i < mutations; i++)
		sum += mutation[i].weight[family];
	for (chosen = pick(m, sum); chosen >= mutation[kind].weight[family]; kind++)
		chosen -= mutation[kind].weight[family];
	return kind;
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
		size_t kind = pick_mutation(&m);

		m.most = most_ops(trace, max_size); /* a board may have got more records */
		if (!run_mutation(kind, &m))
			continue;
		last = mutation_name[kind];
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
