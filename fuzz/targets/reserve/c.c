// SPDX-License-Identifier: GPL-2.0-only
/*
 * A run on files and mappings as a C program of system calls, for a real machine: one file, no dependency,
 * a line of TAP for each step.  Ops mean there what they mean to the executor of a booted kernel
 * (fuzz/boot/guest/ops.c): a mapping that fork makes is a process of its own.
 *
 * What each step should come to, and what the books should say behind it, is what they did in this run.
 * So the run has to be one in which every rule held: that of the port.  Where kernels may rightly differ,
 * that is where an owner's private page goes and its reservation may come back (since 6.9), a number has
 * an upper end too.
 */
#include "c.h"

#include <string.h>

struct reserve_c reserve_c;

/* --- can it be said? */

static const char *unsayable(const struct op *op)
{
	if (op->kind == OP_backwards || op->kind == OP_copy || op->kind == OP_recopy ||
	    op->kind == OP_continue || op->kind == OP_watch || op->kind == OP_guard ||
	    op->kind == OP_ruin)
		return reserve_op[op->kind].name;
	if (op->depth)
		return "a call inside another";
	if (op->refuse || op->opts & REFUSE_WORDS)
		return "refuse";
	if (op->opts & OPT_LATE)
		return "late";
	return op->cgroup > 1 ? "owner" : NULL;
}

bool reserve_c_is_run(size_t at)
{
	return reserve_c.result[at].kind == RESULT_VALUE;
}

static bool can_be_said(const struct failing *failing)
{
	const char *why = reserve_c.trace->head.refuse ? "a mount that is refused memory" : NULL;
	unsigned forked = SLOTS;

	if (failing->verdict->failed) {
		fprintf(stderr,
		        "%s fails in this run, and the program needs the numbers of one in which "
		        "every "
		        "rule holds: build the trace tool without KERNEL=\n",
		        rule_name[failing->verdict->rule]);
		return false;
	}
	if (reserve_c.trace->head.max && reserve_c.trace->head.min > reserve_c.trace->head.max)
		why = "a mount whose minimum is above its maximum";
	for (size_t i = 0; i < reserve_c.trace->count && !why; i++) {
		if (reserve_c_is_run(i))
			why = unsayable(&reserve_c.trace->op[i]);
		if (reserve_c_is_run(i) && reserve_c.trace->op[i].kind == OP_fork &&
		    reserve_c.in_child[reserve_c.trace->op[i].slot])
			why = "a fork of what fork has made";
		/* What was kept from one child cannot be given to another: newer kernels refuse MADV_DOFORK here. */
		if (reserve_c_is_run(i) && reserve_c.trace->op[i].kind == OP_fork) {
			if (forked < SLOTS && forked != reserve_c.trace->op[i].slot)
				why = "forks of two mappings";
			forked = reserve_c.trace->op[i].slot;
		}
		if (reserve_c_is_run(i) && reserve_c.trace->op[i].kind == OP_fork)
			reserve_c.in_child[reserve_c.trace->op[i].into] = true;
		if (reserve_c_is_run(i) && reserve_c.trace->op[i].kind == OP_map)
			reserve_c.in_child[reserve_c.trace->op[i].slot] = false;
	}
	memset(reserve_c.in_child, 0, sizeof(reserve_c.in_child));
	if (why)
		fprintf(stderr, "%s cannot be said as system calls\n", why);
	return !why;
}

/* --- numbers of the run */

static const struct moment_shown *moment_of(size_t at)
{
	for (size_t i = 0; i < moments.count; i++)
		if (moments.moment[i].op == at && moments.moment[i].what == MOMENT_RUNS)
			return &moments.moment[i];
	return &moments.moment[0];
}

static long number_of(const struct moment_shown *moment, const char *name)
{
	for (unsigned i = 0; i < moment->numbers; i++)
		if (!strcmp(moments.number_name[i], name))
			return moment->number[i];
	return 0;
}

static unsigned pages_there(const struct moment_shown *moment, unsigned file)
{
	unsigned pages = 0;
	char name[16];

	snprintf(name, sizeof(name), "file %u", file);
	for (size_t i = 0; i < moment->lanes; i++) {
		const struct lane *lane = &moments.lane[moment->first_lane + i];

		for (size_t b = 0; !strcmp(lane->name, name) && b < lane->bars; b++)
			pages += moments.bar[lane->first_bar + b].look == LOOK_PAGE;
	}
	return pages;
}

/* --- what may have come back */

static void lose(unsigned slot, uint64_t set)
{
	if (!reserve_c.owns[slot])
		return;
	reserve_c.lost[slot] |= reserve_c.own[slot] & set;
	reserve_c.own[slot] &= ~set;
}

static void lose_of_file(unsigned file, uint64_t set)
{
	for (unsigned slot = 0; slot < SLOTS; slot++)
		if (reserve_c.mapped[slot] && reserve_c.file[slot] == file)
			lose(slot, set);
}

static void follow_map(const struct op *op)
{
	reserve_c.mapped[op->slot] = reserve_c.exists[op->file] = true;
	reserve_c.file[op->slot] = op->file;
	reserve_c.first[op->slot] = op->from;
	reserve_c.behind[op->slot] = op->to;
	reserve_c.owns[op->slot] = op->opts & OPT_PRIVATE && !(op->opts & OPT_NORESERVE);
	reserve_c.in_child[op->slot] = false;
	reserve_c.own[op->slot] = reserve_c.lost[op->slot] = 0;
}

static void follow_fork(const struct op *op)
{
	reserve_c.mapped[op->into] = reserve_c.in_child[op->into] = true;
	reserve_c.file[op->into] = reserve_c.file[op->slot];
	reserve_c.first[op->into] = reserve_c.first[op->slot];
	reserve_c.behind[op->into] = reserve_c.behind[op->slot];
	reserve_c.owns[op->into] = false;
	reserve_c.own[op->into] = reserve_c.lost[op->into] = 0;
}

static void follow(size_t at)
{
	const struct op *op = &reserve_c.trace->op[at];

	if (op->kind == OP_map)
		reserve_c.exists[op->file] = true;
	if (reserve_c.result[at].value)
		return;
	switch (op->kind) {
	case OP_map:
		follow_map(op);
		break;
	case OP_fork:
		follow_fork(op);
		break;
	case OP_fault:
		reserve_c.own[op->slot] |= cell_set(op->from, op->from + 1u);
		break;
	case OP_unmap:
		reserve_c.mapped[op->slot] = false;
		reserve_c.own[op->slot] = reserve_c.lost[op->slot] = 0;
		break;
	case OP_zap:
		lose(op->slot, cell_set(op->from, op->from + 1u));
		break;
	case OP_truncate:
		lose_of_file(op->file, cell_set(op->from, CELLS));
		break;
	case OP_punch:
		lose_of_file(op->file, cell_set(op->from, op->to));
		break;
	case OP_evict:
		reserve_c.exists[op->file] = false;
		break;
	}
}

static unsigned may_be_back(void)
{
	unsigned pages = 0;

	for (unsigned slot = 0; slot < SLOTS; slot++)
		pages += __builtin_popcountll(reserve_c.lost[slot]);
	return pages;
}

/* --- the steps */

static const char *flags_of(const struct op *op)
{
	static char flags[48];

	snprintf(flags, sizeof(flags), "MAP_%s%s", op->opts & OPT_PRIVATE ? "PRIVATE" : "SHARED",
	         op->opts & OPT_NORESERVE ? " | MAP_NORESERVE" : "");
	return flags;
}

static void print_call(const struct op *op)
{
	char slot = 'A' + op->slot;
	const char *who = reserve_c.in_child[op->slot] ? "child_" : "";

	switch (op->kind) {
	case OP_map:
		fprintf(reserve_c.out, "map(%c, %u, %u, %u, %s)", slot, op->file, op->from, op->to,
		        flags_of(op));
		break;
	case OP_fault:
		fprintf(reserve_c.out, "%stouch(%c, %u, %s)", who, slot, op->from,
		        op->opts & OPT_WRITE ? "WRITE" : "READ");
		break;
	case OP_zap:
		fprintf(reserve_c.out, "%szap(%c, %u)", who, slot, op->from);
		break;
	case OP_unmap:
		fprintf(reserve_c.out, "%sunmap(%c)", who, slot);
		break;
	case OP_fork:
		fprintf(reserve_c.out, "copy(%c, %c)", slot, 'A' + op->into);
		break;
	case OP_truncate:
		fprintf(reserve_c.out, "cut(%u, %u)", op->file, op->from);
		break;
	case OP_punch:
		fprintf(reserve_c.out, "punch(%u, %u, %u)", op->file, op->from, op->to);
		break;
	case OP_evict:
		fprintf(reserve_c.out, "take_away(%u)", op->file);
		break;
	case OP_resize:
		fprintf(reserve_c.out, "set(\"nr_hugepages\", %u)", op->from);
		break;
	}
}

static void print_books(long promised, long used, const struct moment_shown *moment)
{
	unsigned back = may_be_back();

	fprintf(reserve_c.out, "(struct books){ .rsvd = { %ld, %ld }", promised, promised + back);
	if (reserve_c.trace->head.max)
		fprintf(reserve_c.out, ", .used = { %ld, %ld }", used, used + back);
	for (unsigned file = 0; moment && file < FILES; file++)
		if (pages_there(moment, file))
			fprintf(reserve_c.out, ", .there[%u] = %u", file,
			        pages_there(moment, file));
	fprintf(reserve_c.out, " });\n");
}

static void print_step(size_t at)
{
	const struct moment_shown *moment = moment_of(at);

	fprintf(reserve_c.out, "\tstep(\"");
	trace_print_op(reserve_c.out, reserve_c.trace->target, &reserve_c.trace->op[at]);
	fprintf(reserve_c.out, "\", ");
	print_call(&reserve_c.trace->op[at]);
	fprintf(reserve_c.out, ", %s,\n\t     ", reserve_c.result[at].value ? "FAILS" : "WORKS");
	follow(at);
	print_books(number_of(moment, "rsvd"), number_of(moment, "mount used"), moment);
	reserve_c.steps++;
}

static long minimum(void)
{
	return reserve_c.trace->head.min ? reserve_c.trace->head.min - 1L : 0;
}

/* What is left goes, and nothing but the mount's minimum may be promised then, at last not even that. */
static void print_end(void)
{
	fprintf(reserve_c.out, "\n\t/* Everything goes: mappings, files, the mounts. */\n");
	for (unsigned slot = 0; slot < SLOTS; slot++)
		if (reserve_c.mapped[slot])
			fprintf(reserve_c.out, "\t%sunmap(%c);\n",
			        reserve_c.in_child[slot] ? "child_" : "", 'A' + slot);
	for (unsigned file = 0; file < FILES; file++)
		if (reserve_c.exists[file])
			fprintf(reserve_c.out, "\ttake_away(%u);\n", file);
	memset(reserve_c.lost, 0, sizeof(reserve_c.lost));
	fprintf(reserve_c.out, "\tstep(\"no mapping and no file is left\", 0, WORKS,\n\t     ");
	print_books(minimum(), 0, NULL);
	fprintf(reserve_c.out, "\tstep(\"the mounts are gone\", unmount(), WORKS, ");
	fprintf(reserve_c.out, "(struct books){ .gone = true });\n");
	reserve_c.steps += 2;
}

static void print_main(void)
{
	const struct op *head = &reserve_c.trace->head;

	fprintf(reserve_c.out, "int main(void)\n{\n"
	                       "\tlong pages = get(\"nr_hugepages\"), more = "
	                       "get(\"nr_overcommit_hugepages\");\n\n");
	if (reserve_c_has(OP_fault))
		fprintf(reserve_c.out, "\tsignal(SIGBUS, on_sigbus);\n");
	fprintf(reserve_c.out,
	        "\tprintf(\"TAP version 13\\n\");\n\tprint_books(\"before\");\n"
	        "\tbegin(%u, %u);\n"
	        "\tstep(\"a pool of %u pages, and the mounts\", 0, WORKS,\n\t     ",
	        head->pages, head->surplus, head->pages);
	print_books(minimum(), 0, NULL);
	reserve_c.steps++;
	for (size_t i = 0; i < reserve_c.trace->count; i++)
		if (reserve_c_is_run(i))
			print_step(i);
	print_end();
	fprintf(reserve_c.out,
	        "\tset(\"nr_hugepages\", pages);\n\tset(\"nr_overcommit_hugepages\", more);\n"
	        "\tprint_books(\"after\");\n\tprintf(\"1..%%d\\n\", steps);\n\treturn wrong != "
	        "0;\n}\n");
}

bool reserve_write_c(FILE *out, const struct failing *failing)
{
	memset(&reserve_c, 0, sizeof(reserve_c));
	reserve_c.out = out;
	reserve_c.trace = report_story.trace;
	reserve_c.result = report_story.result;
	if (!can_be_said(failing))
		return false;
	for (size_t i = 0; i < reserve_c.trace->count; i++)
		if (reserve_c_is_run(i))
			reserve_c.kinds |= 1u << reserve_c.trace->op[i].kind;
	if (!reserve_c.kinds) {
		fprintf(stderr, "no op of it was run, so there is nothing to say\n");
		return false;
	}
	reserve_c_print_around(failing);
	print_main();
	return true;
}
