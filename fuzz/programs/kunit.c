// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each trace is an array of ops, and a row of one table behind all of them.  Pages are numbers only where the
 * board is not the plainest; then there is an array for them too.
 */
#include "kunit.h"

#include "judge.h"

#include "fuzz/trace/file.h"

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

static void begin(FILE *out)
{
	rows = 0;
	fprintf(out, "/* SPDX-License-Identifier: GPL-2.0-only */\n"
	             "/* Written by `trace kunit`; fuzz/boot/kunit/resvmap_kunit.c runs it. */\n"
	             "#include \"resvmap_kunit.h\"\n");
}

/* Why the trace can be no case, or NULL. */
static const char *why_not(const struct trace *trace)
{
	const struct op_info *info = trace->target->op;

	if (!(info[0].operands & OP_BOARD))
		return "it is no trace of a map";
	if (rows == MOST_TRACES)
		return "there are too many";
	for (size_t i = 0; i < trace->count; i++)
		if (info[trace->op[i].kind].operands & OP_ORDER)
			return "calls wait for each other in it, which one task cannot do";
	return NULL;
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

static bool write_trace(FILE *out, const struct trace *trace, const char *name)
{
	const char *reason = why_not(trace);

	if (reason) {
		fprintf(out, "\n/* No case: %s, for %s. */\n", name, reason);
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

static void end(FILE *out)
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

static struct trace read;
static unsigned written, unreadable;

static void write_kunit(const char *from, bool alone)
{
	const char *base = strrchr(from, '/');
	char name[128];

	(void)alone;
	if (!file_read_trace(from, judge_wanted, &read, NULL)) {
		unreadable++;
		return;
	}
	snprintf(name, sizeof(name), "%s", base ? base + 1 : from);
	if (strlen(name) > 6 && !strcmp(name + strlen(name) - 6, ".trace"))
		name[strlen(name) - 6] = '\0';
	written += write_trace(stdout, &read, name);
}

int kunit_write(int files, char **file)
{
	begin(stdout);
	for (int i = 0; i < files; i++)
		if (file_each(file[i], write_kunit) < 0)
			unreadable++;
	end(stdout);
	if (!written && !unreadable)
		fprintf(stderr, "none of these is a trace of a map that a kernel can run\n");
	return written && !unreadable ? EXIT_GOOD : EXIT_UNUSABLE;
}
