// SPDX-License-Identifier: GPL-2.0-only
/*
 * The story of a failure, to the letter: it is all that a finder gets to see, and its trace is to
 * be cut out and run again.
 */
#include "tests/test.h"

#include <unistd.h>

void __sanitizer_report_error_summary(const char *summary);

static void test_planted_failure(void **state)
{
	static const char text[] = "chg [0,2) a -> 2\n"
				   "add a\n"
				   "chg [4,5) b # a comment is not kept\n"
				   "  in 1: chg [7,8) c\n"
				   "  in 1: count [0,4) -> 3\n"
				   "del [0,end) refuse 2\n";

	(void)state;
	assert_false(run_text(text, RUN_ONCE));
	assert_report("FAIL expected-result: returned 2, expected 3\n"
	              "trace (op 5 of 6, ",
	              " map):\n"
	              "  board unit\n"
	              "  chg [0,2) a -> 2 needs 1\n"
	              "  add a -> 2\n"
	              "  chg [4,5) b\n"
	              "    in 1: chg [7,8) c -> 1 needs 1\n"
	              ">   in 1: count [0,4) -> 2\n"
	              "  del [0,end) refuse 2\n"
	              "  model: [0,2)\n"
	              "  map:   [0,2)\n"
	              "  cache 1 (count says 1), in progress 1, open tickets 1\n"
	              "replay: make replay TRACE=x\n",
	              "make replay TRACE=x");
}

/* The lines between "trace (...)" and "  model" are a trace, the one that was run. */
static void test_report_reads_back(void **state)
{
	static const char *const text[] = {
		"board raw 5 9 9223372036854775000 refuse 3-\ncount [0,1)\ncount [0,1) -> 7\n",
		"board wide\nchg [0,9) a\nadd a owner 3\ndel [3,4) refuse 2,4\n in 1: count "
		"[1,end)\n"
		" in 1: chg [1,2) b\n  in 1: add a -> 5\nchg [1,64) h\n",
		"board high\nabort a -> 0\nabort a -> 0\n",
	};
	static struct result expect[TRACE_OPS];
	static struct trace was, is;

	(void)state;
	for (size_t i = 0; i < LEN(text); i++) {
		struct printed printed;
		char *begin, *end;

		assert_false(run_text(text[i], RUN_ONCE));
		print_begin(&printed);
		report_print(printed.out, &report_verdict, NULL);
		fclose(printed.out);
		begin = strchr(strstr(printed.text, "\ntrace (") + 1, '\n') + 1;
		end = strstr(begin, "  model:");
		*end = '\0';
		parse_text(&is, expect, begin);
		free(printed.text);
		parse_text(&was, NULL, text[i]);
		assert_int_equal(is.head.board, was.head.board);
		assert_int_equal(is.head.refuse, was.head.refuse);
		assert_memory_equal(is.at, was.at, sizeof(is.at));
		assert_int_equal(is.count, was.count);
		assert_memory_equal(is.op, was.op, is.count * sizeof(is.op[0]));
	}
}

/* What is not known is left out. */
static void test_bare_verdict(void **state)
{
	(void)state;
	memset(&report_story, 0, sizeof(report_story));
	report_verdict = (struct verdict){ true, RULE_MEMORY_CLEAN, "2 blocks leaked" };
	assert_report("FAIL memory-clean: 2 blocks leaked\n", "", NULL);
	assert_report("FAIL memory-clean: 2 blocks leaked\nreplay: x\n", "", "x");
}

/* A failed release: no op is marked, there is no map any more. */
static void test_failed_release(void **state)
{
	(void)state;
	assert_true(run_text("chg [0,2) a\nadd a", RUN_ONCE));
	assert_int_equal(report_story.op, 2);
	report_verdict = (struct verdict){ true, RULE_MEMORY_CLEAN, "1 blocks leaked" };
	assert_report("FAIL memory-clean: 1 blocks leaked\n"
	              "trace (release after 2 of 2, ",
	              " map):\n"
	              "  board unit\n"
	              "  chg [0,2) a -> 2 needs 1\n"
	              "  add a -> 2\n"
	              "  model: [0,2)\n",
	              NULL);
}

/* What a sanitizer says is told under the name of a rule. */
static void test_sanitizer_summary(void **state)
{
	static const struct {
		const char *summary, *said;
	} line[] = {
		{ "SUMMARY: AddressSanitizer: heap-use-after-free x.c:1",
		  "FAIL memory-clean: AddressSanitizer: heap-use-after-free x.c:1\n" },
		{ "SUMMARY: UndefinedBehaviorSanitizer: undefined-behavior x.c:1",
		  "FAIL undefined-behaviour: UndefinedBehaviorSanitizer: undefined-behavior "
		  "x.c:1\n" },
		{ "SUMMARY: MemorySanitizer: use-of-uninitialized-value x.c:1",
		  "FAIL uninitialised-read: MemorySanitizer: use-of-uninitialized-value x.c:1\n" },
	};

	(void)state;
	memset(&report_story, 0, sizeof(report_story));
	for (size_t i = 0; i < LEN(line); i++) {
		char said[512] = { 0 }, expected[512];
		FILE *file = tmpfile();
		int kept = dup(STDERR_FILENO);

		dup2(fileno(file), STDERR_FILENO);
		__sanitizer_report_error_summary(line[i].summary);
		dup2(kept, STDERR_FILENO);
		close(kept);
		rewind(file);
		assert_true(fread(said, 1, sizeof(said) - 1, file) > 0);
		fclose(file);
		snprintf(expected, sizeof(expected), "%s%s\n", line[i].said, line[i].summary);
		assert_string_equal(said, expected);
	}
}

static struct verdict told;

static void tell(const struct verdict *verdict)
{
	told = *verdict;
}

/* Whoever wants to know instead of the reader of stderr. */
static void test_report_stop(void **state)
{
	void (*printing)(const struct verdict *verdict) = report_stop;

	(void)state;
	report_stop = tell;
	__sanitizer_report_error_summary("SUMMARY: MemorySanitizer: x");
	report_stop = printing;
	assert_true(told.failed);
	assert_int_equal(told.rule, RULE_UNINITIALISED);
	assert_string_equal(told.what, "MemorySanitizer: x");
}

/* However long the text of a failed rule is, the verdict keeps what it has room for. */
static void test_report_fail(void **state)
{
	char text[512];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_fails_by(RULE_CHG_COUNT, report_fail(RULE_CHG_COUNT, "%d %s", 5, text));
	text[sizeof(report_verdict.what) - 3] = '\0';
	assert_string_equal(report_verdict.what + 2, text);
	assert_memory_equal(report_verdict.what, "5 ", 2);
	assert_fails_by(RULES, CHECK(CHG_COUNT, 1 == 1, "never"));
	assert_fails_by(RULE_SAME_AGAIN, CHECK(SAME_AGAIN, 1 == 2, "told"));
	assert_string_equal(report_verdict.what, "told");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_planted_failure),   cmocka_unit_test(test_report_reads_back),
		cmocka_unit_test(test_bare_verdict),      cmocka_unit_test(test_failed_release),
		cmocka_unit_test(test_sanitizer_summary), cmocka_unit_test(test_report_stop),
		cmocka_unit_test(test_report_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
