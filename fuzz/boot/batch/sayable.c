// SPDX-License-Identifier: GPL-2.0-only
/*
 * An op that cannot be said goes as a whole, with what runs inside it: an op without its refusal
 * would be another one, and what follows would be judged by that.
 */
#include "sayable.h"

#include <string.h>

static const struct {
	bool here, by_module;
} said[RESERVE_OPS] = {
#define SAID(name, when, module) [OP_##name] = { true, module },
#include "fuzz/boot/ops.def"
#undef SAID
};

/* The words that refuse are the last of the switches. */
#define FIRST_WORD __builtin_ctz(REFUSE_POOL)

/* Only the module can refuse so; nobody can say which nodes have a page. */
static const unsigned by_module = REFUSE_POOL | REFUSE_SUBPOOL | REFUSE_MEMCG | REFUSE_VMA |
                                  REFUSE_TABLE;
static const unsigned by_nobody = REFUSE_NODE;

bool sayable_kind(unsigned kind, bool module)
{
	return said[kind].here && (module || !said[kind].by_module);
}

/*
 * The count that the op belongs to, or NULL: it can be said.  @outer: what it is inside of, if that is said; @offline:
 * a cgroup has gone, whose tasks are in the root, and that has no limit.
 */
static unsigned *reason(const struct op *head, const struct op *op, const struct op *outer,
                        bool offline, bool module, struct unsaid *unsaid)
{
	bool may_nest = module && outer && (outer->kind == OP_map || outer->kind == OP_fault);
	unsigned nobody = by_nobody | (offline ? REFUSE_CGROUP : 0);
	unsigned words = op->opts & (nobody | (module ? 0 : by_module));

	if (!sayable_kind(op->kind, module))
		return &unsaid->op[op->kind];
	if (op->kind == OP_migrate && head->surplus)
		return &unsaid->surplus;
	if (op->depth && !may_nest)
		return &unsaid->window;
	if (words)
		return &unsaid->word[__builtin_ctz(words) - FIRST_WORD];
	if (op->refuse && !module)
		return &unsaid->memory;
	if (op->opts & OPT_LATEST || (op->opts & OPT_LATE && op->kind != OP_copy && !module))
		return &unsaid->late;
	return NULL;
}

unsigned sayable_reduce(struct trace *trace, bool module, struct unsaid *unsaid)
{
	const struct op *outer[MAX_DEPTH + 2] = { NULL }; /* by depth; one behind is none */
	unsigned kept = 0, lost;
	bool offline = false;

	for (size_t i = 0; i < trace->count; i++) {
		struct op op = trace->op[i];
		unsigned *why = reason(&trace->head, &op, op.depth ? outer[op.depth - 1] : NULL,
		                       offline, module, unsaid);

		outer[op.depth] = why ? NULL : &trace->op[kept];
		outer[op.depth + 1] = NULL;
		offline |= op.kind == OP_offline;
		if (why)
			++*why;
		else
			trace->op[kept++] = op;
	}
	unsaid->mount += !!trace->head.refuse;
	lost = trace->count - kept + !!trace->head.refuse;
	trace->head.refuse = 0;
	trace->count = kept;
	trace_settle(trace);
	return lost;
}

static void print_count(FILE *out, const char *prefix, const char *name, unsigned count)
{
	if (count)
		fprintf(out, ", %u %s%s left out", count, prefix, name);
}

void unsaid_print(FILE *out, const struct unsaid *unsaid)
{
	for (int i = 0; i < RESERVE_OPS; i++)
		print_count(out, "", reserve_op[i].name, unsaid->op[i]);
	print_count(out, "refuse-", "mount", unsaid->mount);
	for (int i = 0; i < REFUSALS; i++)
		print_count(out, "refuse-", opt_name[FIRST_WORD + i], unsaid->word[i]);
	print_count(out, "refuse-", "memory", unsaid->memory);
	print_count(out, "", "late", unsaid->late);
	print_count(out, "", "migrate-with-surplus", unsaid->surplus);
	print_count(out, "", "window", unsaid->window);
}
