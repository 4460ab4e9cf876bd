// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every pass proposes candidates that are simpler in one respect; what still fails replaces the
 * trace.  The passes go round until none of them gets anywhere.  Those that leave ops out are here,
 * the others in fields.c.
 */
#include "passes.h"

#include <string.h>

enum { MEMO = 1 << 16 };

static struct {
	bool (*still_fails)(const struct trace *candidate);
	void (*progress)(const struct trace *smaller);
	unsigned tried;
	uint64_t memo[MEMO]; /* hashes of candidates that did not fail; 0 is free */
} min;

struct trace *minimize_best;

static uint64_t hash_of(const struct trace *trace)
{
	static uint8_t bytes[TRACE_BYTES];
	size_t size = trace_encode(trace, bytes);
	uint64_t hash = 0xcbf29ce484222325;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3;
	return hash | 1;
}

bool minimize_try(struct trace *candidate)
{
	uint64_t hash, *seen;

	trace_settle(candidate);
	hash = hash_of(candidate);
	seen = &min.memo[hash >> 48];
	if (hash == hash_of(minimize_best) || *seen == hash)
		return false;
	min.tried++;
	if (!min.still_fails(candidate)) {
		*seen = hash;
		return false;
	}
	*minimize_best = *candidate;
	if (min.progress)
		min.progress(candidate);
	return true;
}

static void cut(struct trace *trace, size_t at, size_t count)
{
	memmove(trace->op + at, trace->op + at + count,
	        (trace->count - at - count) * sizeof(trace->op[0]));
	trace->count -= count;
}

static bool drop_ops(void)
{
	static struct trace t;
	bool better = false;

	for (size_t chunk = minimize_best->count; chunk; chunk /= 2) {
		for (size_t at = minimize_best->count; at-- > 0;) {
			if (at + chunk > minimize_best->count)
				continue;
			t = *minimize_best;
			cut(&t, at, chunk);
			better |= minimize_try(&t);
		}
	}
	return better;
}

/* A pool that an op makes as large as this is so from the start. */
static bool drop_sizes(void)
{
	static struct trace t;
	bool better = false;

	for (size_t at = minimize_best->count; at-- > 0;) {
		const struct op *op = &minimize_best->op[at];

		if (!op_takes(minimize_best->target, op, OP_SIZE) ||
		    op_takes(minimize_best->target, op, OP_FILE))
			continue;
		t = *minimize_best;
		t.head.pages = op->from;
		cut(&t, at, 1);
		better |= minimize_try(&t);
	}
	return better;
}

/* Move what is nested in op @at out by one level; with @self also the op itself. */
static void raise(struct trace *trace, size_t at, bool self)
{
	size_t end = trace_behind(trace, at);

	for (size_t i = at + !self; i < end; i++) {
		trace->op[i].request = trace->op[at].request;
		if (trace->op[i].depth)
			trace->op[i].depth--;
	}
}

/* Leave an op out and keep what is nested in it; close a window. */
static bool drop_nesting(void)
{
	static struct trace t;
	bool better = false;

	for (size_t at = 0; at < minimize_best->count; at++) {
		t = *minimize_best;
		raise(&t, at, false);
		cut(&t, at, 1);
		if (minimize_try(&t)) {
			better = true;
			continue;
		}
		if (!minimize_best->op[at].depth)
			continue;
		t = *minimize_best;
		raise(&t, at, true);
		better |= minimize_try(&t);
	}
	return better;
}

unsigned minimize(struct trace *trace, bool (*still_fails)(const struct trace *candidate),
                  void (*progress)(const struct trace *smaller))
{
	bool better;

	memset(&min, 0, sizeof(min));
	minimize_best = trace;
	min.still_fails = still_fails;
	min.progress = progress;
	do {
		better = drop_ops();
		better |= drop_nesting();
		better |= drop_sizes();
		better |= plainer_fields();
	} while (better);
	return min.tried;
}
