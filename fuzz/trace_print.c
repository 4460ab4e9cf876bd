// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trace to text, in the form that trace_parse.c describes and reads back; with results it is the
 * transcript of a run, and its results are expectations when it is read again.
 */
#include "trace.h"

#include <errno.h>

static void print_plan(FILE *out, uint8_t plan)
{
	const char *separator = " refuse ";
	int later = PLAN_BITS; /* the first bit of the run that reaches to the topmost */

	while (later && plan >> (later - 1) & 1)
		later--;
	for (int i = 0; i < later; i++) {
		if (plan >> i & 1) {
			fprintf(out, "%s%d", separator, i + 1);
			separator = ",";
		}
	}
	if (later < PLAN_BITS)
		fprintf(out, "%s%d-", separator, later + 1);
}

void trace_print_op(FILE *out, const struct op *op)
{
	if (op->depth)
		fprintf(out, "%*sin %d: ", 2 * op->depth, "", op->request + 1);
	fprintf(out, "%s", op_info[op->kind].name);
	if (op_takes(op, OP_RANGE) && op->to == CELL_END)
		fprintf(out, " [%d,end)", op->from);
	else if (op_takes(op, OP_RANGE))
		fprintf(out, " [%d,%d)", op->from, op->to);
	if (op_takes(op, OP_SLOT))
		fprintf(out, " %c", 'a' + op->slot);
	if (op->owner)
		fprintf(out, " owner %d", op->owner);
	print_plan(out, op->refuse);
}

static void print_result(FILE *out, const struct result *result)
{
	if (result->kind == RESULT_SKIPPED)
		fprintf(out, " -> skipped");
	else if (result->kind == RESULT_VALUE && result->value == -ENOMEM)
		fprintf(out, " -> ENOMEM");
	else if (result->kind == RESULT_VALUE && result->value == -EINVAL)
		fprintf(out, " -> EINVAL");
	else if (result->kind == RESULT_VALUE && result->value < 0)
		fprintf(out, "  # returned %ld", result->value);
	else if (result->kind == RESULT_VALUE)
		fprintf(out, " -> %ld", result->value);
	if (result->has_needs && result->value >= 0)
		fprintf(out, " needs %ld", result->needs);
}

static void print_board(FILE *out, const struct trace *trace)
{
	fprintf(out, "board %s", board_name[trace->board]);
	for (int i = 1; i <= trace->longs; i++)
		fprintf(out, " %ld", trace->at[i]);
	print_plan(out, trace->open_refuse);
	fputc('\n', out);
}

void trace_print(FILE *out, const struct trace *trace, const struct result *result, size_t marked)
{
	const char *margin = marked < SIZE_MAX ? "  " : "";

	fputs(margin, out);
	print_board(out, trace);
	for (size_t i = 0; i < trace->count; i++) {
		fputs(i == marked ? "> " : margin, out);
		trace_print_op(out, &trace->op[i]);
		if (result)
			print_result(out, &result[i]);
		fputc('\n', out);
	}
}
