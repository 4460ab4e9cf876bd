// SPDX-License-Identifier: GPL-2.0-only
/*
 * An op that cannot be said goes as a whole, with what runs inside it: an op without its refusal
 * would be another one, and what follows would be judged by that.
 */
#include "sayable.h"

#include "fuzz/targets/reserve/ops.h"

#include <string.h>

const char *const unsaid_name[UNSAID] = {
	"op", "refuse-mount", "refuse-memory", "late", "refuse-pages", "window",
};

static const bool said[RESERVE_OPS] = {
#define SAID(name) [OP_##name] = true,
#include "guest_ops.def"
#undef SAID
};

/* Why @op cannot be said, or UNSAID. */
static enum unsaid reason(const struct op *op)
{
	if (!said[op->kind])
		return UNSAID_OP;
	if (op->depth)
		return UNSAID_WINDOW;
	if (op->refuse)
		return UNSAID_MEMORY;
	if (op->opts & OPT_LATE)
		return UNSAID_LATE;
	return op->opts & (REFUSE_POOL | REFUSE_SUBPOOL) ? UNSAID_PAGES : UNSAID;
}

unsigned sayable_reduce(struct trace *trace, unsigned unsaid[UNSAID])
{
	unsigned kept = 0, lost;

	for (size_t i = 0; i < trace->count; i++) {
		enum unsaid why = reason(&trace->op[i]);

		if (why == UNSAID)
			trace->op[kept++] = trace->op[i];
		else
			unsaid[why]++;
	}
	unsaid[UNSAID_MOUNT] += !!trace->head.refuse;
	lost = trace->count - kept + !!trace->head.refuse;
	trace->head.refuse = 0;
	trace->count = kept;
	trace_settle(trace);
	return lost;
}
