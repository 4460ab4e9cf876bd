// SPDX-License-Identifier: GPL-2.0-only
/*
 * Traces as text: what people write, and how they are told that it is no trace.  The messages are
 * compared whole: they are the manual for whoever mistyped.
 */
#include "tests/test.h"

#define OPS_8(op)   op op op op op op op op
#define OPS_512(op) OPS_8(OPS_8(OPS_8(op)))
#define CHG         "chg [0,1) a\n"

static struct trace trace;
static struct result expect[TRACE_OPS];

static const struct {
	const char *text;
	unsigned line, column;
	const char *what;
} malformed[] = {
	{ "frob [0,1) a", 1, 1, "unknown word 'frob'; known are @region" },
	{ "# comment\n\n  \t chgs [0,1) a", 3, 5, "unknown word 'chgs'; known are @region" },
	{ "averyveryverylongword", 1, 1, "unknown word 'averyveryverylo'; known are @region" },
	{ "7", 1, 1, "unknown word ''; known are @region" },
	{ "in 1: chg [0,1) a", 1, 1, "unknown word 'in'; known are @region" },
	{ "> > add a", 1, 3, "unknown word ''; known are @region" },
	{ "chg", 1, 4, "expected a range of cells such as [3,8)" },
	{ "chg 3,8) a", 1, 5, "expected a range of cells such as [3,8)" },
	{ "chg [a,8) a", 1, 6, "expected a number from 0 to 64" },
	{ "chg [-1,8) a", 1, 6, "expected a number from 0 to 64" },
	{ "del [65,end)", 1, 6, "expected a number from 0 to 64" },
	{ "chg [18446744073709551616,1) a", 1, 6, "expected a number from 0 to 64" },
	{ "chg [3 8) a", 1, 8, "expected ',' and the end of the range, as in [3,8)" },
	{ "chg [8,3) a", 1, 8, "expected a number from 8 to 64" },
	{ "chg [3,65) a", 1, 8, "expected a number from 3 to 64" },
	{ "chg [3,end) a", 1, 8, "expected a number from 3 to 64" },
	{ "chg [3,8] a", 1, 9, "expected ')': a range's end is exclusive, as in [3,8)" },
	{ "chg [3,8)", 1, 10, "expected a slot, a to h" },
	{ "add", 1, 4, "expected a slot, a to h" },
	{ "add i", 1, 5, "expected a slot, a to h" },
	{ "add ab", 1, 5, "expected a slot, a to h" },
	{ "abort a junk", 1, 9, "abort does not take this here; it may take: ->" },
	{ "abort a refuse 1", 1, 9, "abort does not take this here; it may take: ->" },
	{ CHG "chg [3,8) b owner 1", 2, 13, "chg does not take this here; it may take: refuse ->" },
	{ "add a [0,1)", 1, 7, "add does not take this here; it may take: refuse owner ->" },
	{ "add a owner 4", 1, 13, "expected a number from 0 to 3" },
	{ "del [0,1) refuse", 1, 17, "expected a number from 1 to 6" },
	{ "del [0,1) refuse 0", 1, 18, "expected a number from 1 to 6" },
	{ "del [0,1) refuse 7-", 1, 18, "expected a number from 1 to 6" },
	{ "del [0,1) refuse 1,", 1, 20, "expected a number from 1 to 6" },
	{ "del [0,1) refuse 1 refuse 2", 1, 20,
	  "del does not take this here; it may take: refuse ->" },
	{ "del [0,1) refuse 6", 1, 19, "write 6-: request 6 stands for all later ones too" },
	{ "del [0,1) refuse 6 -> 1", 1, 20, "write 6-: request 6 stands for all later ones too" },
	{ "bad [3,end)", 1, 8, "expected a number from 3 to 64" },
	{ "bad [3,8) refuse 1", 1, 11, "bad does not take this here; it may take: ->" },
	{ "count [0,1) ->", 1, 15,
	  "expected a result: a number, ENOMEM, EINVAL, ENOSPC, EAGAIN, EFAULT, EEXIST, EBUSY, "
	  "EIO, EACCES "
	  "or "
	  "skipped" },
	{ "count [0,1) -> -12", 1, 16,
	  "expected a result: a number, ENOMEM, EINVAL, ENOSPC, EAGAIN, EFAULT, EEXIST, EBUSY, "
	  "EIO, EACCES "
	  "or "
	  "skipped" },
	{ "count [0,1) -> 9223372036854775808", 1, 16,
	  "expected a result: a number, ENOMEM, EINVAL, ENOSPC, EAGAIN, EFAULT, EEXIST, EBUSY, "
	  "EIO, EACCES "
	  "or "
	  "skipped" },
	{ "count [0,1) -> 5 6", 1, 18, "nothing may follow the result" },
	{ "count [0,1) -> skipped needs 1", 1, 24, "nothing may follow the result" },
	{ "add a -> 1 owner 1", 1, 12, "nothing may follow the result" },
	{ "chg [0,1) a -> 1 needs 0", 1, 24, "expected a number from 1 to 9223372036854775807" },
	{ "board", 1, 6, "expected a board: unit, wide, high or raw" },
	{ "board long", 1, 7, "expected a board: unit, wide, high or raw" },
	{ "board unit\nboard unit", 2, 6, "the board comes once, before the first op" },
	{ CHG "board unit", 2, 6, "the board comes once, before the first op" },
	{ "board unit 5", 1, 12, "only refuse may follow the board" },
	{ "board unit refuse 1 2", 1, 21, "only refuse may follow the board" },
	{ "board raw 0", 1, 11, "expected a number from 1 to 9223372036854775744" },
	{ "board raw 5 5", 1, 13, "expected a number from 6 to 9223372036854775745" },
	{ "board raw 99999999999999999999", 1, 11,
	  "expected a number from 1 to 9223372036854775744" },
	{ CHG "  chg [1,2) b", 2, 3, "a nested op starts with the request it runs in: in 1:" },
	{ CHG "  in 0: add a", 2, 6, "expected a number from 1 to 8" },
	{ CHG "  in 9: add a", 2, 6, "expected a number from 1 to 8" },
	{ CHG "  in 1 add a", 2, 8, "expected ':' behind the request" },
	{ "abort a\n in 1: add a", 2, 2,
	  "the op above never waits for memory: nothing can run inside it" },
	{ CHG " in 1: count [0,1)\n  in 1: add a", 3, 3,
	  "the op above never waits for memory: nothing can run inside it" },
	{ CHG " in 1: add b\n  in 1: add c\n   in 1: add d\n    in 1: add e", 5, 5,
	  "ops nest at most 3 deep" },
	{ "  " CHG " add a", 2, 2, "this indentation matches no line above" },
	{ CHG "    in 1: add b\n  in 1: add c", 3, 3, "this indentation matches no line above" },
	{ CHG "  in 1: add b\n    in 1: add c\n   in 1: add d", 4, 4,
	  "this indentation matches no line above" },
	{ OPS_512(CHG) "add a", 513, 1, "a trace has at most 512 ops" },
};

static void test_malformed(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(malformed); i++) {
		const char *text = malformed[i].text;
		struct trace_error error = { 0 };
		char is[320], should[320];

		assert_false(
			trace_parse(&trace, expect, &region_target, text, strlen(text), &error));
		snprintf(is, sizeof(is), "%u:%u: %s", error.line, error.column, error.what);
		snprintf(should, sizeof(should), "%u:%u: %s", malformed[i].line,
		         malformed[i].column, with_words(malformed[i].what));
		assert_string_equal(is, should);
	}
}

/* 64 raw ends are a board; one more is not, and the last may be LONG_MAX but no more. */
static void test_full_raw_board(void **state)
{
	static const struct {
		const char *tail, *what;
	} tail[] = {
		{ " 64", NULL },
		{ " 9223372036854775807", NULL },
		{ " 18446744073709551717", "expected a number from 64 to 9223372036854775807" },
		{ " 64 65", "a raw board has at most 64 ends" },
	};
	char text[512];

	(void)state;
	for (size_t i = 0; i < LEN(tail); i++) {
		struct trace_error error = { 0 };
		size_t at = sprintf(text, "board raw");

		for (int end = 1; end < CELLS; end++)
			at += sprintf(text + at, " %d", end);
		strcpy(text + at, tail[i].tail);
		assert_true(trace_parse(&trace, NULL, &region_target, text, strlen(text), &error) ==
		            !tail[i].what);
		if (tail[i].what)
			assert_string_equal(error.what, tail[i].what);
	}
}

/* What may be written in more than one way, and what is printed for it. */
static void test_spellings(void **state)
{
	static const char same[] = "board unit\n"
				   "chg [3,8) c refuse 1\n"
				   "  in 1: add b owner 2 refuse 3\n"
				   "abort c\n";
	static const char *const spelling[] = {
		same,
		"chg [3,8) c refuse 1\n  in 1: add b owner 2 refuse 3\nabort c",
		"board unit\r\nchg [3,8) c refuse 1\r\n  in 1: add b owner 2 refuse 3\r\nabort "
		"c\r\n",
		"  board unit\n  chg [3,8) c refuse 1\n>   in 1: add b owner 2 refuse 3\n  abort "
		"c\n",
		"# what it showed\n\n board unit # page is cell\nchg[3,8)c refuse 1->5 needs 1#\n"
		"\tin 1:add b refuse 3 owner 2 -> skipped\n\n#\nabort c -> 0 # fine\n",
		"chg [ 3 , 8 ) c refuse 1 , 1 -> ENOMEM\n       in 001 : add b owner 2 refuse "
		"3\n\nabort c",
	};

	(void)state;
	for (size_t i = 0; i < LEN(spelling); i++) {
		struct printed printed;

		parse_text(&trace, NULL, spelling[i]);
		print_begin(&printed);
		trace_print(printed.out, &trace, NULL, SIZE_MAX);
		assert_printed(&printed, same);
	}
}

static void test_nothing(void **state)
{
	static const char *const nothing[] = { "", "\n", "  \r\n", "#", ">", "> # x\n\n" };
	struct trace_error error;

	(void)state;
	for (size_t i = 0; i < LEN(nothing); i++) {
		assert_true(trace_parse(&trace, expect, &region_target, nothing[i],
		                        strlen(nothing[i]), &error));
		assert_int_equal(trace.count, 0);
		assert_int_equal(trace.head.board, BOARD_UNIT);
	}
	/* No byte behind the size is read, and a NUL is no end. */
	assert_true(trace_parse(&trace, expect, &region_target, CHG "add a", strlen(CHG), &error));
	assert_int_equal(trace.count, 1);
	assert_false(
		trace_parse(&trace, expect, &region_target, CHG "\0", strlen(CHG) + 1, &error));
	assert_int_equal(error.line, 2);
	assert_true(trace_parse(&trace, expect, &region_target, OPS_512(CHG) "\n#\n", 512 * 12 + 3,
	                        &error));
	assert_int_equal(trace.count, TRACE_OPS);
}

static void test_expected_results(void **state)
{
	static const struct {
		const char *text;
		struct result expect;
	} line[] = {
		{ CHG, { .kind = RESULT_NONE } },
		{ "add a -> skipped", { .kind = RESULT_SKIPPED } },
		{ "add a refuse 1- -> ENOMEM", { .kind = RESULT_VALUE, .value = -ENOMEM } },
		{ "bad [0,1) -> EINVAL", { .kind = RESULT_VALUE, .value = -EINVAL } },
		{ "add a -> 0", { .kind = RESULT_VALUE } },
		{ "del [0,end) -> 9223372036854775807", { RESULT_VALUE, .value = LONG_MAX } },
		{ "chg [0,1) a -> 5 needs 2", { RESULT_VALUE, true, 5, .needs = 2 } },
	};

	(void)state;
	for (size_t i = 0; i < LEN(line); i++) {
		parse_text(&trace, expect, line[i].text);
		assert_int_equal(expect[0].kind, line[i].expect.kind);
		assert_true(expect[0].value == line[i].expect.value);
		assert_int_equal(expect[0].has_needs, line[i].expect.has_needs);
		assert_int_equal(expect[0].needs, line[i].expect.needs);
	}
}

/* Any text: it is refused, or it reads back as itself. */
static void test_mutated_text(void **state)
{
	static const char text[] = "board raw 4 9 refuse 1,3\n" CHG "  in 2: add b owner 3 -> 5\n"
				   "del [5,end) refuse 2- -> ENOMEM\ncount [0,64) # x\n";
	static const char letters[] = "0123456789abcdefginrsuw [,)-> \n#:";
	static struct trace again;
	uint64_t seed = 1998;
	long good = 0;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct trace_error error;
		struct printed printed;
		char mutant[sizeof(text)];

		memcpy(mutant, text, sizeof(text));
		for (int i = 0; i <= round % 3; i++)
			mutant[next_random(&seed) % (sizeof(text) - 1)] =
				letters[next_random(&seed) % (sizeof(letters) - 1)];
		if (!trace_parse(&trace, NULL, &region_target, mutant, sizeof(text) - 1, &error))
			continue;
		good++;
		print_begin(&printed);
		trace_print(printed.out, &trace, NULL, SIZE_MAX);
		fclose(printed.out);
		parse_text(&again, NULL, printed.text);
		free(printed.text);
		assert_memory_equal(again.at, trace.at, sizeof(trace.at));
		assert_int_equal(again.count, trace.count);
		assert_memory_equal(again.op, trace.op, trace.count * sizeof(trace.op[0]));
	}
	assert_in_range(good, 500, 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_malformed),        cmocka_unit_test(test_full_raw_board),
		cmocka_unit_test(test_spellings),        cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_expected_results), cmocka_unit_test(test_mutated_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
