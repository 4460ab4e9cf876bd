// SPDX-License-Identifier: GPL-2.0-only
/*
 * The minimizer against failures made up here: each is a property of the trace's ops, so what has
 * to remain is known to the letter.  It starts from noise, and what it finds must not depend on it.
 */
#include "tests/test.h"

#include "fuzz/map/ops.h"
#include "fuzz/minimize/minimize.h"

/* The first op of @kind at or behind @at, or the trace's end. */
static size_t find(const struct trace *trace, size_t at, unsigned kind)
{
	while (at < trace->count && trace->op[at].kind != kind)
		at++;
	return at;
}

static bool adds_what_chg_opened(const struct trace *trace)
{
	for (size_t i = 0; i < trace->count; i++)
		for (size_t k = i + 1; trace->op[i].kind == OP_chg && k < trace->count; k++)
			if (trace->op[k].kind == OP_add && trace->op[k].slot == trace->op[i].slot)
				return true;
	return false;
}

static bool refuses_the_second(const struct trace *trace)
{
	for (size_t i = 0; i < trace->count; i++)
		if (trace->op[i].kind == OP_chg && plan_refuses(trace->op[i].refuse, 1))
			return true;
	return false;
}

static bool refuses_all_later(const struct trace *trace)
{
	for (size_t i = 0; i < trace->count; i++)
		if (plan_refuses(trace->op[i].refuse, 50))
			return true;
	return false;
}

static bool refuses_the_map(const struct trace *trace)
{
	return plan_refuses(trace->head.refuse, 1);
}

static bool dels_in_a_window(const struct trace *trace)
{
	for (size_t i = 0; i < trace->count; i++)
		if (trace->op[i].kind == OP_del && trace->op[i].depth)
			return true;
	return false;
}

static bool dels_two_deep_in_the_third(const struct trace *trace)
{
	for (size_t i = 0; i < trace->count; i++)
		if (trace->op[i].kind == OP_del && trace->op[i].depth == 2 &&
		    trace->op[i].request == 2)
			return true;
	return false;
}

static bool counts_three_cells(const struct trace *trace)
{
	for (size_t i = 0; i < trace->count; i++)
		if (trace->op[i].kind == OP_count && trace->op[i].to >= trace->op[i].from + 3)
			return true;
	return false;
}

static bool counts_many_pages(const struct trace *trace)
{
	size_t i = find(trace, 0, OP_count);

	return i < trace->count && trace->at[CELLS] > 1L << 40;
}

static bool adds_for_an_owner(const struct trace *trace)
{
	for (size_t i = 0; i < trace->count; i++)
		if (trace->op[i].cgroup == 2)
			return true;
	return false;
}

static const struct {
	bool (*fails)(const struct trace *trace);
	const char *smallest;
} cases[] = {
	{ adds_what_chg_opened, "board unit\nchg [0,1) a\nadd a\n" },
	{ refuses_the_second, "board unit\nchg [0,1) a refuse 2\n" },
	{ refuses_all_later, "board unit\nchg [0,1) a refuse 6-\n" },
	{ refuses_the_map, "board unit refuse 2\n" },
	{ dels_in_a_window, "board unit\nchg [0,1) a\n  in 1: del [0,1)\n" },
	{ dels_two_deep_in_the_third,
	  "board unit\nchg [0,1) a\n  in 1: chg [0,1) b\n    in 3: del [0,1)\n" },
	{ counts_three_cells, "board unit\ncount [0,3)\n" },
	{ counts_many_pages, "board wide\ncount [0,1)\n" },
	{ adds_for_an_owner, "board unit\nadd a owner 2\n" },
};

/* Random bytes until they fail as wanted; kinds and nesting come often enough. */
static void make_noise(struct trace *trace, bool (*fails)(const struct trace *trace),
                       uint64_t *seed)
{
	static uint8_t bytes[100 * OP_BYTES];

	do {
		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = next_random(seed) >> 32;
		trace_decode(trace, &region_target, bytes, sizeof(bytes));
	} while (!fails(trace));
}

/*
 * Which op nests another, and where a range lies on the board, may differ from noise to noise; what
 * remains must not.
 */
static void print_alike(FILE *out, struct trace *trace)
{
	for (size_t i = 0; i < trace->count; i++) {
		struct op *op = &trace->op[i];
		bool nests = i + 1 < trace->count && trace->op[i + 1].depth > op->depth;

		if (nests || op->refuse)
			*op = (struct op){
				.kind = OP_chg,
				.to = 1,
				.slot = op->depth,
				.refuse = op->refuse,
				.depth = op->depth,
				.request = op->request,
			};
		op->to -= op->from;
		op->from = 0;
	}
	trace_print(out, trace, NULL, SIZE_MAX);
}

static void test_smallest(void **state)
{
	static struct trace trace;
	uint64_t seed = 1;

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		for (int round = 0; round < 5; round++) {
			struct printed printed;

			make_noise(&trace, cases[i].fails, &seed);
			minimize(&trace, cases[i].fails, NULL);
			assert_true(cases[i].fails(&trace));
			print_begin(&printed);
			print_alike(printed.out, &trace);
			assert_printed(&printed, cases[i].smallest);
		}
	}
}

static bool dels_behind_chg(const struct trace *trace)
{
	size_t chg = find(trace, 0, OP_chg), del = find(trace, chg, OP_del);

	return del < trace->count && trace->op[del].from >= trace->op[chg].to;
}

/* Ranges get short, and the board's cells between them go; "to the end" is longer than a cell. */
static void test_ranges(void **state)
{
	static struct trace trace;
	struct printed printed;

	(void)state;
	parse_text(&trace, NULL, "chg [10,20) c\ncount [3,30)\ndel [40,end)\n");
	minimize(&trace, dels_behind_chg, NULL);
	print_begin(&printed);
	trace_print(printed.out, &trace, NULL, SIZE_MAX);
	assert_printed(&printed, "board unit\nchg [0,1) a\ndel [1,2)\n");
}

static const struct trace *smaller_than;
static unsigned told;

static void tell(const struct trace *smaller)
{
	assert_true(smaller->count <= smaller_than->count);
	told++;
}

/* The same trace gives the same result after the same number of tries, and progress is told. */
static void test_deterministic(void **state)
{
	static struct trace first, second, start;
	uint64_t seed = 7;
	unsigned tries;

	(void)state;
	make_noise(&start, adds_what_chg_opened, &seed);
	first = second = start;
	smaller_than = &start;
	told = 0;
	tries = minimize(&first, adds_what_chg_opened, tell);
	assert_true(told > 0 && told < tries);
	assert_int_equal(minimize(&second, adds_what_chg_opened, NULL), tries);
	assert_int_equal(first.count, second.count);
	assert_memory_equal(first.op, second.op, first.count * sizeof(first.op[0]));
}

/* What is as small as it can be stays as it is. */
static void test_already_smallest(void **state)
{
	static struct trace trace;
	struct printed printed;

	(void)state;
	parse_text(&trace, NULL, cases[0].smallest);
	minimize(&trace, cases[0].fails, NULL);
	print_begin(&printed);
	trace_print(printed.out, &trace, NULL, SIZE_MAX);
	assert_printed(&printed, cases[0].smallest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_smallest),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_deterministic),
		cmocka_unit_test(test_already_smallest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
