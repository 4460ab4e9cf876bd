// SPDX-License-Identifier: GPL-2.0-only
/*
 * What every mutation promises, and both engines' adapters with it: pure in bytes and seed, output
 * canonical, sizes bounded.  Of the region target; reserve_mutate_test.c has the other.
 */
#include "tests/test.h"

#include "fuzz/map/ops.h"

#include "fuzz/mutate/mutate.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size, const uint8_t *data2,
                                 size_t size2, uint8_t *out, size_t max_size, unsigned seed);
void *afl_custom_init(void *afl, unsigned int seed);
void afl_custom_deinit(void *data);
size_t afl_custom_fuzz(void *data, uint8_t *buf, size_t size, uint8_t **out, uint8_t *add,
                       size_t add_size, size_t max_size);
const char *afl_custom_describe(void *data, size_t max_length);
int32_t afl_custom_init_trim(void *data, uint8_t *buf, size_t size);
size_t afl_custom_trim(void *data, uint8_t **out);
int32_t afl_custom_post_trim(void *data, uint8_t success);

enum { INPUT = 600, RANDOM_INPUTS = 30000 };

/* The engine's own mutation: one byte more, and one other, if there is room. */
static unsigned engine_asked;

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size)
{
	engine_asked++;
	if (size < max_size)
		data[size++] = 0;
	if (size)
		data[size / 2]++;
	return size;
}

/* Something for every mutation. */
static const char rich[] = "board raw 5 9 4096 refuse 1\n"
			   "chg [5,6) a\n"
			   "  in 1: chg [9,20) c refuse 2\n"
			   "    in 2: del [9,end)\n"
			   "add a\n"
			   "chg [1,8) b refuse 1,3-\n"
			   "add b owner 2\n"
			   "count [0,64)\n"
			   "abort c\n"
			   "bad [2,4)\n";

static size_t random_bytes(uint64_t *random, uint8_t bytes[INPUT])
{
	/* Small values and letters mean more than other bytes. */
	static const uint8_t likely[] = "cccaaaxxddnbabcdefgh\x01\x02\x04\x08\xc1\xfe\x80\x81";
	size_t size = next_random(random) % (INPUT + 1);

	for (size_t i = 0; i < size; i++) {
		uint64_t number = next_random(random);

		bytes[i] = number & 1 ? number >> 8 : likely[(number >> 8) % (LEN(likely) - 1)];
	}
	return size;
}

static void assert_canonical(const uint8_t *bytes, size_t size)
{
	static uint8_t again[TRACE_BYTES];
	static struct trace trace;

	trace_decode(&trace, &region_target, bytes, size);
	assert_int_equal(trace_encode(&trace, again), size);
	assert_memory_equal(bytes, again, size);
}

static void test_every_mutation_changes_something(void **state)
{
	static uint8_t before[TRACE_BYTES], after[TRACE_BYTES];
	static struct trace from, trace;

	(void)state;
	parse_text(&from, NULL, rich);
	for (size_t kind = 0; mutation_of(&region_target, kind); kind++) {
		unsigned changed = 0;

		for (uint64_t seed = 0; seed < 1000; seed++) {
			size_t size = trace_encode(&from, before), size_after;
			bool said;

			trace = from;
			said = mutate_by(kind, &trace, seed, INPUT);
			size_after = trace_encode(&trace, after);
			assert_canonical(after, size_after);
			assert_int_equal(said,
			                 size != size_after || memcmp(before, after, size) != 0);
			changed += said;
		}
		if (changed < 100)
			fail_msg("%s: changed %u of 1000", mutation_of(&region_target, kind)->name,
			         changed);
	}
}

/* Many seeds reach many traces, and nearly every one another trace than the one it was. */
static void test_mutations_change_a_trace(void **state)
{
	static uint8_t before[TRACE_BYTES], after[TRACE_BYTES];
	static struct trace trace;
	unsigned same = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 1000; seed++) {
		size_t size;

		parse_text(&trace, NULL, rich);
		size = trace_encode(&trace, before);
		mutate(&trace, seed, INPUT);
		same += trace_encode(&trace, after) == size && !memcmp(before, after, size);
	}
	assert_true(same < 50);
}

static void test_an_empty_trace_grows(void **state)
{
	static struct trace trace;

	(void)state;
	trace_decode(&trace, &region_target, NULL, 0);
	for (uint64_t seed = 0; seed < 100; seed++)
		mutate(&trace, seed, INPUT);
	assert_true(trace.count > 0);
}

/* How many of the first ops of @row stand at @at in @trace; their nesting may differ. */
static size_t same_ops(const struct trace *trace, size_t at, const struct op *row, size_t count)
{
	size_t i;

	for (i = 0; i < count && at + i < trace->count; i++) {
		struct op op = trace->op[at + i];

		op.depth = row[i].depth;
		op.request = row[i].request;
		if (memcmp(&op, &row[i], sizeof(op)) != 0)
			break;
	}
	return i;
}

/* Is it a first part of @one, a row of @two, a last part or row of @one? */
static bool is_spliced(const struct trace *trace, const struct trace *one, const struct trace *two)
{
	size_t keep = same_ops(trace, 0, one->op, one->count);

	for (;; keep--) {
		for (size_t from = 0; from <= two->count; from++) {
			size_t row = same_ops(trace, keep, two->op + from, two->count - from);

			for (size_t tail = keep;; row--) {
				if (keep + row == trace->count ||
				    (tail < one->count &&
				     keep + row +
				                     same_ops(trace, keep + row, one->op + tail,
				                              one->count - tail) ==
				             trace->count))
					return true;
				if (!row)
					break;
			}
		}
		if (!keep)
			return false;
	}
}

static void test_splice_keeps_ops_of_both(void **state)
{
	static const char other_text[] = "board high\n"
					 "chg [30,40) g\n"
					 "add g\n"
					 "del [31,32)\n"
					 "  in 1: count [30,40)\n"
					 "chg [50,60) h\n";
	static struct trace one, two, trace;
	unsigned of_both = 0;

	(void)state;
	parse_text(&one, NULL, rich);
	parse_text(&two, NULL, other_text);
	for (uint64_t seed = 0; seed < 2000; seed++) {
		bool first = false, second = false;

		trace = one;
		mutate_splice(&trace, &two, seed, INPUT);
		assert_true(is_spliced(&trace, &one, &two));
		assert_int_equal(trace.head.board, one.head.board);
		for (size_t i = 0; i < trace.count; i++) {
			first |= same_ops(&trace, i, one.op, 1) == 1;
			second |= op_takes(trace.target, &trace.op[i], OP_RANGE) &&
			          trace.op[i].from >= 30;
		}
		of_both += first && second;
	}
	assert_true(of_both > 500);
}

/* The smallest size that is allowed holds a board and no op; a long trace loses its tail. */
static void test_sizes_are_bounded(void **state)
{
	static uint8_t bytes[TRACE_BYTES];
	static struct trace trace, two;

	(void)state;
	parse_text(&two, NULL, rich);
	for (size_t max_size = OP_BYTES; max_size < 200; max_size++) {
		for (uint64_t seed = 0; seed < 200; seed++) {
			parse_text(&trace, NULL, rich);
			mutate(&trace, seed, max_size);
			assert_true(trace_encode(&trace, bytes) <= max_size);
			parse_text(&trace, NULL, rich);
			mutate_splice(&trace, &two, seed, max_size);
			assert_true(trace_encode(&trace, bytes) <= max_size);
		}
	}
	trace.count = TRACE_OPS;
	for (uint64_t seed = 0; seed < 1000; seed++) {
		mutate(&trace, seed, SIZE_MAX);
		assert_true(trace_encode(&trace, bytes) <= TRACE_BYTES);
	}
}

/* One input, both of libFuzzer's entry points, twice each. */
static void libfuzzer_once(uint64_t *random)
{
	uint8_t data[INPUT], data2[INPUT], out[2][INPUT];
	size_t size = random_bytes(random, data), size2 = random_bytes(random, data2), got[2];
	size_t max_size = size + next_random(random) % (INPUT + 1 - size);
	unsigned seed = next_random(random);

	for (int i = 0; i < 2; i++) {
		memcpy(out[i], data, size);
		got[i] = LLVMFuzzerCustomMutator(out[i], size, max_size, seed);
	}
	assert_int_equal(got[0], got[1]);
	assert_memory_equal(out[0], out[1], got[0]);
	assert_true(got[0] <= max_size);
	if (max_size >= OP_BYTES)
		assert_canonical(out[0], got[0]);
	for (int i = 0; i < 2; i++)
		got[i] = LLVMFuzzerCustomCrossOver(data, size, data2, size2, out[i], max_size,
		                                   seed);
	assert_int_equal(got[0], got[1]);
	assert_memory_equal(out[0], out[1], got[0]);
	assert_true(got[0] <= max_size);
	if (got[0])
		assert_canonical(out[0], got[0]);
}

static void test_libfuzzer(void **state)
{
	uint64_t random = 1;

	(void)state;
	engine_asked = 0;
	for (int i = 0; i < RANDOM_INPUTS; i++)
		libfuzzer_once(&random);
	/* The engine's own mutations stay in play, and do not get the upper hand. */
	assert_in_range(engine_asked, 2 * RANDOM_INPUTS / 10, 2 * RANDOM_INPUTS / 2);
}

static void test_afl_fuzz(void **state)
{
	void *one = afl_custom_init(NULL, 7), *two = afl_custom_init(NULL, 7);
	uint64_t random = 2;

	(void)state;
	for (int i = 0; i < RANDOM_INPUTS / 2; i++) {
		uint8_t data[INPUT], add[INPUT], *out[2];
		size_t size = random_bytes(&random, data), add_size = random_bytes(&random, add);
		size_t max_size = OP_BYTES + next_random(&random) % INPUT, got[2];

		got[0] = afl_custom_fuzz(one, data, size, &out[0], i % 2 ? add : NULL, add_size,
		                         max_size);
		got[1] = afl_custom_fuzz(two, data, size, &out[1], i % 2 ? add : NULL, add_size,
		                         max_size);
		assert_true(got[0] > 0 && got[0] <= max_size);
		assert_int_equal(got[0], got[1]);
		assert_memory_equal(out[0], out[1], got[0]);
		assert_canonical(out[0], got[0]);
		assert_string_equal(afl_custom_describe(one, 64), afl_custom_describe(two, 64));
	}
	afl_custom_deinit(one);
	afl_custom_deinit(two);
}

static unsigned dels(const struct trace *trace)
{
	unsigned found = 0;

	for (size_t i = 0; i < trace->count; i++)
		found += trace->op[i].kind == OP_del;
	return found;
}

/* As AFL++ does it: a step is good while what it wants to keep is there, here the last del. */
static void trim(void *afl, uint8_t *data, size_t *size)
{
	static struct trace trace;
	int32_t steps = afl_custom_init_trim(afl, data, *size), step = 0;

	while (step < steps) {
		uint8_t *out;
		size_t got = afl_custom_trim(afl, &out);
		int32_t next;

		assert_true(got > 0 && got <= *size);
		assert_canonical(out, got);
		trace_decode(&trace, &region_target, out, got);
		if (dels(&trace)) {
			memcpy(data, out, got);
			*size = got;
		}
		next = afl_custom_post_trim(afl, dels(&trace) != 0);
		assert_true(next > step);
		step = next;
	}
}

static void test_afl_trim(void **state)
{
	void *afl = afl_custom_init(NULL, 1);
	static struct trace trace;
	uint64_t random = 3;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		uint8_t data[INPUT];
		size_t size = random_bytes(&random, data);
		bool had;

		trace_decode(&trace, &region_target, data, size);
		had = dels(&trace) > 0;
		trim(afl, data, &size);
		trace_decode(&trace, &region_target, data, size);
		if (had)
			assert_int_equal(trace.count, 1);
	}
	afl_custom_deinit(afl);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_mutation_changes_something),
		cmocka_unit_test(test_mutations_change_a_trace),
		cmocka_unit_test(test_an_empty_trace_grows),
		cmocka_unit_test(test_splice_keeps_ops_of_both),
		cmocka_unit_test(test_sizes_are_bounded),
		cmocka_unit_test(test_libfuzzer),
		cmocka_unit_test(test_afl_fuzz),
		cmocka_unit_test(test_afl_trim),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
