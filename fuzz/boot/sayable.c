// SPDX-License-Identifier: GPL-2.0-only
/*
 * An op that cannot be said goes as a whole, with what runs inside it: an op without its refusal
 * would be another one, and what follows would be judged by that.
 */
#include "sayable.h"

#include "fuzz/targets/reserve/ops.h"

#include <string.h>

const char *const unsaid_name[UNSAID] = {
	"op", "refuse-mount", "other-refusal", "refuse-memory", "late", "refuse-subpool", "window",
};

static const bool said[RESERVE_OPS] = {
#define SAID(name) [OP_##name] = true,
#include "guest_ops.def"
#undef SAID
};

/* Why @op cannot be said, or UNSAID.  @outer: the op that it is inside of, if that is said. */
static enum unsaid reason(const struct op *op, const struct op *outer, bool module)
{
	bool may_nest = module && outer && (outer->kind == OP_map || outer->kind == OP_fault);

	if (!said[op->kind])
		return UNSAID_OP;
	if (op->depth && !may_nest)
		return UNSAID_WINDOW;
	if (op->opts & (REFUSE_POOL | REFUSE_LATER))
		return UNSAID_OTHER;
	if (module)
		return UNSAID;
	if (op->refuse)
		return UNSAID_MEMORY;
	if (op->opts & OPT_LATE && op->kind != OP_copy)
		return UNSAID_LATE;
	return op->opts & REFUSE_SUBPOOL ? UNSAID_SUBPOOL : UNSAID;
}

unsigned sayable_reduce(struct trace *trace, bool module, unsigned unsaid[UNSAID])
{
	const struct op *outer[MAX_DEPTH + 2] = { NULL }; /* by depth; one behind is none */
	unsigned kept = 0, lost;

	for (size_t i = 0; i < trace->count; i++) {
		struct op op = trace->op[i];
		enum unsaid why = reason(&op, op.depth ? outer[op.depth - 1] : NULL, module);

		outer[op.depth] = why == UNSAID ? &trace->op[kept] : NULL;
		outer[op.depth + 1] = NULL;
		if (why == UNSAID)
			trace->op[kept++] = op;
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
