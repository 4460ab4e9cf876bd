// SPDX-License-Identifier: GPL-2.0-only
/*
 * Traces of the reserve target as bytes and as text, side by side and for good, as in trace_test.c.
 */
#include "tests/test.h"

static const struct golden {
	const char *text;
	size_t records;
	uint8_t bytes[10][OP_BYTES];
} golden[] = {
	{ "pool 8\n", 1, { { 'p', '1', 8 } } },
	{ "pool 0\n", 1, { { 'p', '1' } } },
	{ "pool 64 surplus 16 max 64 min 0 refuse 1-\nevict file 0\n",
	  2,
	  { { 'p', '1', 64, 0xff, 16, 65, 1 }, { 'e' } } },
	{ "pool 8 surplus 2 max 6 min 2 refuse 1\n"
	  "map a file 0 [0,4) private noreserve owner 1 refuse 1,3-,pool,subpool,cgroup\n"
	  "  in 2: fault b page 3 write late refuse 6-\n"
	  "    in 8: unmap c refuse 2\n"
	  "fork a b\n"
	  "truncate file 1 to 3\n"
	  "  in 1: resize to 12\n"
	  "punch file 3 [2,5) refuse 1,2\n"
	  "evict file 2\n"
	  "backwards h file 0 [3,9) private owner 2 refuse subpool\n",
	  10,
	  {
		  { 'p', '1', 8, 0xc1, 2, 7, 3 },
		  { 'm', 0, 4, 'a', 0xfd, 0, 1, 0xf3 },
		  { 'f', 3, 0, 'b', 0xe0, 0x81, 0, 0x8c },
		  { 'u', 0, 0, 'c', 0xc2, 0xc7 },
		  { 'k', 0, 'b', 'a' },
		  { 't', 3, 0, 0, 0, 0, 4 },
		  { 'r', 12, 0, 0, 0, 0x80 },
		  { 'p', 2, 5, 0, 0xc3, 0, 12 },
		  { 'e', 0, 0, 0, 0, 0, 8 },
		  { 'y', 3, 9, 'h', 0, 0, 2, 0xa1 },
	  } },
};

static struct trace trace, again;
static uint8_t bytes[TRACE_BYTES], twice[TRACE_BYTES];

static void assert_same_trace(const struct trace *is, const struct trace *was)
{
	assert_ptr_equal(is->target, &reserve_target);
	assert_ptr_equal(was->target, &reserve_target);
	assert_int_equal(is->head.pages, was->head.pages);
	assert_int_equal(is->head.surplus, was->head.surplus);
	assert_int_equal(is->head.max, was->head.max);
	assert_int_equal(is->head.min, was->head.min);
	assert_int_equal(is->head.refuse, was->head.refuse);
	assert_int_equal(is->head.board, BOARD_UNIT);
	assert_int_equal(is->head.ends, 0);
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
		trace_decode(&again, &reserve_target, golden[i].bytes[0], size);
		assert_same_trace(&again, &trace);
		print_begin(&printed);
		trace_print(printed.out, &again, NULL, SIZE_MAX);
		assert_printed(&printed, golden[i].text);
	}
}

/* Numbers of the pool that no encoder writes; the first byte is for people. */
static void test_other_pools(void **state)
{
	static const struct {
		uint8_t bytes[OP_BYTES];
		const char *text;
	} pool[] = {
		{ { 'u', '1', 8 }, "pool 8\n" },
		{ { 0, 0, 65, 0xbf, 17, 66, 66, 9 }, "pool 0\n" },
		{ { 'r', '1', 3, 0xc0, 18, 67, 68 }, "pool 3 surplus 1 max 0 min 1\n" },
		{ { 255, 255, 255, 255, 255, 255, 255, 255 }, "pool 60 max 56 min 56 refuse 1-\n" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(pool); i++) {
		struct printed printed;

		trace_decode(&trace, &reserve_target, pool[i].bytes, OP_BYTES);
		print_begin(&printed);
		trace_print(printed.out, &trace, NULL, SIZE_MAX);
		assert_printed(&printed, pool[i].text);
	}
}

/* A short tail and all beyond 512 ops is ignored; nothing at all is a plain pool. */
static void test_limits(void **state)
{
	static uint8_t in[TRACE_BYTES + OP_BYTES];

	(void)state;
	for (size_t size = 0; size < 4 * OP_BYTES; size++) {
		trace_decode(&trace, &reserve_target, in, size);
		assert_int_equal(trace.head.pages, size < OP_BYTES ? POOL_PLAIN : 0);
		assert_int_equal(trace.count, size < OP_BYTES ? 0 : size / OP_BYTES - 1);
	}
	trace_decode(&trace, &reserve_target, in, sizeof(in));
	assert_int_equal(trace.count, TRACE_OPS);
	assert_int_equal(trace_encode(&trace, bytes), (1 + TRACE_OPS) * OP_BYTES);
}

/* What was in a trace before leaves nothing in it, whichever targets both are of. */
static void test_nothing_is_left(void **state)
{
	static const char region[] = "board raw 5 9 4096 refuse 2\nchg [0,1) a\n";

	(void)state;
	parse_text(&trace, NULL, region);
	trace_decode(&trace, &reserve_target, NULL, 0);
	trace_begin(&again, &reserve_target);
	assert_same_trace(&trace, &again);
	parse_text(&trace, NULL, golden[3].text);
	trace_decode(&trace, &region_target, NULL, 0);
	assert_int_equal(trace.head.pages | trace.head.surplus | trace.head.max | trace.head.min,
	                 0);
	assert_int_equal(trace.head.refuse, 0);
}

/* Bytes are whose they are said to be. */
static void test_bytes_of_a_target(void **state)
{
	(void)state;
	trace_decode(&trace, &region_target, golden[1].bytes[0], OP_BYTES);
	assert_ptr_equal(trace.target, &region_target);
	assert_int_equal(trace.head.pages, 0);
}

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
	assert_int_equal(error.line, 1);
	free(printed.text);
	assert_same_trace(&again, &trace);
	for (size_t i = 0; result && i < trace.count; i++) {
		assert_int_equal(expect[i].kind, result[i].kind);
		assert_true(expect[i].value == result[i].value);
	}
}

static void random_results(struct result *result, uint64_t *seed)
{
	static const struct result some[] = {
		{ .kind = RESULT_NONE },
		{ .kind = RESULT_SKIPPED },
		{ .kind = RESULT_VALUE, .value = 0 },
		{ .kind = RESULT_VALUE, .value = 3 },
		{ .kind = RESULT_VALUE, .value = -ENOMEM },
		{ .kind = RESULT_VALUE, .value = -EINVAL },
		{ .kind = RESULT_VALUE, .value = -ENOSPC },
		{ .kind = RESULT_VALUE, .value = -EAGAIN },
		{ .kind = RESULT_VALUE, .value = -EFAULT },
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
		trace_decode(&trace, &reserve_target, in, size);
		size = trace_encode(&trace, bytes);
		trace_decode(&again, &reserve_target, bytes, size);
		assert_same_trace(&again, &trace);
		assert_int_equal(trace_encode(&again, twice), size);
		assert_memory_equal(twice, bytes, size);
		random_results(result, &seed);
		through_text(NULL, SIZE_MAX);
		through_text(result, next_random(&seed) % (trace.count + 1));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_other_pools),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_nothing_is_left),
		cmocka_unit_test(test_bytes_of_a_target),
		cmocka_unit_test(test_random_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
