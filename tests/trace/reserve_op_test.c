// SPDX-License-Identifier: GPL-2.0-only
/*
 * One op of the reserve target and its record, for good as those in op_test.c are.
 */
#include "tests/test.h"

#include "fuzz/targets/reserve/ops.h"

static const struct golden {
	struct op op;
	uint8_t bytes[OP_BYTES];
} golden[] = {
	{ { .kind = OP_map, .from = 3, .to = 8, .slot = 2 }, { 'm', 3, 8, 'c' } },
	{ { .kind = OP_map,
	    .to = 64,
	    .slot = 7,
	    .refuse = 0x3f,
	    .cgroup = 3,
	    .file = 2,
	    .opts = OPT_PRIVATE | OPT_NORESERVE },
	  { 'm', 0, 64, 'h', 0xff, 0, 11, 0x03 } },
	{ { .kind = OP_map, .to = 1, .opts = REFUSE_POOL | REFUSE_SUBPOOL | REFUSE_CGROUP },
	  { 'm', 0, 1, 'a', 0, 0, 0, 0xf0 } },
	{ { .kind = OP_fault, .from = 63, .slot = 1, .opts = OPT_WRITE },
	  { 'f', 63, 0, 'b', 0, 0, 0, 0x04 } },
	{ { .kind = OP_fault, .from = 5, .refuse = 5, .depth = 1, .request = 3, .opts = OPT_LATE },
	  { 'f', 5, 0, 'a', 0xc5, 0x83, 0, 0x88 } },
	{ { .kind = OP_unmap, .slot = 3, .refuse = 0x20 }, { 'u', 0, 0, 'd', 0xe0 } },
	{ { .kind = OP_fork, .slot = 1, .into = 6 }, { 'k', 0, 'g', 'b' } },
	{ { .kind = OP_fork, .depth = 3, .request = 7 }, { 'k', 0, 'a', 'a', 0, 0xe7 } },
	{ { .kind = OP_truncate, .from = 64, .file = 3 }, { 't', 64, 0, 0, 0, 0, 12 } },
	{ { .kind = OP_truncate, .refuse = 1 }, { 't', 0, 0, 0, 0xc1 } },
	{ { .kind = OP_punch, .from = 2, .to = 5, .file = 1 }, { 'p', 2, 5, 0, 0, 0, 4 } },
	{ { .kind = OP_evict, .file = 2, .depth = 2 }, { 'e', 0, 0, 0, 0, 0xc0, 8 } },
	{ { .kind = OP_resize, .from = 12 }, { 'r', 12 } },
	{ { .kind = OP_backwards,
	    .from = 3,
	    .to = 9,
	    .cgroup = 1,
	    .file = 1,
	    .opts = OPT_PRIVATE | REFUSE_CGROUP },
	  { 'y', 3, 9, 'a', 0, 0, 5, 0xc1 } },
	{ { .kind = OP_fault, .slot = 1, .opts = REFUSE_MEMCG | REFUSE_NODE | REFUSE_TABLE },
	  { 'f', 0, 0, 'b', 0, 0, 0xb0, 0x80 } },
	{ { .kind = OP_map, .to = 1, .cgroup = 2, .file = 3, .opts = OPT_PRIVATE | REFUSE_VMA },
	  { 'm', 0, 1, 'a', 0, 0, 0x4e, 0x81 } },
	{ { .kind = OP_split, .from = 3, .slot = 1, .into = 2 }, { 's', 3, 'c', 'b' } },
	{ { .kind = OP_pin, .from = 3, .slot = 1 }, { 'i', 3, 0, 'b' } },
	{ { .kind = OP_unpin, .slot = 1 }, { 'j', 0, 0, 'b' } },
	{ { .kind = OP_unmount }, { 'w' } },
	{ { .kind = OP_mremap, .slot = 1, .opts = REFUSE_TABLE },
	  { 'v', 0, 0, 'b', 0, 0, 0x80, 0x80 } },
	{ { .kind = OP_protect, .from = 3, .slot = 1 }, { 'q', 3, 0, 'b' } },
	{ { .kind = OP_allocate, .from = 3, .to = 5, .file = 1 }, { 'A', 3, 5, 0, 0, 0, 4 } },
	{ { .kind = OP_offline, .cgroup = 2 }, { 'O', 0, 0, 0, 0, 0, 2 } },
	{ { .kind = OP_move, .slot = 1, .cgroup = 3 }, { 'g', 0, 0, 'b', 0, 0, 3 } },
	{ { .kind = OP_dissolve }, { 'D' } },
	{ { .kind = OP_migrate, .from = 3, .slot = 1 }, { 'M', 3, 0, 'b' } },
	{ { .kind = OP_poison, .from = 3, .slot = 1 }, { 'h', 3, 0, 'b' } },
	{ { .kind = OP_memfd, .from = 3, .file = 1 }, { 'l', 3, 0, 0, 0, 0, 4 } },
	{ { .kind = OP_recopy, .from = 3, .slot = 1 }, { 'C', 3, 0, 'b' } },
	{ { .kind = OP_continue, .from = 3, .slot = 1 }, { 'N', 3, 0, 'b' } },
	{ { .kind = OP_watch, .slot = 1 }, { 'W', 0, 0, 'b' } },
	{ { .kind = OP_guard, .from = 3, .slot = 1 }, { 'G', 3, 0, 'b' } },
	{ { .kind = OP_ruin, .from = 3, .slot = 1 }, { 'R', 3, 0, 'b' } },
};

static void test_golden_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(golden); i++) {
		uint8_t bytes[OP_BYTES];
		struct op op;

		op_encode(&golden[i].op, &reserve_target, bytes);
		assert_memory_equal(bytes, golden[i].bytes, OP_BYTES);
		op_decode(&op, &reserve_target, golden[i].bytes, MAX_DEPTH);
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
		/* kinds: modulo 9, in the order of ops.def; for good, however many ops there are */
		{ { 0, 1, 2, 'a' }, { .kind = OP_map, .from = 1, .to = 2 } },
		{ { 1, 9, 9, 'b' }, { .kind = OP_fault, .from = 9, .slot = 1 } },
		{ { 2, 9, 9, 'b' }, { .kind = OP_unmap, .slot = 1 } },
		{ { 3, 9, 'c', 'b' }, { .kind = OP_fork, .slot = 1, .into = 2 } },
		{ { 4, 9, 9, 'b' }, { .kind = OP_truncate, .from = 9 } },
		{ { 5, 9, 10, 'b' }, { .kind = OP_punch, .from = 9, .to = 10 } },
		{ { 6, 9, 9, 'b' }, { .kind = OP_evict } },
		{ { 7, 9, 9, 'b' }, { .kind = OP_resize, .from = 9 } },
		{ { 8, 9, 10, 'b' }, { .kind = OP_backwards, .from = 9, .to = 10, .slot = 1 } },
		{ { 255, 9, 9, 'b' }, { .kind = OP_fork, .slot = 1 } },
		/* so are the letters of the other target: 99, 97, 120, 100, 110, 98 */
		{ { 'c', 0, 1, 'a' }, { .kind = OP_map, .to = 1 } },
		{ { 'a', 0, 1, 'a' }, { .kind = OP_resize } },
		{ { 'x', 0, 'b', 'a' }, { .kind = OP_fork, .into = 1 } },
		{ { 'd', 3, 1, 'a' }, { .kind = OP_fault, .from = 3 } },
		{ { 'n', 3, 1, 'a' }, { .kind = OP_unmap } },
		{ { 'b', 3, 1, 'a' }, { .kind = OP_backwards, .from = 1, .to = 3 } },
		/* ranges: modulo 65, put in order; pages modulo 64, sizes 65, slots 8 from 'a' */
		{ { 'm', 8, 3, 'a' }, { .kind = OP_map, .from = 3, .to = 8 } },
		{ { 'm', 65, 66, 'i' }, { .kind = OP_map, .to = 1 } },
		{ { 'f', 64, 0, 'a' }, { .kind = OP_fault } },
		{ { 'f', 255, 9, 'a' }, { .kind = OP_fault, .from = 63 } },
		{ { 't', 65, 9 }, { .kind = OP_truncate } },
		{ { 'r', 130, 9 }, { .kind = OP_resize } },
		{ { 'k', 9, 'i', 0 }, { .kind = OP_fork, .slot = 7 } },
		{ { 'k', 9, 0, 'a' }, { .kind = OP_fork, .into = 7 } },
		/* owner and file: modulo 16; what the kind does not take is dropped */
		{ { 'm', 0, 1, 'a', 0, 0, 0xfe },
		  { .kind = OP_map, .to = 1, .cgroup = 2, .file = 3 } },
		{ { 'p', 0, 1, 'a', 0, 0, 0xff }, { .kind = OP_punch, .to = 1, .file = 3 } },
		{ { 'f', 0, 1, 'a', 0, 0, 0xff }, { .kind = OP_fault } },
		/* bits 3 to 6 of the switches count only with bit 7 */
		{ { 'f', 0, 0, 'a', 0, 0, 0, 0x7f }, { .kind = OP_fault, .opts = OPT_WRITE } },
		{ { 'f', 0, 0, 'a', 0, 0, 0, 0xff },
		  { .kind = OP_fault, .opts = OPT_WRITE | OPT_LATE | REFUSE_FIRST } },
		/* and so do those in the upper half of byte 6; what the kind does not take is dropped */
		{ { 'f', 0, 0, 'a', 0, 0, 0xf0, 0x7f }, { .kind = OP_fault, .opts = OPT_WRITE } },
		{ { 'f', 0, 0, 'a', 0, 0, 0xf0, 0x80 },
		  { .kind = OP_fault, .opts = REFUSE_MEMCG | REFUSE_NODE | REFUSE_TABLE } },
		{ { 'k', 0, 'a', 'a', 0xff, 0, 0xf3, 0xff },
		  { .kind = OP_fork, .opts = REFUSE_LATER | OPT_LATE } },
		{ { 'f', 0, 0, 'a', 0, 0, 0, 0x84 }, { .kind = OP_fault, .opts = OPT_WRITE } },
		{ { 'm', 0, 1, 'a', 0, 0, 0, 0x8f },
		  { .kind = OP_map, .to = 1, .opts = OPT_PRIVATE | OPT_NORESERVE } },
		{ { 'y', 0, 1, 'a', 0, 0, 0, 0x07 },
		  { .kind = OP_backwards, .to = 1, .opts = OPT_PRIVATE } },
		{ { 'u', 0, 0, 'a', 0, 0, 0, 0xff }, { .kind = OP_unmap } },
		/* so does the lowest bit of what is never private, and only if the kind takes latest */
		{ { 'C', 0, 0, 'a', 0, 0, 0, 0x07 }, { .kind = OP_recopy } },
		{ { 'C', 0, 0, 'a', 0, 0, 0, 0x86 }, { .kind = OP_recopy } },
		{ { 'C', 0, 0, 'a', 0, 0, 0, 0x81 }, { .kind = OP_recopy, .opts = OPT_LATEST } },
		{ { 'o', 0, 0, 'a', 0, 0, 0, 0x81 }, { .kind = OP_copy, .opts = OPT_LATEST } },
		{ { 'f', 0, 0, 'a', 0, 0, 0, 0x81 }, { .kind = OP_fault } },
		{ { 'y', 0, 1, 'a', 0, 0, 0, 0x81 },
		  { .kind = OP_backwards, .to = 1, .opts = OPT_PRIVATE } },
		/* a fork and a resize wait for nothing, so nothing is refused; but a child's copy may fail */
		{ { 'k', 0, 'a', 'a', 0xff, 0, 0, 0xff }, { .kind = OP_fork, .opts = OPT_LATE } },
		{ { 'r', 3, 0, 0, 0xff }, { .kind = OP_resize, .from = 3 } },
	};

	(void)state;
	for (size_t i = 0; i < LEN(other); i++) {
		struct op op;

		op_decode(&op, &reserve_target, other[i].bytes, MAX_DEPTH);
		assert_memory_equal(&op, &other[i].op, sizeof(op));
	}
}

static void assert_op_possible(const struct op *op)
{
	unsigned takes = reserve_target.op[op->kind].operands;
	unsigned most = takes & OP_PAGE ? CELLS - 1 : takes & (OP_RANGE | OP_SIZE) ? CELLS : 0;

	assert_in_range(op->kind, 1, RESERVE_OPS - 1);
	assert_in_range(op->from, 0, most);
	assert_in_range(op->to, takes & OP_RANGE ? op->from : 0, takes & OP_RANGE ? CELLS : 0);
	assert_in_range(op->slot, 0, takes & OP_SLOT ? SLOTS - 1 : 0);
	assert_in_range(op->into, 0, takes & OP_INTO ? SLOTS - 1 : 0);
	assert_in_range(op->file, 0, takes & OP_FILE ? FILES - 1 : 0);
	assert_in_range(op->cgroup, 0, takes & OP_CGROUP ? CGROUPS - 1 : 0);
	assert_in_range(op->refuse, 0, takes & OP_ALLOCATES ? PLAN_MASK : 0);
	assert_false(op->opts & ~info_opts(&reserve_target.op[op->kind]));
}

static void assert_canonical(const struct op *op)
{
	uint8_t bytes[OP_BYTES], twice[OP_BYTES];
	struct op again;

	op_encode(op, &reserve_target, bytes);
	op_decode(&again, &reserve_target, bytes, MAX_DEPTH);
	assert_memory_equal(&again, op, sizeof(again));
	op_encode(&again, &reserve_target, twice);
	assert_memory_equal(twice, bytes, OP_BYTES);
}

/* Every value of every byte, with the other bytes those of each golden record. */
static void test_decode_is_total(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(golden) * OP_BYTES * 256; i++) {
		uint8_t bytes[OP_BYTES];
		struct op op;

		memcpy(bytes, golden[i / 256 / OP_BYTES].bytes, OP_BYTES);
		bytes[i / 256 % OP_BYTES] = i % 256;
		op_decode(&op, &reserve_target, bytes, MAX_DEPTH);
		assert_op_possible(&op);
		assert_canonical(&op);
	}
}

/* Whatever stands in the fields: in order it is an op that can be decoded. */
static void test_tidy(void **state)
{
	uint64_t seed = 5;

	(void)state;
	for (int round = 0; round < 100000; round++) {
		uint8_t bytes[OP_BYTES];
		struct op op, again;

		for (size_t i = 0; i < sizeof(op); i++)
			((uint8_t *)&op)[i] = next_random(&seed) >> 32;
		op.kind = 1 + op.kind % (RESERVE_OPS - 1);
		op.depth %= MAX_DEPTH + 1;
		op_tidy(&op, &reserve_target);
		op_encode(&op, &reserve_target, bytes);
		op_decode(&again, &reserve_target, bytes, MAX_DEPTH);
		assert_memory_equal(&again, &op, sizeof(op));
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
		{ 'p', "pool", OP_POOL | OP_ALLOCATES },
		{ 'm', "map",
		  OP_SLOT | OP_FILE | OP_RANGE | OP_PRIVATE | OP_NORESERVE | OP_CGROUP |
		          OP_ALLOCATES | OP_REFUSES | OP_NODE | OP_VMA },
		{ 'f', "fault",
		  OP_SLOT | OP_PAGE | OP_WRITE | OP_LATE | OP_ALLOCATES | OP_REFUSES | OP_MEMCG |
		          OP_NODE | OP_TABLE },
		{ 'u', "unmap", OP_SLOT | OP_ALLOCATES },
		{ 'k', "fork",
		  OP_SLOT | OP_INTO | OP_LATE | OP_REFUSED | OP_MEMCG | OP_NODE | OP_VMA |
		          OP_TABLE },
		{ 't', "truncate", OP_FILE | OP_SIZE | OP_ALLOCATES },
		{ 'p', "punch", OP_FILE | OP_RANGE | OP_ALLOCATES },
		{ 'e', "evict", OP_FILE | OP_ALLOCATES },
		{ 'r', "resize", OP_SIZE },
		{ 'y', "backwards",
		  OP_SLOT | OP_FILE | OP_RANGE | OP_PRIVATE | OP_CGROUP | OP_ALLOCATES |
		          OP_REFUSES },
		{ 'z', "zap", OP_SLOT | OP_PAGE | OP_ALLOCATES },
		{ 'o', "copy",
		  OP_SLOT | OP_PAGE | OP_LATE | OP_ALLOCATES | OP_REFUSES | OP_MEMCG | OP_NODE |
		          OP_TABLE | OP_LATEST },
		{ 's', "split", OP_SLOT | OP_INTO | OP_PAGE | OP_ALLOCATES | OP_VMA },
		{ 'i', "pin", OP_SLOT | OP_PAGE },
		{ 'j', "unpin", OP_SLOT | OP_ALLOCATES },
		{ 'w', "unmount", OP_ALLOCATES },
		{ 'v', "mremap", OP_SLOT | OP_ALLOCATES | OP_VMA | OP_TABLE },
		{ 'q', "protect", OP_SLOT | OP_PAGE | OP_ALLOCATES },
		{ 'A', "allocate",
		  OP_FILE | OP_RANGE | OP_LATE | OP_ALLOCATES | OP_REFUSES | OP_MEMCG | OP_NODE },
		{ 'O', "offline", OP_CGROUP | OP_ALLOCATES },
		{ 'g', "move", OP_SLOT | OP_CGROUP },
		{ 'D', "dissolve", OP_ALLOCATES },
		{ 'M', "migrate",
		  OP_SLOT | OP_PAGE | OP_ALLOCATES | OP_REFUSES | OP_NODE | OP_MEMCG },
		{ 'h', "poison", OP_SLOT | OP_PAGE | OP_ALLOCATES },
		{ 'l', "memfd", OP_FILE | OP_PAGE | OP_LATE | OP_ALLOCATES | OP_REFUSES | OP_NODE },
		{ 'C', "recopy",
		  OP_SLOT | OP_PAGE | OP_LATE | OP_ALLOCATES | OP_REFUSES | OP_MEMCG | OP_NODE |
		          OP_TABLE | OP_LATEST },
		{ 'N', "continue", OP_SLOT | OP_PAGE | OP_ALLOCATES | OP_TABLE },
	};

	(void)state;
	assert_in_range(LEN(info), 1, reserve_target.ops);
	for (size_t i = 0; i < LEN(info); i++) {
		const struct op_info *is = &reserve_target.op[i];

		assert_int_equal(is->wire, info[i].wire);
		assert_string_equal(is->name, info[i].name);
		assert_int_equal(is->operands, info[i].operands);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden_bytes),    cmocka_unit_test(test_other_bytes),
		cmocka_unit_test(test_decode_is_total), cmocka_unit_test(test_tidy),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
