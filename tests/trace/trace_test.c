// SPDX-License-Identifier: GPL-2.0-only
/*
 * Traces as bytes, and the way of any bytes through all three forms.  Golden bytes and golden text
 * stand side by side and are for good.
 */
#include "tests/test.h"

static const struct golden {
	const char *text;
	size_t records;
	uint8_t bytes[8][OP_BYTES];
} golden[] = {
	{ "board unit\n", 1, { { 'u', '1' } } },
	{ "board unit refuse 2\n"
	  "chg [3,8) c\n"
	  "  in 1: chg [20,21) d refuse 1,3\n"
	  "    in 8: del [5,end) refuse 2-\n"
	  "      in 2: count [0,64)\n"
	  "abort d\n"
	  "add c owner 1\n",
	  7,
	  {
		  { 'u', '1', 0, 0xc2 },
		  { 'c', 3, 8, 'c' },
		  { 'c', 20, 21, 'd', 0xc5, 0x80 },
		  { 'd', 5, 65, 0, 0xfe, 0xc7 },
		  { 'n', 0, 64, 0, 0, 0xe1 },
		  { 'x', 0, 0, 'd' },
		  { 'a', 0, 0, 'c', 0, 0, 1 },
	  } },
	{ "board wide\ndel [64,64)\nbad [1,5)\n",
	  3,
	  { { 'w', '1' }, { 'd', 64, 64 }, { 'b', 1, 5 } } },
	{ "board high refuse 1-\nchg [0,64) h refuse 6-\n",
	  2,
	  { { 'h', '1', 0, 0xff }, { 'c', 0, 64, 'h', 0xe0 } } },
	{ "board raw\n", 1, { { 'r', '1' } } },
	{ "board raw 1 258 9223372036854775746\ncount [0,3)\n",
	  5,
	  {
		  { 'r', '1', 3 },
		  { 1, 0, 0, 0, 0, 0, 0, 0 },
		  { 2, 1, 0, 0, 0, 0, 0, 0 },
		  { 0xc2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
		  { 'n', 0, 3 },
	  } },
};

static struct trace trace, again;
static uint8_t bytes[TRACE_BYTES], twice[TRACE_BYTES];

static void assert_same_trace(const struct trace *is, const struct trace *was)
{
	assert_int_equal(is->head.board, was->head.board);
	assert_int_equal(is->head.ends, was->head.ends);
	assert_int_equal(is->head.refuse, was->head.refuse);
	assert_memory_equal(is->at, was->at, sizeof(is->at));
	assert_int_equal(is->count, was->count);
	assert_memory_equal(is->op, was->op, is->count * sizeof(is->op[0]));
}

static void test_golden(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(golden); i++) {
		size_t size = golden[i].records * OP_BYTES;
		struct printed printed;

		parse_text(&trace, NULL, golden[i].text);
		assert_int_equal(trace_encode(&trace, bytes), size);
		assert_memory_equal(bytes, golden[i].bytes, size);
		trace_decode(&again, &region_target, golden[i].bytes[0], size);
		assert_same_trace(&again, &trace);
		print_begin(&printed);
		trace_print(printed.out, &again, NULL, SIZE_MAX);
		assert_printed(&printed, golden[i].text);
	}
}

/* Boards: where the first cells begin, and where the last one ends. */
static void test_boards(void **state)
{
	static const struct {
		const char *text;
		long at[3], end;
	} board[] = {
		{ "board unit", { 0, 1, 2 }, 64 },
		{ "board wide", { 0, 1L << 56, 2L << 56 }, 1L << 62 },
		{ "board high", { LONG_MAX - 64, LONG_MAX - 63, LONG_MAX - 62 }, LONG_MAX },
		{ "board raw", { 0, 1, 2 }, 64 },
		{ "board raw 7", { 0, 7, 8 }, 70 },
		{ "board raw 7 100", { 0, 7, 100 }, 162 },
		{ "board raw 9223372036854775744", { 0, LONG_MAX - 63, LONG_MAX - 62 }, LONG_MAX },
	};

	(void)state;
	for (size_t i = 0; i < LEN(board); i++) {
		parse_text(&trace, NULL, board[i].text);
		assert_memory_equal(trace.at, board[i].at, sizeof(board[i].at));
		assert_true(trace.at[CELLS] == board[i].end);
	}
}

/* Raw ends out of bytes: signs dropped, put in order, room left; fewer records, fewer ends. */
static void test_raw_out_of_bytes(void **state)
{
	static const struct {
		uint8_t longs, records;
		long end[3];
		uint8_t used;
		long at[4];
	} raw[] = {
		{ 3, 3, { 5, 9, 12 }, 3, { 0, 5, 9, 12 } },
		{ 3, 3, { 5, 4, 4 }, 3, { 0, 5, 6, 7 } },
		{ 3, 3, { 0, 0, 100 }, 3, { 0, 1, 2, 100 } },
		{ 3, 2, { 5, 9, 12 }, 2, { 0, 5, 9, 10 } },
		{ 3, 0, { 0 }, 0, { 0, 1, 2, 3 } },
		{ 65, 3, { 5, 9, 12 }, 0, { 0, 1, 2, 3 } },
		{ 68, 3, { 5, 9, 12 }, 3, { 0, 5, 9, 12 } },
		{ 1, 1, { LONG_MIN + 8 }, 1, { 0, 8, 9, 10 } },
		{ 2, 2, { LONG_MAX, -1 }, 2, { 0, LONG_MAX - 63, LONG_MAX - 62, LONG_MAX - 61 } },
	};

	(void)state;
	for (size_t i = 0; i < LEN(raw); i++) {
		uint8_t in[4 * OP_BYTES] = { 'r', '1', raw[i].longs };

		for (size_t byte = 0; byte < 3 * OP_BYTES; byte++)
			in[OP_BYTES + byte] = (unsigned long)raw[i].end[byte / 8] >> 8 * (byte % 8);
		trace_decode(&trace, &region_target, in, (1 + raw[i].records) * OP_BYTES);
		assert_int_equal(trace.head.ends, raw[i].used);
		assert_memory_equal(trace.at, raw[i].at, sizeof(raw[i].at));
	}
}

static void assert_possible(const struct trace *any)
{
	assert_in_range(any->at[0], 0, LONG_MAX - CELLS);
	for (int i = 1; i <= CELLS; i++)
		assert_true(any->at[i] > any->at[i - 1]);
	assert_in_range(any->count, 0, TRACE_OPS);
	for (size_t i = 0; i < any->count; i++) {
		const struct op *op = &any->op[i];

		assert_true(op->depth <= (i ? op[-1].depth : 0) ||
		            (op->depth == op[-1].depth + 1 &&
		             op_takes(any->target, op - 1, OP_ALLOCATES)));
	}
}

static void through_bytes(void)
{
	size_t size = trace_encode(&trace, bytes);

	trace_decode(&again, &region_target, bytes, size);
	assert_same_trace(&again, &trace);
	assert_int_equal(trace_encode(&again, twice), size);
	assert_memory_equal(twice, bytes, size);
}

/* With @marked below SIZE_MAX: as a report prints it. */
static void through_text(const struct result *result, size_t marked)
{
	static struct result expect[TRACE_OPS];
	struct trace_error error;
	struct printed printed;

	print_begin(&printed);
	trace_print(printed.out, &trace, result, marked);
	fclose(printed.out);
	if (!trace_parse(&again, expect, &region_target, printed.text, printed.size, &error))
		fail_msg("%u:%u: %s\n%s", error.line, error.column, error.what, printed.text);
	free(printed.text);
	assert_same_trace(&again, &trace);
	for (size_t i = 0; result && i < trace.count; i++) {
		assert_int_equal(expect[i].kind, result[i].kind);
		assert_true(expect[i].value == result[i].value);
		assert_int_equal(expect[i].has_needs, result[i].has_needs);
		assert_true(expect[i].needs == result[i].needs);
	}
}

/* One of each that print knows. */
static void random_results(struct result *result, uint64_t *seed)
{
	static const struct result some[] = {
		{ .kind = RESULT_NONE },
		{ .kind = RESULT_SKIPPED },
		{ .kind = RESULT_VALUE, .value = 0 },
		{ .kind = RESULT_VALUE, .value = LONG_MAX },
		{ .kind = RESULT_VALUE, .value = -ENOMEM },
		{ .kind = RESULT_VALUE, .value = -EINVAL },
		{ .kind = RESULT_VALUE, .value = 5, .has_needs = true, .needs = LONG_MAX },
	};

	for (size_t i = 0; i < TRACE_OPS; i++)
		result[i] = some[next_random(seed) % LEN(some)];
}

static void test_random_bytes(void **state)
{
	static uint8_t in[TRACE_BYTES + 3 * OP_BYTES];
	static struct result result[TRACE_OPS];
	uint64_t seed = 20200211;

	(void)state;
	for (int round = 0; round < 300; round++) {
		size_t size = round < 10 ? sizeof(in) - round : next_random(&seed) % 400;

		for (size_t i = 0; i < size; i++)
			in[i] = next_random(&seed) >> 32;
		if (round % 4)
			in[0] = "uwhr"[round / 4 % 4];
		trace_decode(&trace, &region_target, in, size);
		assert_possible(&trace);
		random_results(result, &seed);
		through_bytes();
		through_text(NULL, SIZE_MAX);
		through_text(result, next_random(&seed) % (trace.count + 1));
	}
}

/* Any ops taken out, then settled: still a trace that its forms can hold. */
static void test_settle(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (int round = 0; round < 300; round++) {
		size_t kept = 0;

		for (size_t i = 0; i < 64 * OP_BYTES; i++)
			bytes[i] = next_random(&seed) >> 32;
		bytes[0] = 'u';
		trace_decode(&trace, &region_target, bytes, 64 * OP_BYTES);
		for (size_t i = 0; i < trace.count; i++)
			if (next_random(&seed) % 3)
				trace.op[kept++] = trace.op[i];
		trace.count = kept;
		trace_settle(&trace);
		assert_possible(&trace);
		through_bytes();
		through_text(NULL, SIZE_MAX);
	}
}

/* A short tail and all beyond 512 ops is ignored; nothing at all is an empty unit board. */
static void test_limits(void **state)
{
	static uint8_t in[TRACE_BYTES + OP_BYTES];

	(void)state;
	for (size_t size = 0; size < 4 * OP_BYTES; size++) {
		trace_decode(&trace, &region_target, in, size);
		assert_int_equal(trace.head.board, BOARD_UNIT);
		assert_int_equal(trace.count, size < OP_BYTES ? 0 : size / OP_BYTES - 1);
	}
	in[0] = 'r';
	in[2] = CELLS;
	trace_decode(&trace, &region_target, in, sizeof(in));
	assert_int_equal(trace.count, TRACE_OPS);
	assert_int_equal(trace_encode(&trace, bytes), TRACE_BYTES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),           cmocka_unit_test(test_boards),
		cmocka_unit_test(test_raw_out_of_bytes), cmocka_unit_test(test_random_bytes),
		cmocka_unit_test(test_settle),           cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
