// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each trace is an array of ops, and a row of one table behind all of them.  Pages are numbers only where the
 * board is not the plainest; then there is an array for them too.
 */
#include "kunit.h"

#include <limits.h>
#include <string.h>

enum { MOST_TRACES = 512, NAME = 64 };

static struct {
	char name[NAME];
	unsigned ops;
	uint8_t refuse;
	bool has_board;
} row[MOST_TRACES];

static unsigned rows;

void kunit_begin(FILE *out)
{
	rows = 0;
	fprintf(out, "/* SPDX-License-Identifier: GPL-2.0-only */\n"
	             "/* Written by `trace kunit`; fuzz/boot/kunit/resvmap_kunit.c runs it. */\n"
	             "#include \"resvmap_kunit.h\"\n");
}

static bool can_be_said(const struct trace *trace)
{
	const struct op_info *info = trace->target->op;

	if (!(info[0].operands & OP_BOARD) || rows == MOST_TRACES)
		return false;
	for (size_t i = 0; i < trace->count; i++)
		if (info[trace->op[i].kind].operands & (OP_PARKS | OP_RESUMES))
			return false;
	return true;
}

static bool is_plain(const struct trace *trace)
{
	for (long cell = 0; cell <= CELLS; cell++)
		if (trace->at[cell] != cell)
			return false;
	return true;
}

static void print_board(FILE *out, const struct trace *trace)
{
	fprintf(out, "\nstatic const long resvmap_at_%u[] = {", rows);
	for (unsigned cell = 0; cell <= CELLS; cell++)
		fprintf(out, "%s%ldL,", cell % 4 ? " " : "\n\t", trace->at[cell]);
	fprintf(out, "\n};\n");
}

static void print_op(FILE *out, const struct trace *trace, const struct op *op)
{
	fprintf(out, "\t{ \"%s\", %u, %u, %u, %u, %u, %u },\n", trace->target->op[op->kind].name,
	        op->from, op->to, op->slot, op->refuse, op->depth, op->request);
}

bool kunit_trace(FILE *out, const struct trace *trace, const char *name)
{
	if (!can_be_said(trace)) {
		fprintf(out, "\n/* %s: a kernel cannot run this one. */\n", name);
		return false;
	}
	snprintf(row[rows].name, NAME, "%s", name);
	row[rows].name[strcspn(row[rows].name, "\"\\\n")] = '\0';
	row[rows].ops = trace->count;
	row[rows].refuse = trace->head.refuse;
	row[rows].has_board = !is_plain(trace);
	if (row[rows].has_board)
		print_board(out, trace);
	fprintf(out, "\nstatic const struct resvmap_op resvmap_op_%u[] = {\n", rows);
	for (size_t i = 0; i < trace->count; i++)
		print_op(out, trace, &trace->op[i]);
	fprintf(out, "};\n");
	rows++;
	return true;
}

void kunit_end(FILE *out)
{
	fprintf(out, "\nstatic const struct resvmap_trace resvmap_traces[] = {\n");
	for (unsigned i = 0; i < rows; i++) {
		fprintf(out, "\t{ \"%s\", %u, ", row[i].name, row[i].refuse);
		if (row[i].has_board)
			fprintf(out, "resvmap_at_%u, ", i);
		else
			fprintf(out, "NULL, ");
		fprintf(out, "resvmap_op_%u, %u },\n", i, row[i].ops);
	}
	fprintf(out, "};\n");
}
