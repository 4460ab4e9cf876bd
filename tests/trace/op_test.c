// SPDX-License-Identifier: GPL-2.0-only
/*
 * One op of the region target and its record.  The bytes here are for good: corpora outlive code, so a golden test that
 * fails means that the format changed, not that the test is to be adapted.
 */
#include "tests/test.h"

#include "fuzz/map/ops.h"

enum { RANGE_END = OP_RANGE | OP_TO_END };

static const struct golden {
	struct op op;
	uint8_t bytes[OP_BYTES];
} golden[] = {
	{ { .kind = OP_chg, .from = 3, .to = 8, .slot = 2 }, { 'c', 3, 8, 'c' } },
	{ { .kind = OP_chg, .from = 64, .to = 64, .slot = 7, .refuse = 0x3f },
	  { 'c', 64, 64, 'h', 0xff } },
	{ { .kind = OP_chg, .from = 0, .to = 1, .refuse = 5, .depth = 1, .request = 3 },
	  { 'c', 0, 1, 'a', 0xc5, 0x83 } },
	{ { .kind = OP_add, .slot = 1, .cgroup = 3 }, { 'a', 0, 0, 'b', 0, 0, 3 } },
	{ { .kind = OP_add, .refuse = 1, .depth = 2, .request = 7 },
	  { 'a', 0, 0, 'a', 0xc1, 0xc7 } },
	{ { .kind = OP_abort, .slot = 3 }, { 'x', 0, 0, 'd' } },
	{ { .kind = OP_abort, .depth = 3 }, { 'x', 0, 0, 'a', 0, 0xe0 } },
	{ { .kind = OP_del, .from = 0, .to = CELL_END, .refuse = 0x20 }, { 'd', 0, 65, 0, 0xe0 } },
	{ { .kind = OP_del, .from = 1, .to = 64 }, { 'd', 1, 64 } },
	{ { .kind = OP_count, .from = 64, .to = CELL_END }, { 'n', 64, 65 } },
	{ { .kind = OP_count, .to = 2, .depth = 1 }, { 'n', 0, 2, 0, 0, 0x80 } },
	{ { .kind = OP_bad, .from = 2, .to = 64 }, { 'b', 2, 64 } },
	{ { .kind = OP_wait, .depth = 3, .request = 1 }, { 'w', 0, 0, 0, 0, 0xe1 } },
	{ { .kind = OP_resume, .from = 7 }, { 'g', 7 } },
};

static void test_golden_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(golden); i++) {
		uint8_t bytes[OP_BYTES];
		struct op op;

		op_encode(&golden[i].op, &region_target, bytes);
		assert_memory_equal(bytes, golden[i].bytes, OP_BYTES);
		op_decode(&op, &region_target, golden[i].bytes, MAX_DEPTH);
		assert_memory_equal(&op, &golden[i].op, sizeof(op));
	}
}

/* Bytes that no encoder writes mean something too, and always the same. */
static void test_other_bytes(void **state)
{
	static const struct {
		uint8_t bytes[OP_BYTES];
		struct op op;
	} other[] = {
		/* kinds: modulo 6, in the order of ops.def; for good, however many ops there are */
		{ { 0, 1, 2, 'a' }, { .kind = OP_chg, .from = 1, .to = 2 } },
		{ { 1, 9, 9, 'a', 0, 0, 1 }, { .kind = OP_add, .cgroup = 1 } },
		{ { 2, 9, 9, 'b' }, { .kind = OP_abort, .slot = 1 } },
		{ { 3, 9, 10, 'b' }, { .kind = OP_del, .from = 9, .to = 10 } },
		{ { 4, 9, 10, 'b' }, { .kind = OP_count, .from = 9, .to = 10 } },
		{ { 5, 9, 65, 'b', 0xff }, { .kind = OP_bad, .to = 9 } },
		{ { 255, 9, 10, 'a' }, { .kind = OP_del, .from = 9, .to = 10 } },
		/* so are the letters of the other target: 109, 102, 117, 107, 116, 112, 101, 114, 121 */
		{ { 'm', 9, 9, 'b' }, { .kind = OP_add, .slot = 1 } },
		{ { 'f', 1, 2, 'b' }, { .kind = OP_chg, .from = 1, .to = 2, .slot = 1 } },
		{ { 'u', 1, 2, 'b' }, { .kind = OP_del, .from = 1, .to = 2 } },
		{ { 'k', 1, 2, 'b' }, { .kind = OP_bad, .from = 1, .to = 2 } },
		{ { 't', 1, 2, 'b' }, { .kind = OP_abort, .slot = 1 } },
		{ { 'p', 1, 2, 'b' }, { .kind = OP_count, .from = 1, .to = 2 } },
		{ { 'e', 1, 2, 'b' }, { .kind = OP_bad, .from = 1, .to = 2 } },
		{ { 'r', 1, 2, 'b' }, { .kind = OP_chg, .from = 1, .to = 2, .slot = 1 } },
		{ { 'y', 1, 2, 'b' }, { .kind = OP_add, .slot = 1 } },
		/* ranges: modulo 65, or 66 where the end may be "end"; put in order */
		{ { 'c', 65, 65, 'a' }, { .kind = OP_chg } },
		{ { 'c', 8, 3, 'a' }, { .kind = OP_chg, .from = 3, .to = 8 } },
		{ { 'c', 255, 130, 'a' }, { .kind = OP_chg, .to = 60 } },
		{ { 'd', 65, 65 }, { .kind = OP_del, .to = CELL_END } },
		{ { 'd', 64, 66 }, { .kind = OP_del, .to = 64 } },
		{ { 'n', 7, 131 }, { .kind = OP_count, .from = 7, .to = CELL_END } },
		/* slots: modulo 8 from 'a' */
		{ { 'x', 0, 0, 'i' }, { .kind = OP_abort } },
		{ { 'x', 0, 0, 0 }, { .kind = OP_abort, .slot = 7 } },
		/* below 0xc0 nothing is refused, and 0xc0 refuses nothing */
		{ { 'd', 0, 1, 0, 0xbf }, { .kind = OP_del, .to = 1 } },
		{ { 'd', 0, 1, 0, 0xc0 }, { .kind = OP_del, .to = 1 } },
		{ { 'n', 0, 1, 0, 0xff }, { .kind = OP_count, .to = 1 } },
		/* places: leading ones, the last byte is ignored */
		{ { 'x', 0, 0, 'a', 0, 0x7f, 9, 9 }, { .kind = OP_abort } },
		{ { 'x', 0, 0, 'a', 0, 0xbf }, { .kind = OP_abort, .depth = 1, .request = 7 } },
		{ { 'x', 0, 0, 'a', 0, 0xd9 }, { .kind = OP_abort, .depth = 2, .request = 1 } },
		{ { 'x', 0, 0, 'a', 0, 0xff }, { .kind = OP_abort, .depth = 3, .request = 7 } },
		{ { 'a', 0, 0, 'a', 0, 0, 0xfe }, { .kind = OP_add, .cgroup = 2 } },
	};

	(void)state;
	for (size_t i = 0; i < LEN(other); i++) {
		struct op op;

		op_decode(&op, &region_target, other[i].bytes, MAX_DEPTH);
		assert_memory_equal(&op, &other[i].op, sizeof(op));
	}
}

static void assert_op_possible(const struct op *op, unsigned max_depth)
{
	unsigned takes;

	assert_in_range(op->kind, 1, MAP_OPS - 1);
	takes = region_target.op[op->kind].operands;
	assert_in_range(op->from, 0, takes & OP_RESUMES ? SLOTS - 1 : op->to);
	assert_in_range(op->from, 0, CELLS);
	assert_in_range(op->to, 0, takes & OP_TO_END ? CELL_END : CELLS);
	assert_true(takes & OP_RANGE || op->to == 0);
	assert_in_range(op->slot, 0, takes & OP_TICKET ? SLOTS - 1 : 0);
	assert_in_range(op->refuse, 0, takes & OP_ALLOCATES ? PLAN_MASK : 0);
	assert_in_range(op->cgroup, 0, takes & OP_CGROUP ? CGROUPS - 1 : 0);
	assert_in_range(op->depth, 0, max_depth);
	assert_in_range(op->request, 0, op->depth ? 7 : 0);
	assert_false(op->file || op->into || op->opts);
}

static void assert_canonical(const struct op *op, unsigned max_depth)
{
	uint8_t bytes[OP_BYTES], twice[OP_BYTES];
	struct op again;

	op_encode(op, &region_target, bytes);
	op_decode(&again, &region_target, bytes, max_depth);
	assert_memory_equal(&again, op, sizeof(again));
	op_encode(&again, &region_target, twice);
	assert_memory_equal(twice, bytes, OP_BYTES);
}

/* Every value of every byte, with the other bytes those of each golden record. */
static void test_decode_is_total(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(golden) * OP_BYTES * 256; i++) {
		const struct golden *base = &golden[i / 256 / OP_BYTES];
		uint8_t bytes[OP_BYTES];
		struct op op;

		memcpy(bytes, base->bytes, OP_BYTES);
		bytes[i / 256 % OP_BYTES] = i % 256;
		for (unsigned max_depth = 0; max_depth <= MAX_DEPTH; max_depth++) {
			op_decode(&op, &region_target, bytes, max_depth);
			assert_op_possible(&op, max_depth);
			assert_canonical(&op, max_depth);
		}
	}
}

static void test_depth_is_clamped(void **state)
{
	static const struct {
		uint8_t place, max_depth, depth, request;
	} clamp[] = {
		{ 0xe5, 3, 3, 5 }, { 0xe5, 2, 2, 5 }, { 0xe5, 1, 1, 5 }, { 0xe5, 0, 0, 0 },
		{ 0xc5, 3, 2, 5 }, { 0xc5, 1, 1, 5 }, { 0x85, 3, 1, 5 }, { 0x05, 3, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < LEN(clamp); i++) {
		uint8_t bytes[OP_BYTES] = { 'd', 0, 1, 0, 0, clamp[i].place };
		struct op op;

		op_decode(&op, &region_target, bytes, clamp[i].max_depth);
		assert_int_equal(op.depth, clamp[i].depth);
		assert_int_equal(op.request, clamp[i].request);
	}
}

static void test_plan(void **state)
{
	static const struct {
		uint8_t plan;
		const char *refuses; /* request by request */
	} plan[] = {
		{ 0x00, "00000000" }, { 0x01, "10000000" }, { 0x05, "10100000" },
		{ 0x10, "00001000" }, { 0x20, "00000111" }, { 0x3c, "00111111" },
		{ 0x21, "10000111" }, { 0x3f, "11111111" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(plan); i++)
		for (unsigned n = 0; n < 8; n++)
			assert_int_equal(plan_refuses(plan[i].plan, n), plan[i].refuses[n] - '0');
	assert_true(plan_refuses(0x20, 1000000));
	assert_false(plan_refuses(0x1f, 1000000));
	for (unsigned byte = 0; byte < 256; byte++) {
		uint8_t bytes[OP_BYTES] = { 'd', 0, 1, 0, byte }, again[OP_BYTES];
		struct op op;

		op_decode(&op, &region_target, bytes, 0);
		assert_int_equal(op.refuse, byte < 0xc0 ? 0 : byte - 0xc0);
		op_encode(&op, &region_target, again);
		assert_int_equal(again[4], byte <= 0xc0 ? 0 : byte);
	}
}

/* What ops.def says: a change here changes what old inputs mean. */
static void test_table(void **state)
{
	static const struct {
		char wire;
		const char *name;
		unsigned operands;
	} info[] = {
		{ 'u', "board", OP_BOARD | OP_ALLOCATES },
		{ 'c', "chg", OP_TICKET | OP_RANGE | OP_ALLOCATES },
		{ 'a', "add", OP_TICKET | OP_CGROUP | OP_ALLOCATES },
		{ 'x', "abort", OP_TICKET },
		{ 'd', "del", RANGE_END | OP_ALLOCATES },
		{ 'n', "count", RANGE_END },
		{ 'b', "bad", OP_RANGE },
		{ 'w', "wait", OP_PARKS },
		{ 'g', "resume", OP_RESUMES },
	};

	(void)state;
	assert_in_range(LEN(info), 1, region_target.ops);
	assert_int_equal(region_target.first_ops, 6);
	for (size_t kind = 0; kind < LEN(info); kind++) {
		assert_int_equal(region_target.op[kind].wire, info[kind].wire);
		assert_string_equal(region_target.op[kind].name, info[kind].name);
		assert_int_equal(region_target.op[kind].operands, info[kind].operands);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden_bytes),
		cmocka_unit_test(test_other_bytes),
		cmocka_unit_test(test_decode_is_total),
		cmocka_unit_test(test_depth_is_clamped),
		cmocka_unit_test(test_plan),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
