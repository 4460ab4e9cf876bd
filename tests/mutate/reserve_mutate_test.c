// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mutations of the reserve target: what mutate_test.c asks of the region's, and that their outcome
 * means something: faults are of pages that are mapped, ops of files that are.
 */
#include "tests/test.h"

#include "fuzz/targets/reserve/ops.h"

#include "fuzz/mutate/mutate.h"

enum { INPUT = 600 };

/* Something for every mutation. */
static const char rich[] = "pool 6 surplus 1 max 5 refuse 1\n"
			   "map a file 0 [5,9)\n"
			   "  in 1: map c file 0 [7,20) private owner 1 refuse 2,pool\n"
			   "    in 2: punch file 0 [9,12)\n"
			   "fault a page 6 write\n"
			   "fork a b\n"
			   "fault b page 6 write refuse 1,3-,cgroup\n"
			   "  in 1: unmap a\n"
			   "truncate file 0 to 7\n"
			   "resize to 4\n"
			   "backwards d file 1 [2,4)\n"
			   "evict file 0\n";

static uint8_t bytes[TRACE_BYTES], again[TRACE_BYTES];

/* Its bytes and its text are those of this trace and no other; no op is of the other target. */
static size_t assert_sound(const struct trace *trace)
{
	static struct trace back;
	size_t size = trace_encode(trace, bytes);
	struct printed printed;

	assert_ptr_equal(trace->target, &reserve_target);
	for (size_t i = 0; i < trace->count; i++)
		assert_in_range(trace->op[i].kind, 1, RESERVE_OPS - 1);
	trace_decode(&back, &reserve_target, bytes, size);
	assert_int_equal(trace_encode(&back, again), size);
	assert_memory_equal(again, bytes, size);
	print_begin(&printed);
	trace_print(printed.out, trace, NULL, SIZE_MAX);
	fclose(printed.out);
	parse_text(&back, NULL, printed.text);
	free(printed.text);
	assert_int_equal(trace_encode(&back, again), size);
	assert_memory_equal(again, bytes, size);
	return size;
}

static void test_every_mutation_changes_something(void **state)
{
	static uint8_t before[TRACE_BYTES];
	static struct trace from, trace;

	(void)state;
	parse_text(&from, NULL, rich);
	for (size_t kind = 0; mutation_of(&reserve_target, kind); kind++) {
		unsigned changed = 0;

		for (uint64_t seed = 0; seed < 500; seed++) {
			size_t size = trace_encode(&from, before), size_after;
			bool said;

			trace = from;
			said = mutate_by(kind, &trace, seed, INPUT);
			size_after = assert_sound(&trace);
			assert_int_equal(said,
			                 size != size_after || memcmp(before, bytes, size) != 0);
			changed += said;
		}
		if (changed < 50)
			fail_msg("%s: changed %u of 500", mutation_of(&reserve_target, kind)->name,
			         changed);
	}
}

static void test_same_seed_same_trace(void **state)
{
	static struct trace one, two, from;

	(void)state;
	parse_text(&from, NULL, rich);
	for (uint64_t seed = 0; seed < 500; seed++) {
		one = two = from;
		mutate(&one, seed, INPUT);
		mutate(&two, seed, INPUT);
		assert_int_equal(trace_encode(&one, bytes), trace_encode(&two, again));
		assert_memory_equal(bytes, again, trace_encode(&one, bytes));
		mutate_splice(&one, &from, seed, INPUT);
		assert_sound(&one);
	}
}

static void test_sizes_are_bounded(void **state)
{
	static struct trace trace, two;

	(void)state;
	parse_text(&two, NULL, rich);
	for (size_t max_size = OP_BYTES; max_size < 120; max_size += 3) {
		for (uint64_t seed = 0; seed < 100; seed++) {
			parse_text(&trace, NULL, rich);
			mutate(&trace, seed, max_size);
			assert_true(assert_sound(&trace) <= max_size);
			mutate_splice(&trace, &two, seed, max_size);
			assert_true(assert_sound(&trace) <= max_size);
		}
	}
}

/* The range of the mapping that op @at is about; NULL if there is none. */
static const struct op *mapping_at(const struct trace *trace, size_t at)
{
	const struct op *mapping[SLOTS] = { NULL };

	for (size_t i = 0; i < at; i++) {
		const struct op *op = &trace->op[i];

		if (op->kind == OP_map && !mapping[op->slot])
			mapping[op->slot] = op;
		else if (op->kind == OP_fork && !mapping[op->into])
			mapping[op->into] = mapping[op->slot];
		else if (op->kind == OP_unmap)
			mapping[op->slot] = NULL;
	}
	return mapping[trace->op[at].slot];
}

struct tally {
	unsigned kinds[RESERVE_OPS], faults_mapped, faults_inside, forks_mapped;
};

static void count_ops(struct tally *tally, const struct trace *trace)
{
	for (size_t i = 0; i < trace->count; i++) {
		const struct op *op = &trace->op[i], *mapping = mapping_at(trace, i);

		tally->kinds[op->kind]++;
		if (op->kind == OP_fork)
			tally->forks_mapped += mapping != NULL;
		if (op->kind != OP_fault || !mapping)
			continue;
		tally->faults_mapped++;
		tally->faults_inside += op->from >= mapping->from && op->from < mapping->to;
	}
}

/* From nothing, as a fuzzer begins: every kind that the world can do comes, no other one does, and most faults touch what is mapped. */
static void test_traces_mean_something(void **state)
{
	struct tally tally = { { 0 }, 0, 0, 0 };
	static struct trace trace;

	(void)state;
	for (uint64_t round = 0; round < 300; round++) {
		trace_decode(&trace, &reserve_target, NULL, 0);
		for (uint64_t seed = 0; seed < 12; seed++)
			mutate(&trace, round << 32 | seed, INPUT);
		assert_sound(&trace);
		count_ops(&tally, &trace);
	}
	for (int kind = 1; kind < RESERVE_OPS; kind++)
		assert_true(reserve_target.can(kind) ? tally.kinds[kind] > 30 : !tally.kinds[kind]);
	assert_true(tally.faults_mapped * 10 > tally.kinds[OP_fault] * 5);
	assert_true(tally.faults_inside * 10 > tally.faults_mapped * 5);
	assert_true(tally.forks_mapped * 10 > tally.kinds[OP_fork] * 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_mutation_changes_something),
		cmocka_unit_test(test_same_seed_same_trace),
		cmocka_unit_test(test_sizes_are_bounded),
		cmocka_unit_test(test_traces_mean_something),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
