// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes to trace and back, boards and pools, and the shape of nesting.  The text form is in
 * trace_parse.c and trace_print.c.
 */
#include "trace.h"

#include <limits.h>
#include <string.h>

/* Byte 1 of the first record.  A later format announces itself there. */
enum { FORMAT = '1' };

static const char board_letter[BOARDS] = { 'u', 'w', 'h', 'r' };
const char *const board_name[BOARDS] = { "unit", "wide", "high", "raw" };
const char *const family_name[FAMILIES] = { "region", "reserve" };

/* Keep chosen ends ascending, with room for those behind them; the rest follow in steps of one. */
static void settle_raw(struct trace *trace)
{
	for (int i = 1; i <= CELLS; i++) {
		long least = trace->at[i - 1] + 1, most = LONG_MAX - (CELLS - i);

		if (i > trace->longs || trace->at[i] < least)
			trace->at[i] = least;
		if (trace->at[i] > most)
			trace->at[i] = most;
	}
}

/* Pages of a wide board's cell: 2^56, or what a shorter long can count. */
#define WIDE (1L << (sizeof(long) * 8 - 8))

void trace_set_board(struct trace *trace, enum board board)
{
	trace->board = board;
	trace->at[0] = board == BOARD_HIGH ? LONG_MAX - CELLS : 0;
	if (board == BOARD_RAW) {
		settle_raw(trace);
		return;
	}
	trace->longs = 0;
	for (int i = 1; i <= CELLS; i++)
		trace->at[i] = trace->at[i - 1] + (board == BOARD_WIDE ? WIDE : 1);
}

void trace_begin(struct trace *trace, enum family family)
{
	trace->family = family;
	trace->longs = 0;
	trace->open_refuse = 0;
	trace->pages = family == FAMILY_RESERVE ? POOL_PLAIN : 0;
	trace->surplus = 0;
	trace->max = 0;
	trace->min = 0;
	trace->count = 0;
	trace_set_board(trace, BOARD_UNIT);
}

/* How deep an op behind @op may run. */
static unsigned depth_behind(const struct op *op)
{
	return op_takes(op, OP_ALLOCATES) && op->depth < MAX_DEPTH ? op->depth + 1 : op->depth;
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
		max_depth = depth_behind(op);
	}
}

size_t trace_behind(const struct trace *trace, size_t i)
{
	size_t end = i + 1;

	while (end < trace->count && trace->op[end].depth > trace->op[i].depth)
		end++;
	return end;
}

static long long_decode(const uint8_t *in)
{
	unsigned long value = 0;

	for (int i = OP_BYTES; i-- > 0;)
		value = value << 8 | in[i];
	return (long)(value & LONG_MAX);
}

static enum board board_decode(uint8_t byte)
{
	for (int i = 0; i < BOARDS; i++)
		if (board_letter[i] == (char)byte)
			return i;
	return byte % BOARDS;
}

/* The board's record and those of its ends, @records at least 1; returns their number. */
static size_t board_records_decode(struct trace *trace, const uint8_t *data, size_t records)
{
	enum board board = board_decode(data[0]);
	uint8_t longs = 0;

	if (board == BOARD_RAW) {
		for (longs = data[2] % (CELLS + 1); longs > records - 1;)
			longs--;
		for (int i = 1; i <= longs; i++)
			trace->at[i] = long_decode(data + i * OP_BYTES);
		trace->longs = longs;
	}
	trace_set_board(trace, board);
	return 1 + longs;
}

static void pool_decode(struct trace *trace, const uint8_t *data)
{
	trace->pages = data[2] % (POOL_PAGES + 1);
	trace->surplus = data[4] % (POOL_SURPLUS + 1);
	trace->max = data[5] % (POOL_LIMIT + 2);
	trace->min = data[6] % (POOL_LIMIT + 2);
}

/* The records before the ops; returns their number, 0 for an input too short for any. */
static size_t head_decode(struct trace *trace, const uint8_t *data, size_t records)
{
	if (!records)
		return 0;
	trace->open_refuse = plan_decode(data[3]);
	if (trace->family == FAMILY_REGION)
		return board_records_decode(trace, data, records);
	pool_decode(trace, data);
	return 1;
}

void trace_decode_as(struct trace *trace, enum family family, const uint8_t *data, size_t size)
{
	size_t records = size / OP_BYTES, at;
	unsigned max_depth = 0;

	trace_begin(trace, family);
	for (at = head_decode(trace, data, records); at < records && trace->count < TRACE_OPS;
	     at++) {
		struct op *op = &trace->op[trace->count++];

		op_decode(op, family, data + at * OP_BYTES, max_depth);
		max_depth = depth_behind(op);
	}
}

void trace_decode(struct trace *trace, const uint8_t *data, size_t size)
{
	trace_decode_as(trace, program_family, data, size);
}

static void head_encode(const struct trace *trace, uint8_t out[OP_BYTES])
{
	bool is_pool = trace->family == FAMILY_RESERVE;

	out[0] = is_pool ? 'p' : board_letter[trace->board];
	out[1] = FORMAT;
	out[2] = is_pool ? trace->pages : trace->longs;
	out[3] = plan_encode(trace->open_refuse);
	out[4] = trace->surplus;
	out[5] = trace->max;
	out[6] = trace->min;
	out[7] = 0;
}

size_t trace_encode(const struct trace *trace, uint8_t out[TRACE_BYTES])
{
	uint8_t *at = out + OP_BYTES;

	head_encode(trace, out);
	for (int i = 1; i <= trace->longs; i++, at += OP_BYTES)
		for (int byte = 0; byte < OP_BYTES; byte++)
			at[byte] = (unsigned long)trace->at[i] >> 8 * byte;
	for (size_t i = 0; i < trace->count; i++, at += OP_BYTES)
		op_encode(&trace->op[i], at);
	return at - out;
}
