// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes to trace and back, boards, and the shape of nesting.  The text form is in parse.c and
 * print.c.
 */
#include "trace.h"

#include <limits.h>
#include <string.h>

const char *const board_name[BOARDS] = { "unit", "wide", "high", "raw" };

/* Keep chosen ends ascending, with room for those behind them; the rest follow in steps of one. */
static void settle_raw(struct trace *trace)
{
	for (int i = 1; i <= CELLS; i++) {
		long least = trace->at[i - 1] + 1, most = LONG_MAX - (CELLS - i);

		if (i > trace->head.ends || trace->at[i] < least)
			trace->at[i] = least;
		if (trace->at[i] > most)
			trace->at[i] = most;
	}
}

/* Pages of a wide board's cell: 2^56, or what a shorter long can count. */
#define WIDE (1L << (sizeof(long) * 8 - 8))

void trace_set_board(struct trace *trace, enum board board)
{
	trace->head.board = board;
	trace->at[0] = board == BOARD_HIGH ? LONG_MAX - CELLS : 0;
	if (board == BOARD_RAW) {
		settle_raw(trace);
		return;
	}
	trace->head.ends = 0;
	for (int i = 1; i <= CELLS; i++)
		trace->at[i] = trace->at[i - 1] + (board == BOARD_WIDE ? WIDE : 1);
}

void trace_begin(struct trace *trace, const struct target *target)
{
	trace->target = target;
	trace->head = (struct op){ 0 };
	if (target->op[0].operands & OP_POOL)
		trace->head.pages = POOL_PLAIN;
	trace->count = 0;
	trace_set_board(trace, BOARD_UNIT);
}

void trace_settle(struct trace *trace)
{
	unsigned max_depth = 0;

	for (size_t i = 0; i < trace->count; i++) {
		struct op *op = &trace->op[i];

		if (op->depth > max_depth)
			op->depth = max_depth;
		if (!op->depth)
			op->request = 0;
		max_depth = op_depth_behind(op, trace->target->op[op->kind].operands);
	}
}

static long long_decode(const uint8_t *in)
{
	unsigned long value = 0;

	for (int i = OP_BYTES; i-- > 0;)
		value = value << 8 | in[i];
	return (long)(value & LONG_MAX);
}

/* The head's record and those of a raw board's ends; returns their number, 0 for too short an input. */
static size_t head_decode(struct trace *trace, const uint8_t *data, size_t records)
{
	if (!records)
		return 0;
	op_decode_head(&trace->head, trace->target, data);
	while (trace->head.ends > records - 1)
		trace->head.ends--;
	for (int i = 1; i <= trace->head.ends; i++)
		trace->at[i] = long_decode(data + i * OP_BYTES);
	if (trace->head.board != BOARD_UNIT)
		trace_set_board(trace, trace->head.board);
	return 1 + trace->head.ends;
}

void trace_decode(struct trace *trace, const struct target *target, const uint8_t *data,
                  size_t size)
{
	size_t records = size / OP_BYTES, heads;

	trace_begin(trace, target);
	heads = head_decode(trace, data, records);
	trace->count = records - heads < TRACE_OPS ? records - heads : TRACE_OPS;
	if (trace->count)
		op_decode_row(trace->op, target, data + heads * OP_BYTES, trace->count);
}

size_t trace_encode(const struct trace *trace, uint8_t out[TRACE_BYTES])
{
	uint8_t *at = out + OP_BYTES;

	op_encode(&trace->head, trace->target, out);
	for (int i = 1; i <= trace->head.ends; i++, at += OP_BYTES)
		for (int byte = 0; byte < OP_BYTES; byte++)
			at[byte] = (unsigned long)trace->at[i] >> 8 * byte;
	for (size_t i = 0; i < trace->count; i++, at += OP_BYTES)
		op_encode(&trace->op[i], trace->target, at);
	return at - out;
}

bool target_is_first(int i)
{
	for (int before = 0; before < i; before++)
		if (targets[before]->op == targets[i]->op)
			return false;
	return true;
}

const struct target *target_find(const char *name)
{
	for (int i = 0; targets[i]; i++)
		if (!strcmp(targets[i]->name, name))
			return targets[i];
	return NULL;
}
