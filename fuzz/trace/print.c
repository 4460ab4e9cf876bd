// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trace to text, in the form that trace_parse.c describes and reads back; with results it is the
 * transcript of a run, and its results are expectations when it is read again.
 */
#include "trace.h"

#include <errno.h>

const struct errno_name errno_name[ERRNO_NAMES] = {
	{ "ENOMEM", ENOMEM }, { "EINVAL", EINVAL }, { "ENOSPC", ENOSPC },
	{ "EAGAIN", EAGAIN }, { "EFAULT", EFAULT },
};

/* Requests for memory first, then what else is refused, by its words. */
static void print_refusals(FILE *out, uint8_t plan, uint8_t opts)
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
	if (later < PLAN_BITS) {
		fprintf(out, "%s%d-", separator, later + 1);
		separator = ",";
	}
	for (int i = 0; i < OPTS; i++) {
		if (opts & REFUSE_WORDS & 1 << i) {
			fprintf(out, "%s%s", separator, opt_name[i]);
			separator = ",";
		}
	}
}

static void print_range(FILE *out, const struct op *op)
{
	if (op_takes(op, OP_RANGE) && op->to == CELL_END)
		fprintf(out, " [%d,end)", op->from);
	else if (op_takes(op, OP_RANGE))
		fprintf(out, " [%d,%d)", op->from, op->to);
}

static void print_slot(FILE *out, const struct op *op)
{
	if (op_takes(op, OP_SLOT))
		fprintf(out, " %c", 'a' + op->slot);
}

/* Who the op is about, then what of it. */
static void print_reserve_operands(FILE *out, const struct op *op)
{
	print_slot(out, op);
	if (op_takes(op, OP_INTO))
		fprintf(out, " %c", 'a' + op->into);
	if (op_takes(op, OP_PAGE))
		fprintf(out, " page %d", op->from);
	if (op_takes(op, OP_FILE))
		fprintf(out, " file %d", op->file);
	print_range(out, op);
	if (op_takes(op, OP_SIZE))
		fprintf(out, " to %d", op->from);
	for (int i = 0; i < OPTS; i++)
		if (op->opts & ~REFUSE_WORDS & 1 << i)
			fprintf(out, " %s", opt_name[i]);
}

void trace_print_op(FILE *out, const struct op *op)
{
	if (op->depth)
		fprintf(out, "%*sin %d: ", 2 * op->depth, "", op->request + 1);
	fprintf(out, "%s", op_info[op->kind].name);
	if (op_info[op->kind].family == FAMILY_RESERVE) {
		print_reserve_operands(out, op);
	} else {
		print_range(out, op);
		print_slot(out, op);
	}
	if (op->owner)
		fprintf(out, " owner %d", op->owner);
	print_refusals(out, op->refuse, op->opts);
}

static void print_value(FILE *out, long value)
{
	for (int i = 0; i < ERRNO_NAMES; i++) {
		if (value == -errno_name[i].number) {
			fprintf(out, " -> %s", errno_name[i].name);
			return;
		}
	}
	fprintf(out, value < 0 ? "  # returned %ld" : " -> %ld", value);
}

static void print_result(FILE *out, const struct result *result)
{
	if (result->kind == RESULT_SKIPPED)
		fprintf(out, " -> skipped");
	else if (result->kind == RESULT_VALUE)
		print_value(out, result->value);
	if (result->has_needs && result->value >= 0)
		fprintf(out, " needs %ld", result->needs);
}

static void print_board(FILE *out, const struct trace *trace)
{
	fprintf(out, "board %s", board_name[trace->board]);
	for (int i = 1; i <= trace->longs; i++)
		fprintf(out, " %ld", trace->at[i]);
	print_refusals(out, trace->open_refuse, 0);
	fputc('\n', out);
}

static void print_pool(FILE *out, const struct trace *trace)
{
	fprintf(out, "pool %d", trace->pages);
	if (trace->surplus)
		fprintf(out, " surplus %d", trace->surplus);
	if (trace->max)
		fprintf(out, " max %d", trace->max - 1);
	if (trace->min)
		fprintf(out, " min %d", trace->min - 1);
	print_refusals(out, trace->open_refuse, 0);
	fputc('\n', out);
}

void trace_print(FILE *out, const struct trace *trace, const struct result *result, size_t marked)
{
	const char *margin = marked < SIZE_MAX ? "  " : "";

	fputs(margin, out);
	if (trace->family == FAMILY_RESERVE)
		print_pool(out, trace);
	else
		print_board(out, trace);
	for (size_t i = 0; i < trace->count; i++) {
		fputs(i == marked ? "> " : margin, out);
		trace_print_op(out, &trace->op[i]);
		if (result)
			print_result(out, &result[i]);
		fputc('\n', out);
	}
}
