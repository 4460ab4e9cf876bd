// SPDX-License-Identifier: GPL-2.0-only
/*
 * The minimizer on the reserve target, against failures made up here, as in minimize_test.c.
 */
#include "tests/test.h"

#include "fuzz/targets/reserve/ops.h"
#include "fuzz/minimize/minimize.h"

/* Is there an op of @first, and behind it one of @second of which @both says yes? */
static bool has_pair(const struct trace *trace, unsigned first, unsigned second,
                     bool (*both)(const struct op *one, const struct op *two))
{
	for (size_t i = 0; i < trace->count; i++)
		for (size_t k = i + 1; trace->op[i].kind == first && k < trace->count; k++)
			if (trace->op[k].kind == second && both(&trace->op[i], &trace->op[k]))
				return true;
	return false;
}

static bool has_opts(const struct trace *trace, unsigned kind, uint8_t opts)
{
	for (size_t i = 0; i < trace->count; i++)
		if (trace->op[i].kind == kind && (trace->op[i].opts & opts) == opts)
			return true;
	return false;
}

static bool writes_late(const struct trace *trace)
{
	return has_opts(trace, OP_fault, OPT_WRITE | OPT_LATE);
}

static bool maps_beyond_the_limit(const struct trace *trace)
{
	return has_opts(trace, OP_map, REFUSE_SUBPOOL);
}

static bool is_child(const struct op *fork, const struct op *unmap)
{
	return unmap->slot == fork->into && fork->into != fork->slot;
}

static bool unmaps_the_child(const struct trace *trace)
{
	return has_pair(trace, OP_fork, OP_unmap, is_child);
}

static bool is_mapped(const struct op *map, const struct op *fault)
{
	return fault->slot == map->slot && fault->from >= map->from && fault->from < map->to;
}

static bool faults_what_is_mapped(const struct trace *trace)
{
	return has_pair(trace, OP_map, OP_fault, is_mapped);
}

static bool is_of_another_file(const struct op *map, const struct op *evict)
{
	return evict->file != map->file;
}

static bool evicts_another_file(const struct trace *trace)
{
	return has_pair(trace, OP_map, OP_evict, is_of_another_file);
}

static bool truncates_to_three(const struct trace *trace)
{
	for (size_t i = 0; i < trace->count; i++)
		if (trace->op[i].kind == OP_truncate && trace->op[i].from >= 3)
			return true;
	return false;
}

static bool outgrows_the_pool(const struct trace *trace)
{
	for (size_t i = 0; i < trace->count; i++)
		if (trace->op[i].kind == OP_resize && trace->op[i].from > trace->head.pages)
			return true;
	return false;
}

/* By the head or by an op. */
static bool has_two_to_nine_pages(const struct trace *trace)
{
	for (size_t i = 0; i < trace->count; i++)
		if (trace->op[i].kind == OP_resize && trace->op[i].from >= 2 &&
		    trace->op[i].from <= 9)
			return true;
	return trace->head.pages >= 2 && trace->head.pages <= 9;
}

static bool has_many_pages(const struct trace *trace)
{
	return trace->head.pages >= 5;
}

static bool has_a_low_limit(const struct trace *trace)
{
	return trace->head.max && trace->head.max < 20 && trace->head.min;
}

static bool has_surplus(const struct trace *trace)
{
	return trace->head.surplus >= 2 && plan_refuses(trace->head.refuse, 0);
}

static bool maps_for_an_owner(const struct trace *trace)
{
	for (size_t i = 0; i < trace->count; i++)
		if (trace->op[i].kind == OP_map && trace->op[i].cgroup == 2)
			return true;
	return false;
}

static bool faults_in_a_window(const struct trace *trace)
{
	for (size_t i = 1; i < trace->count; i++)
		if (trace->op[i].kind == OP_fault && trace->op[i].depth == 1 &&
		    trace->op[i - 1].kind == OP_truncate && !trace->op[i - 1].depth)
			return true;
	return false;
}

static const struct {
	bool (*fails)(const struct trace *trace);
	const char *smallest;
} cases[] = {
	{ writes_late, "pool 0\nfault a page 0 write late\n" },
	{ maps_beyond_the_limit, "pool 0\nmap a file 0 [0,1) refuse subpool\n" },
	{ unmaps_the_child, "pool 0\nfork a b\nunmap b\n" },
	{ faults_what_is_mapped, "pool 0\nmap a file 0 [0,1)\nfault a page 0\n" },
	{ evicts_another_file, "pool 0\nmap a file 0 [0,1)\nevict file 1\n" },
	{ truncates_to_three, "pool 0\ntruncate file 0 to 3\n" },
	{ outgrows_the_pool, "pool 0\nresize to 1\n" },
	{ has_many_pages, "pool 5\n" },
	{ has_two_to_nine_pages, "pool 2\n" },
	{ has_a_low_limit, "pool 0 max 0 min 0\n" },
	{ has_surplus, "pool 0 surplus 2 refuse 1\n" },
	{ maps_for_an_owner, "pool 0\nmap a file 0 [0,1) owner 2\n" },
	{ faults_in_a_window, "pool 0\ntruncate file 0 to 0\n  in 1: fault a page 0\n" },
};

/* Random bytes until they fail as wanted. */
static void make_noise(struct trace *trace, bool (*fails)(const struct trace *trace),
                       uint64_t *seed)
{
	static uint8_t bytes[100 * OP_BYTES];

	do {
		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = next_random(seed) >> 32;
		trace_decode(trace, &reserve_target, bytes, sizeof(bytes));
	} while (!fails(trace));
}

static void assert_text(const struct trace *trace, const char *text)
{
	struct printed printed;

	print_begin(&printed);
	trace_print(printed.out, trace, NULL, SIZE_MAX);
	assert_printed(&printed, text);
}

static void test_smallest(void **state)
{
	static struct trace trace;
	uint64_t seed = 3;

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		for (int round = 0; round < 4; round++) {
			make_noise(&trace, cases[i].fails, &seed);
			minimize(&trace, cases[i].fails, NULL);
			assert_text(&trace, cases[i].smallest);
			/* What is as small as it can be stays as it is. */
			minimize(&trace, cases[i].fails, NULL);
			assert_text(&trace, cases[i].smallest);
		}
	}
}

static bool is_cut_behind(const struct op *fault, const struct op *truncate)
{
	return truncate->from > fault->from;
}

static bool cuts_behind_a_fault(const struct trace *trace)
{
	return faults_what_is_mapped(trace) &&
	       has_pair(trace, OP_fault, OP_truncate, is_cut_behind) &&
	       has_pair(trace, OP_map, OP_truncate, is_cut_behind);
}

static bool keeps_its_distance(const struct trace *trace)
{
	const struct op *op = trace->op;

	return trace->count == 4 && op[0].kind == OP_map && op[1].kind == OP_fault &&
	       op[2].kind == OP_truncate && op[3].kind == OP_resize && op[0].from < op[1].from &&
	       op[1].from + 1 < op[2].from && op[2].from < op[0].to && op[3].from == 12;
}

/* Cells that nobody needs are taken out; pages and sizes move with them, the pool's do not. */
static void test_cells(void **state)
{
	static struct trace trace;

	(void)state;
	parse_text(&trace, NULL, "map c file 2 [10,20)\nfault c page 15\ntruncate file 2 to 17\n");
	minimize(&trace, cuts_behind_a_fault, NULL);
	assert_text(&trace, "pool 0\nmap a file 0 [0,1)\nfault a page 0\ntruncate file 0 to 1\n");
	parse_text(&trace, NULL,
	           "map c file 2 [10,30)\nfault c page 15\ntruncate file 2 to 17\nresize to 12\n");
	minimize(&trace, keeps_its_distance, NULL);
	assert_text(&trace, "pool 0\n"
	                    "map a file 0 [0,4)\n"
	                    "fault a page 1\n"
	                    "truncate file 0 to 3\n"
	                    "resize to 12\n");
}

static void test_deterministic(void **state)
{
	static struct trace first, second;
	uint64_t seed = 7;
	unsigned tries;

	(void)state;
	make_noise(&first, faults_what_is_mapped, &seed);
	second = first;
	tries = minimize(&first, faults_what_is_mapped, NULL);
	assert_int_equal(minimize(&second, faults_what_is_mapped, NULL), tries);
	assert_int_equal(first.count, second.count);
	assert_memory_equal(first.op, second.op, first.count * sizeof(first.op[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_smallest),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_deterministic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
