// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reserve target through the interpreter: calls inside calls, what is skipped, what an expected
 * result is held against, and that nothing of a run is left in the next.  The corpus has the rest.
 */
#include "tests/test.h"

/* Each is run twice, with its own results as what to expect. */
static const char *const transcripts[] = {
	"pool 8\n",
	/* the inner call is seen to have run: by its result, and by what comes after it */
	"pool 2\n"
	"map a file 0 [0,2) noreserve -> 0\n"
	"map b file 0 [0,1) private -> 0\n"
	"  in 1: fault a page 0 -> 0\n"
	"map c file 2 [0,1) -> ENOMEM\n"
	/* two requests for memory, and a lock: three windows */
	"map c file 0 [0,1) private -> ENOMEM\n"
	"  in 1: truncate file 0 to 0 -> skipped\n"
	"  in 2: unmap a -> 0\n"
	"  in 3: unmap a -> skipped\n",
	/* surplus is made with no lock held: others take the page that was counted on */
	"pool 1 surplus 2\n"
	"map a file 0 [0,3) -> ENOMEM\n"
	"  in 2: map b file 2 [0,1) private -> 0\n"
	"map c file 2 [0,2) private -> 0\n"
	"map d file 2 [0,1) private -> ENOMEM\n",
	/* a window that never opens: nothing in it runs, however deep */
	"pool 4\n"
	"map a file 0 [0,2) -> 0\n"
	"  in 8: map b file 2 [0,1) -> skipped\n"
	"    in 1: fault a page 0 -> skipped\n"
	"unmap b -> skipped\n"
	"  in 1: unmap a -> skipped\n"
	"fork a b -> 0\n"
	"unmap b -> 0\n",
	/* a page goes back while the file's mappings are walked: they stay, others come and go */
	"pool 8 max 8\n"
	"map a file 0 [0,2) private -> 0\n"
	"map b file 1 [0,2) -> 0\n"
	"fault a page 1 write -> 0\n"
	"truncate file 0 to 1 -> 0\n"
	"  in 1: unmap a -> skipped\n"
	"  in 1: fork a c -> skipped\n"
	"  in 1: unmap b -> 0\n"
	"  in 1: map c file 2 [0,1) -> 0\n"
	"  in 1: fault a page 0 -> 0\n"
	"unmap a -> 0\n",
	/* the same page through two mappings, another one through the same mapping */
	"pool 8\n"
	"map a file 0 [0,4) noreserve -> 0\n"
	"map b file 0 [0,4) noreserve -> 0\n"
	"fault a page 1 -> 0\n"
	"  in 1: fault b page 1 -> skipped\n"
	"  in 1: fault a page 2 -> 0\n"
	"    in 1: fault b page 1 -> skipped\n"
	"    in 1: fault b page 3 -> 0\n"
	"  in 1: unmap a -> skipped\n"
	"  in 1: unmap b -> 0\n",
	/* a file whose memory is refused is not there; its map's is part of no call */
	"pool 4 refuse 1-\n"
	"map a file 0 [0,1) -> 0\n",
	"pool 4 max 3 refuse 1\n"
	"map a file 0 [0,1) -> skipped\n"
	"resize to 3 -> skipped\n",
	/* whose task it is: that of the call, also behind a window */
	"pool 8\n"
	"map a file 0 [0,2) private owner 1 -> 0\n"
	"map b file 0 [0,2) private owner 2 -> 0\n"
	"  in 1: map c file 2 [0,2) private owner 3 -> 0\n"
	"unmap b -> 0\n"
	"unmap a -> 0\n"
	"unmap c -> 0\n",
};

static void test_transcripts(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(transcripts); i++)
		assert_transcript(transcripts[i], transcripts[i]);
}

static void test_wrong_expectations(void **state)
{
	static const struct {
		const char *text;
		size_t op;
		const char *what;
	} wrong[] = {
		{ "pool 1\nmap a file 0 [0,1) -> ENOMEM", 0, "returned 0, expected -12" },
		{ "pool 1\nresize to 2\nmap a file 0 [0,3) -> 0", 1, "returned -12, expected 0" },
		{ "pool 1\nunmap a -> 0", 0, "the op was skipped" },
		{ "pool 1\nresize to 1 -> skipped", 0, "the op was not skipped" },
		{ "pool 2\nmap a file 0 [0,1)\n in 1: map b file 2 [0,1) -> ENOSPC", 1,
		  "returned 0, expected -28" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(wrong); i++) {
		assert_false(run_text(wrong[i].text, RUN_ONCE));
		assert_rule(RULE_EXPECTED_RESULT);
		assert_string_equal(report_verdict.what, wrong[i].what);
		assert_int_equal(report_story.op, wrong[i].op);
	}
}

/* Whatever an earlier run left, even one that stopped inside a window, is not there in the next. */
static void test_nothing_is_left(void **state)
{
	static const char good[] = "pool 2 max 2 min 1\n"
				   "map a file 0 [0,1) -> 0\n"
				   "fault a page 0 write -> 0\n"
				   "map b file 1 [0,1) private -> 0\n"
				   "map c file 1 [0,1) -> ENOSPC\n"
				   "fault b page 0 late -> EAGAIN\n";
	static const char *const spoilt[] = {
		"pool 9 max 9 min 3\nmap a file 0 [0,4)\nfault a page 1\nunmap a -> skipped",
		"pool 9 surplus 3\nmap a file 0 [0,9)\n in 1: resize to 3 -> 1",
		"pool 9\nmap b file 1 [0,3) private owner 3\nfork b c\nfault c page 2 write\n"
		"fault b page 2 write late\n in 1: fault c page 1 write -> 3",
		"pool 9\nmap a file 0 [0,3)\nfault a page 1\ntruncate file 0 to 0\n"
		" in 1: resize to 0 -> 9",
	};

	(void)state;
	assert_transcript(good, good);
	for (size_t i = 0; i < LEN(spoilt); i++) {
		assert_false(run_text(spoilt[i], RUN_TWICE));
		assert_rule(RULE_EXPECTED_RESULT);
		assert_transcript(good, good);
	}
}

/* What the end of a run takes away by itself is no op, and is not counted. */
static void test_totals(void **state)
{
	static const struct {
		const char *text;
		struct run_totals adds;
	} run[] = {
		{ "pool 8", { 1, 0, 0 } },
		{ "pool 8\nmap a file 0 [0,1)\nfork a b\nunmap c", { 1, 2, 1 } },
		{ "pool 8\nmap a file 0 [0,1)\n in 1: map b file 2 [0,1)\n in 1: unmap a",
		  { 1, 2, 1 } },
		/* nobody asked for it */
		{ "pool 8\nmap a file 0 [0,1)\n in 8: map b file 2 [0,1)", { 1, 1, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < LEN(run); i++) {
		struct run_totals before = run_totals;

		assert_true(run_text(run[i].text, RUN_ONCE));
		assert_int_equal(run_totals.runs - before.runs, run[i].adds.runs);
		assert_int_equal(run_totals.ops - before.ops, run[i].adds.ops);
		assert_int_equal(run_totals.skipped - before.skipped, run[i].adds.skipped);
	}
}

/* The story of a failure: the trace, and all books beside what they should be. */
static void test_story(void **state)
{
	(void)state;
	assert_false(run_text("pool 4 surplus 1 max 4 min 1\nmap a file 0 [0,3) private\n"
	                      "fault a page 1 write\nmap b file 0 [5,6)\nunmap a -> 7",
	                      RUN_ONCE));
	assert_report("FAIL expected-result: returned 0, expected 7\n"
	              "trace (op 4 of 4, ",
	              " map):\n"
	              "  pool 4 surplus 1 max 4 min 1\n"
	              "  map a file 0 [0,3) private -> 0\n"
	              "  fault a page 1 write -> 0\n"
	              "  map b file 0 [5,6) -> 0\n"
	              "> unmap a -> 0\n"
	              "  pool: 4 pages, 4 free, 1 promised, surplus 0 of 1\n"
	              "  mount: max 4, used 1, min 1, rsv 0\n"
	              "  file 0: there: none; reserved or there: [5,6); map: [5,6), cache 0, in "
	              "progress 0\n",
	              NULL);
}

/* Any bytes are a trace that the right callers run without a word, and twice the same. */
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
		trace_decode(&trace, &reserve_target, in, size);
		assert_ptr_equal(trace.target, &reserve_target);
		/* Few pages, files and slots meet. */
		for (size_t i = 0; i < trace.count && round % 2; i++) {
			trace.op[i].from /= 8;
			trace.op[i].to /= 8;
			trace.op[i].file %= 2;
			trace.op[i].slot %= 4;
			trace.op[i].into %= 4;
		}
		if (!run_trace(&reserve_target, &trace, NULL, RUN_TWICE)) {
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
		cmocka_unit_test(test_story),           cmocka_unit_test(test_random_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
