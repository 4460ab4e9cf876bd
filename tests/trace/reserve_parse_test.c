// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reserve target as text: what people write, how they are told that it is no trace, and which
 * target a text is of.
 */
#include "tests/test.h"

#define MAP "map a file 0 [0,4)\n"

static struct trace trace;
static struct result expect[TRACE_OPS];

static const struct {
	const char *text;
	unsigned line, column;
	const char *what;
} malformed[] = {
	/* words, and whose they are */
	{ MAP "frob a", 2, 1, "unknown word 'frob'; known are @reserve" },
	{ "pool 8\naveryveryverylongword", 2, 1,
	  "unknown word 'averyveryverylo'; known are @reserve" },
	{ "frob", 1, 1, "unknown word 'frob'; known are @region" },
	{ "board unit\n" MAP, 2, 1,
	  "map belongs to the reserve target, but this trace has a board" },
	{ "# x\npool 8\n  chg [0,1) a", 3, 3,
	  "chg belongs to the region target, but this trace has a pool" },
	{ "chg [0,1) a\n  in 1: fault a page 0", 2, 9,
	  "fault belongs to the reserve target, but this trace begins with an op that does not" },
	{ MAP "count [0,1)", 2, 1,
	  "count belongs to the region target, but this trace begins with an op that does not" },
	{ MAP "board unit", 2, 1,
	  "board belongs to the region target, but this trace begins with an op that does not" },
	{ "board unit\npool 8", 2, 1,
	  "pool belongs to the reserve target, but this trace has a board" },
	{ "pool 8\nboard raw 5", 2, 1,
	  "board belongs to the region target, but this trace has a pool" },
	/* the pool */
	{ "pool", 1, 5, "expected a number from 0 to 64" },
	{ "pool 65", 1, 6, "expected a number from 0 to 64" },
	{ "pool 8\npool 8", 2, 5, "the pool comes once, before the first op" },
	{ MAP "pool 8", 2, 5, "the pool comes once, before the first op" },
	{ "pool 8 surplus 17", 1, 16, "expected a number from 0 to 16" },
	{ "pool 8 max 65", 1, 12, "expected a number from 0 to 64" },
	{ "pool 8 min", 1, 11, "expected a number from 0 to 64" },
	{ "pool 8 refuse pool", 1, 15, "expected a number from 1 to 6" },
	{ "pool 8 9", 1, 8, "only surplus, max, min and refuse may follow the pool" },
	{ "pool 8 max 0 max 1", 1, 14, "only surplus, max, min and refuse may follow the pool" },
	/* operands */
	{ "map", 1, 4, "expected a slot, a to h" },
	{ "map file 0 [0,1)", 1, 5, "expected a slot, a to h" },
	{ "map a [0,1)", 1, 7, "expected 'file' and a number, as in file 1" },
	{ "map a file 4 [0,1)", 1, 12, "expected a number from 0 to 3" },
	{ "map a file 0", 1, 13, "expected a range of cells such as [3,8)" },
	{ "map a file 0 [3,end)", 1, 17, "expected a number from 3 to 64" },
	{ "fault a", 1, 8, "expected 'page' and a number, as in page 1" },
	{ "fault a page 64", 1, 14, "expected a number from 0 to 63" },
	{ "unmap", 1, 6, "expected a slot, a to h" },
	{ "fork a", 1, 7, "expected a slot, a to h" },
	{ "fork a i", 1, 8, "expected a slot, a to h" },
	{ "truncate to 3", 1, 10, "expected 'file' and a number, as in file 1" },
	{ "truncate file 0", 1, 16, "expected 'to' and a number, as in to 1" },
	{ "truncate file 0 to 65", 1, 20, "expected a number from 0 to 64" },
	{ "punch file 0 3", 1, 14, "expected a range of cells such as [3,8)" },
	{ "evict 0", 1, 7, "expected 'file' and a number, as in file 1" },
	{ "resize 12", 1, 8, "expected 'to' and a number, as in to 1" },
	{ "backwards a file 0 [9,3)", 1, 23, "expected a number from 9 to 64" },
	/* options */
	{ "map a file 0 [0,1) late", 1, 20,
	  "map does not take this here; it may take: private noreserve refuse owner ->" },
	{ "map a file 0 [0,1) private private", 1, 28,
	  "map does not take this here; it may take: private noreserve refuse owner ->" },
	{ "fault a page 0 owner 1", 1, 16,
	  "fault does not take this here; it may take: write late refuse ->" },
	{ "backwards a file 0 [0,1) noreserve", 1, 26,
	  "backwards does not take this here; it may take: private refuse owner ->" },
	{ "unmap a write", 1, 9, "unmap does not take this here; it may take: refuse ->" },
	{ "fork a b refuse 1", 1, 17, "expected one of memcg, node, vma, table" },
	{ "fault a page 0 refuse", 1, 22, "expected a number from 1 to 6" },
	{ "fault a page 0 refuse file", 1, 23,
	  "expected a request such as 1, or pool, subpool, cgroup, memcg, node, table" },
	{ "fault a page 0 refuse 1,write", 1, 25,
	  "expected a request such as 1, or pool, subpool, cgroup, memcg, node, table" },
	{ "fault a page 0 refuse 2-,3", 1, 26, "all later requests are refused already" },
	{ "fault a page 0 refuse pool refuse 1", 1, 28,
	  "fault does not take this here; it may take: write late refuse ->" },
	{ "unmap a refuse pool", 1, 16, "expected a number from 1 to 6" },
	{ "unmap a -> ENOENT", 1, 12,
	  "expected a result: a number, ENOMEM, EINVAL, ENOSPC, EAGAIN, EFAULT, EEXIST, EBUSY, "
	  "EIO, EACCES "
	  "or "
	  "skipped" },
	/* nesting */
	{ "fork a b\n  in 1: unmap a", 2, 3,
	  "the op above never waits for memory: nothing can run inside it" },
	{ "resize to 3\n  in 1: unmap a", 2, 3,
	  "the op above never waits for memory: nothing can run inside it" },
	{ MAP "  in 9: unmap a", 2, 6, "expected a number from 1 to 8" },
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

/* What may be written in more than one way, and what is printed for it. */
static void test_spellings(void **state)
{
	static const char same[] =
		"pool 8 max 4\n"
		"map a file 0 [0,4) private noreserve owner 1 refuse 1,3-,pool,cgroup\n"
		"  in 2: fault a page 3 write late\n"
		"resize to 12\n";
	static const char *const spelling[] = {
		same,
		"pool 8 surplus 0 max 4\n"
		"map a file 0 [0,4) refuse cgroup,1,pool,3- owner 1 noreserve private -> ENOMEM\n"
		"  in 2: fault a page 3 late write -> ENOSPC\nresize to 12 -> 12",
		"  pool 08 max 4 # pages\n\n"
		"  map a file 0[0,4)owner 1 private refuse pool,1 , 3-,cgroup noreserve->EAGAIN\n"
		">   in 2:fault a page 3 write late\n  resize to 12\n",
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

/* Which target a text is of, and where it says so; region is the one that is wanted. */
static void test_target(void **state)
{
	static const struct {
		const char *text;
		const char *target;
		unsigned line, column;
	} text[] = {
		{ "", "region", 0, 0 },
		{ "# nothing\n\n", "region", 0, 0 },
		{ "board unit", "region", 1, 1 },
		{ "\n  chg [0,1) a", "region", 2, 3 },
		{ "# x\npool 8\n" MAP, "reserve", 2, 1 },
		{ "\n> " MAP "  unmap a", "reserve", 2, 3 },
	};

	(void)state;
	for (size_t i = 0; i < LEN(text); i++) {
		struct trace_error error = { .line = 77 };

		assert_true(trace_parse(&trace, NULL, &region_target, text[i].text,
		                        strlen(text[i].text), &error));
		assert_string_equal(trace.target->name, text[i].target);
		assert_int_equal(error.line, text[i].line);
		if (error.line)
			assert_int_equal(error.column, text[i].column);
	}
	assert_int_equal(trace.head.pages, POOL_PLAIN);
}

/* Every error has one name, in both directions and both targets. */
static void test_errors(void **state)
{
	static const struct {
		const char *name;
		long value;
	} error[] = {
		{ "ENOMEM", -ENOMEM }, { "EINVAL", -EINVAL }, { "ENOSPC", -ENOSPC },
		{ "EAGAIN", -EAGAIN }, { "EFAULT", -EFAULT },
	};
	static const char *const op[] = { "pool 8\nunmap a", "board unit\nadd a" };
	char text[64];

	(void)state;
	for (size_t i = 0; i < LEN(error) * LEN(op); i++) {
		struct printed printed;

		snprintf(text, sizeof(text), "%s -> %s\n", op[i % 2], error[i / 2].name);
		parse_text(&trace, expect, text);
		assert_int_equal(expect[0].kind, RESULT_VALUE);
		assert_true(expect[0].value == error[i / 2].value);
		print_begin(&printed);
		trace_print(printed.out, &trace, expect, SIZE_MAX);
		assert_printed(&printed, text);
	}
}

/* Any text: it is refused, or it reads back as itself. */
static void test_mutated_text(void **state)
{
	static const char text[] = "pool 4 max 2\n" MAP
				   "  in 2: fault b page 3 late refuse 1,pool\n"
				   "fork a b\npunch file 1 [2,5) -> ENOSPC\nresize to 6\n";
	static const char letters[] = "0123456789abcdefghiklmnoprstuw [,)-> \n#:";
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
		assert_int_equal(again.head.pages, trace.head.pages);
		assert_int_equal(again.head.max, trace.head.max);
		assert_int_equal(again.count, trace.count);
		assert_memory_equal(again.op, trace.op, trace.count * sizeof(trace.op[0]));
	}
	assert_in_range(good, 300, 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_malformed),    cmocka_unit_test(test_spellings),
		cmocka_unit_test(test_target),       cmocka_unit_test(test_errors),
		cmocka_unit_test(test_mutated_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
