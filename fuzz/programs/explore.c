// SPDX-License-Identifier: GPL-2.0-only
/*
 * explore OPS CELLS: runs every trace of a small scope; what the scope holds is then proven, not
 * sampled.
 *
 * The scope: up to OPS ops on the first CELLS cells, two slots, the first request of a call refused
 * or not, ops nested in the first request of the op before.  Traces are grown op by op.  What a
 * shorter trace has shown is left out: what comes behind an op that was skipped or changed nothing,
 * a refusal of a request that never came, and slots that are not taken in order.
 *
 * Exit status: 0 every rule held, 1 one did not (the trace is printed), 2 wrong usage.
 */
#include "fuzz/trace/file.h"
#include "fuzz/run/run.h"

#include <stdlib.h>
#include <unistd.h>

enum { SLOTS_EXPLORED = 2 };

static struct trace trace;
static unsigned long traces;
static size_t most_ops;
static unsigned cells;

static void grow(void);

static bool takes(const struct op *op, unsigned operands)
{
	return op_takes(trace.target, op, operands);
}

static void fail(void)
{
	report_print(stdout, &report_verdict, NULL);
	printf("found after %lu traces\n", traces);
	exit(EXIT_RULE_FAILED);
}

/* Does the last op leave anything that a trace without it, or without its refusal, does not? */
static bool last_counts(void)
{
	const struct op *op = &trace.op[trace.count - 1];
	const struct result *result = &run_results()[trace.count - 1];

	if (result->kind != RESULT_VALUE || (op->refuse && !result->asked))
		return false;
	/* What is about a range and no ticket only looks, if it never allocates; else it takes out. */
	if (takes(op, OP_TICKET))
		return true;
	return takes(op, OP_ALLOCATES) && (result->value || result->asked);
}

static void try_op(struct op op)
{
	trace.op[trace.count++] = op;
	traces++;
	if (!run_trace(trace.target, &trace, NULL, RUN_ONCE))
		fail();
	if (last_counts())
		grow();
	trace.count--;
}

static void try_plans(struct op op)
{
	try_op(op);
	if (!takes(&op, OP_ALLOCATES))
		return;
	op.refuse = 1;
	try_op(op);
}

static void try_slots(struct op op, uint8_t slots)
{
	if (!takes(&op, OP_ANY_SLOT))
		slots = 1;
	for (op.slot = 0; op.slot < slots; op.slot++)
		try_plans(op);
}

static void try_ranges(struct op op, uint8_t slots)
{
	if (!takes(&op, OP_RANGE)) {
		try_slots(op, slots);
		return;
	}
	for (op.from = 0; op.from < cells; op.from++)
		for (op.to = op.from + 1; op.to <= cells; op.to++)
			try_slots(op, slots);
}

/* One more slot than are in use, for the next one is as good as those behind it. */
static uint8_t slots_worth_trying(void)
{
	uint8_t used = 0;

	for (size_t i = 0; i < trace.count; i++)
		if (trace.op[i].kind == trace.target->opens && trace.op[i].slot >= used)
			used = trace.op[i].slot + 1;
	return used < SLOTS_EXPLORED ? used + 1 : SLOTS_EXPLORED;
}

/* How deep the next op may run: inside the op before, if that one waits for memory. */
static unsigned depth_worth_trying(void)
{
	const struct op *last;

	if (!trace.count)
		return 0;
	last = &trace.op[trace.count - 1];
	if (!takes(last, OP_ALLOCATES) || !run_results()[trace.count - 1].asked)
		return last->depth;
	return last->depth < MAX_DEPTH ? last->depth + 1 : MAX_DEPTH;
}

static void grow(void)
{
	unsigned depths = depth_worth_trying();
	uint8_t slots = slots_worth_trying();

	if (trace.count == most_ops)
		return;
	for (unsigned depth = 0; depth <= depths; depth++)
		for (unsigned kind = 1; kind < trace.target->ops; kind++)
			try_ranges((struct op){ .kind = kind, .depth = depth }, slots);
	if (trace.count == 1 && isatty(STDERR_FILENO))
		fprintf(stderr, "\r%lu traces ", traces);
}

int main(int argc, char **argv)
{
	most_ops = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;
	cells = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	if (!most_ops || most_ops > TRACE_OPS || !cells || cells > CELLS) {
		fprintf(stderr, "usage: explore OPS CELLS, at most %d and %d\n", TRACE_OPS, CELLS);
		return EXIT_UNUSABLE;
	}
	trace_begin(&trace, target_find("region"));
	grow();
	printf("%lu traces of up to %zu ops on %u cells, %lu ops: every rule held\n", traces,
	       most_ops, cells, run_totals.ops);
	return EXIT_GOOD;
}
