// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interpreter on short traces: what each op comes to, what is skipped, what an expected result
 * is held against, what is counted.
 */
#include "tests/test.h"

/* What is run; what is printed, by maps that never merge and by the others where that differs. */
static const struct {
	const char *text, *port, *coalescing;
} transcripts[] = {
	{ "", "board unit\n", NULL },
	/* the example of the patch */
	{ "chg [0,1) a\nadd a\nchg [2,3) a\nadd a\nchg [5,6) a\nadd a\nchg [0,5) a\nadd a",
	  "board unit\n"
	  "chg [0,1) a -> 1 needs 1\nadd a -> 1\n"
	  "chg [2,3) a -> 1 needs 1\nadd a -> 1\n"
	  "chg [5,6) a -> 1 needs 1\nadd a -> 1\n"
	  "chg [0,5) a -> 3 needs 2\nadd a -> 3\n",
	  "board unit\n"
	  "chg [0,1) a -> 1 needs 1\nadd a -> 1\n"
	  "chg [2,3) a -> 1 needs 1\nadd a -> 1\n"
	  "chg [5,6) a -> 1 needs 1\nadd a -> 1\n"
	  "chg [0,5) a -> 3 needs 1\nadd a -> 3\n" },
	/* slots: what is empty cannot be closed, what is full cannot be opened */
	{ "add a\nabort a\nchg [0,1) a\nchg [2,3) a\nabort a\nabort a\nadd a",
	  "board unit\n"
	  "add a -> skipped\nabort a -> skipped\n"
	  "chg [0,1) a -> 1 needs 1\nchg [2,3) a -> skipped\n"
	  "abort a -> 0\nabort a -> skipped\nadd a -> skipped\n",
	  NULL },
	/* pages of a wide board; empty ranges; "to the end" */
	{ "board wide\nchg [0,64) h\nadd h\ncount [1,3)\ncount [5,5)\ndel [9,9)\n"
	  "chg [1,1) a\nadd a\ndel [1,end)",
	  "board wide\n"
	  "chg [0,64) h -> 4611686018427387904 needs 1\nadd h -> 4611686018427387904\n"
	  "count [1,3) -> 144115188075855872\ncount [5,5) -> 0\ndel [9,9) -> 0\n"
	  "chg [1,1) a -> 0 needs 1\nadd a -> 0\ndel [1,end) -> 4539628424389459968\n",
	  NULL },
	/* what no caller may pass */
	{ "chg [0,5) a\nbad [1,2)\nbad [0,64)\nadd a\nbad [0,64)\nbad [5,5)",
	  "board unit\n"
	  "chg [0,5) a -> 5 needs 1\nbad [1,2) -> EINVAL\nbad [0,64) -> EINVAL\n"
	  "add a -> 5\nbad [0,64) -> EINVAL\nbad [5,5) -> skipped\n",
	  NULL },
	/* nobody adds up to LONG_MAX, but everybody may ask there */
	{ "board high\nchg [0,64) a\nchg [0,63) a\nadd a\ncount [0,64)\ndel [62,64)",
	  "board high\n"
	  "chg [0,64) a -> skipped\nchg [0,63) a -> 63 needs 1\nadd a -> 63\n"
	  "count [0,64) -> 63\ndel [62,64) -> 1\n",
	  NULL },
	{ "board raw 7 9223372036854775000\nchg [1,3) a\nadd a\ncount [0,2)",
	  "board raw 7 9223372036854775000\n"
	  "chg [1,3) a -> 9223372036854774994 needs 1\nadd a -> 9223372036854774994\n"
	  "count [0,2) -> 9223372036854774993\n",
	  NULL },
	/* memory refused: to the map itself, to a chg, to a del that splits */
	{ "board unit refuse 2\nchg [0,1) a\nadd a",
	  "board unit refuse 2\nchg [0,1) a -> skipped\nadd a -> skipped\n", NULL },
	{ "board unit refuse 3-\nchg [0,1) a\nchg [1,2) b refuse 1-\nadd b\nchg [1,2) b refuse 2-",
	  "board unit refuse 3-\n"
	  "chg [0,1) a -> 1 needs 1\nchg [1,2) b refuse 1- -> ENOMEM\nadd b -> skipped\n"
	  "chg [1,2) b refuse 2- -> 1 needs 1\n",
	  NULL },
	{ "chg [0,9) a\nadd a\ndel [3,4) refuse 1\ncount [0,9)\ndel [3,4)\ndel [0,1) refuse 1-",
	  "board unit\n"
	  "chg [0,9) a -> 9 needs 1\nadd a -> 9\ndel [3,4) refuse 1 -> ENOMEM\n"
	  "count [0,9) -> 9\ndel [3,4) -> 1\ndel [0,1) refuse 1- -> 1\n",
	  NULL },
	/* adds_in_progress is 1 after the first add, and an entry is left over */
	{ "chg [5,6) a\nchg [5,6) b\nadd a\nadd b",
	  "board unit\n"
	  "chg [5,6) a -> 1 needs 1\nchg [5,6) b -> 1 needs 1\nadd a -> 1\nadd b -> 0\n",
	  NULL },
	/* the patch as posted: an add that uses up the entries of others */
	{ "chg [0,3) a\nchg [1,2) b\nadd b\nchg [9,10) c\nadd a refuse 1-\nadd a\nadd c",
	  "board unit\n"
	  "chg [0,3) a -> 3 needs 1\nchg [1,2) b -> 1 needs 1\nadd b -> 1\n"
	  "chg [9,10) c -> 1 needs 1\nadd a refuse 1- -> ENOMEM\nadd a -> 2\nadd c -> 1\n",
	  "board unit\n"
	  "chg [0,3) a -> 3 needs 1\nchg [1,2) b -> 1 needs 1\nadd b -> 1\n"
	  "chg [9,10) c -> 1 needs 1\nadd a refuse 1- -> 2\nadd a -> skipped\nadd c -> 1\n" },
	/* owners are nobody's business on these maps */
	{ "chg [0,1) a\nadd a owner 1\nchg [1,2) a\nadd a owner 2\ndel [0,2)",
	  "board unit\n"
	  "chg [0,1) a -> 1 needs 1\nadd a owner 1 -> 1\n"
	  "chg [1,2) a -> 1 needs 1\nadd a owner 2 -> 1\ndel [0,2) -> 2\n",
	  NULL },
};

/* Each transcript is run again, with its own results as what to expect. */
static void test_transcripts(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(transcripts); i++) {
		const char *expected = transcripts[i].port;

		if (map_under_test->traits.merges && transcripts[i].coalescing)
			expected = transcripts[i].coalescing;
		assert_transcript(transcripts[i].text, expected);
		assert_transcript(expected, expected);
	}
}

static void test_wrong_expectations(void **state)
{
	static const struct {
		const char *text;
		size_t op;
		const char *what;
	} wrong[] = {
		{ "chg [0,1) a -> 2", 0, "returned 1, expected 2" },
		{ "chg [0,1) a -> 1 needs 2", 0, "needs 1 entries, expected 2" },
		{ "chg [0,1) a\nadd a -> 1 needs 1", 1, "needs 0 entries, expected 1" },
		{ "count [0,1)\ncount [0,1) -> 1", 1, "returned 0, expected 1" },
		{ "chg [0,1) a -> skipped", 0, "the op was not skipped" },
		{ "chg [0,1) a -> ENOMEM", 0, "returned 1, expected -12" },
		{ "bad [0,1) -> ENOMEM", 0, "returned -22, expected -12" },
		{ "del [0,1)\nadd a -> 0", 1, "the op was skipped" },
		{ "add a -> ENOMEM", 0, "the op was skipped" },
		{ "chg [0,1) a\nchg [1,2) b refuse 1 -> 1", 1, "returned -12, expected 1" },
		/* inside a window, and in one that never opens */
		{ "chg [0,1) a\nchg [1,2) b\n in 1: count [0,1) -> 1", 2,
		  "returned 0, expected 1" },
		{ "chg [0,1) a\n in 1: chg [1,2) b\n  in 1: add b -> 1", 2, "the op was skipped" },
		{ "board unit refuse 1\nchg [0,1) a\n in 1: add b\nadd a -> 1", 2,
		  "the op was skipped" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(wrong); i++) {
		assert_false(run_text(wrong[i].text, RUN_ONCE));
		assert_rule(RULE_EXPECTED_RESULT);
		assert_string_equal(report_verdict.what, wrong[i].what);
		assert_int_equal(report_story.op, wrong[i].op);
	}
}

/* Whatever an earlier run left, even one that failed in the middle, is not there in the next. */
static void test_nothing_is_left(void **state)
{
	static const char good[] = "board unit\nchg [0,1) a -> 1 needs 1\nadd a -> 1\n";

	(void)state;
	assert_transcript(good, good);
	assert_false(run_text("chg [0,9) a\nadd a\nchg [3,4) b\n in 1: count [0,1) -> 0\n"
	                      "del [3,4)\n in 1: count [0,1) -> 0",
	                      RUN_ONCE));
	assert_transcript(good, good);
	assert_false(run_text("chg [0,9) b\nchg [0,9) c\nchg [0,9) d -> 0", RUN_TWICE));
	assert_transcript(good, good);
}

static void test_totals(void **state)
{
	static const struct {
		const char *text;
		enum run_times times;
		struct run_totals adds;
	} run[] = {
		{ "", RUN_ONCE, { 1, 0, 0 } },
		{ "", RUN_TWICE, { 2, 0, 0 } },
		{ "chg [0,1) a\nadd a\nadd a\ncount [0,1)\nabort a", RUN_ONCE, { 1, 3, 2 } },
		{ "chg [0,1) a\nadd a\nadd a\ncount [0,1)\nabort a", RUN_TWICE, { 2, 6, 4 } },
		{ "chg [0,1) a\nchg [1,2) a\n in 1: add a", RUN_ONCE, { 1, 1, 1 } },
		{ "count [0,1) -> 1\ncount [0,1)", RUN_TWICE, { 1, 1, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < LEN(run); i++) {
		struct run_totals before = run_totals;

		run_text(run[i].text, run[i].times);
		assert_int_equal(run_totals.runs - before.runs, run[i].adds.runs);
		assert_int_equal(run_totals.ops - before.ops, run[i].adds.ops);
		assert_int_equal(run_totals.skipped - before.skipped, run[i].adds.skipped);
	}
}

/* What a call asked for is counted though never printed. */
static void test_requests(void **state)
{
	(void)state;
	assert_true(run_text("chg [0,1) a\nchg [1,2) b\nchg [2,3) c refuse 1-\nadd a", RUN_ONCE));
	assert_int_equal(run_results()[0].asked, 0);
	assert_int_equal(run_results()[1].asked, 1);
	assert_int_equal(run_results()[2].asked, 1);
	assert_int_equal(run_results()[3].asked, 0);
}

/* Any bytes are a trace that a right map runs without a word. */
static void test_random_bytes(void **state)
{
	static uint8_t in[96 * OP_BYTES];
	static struct trace trace;
	uint64_t seed = 74518;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		size_t size = next_random(&seed) % sizeof(in);

		for (size_t i = 0; i < size; i++)
			in[i] = next_random(&seed) >> 32;
		trace_decode(&trace, &region_target, in, size);
		/* Small ranges meet. */
		for (size_t i = 0; i < trace.count && round % 2; i++)
			if (trace.op[i].to <= CELLS) {
				trace.op[i].from /= 8;
				trace.op[i].to /= 8;
			}
		if (!run_trace(&region_target, &trace, NULL, RUN_TWICE)) {
			report_print(stderr, &report_verdict, NULL);
			fail();
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_transcripts),     cmocka_unit_test(test_wrong_expectations),
		cmocka_unit_test(test_nothing_is_left), cmocka_unit_test(test_totals),
		cmocka_unit_test(test_requests),        cmocka_unit_test(test_random_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
