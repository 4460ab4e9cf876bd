// SPDX-License-Identifier: GPL-2.0-only
/*
 * In a trace's text an op stands inside of the call in whose window it begins.  So calls under way are
 * a chain, each inside of the one before.  When one that is not the last goes on, those behind it wait
 * first, from the last on, and leave the chain; one that has left it goes on inside of whatever is last.
 */
#include "tell.h"

enum { ITEMS = EPISODE_EVENTS + EPISODE_CALLS, TOP = -1 };

static struct {
	const struct episode *of;
	struct {
		struct op op;
		int inside; /* item, or TOP */
	} item[ITEMS];
	int items;
	int item_of[EPISODE_OPS];      /* of each op of the episode */
	unsigned asked[EPISODE_OPS];   /* windows that it has had */
	int chain[EPISODE_OPS], links; /* ops of the episode, outermost first */
	int parked[EPISODE_OPS], parks;
} tell;

/* What happens next, inside of the last call of the chain. */
static int put(const struct op *op)
{
	int last = tell.links ? tell.chain[tell.links - 1] : TOP, item = tell.items;

	if (item + 1 < ITEMS)
		tell.items++;
	tell.item[item].op = *op;
	tell.item[item].inside = last == TOP ? TOP : tell.item_of[last];
	tell.item[item].op.request = last == TOP ? 0 : tell.asked[last] - 1;
	return item;
}

/* The kind of op that takes @operand, or 0. */
static uint8_t kind_that(unsigned operand)
{
	const struct target *target = tell.of->trace.target;

	for (unsigned kind = 1; kind < target->ops; kind++)
		if (target->op[kind].operands & operand)
			return kind;
	return 0;
}

/* The last call of the chain waits, and leaves it. */
static void park_last(void)
{
	put(&(struct op){ .kind = kind_that(OP_PARKS) });
	tell.parked[tell.parks++] = tell.chain[--tell.links];
}

static int place_of(const int *list, int count, int op)
{
	int i = 0;

	while (i < count && list[i] != op)
		i++;
	return i;
}

static void go_on(int op)
{
	int at = place_of(tell.chain, tell.links, op), waits;

	if (at < tell.links) {
		while (tell.links > at + 1)
			park_last();
		return;
	}
	waits = place_of(tell.parked, tell.parks, op);
	put(&(struct op){ .kind = kind_that(OP_RESUMES), .from = waits });
	tell.parks--;
	for (int i = waits; i < tell.parks; i++)
		tell.parked[i] = tell.parked[i + 1];
	tell.chain[tell.links++] = op;
}

static void tell_event(const struct event *event)
{
	if (event->kind == EVENT_RESUME) {
		go_on(event->op);
	} else {
		tell.item_of[event->op] = put(&tell.of->trace.op[event->op]);
		tell.asked[event->op] = 0;
		tell.chain[tell.links++] = event->op;
	}
	tell.asked[event->op] += event->passed;
	if (event->ended)
		tell.links--;
	else
		tell.asked[event->op]++;
}

static void emit(struct trace *trace, int inside, unsigned depth)
{
	for (int i = 0; i < tell.items; i++) {
		if (tell.item[i].inside != inside || trace->count == TRACE_OPS)
			continue;
		tell.item[i].op.depth = depth;
		trace->op[trace->count++] = tell.item[i].op;
		emit(trace, i, depth + 1);
	}
}

void tell_episode(const struct episode *of, struct trace *trace)
{
	tell.of = of;
	tell.items = tell.links = tell.parks = 0;
	for (unsigned i = 0; i < of->events; i++)
		tell_event(&of->event[i]);
	emit(trace, TOP, 0);
	trace_settle(trace);
}
