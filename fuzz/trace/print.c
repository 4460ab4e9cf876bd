// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trace to text, in the form that parse.c describes and reads back; with results it is the
 * transcript of a run, and its results are expectations when it is read again.
 */
#include "trace.h"

#include <errno.h>

const struct errno_name errno_name[ERRNO_NAMES] = {
	{ "ENOMEM", ENOMEM }, { "EINVAL", EINVAL }, { "ENOSPC", ENOSPC },
	{ "EAGAIN", EAGAIN }, { "EFAULT", EFAULT }, { "EEXIST", EEXIST },
	{ "EBUSY", EBUSY },   { "EIO", EIO },       { "EACCES", EACCES },
};

/* Requests for memory first, then what else is refused, by its words. */
static void print_refusals(FILE *out, uint8_t plan, uint16_t opts)
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
	if (op->to == CELL_END)
		fprintf(out, " [%d,end)", op->from);
	else
		fprintf(out, " [%d,%d)", op->from, op->to);
}

static void print_words(FILE *out, uint16_t opts)
{
	for (int i = 0; i < OPTS; i++)
		if (opts & ~REFUSE_WORDS & 1 << i)
			fprintf(out, " %s", opt_name[i]);
}

/* @trace: whose head it is, for the ends of its board; an op has none. */
static void print_field(FILE *out, const struct op *op, const struct field *field,
                        const struct trace *trace)
{
	uint8_t value = op_value(op, field);

	switch (field->form) {
	case FORM_LETTER:
		fprintf(out, " %c", 'a' + value);
		break;
	case FORM_OPTION:
		if (!value)
			break;
		/* fall through */
	case FORM_NUMBER:
		fprintf(out, " %s%s%d", field->key ? field->key : "", field->key ? " " : "",
		        value - field->less);
		break;
	case FORM_RANGE:
		print_range(out, op);
		break;
	case FORM_BOARD:
		fprintf(out, " %s", board_name[value]);
		for (int i = 1; i <= op->ends; i++)
			fprintf(out, " %ld", trace->at[i]);
		break;
	case FORM_WORDS:
		print_words(out, op->opts);
		break;
	case FORM_REFUSALS:
		print_refusals(out, value, op->opts);
		break;
	}
}

static void print_fields(FILE *out, const struct target *target, const struct op *op,
                         const struct trace *trace)
{
	const struct op_info *info = &target->op[op->kind];

	fprintf(out, "%s", info->name);
	for (int i = 0; i < OP_FIELDS; i++)
		if (info->operands & op_field[i].operand)
			print_field(out, op, &op_field[i], trace);
}

void trace_print_op(FILE *out, const struct target *target, const struct op *op)
{
	if (op->depth)
		fprintf(out, "%*sin %d: ", 2 * op->depth, "", op->request + 1);
	print_fields(out, target, op, NULL);
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

void trace_print_result(FILE *out, const struct result *result)
{
	if (result->kind == RESULT_SKIPPED)
		fprintf(out, " -> skipped");
	else if (result->kind == RESULT_VALUE)
		print_value(out, result->value);
	if (result->has_needs && result->value >= 0)
		fprintf(out, " needs %ld", result->needs);
}

void trace_print_head(FILE *out, const struct trace *trace)
{
	print_fields(out, trace->target, &trace->head, trace);
}

void trace_print(FILE *out, const struct trace *trace, const struct result *result, size_t marked)
{
	const char *margin = marked < SIZE_MAX ? "  " : "";

	fputs(margin, out);
	trace_print_head(out, trace);
	fputc('\n', out);
	for (size_t i = 0; i < trace->count; i++) {
		fputs(i == marked ? "> " : margin, out);
		trace_print_op(out, trace->target, &trace->op[i]);
		if (result)
			trace_print_result(out, &result[i]);
		fputc('\n', out);
	}
}
