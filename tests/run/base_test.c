// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is known and what is a finding: a target whose calls fail at the ops that a test says, on the text
 * under test and on the base.
 */
#include "tests/test.h"

#include "fuzz/run/base.h"
#include "fuzz/run/stop.h"

/* The slots whose ops fail, as bits, and by which rule; [1] is the base. */
static struct side {
	uint32_t slots;
	enum rule rule;
	const char *what;
} side[2];
static bool on_base;
static struct target faulty;
static unsigned told;
static enum rule told_rule;

static bool use_base(bool base)
{
	on_base = base;
	return true;
}

static void call(const struct op *op, struct result *result)
{
	if (side[on_base].slots >> op->slot & 1)
		report_fail(side[on_base].rule, "%s", side[on_base].what);
	region_target.call(op, result);
}

static void tell(const struct ending *ending, const struct trace *trace)
{
	assert_false(on_base);
	assert_true(ending->op < trace->count);
	told_rule = ending->verdict.rule;
	told++;
}

static int set_up(void **state)
{
	(void)state;
	faulty = region_target;
	faulty.call = call;
	faulty.use_base = use_base;
	told = 0;
	assert_true(base_begin(&faulty));
	stop_leaves_run(false);
	side[0] = side[1] = (struct side){ 0, RULE_CHG_COUNT, "counts" };
	return 0;
}

static enum judged judge(struct trace *trace, const char *text)
{
	struct ending ending;

	parse_text(trace, NULL, text);
	return base_judge(&faulty, trace, RUN_ONCE, &ending, tell);
}

static void assert_text(const struct trace *trace, const char *expected)
{
	struct printed printed;

	print_begin(&printed);
	trace_print(printed.out, trace, NULL, SIZE_MAX);
	assert_printed(&printed, expected);
}

static const char three[] = "chg [0,1) a\nchg [2,3) b\n  in 1: count [0,1)\nchg [4,5) c\n";

static void test_good(void **state)
{
	static struct trace trace;

	(void)state;
	side[1].slots = 1;
	assert_int_equal(judge(&trace, three), JUDGED_GOOD);
	assert_int_equal(told, 0);
}

/* The ops of known failures are left out, with what is nested in them. */
static void test_known(void **state)
{
	static struct trace trace;

	(void)state;
	side[0].slots = side[1].slots = 1 << 1;
	assert_int_equal(judge(&trace, three), JUDGED_KNOWN);
	assert_int_equal(told, 1);
	assert_int_equal(told_rule, RULE_CHG_COUNT);
	assert_text(&trace, "board unit\nchg [0,1) a\nchg [4,5) c\n");
	assert_false(on_base);
}

static void test_all_known(void **state)
{
	static struct trace trace;

	(void)state;
	side[0].slots = side[1].slots = 1 << 0 | 1 << 1 | 1 << 2;
	assert_int_equal(judge(&trace, three), JUDGED_KNOWN);
	assert_int_equal(told, 3);
}

/* What stands behind a known failure is judged, and is what a finding is told of. */
static void test_behind_known(void **state)
{
	static struct trace trace;

	(void)state;
	side[0].slots = 1 << 0 | 1 << 2;
	side[1].slots = 1 << 0;
	assert_int_equal(judge(&trace, three), JUDGED_FAILED);
	assert_int_equal(told, 1);
	assert_text(&trace, "board unit\nchg [2,3) b\n  in 1: count [0,1)\nchg [4,5) c\n");
	base_tell(&faulty, &trace, NULL, RUN_ONCE);
	assert_false(on_base);
	assert_int_equal(report_story.op, 2);
	assert_rule(RULE_CHG_COUNT);
	stop_leaves_run(false);
}

static void test_another_rule(void **state)
{
	static struct trace trace;

	(void)state;
	side[0].slots = side[1].slots = 1;
	side[1].rule = RULE_ADD_COUNT;
	assert_int_equal(judge(&trace, three), JUDGED_FAILED);
}

static void test_another_op(void **state)
{
	static struct trace trace;

	(void)state;
	side[0].slots = 1 << 1;
	side[1].slots = 1 << 0;
	assert_int_equal(judge(&trace, three), JUDGED_FAILED);
}

/* What the base fails by in front of it is left out, and then it shows what it does there. */
static void test_hidden_known(void **state)
{
	static struct trace trace;

	(void)state;
	side[0].slots = 1 << 2;
	side[1].slots = 1 << 0 | 1 << 2;
	assert_int_equal(judge(&trace, three), JUDGED_KNOWN);
	assert_int_equal(told, 1);
	assert_text(&trace, "board unit\nchg [2,3) b\n  in 1: count [0,1)\n");
}

static void test_hidden_new(void **state)
{
	static struct trace trace;

	(void)state;
	side[0].slots = 1 << 2;
	side[1].slots = 1 << 0 | 1 << 1;
	assert_int_equal(judge(&trace, three), JUDGED_FAILED);
	assert_int_equal(told, 0);
	assert_text(&trace, "board unit\nchg [4,5) c\n");
}

/* Where it fails by nothing without that, nobody knows whose it is. */
static void test_hidden_for_good(void **state)
{
	static const char nested[] = "chg [0,1) a\nchg [2,3) b\n  in 1: chg [4,5) c\n";
	static struct trace trace;

	(void)state;
	side[0].slots = 1 << 2;
	side[1].slots = 1 << 1;
	assert_int_equal(judge(&trace, nested), JUDGED_FAILED);
	assert_text(&trace, "board unit\nchg [0,1) a\nchg [2,3) b\n  in 1: chg [4,5) c\n");
}

static void test_base_counts_no_runs(void **state)
{
	static struct trace trace;
	unsigned long before = run_totals.runs;

	(void)state;
	side[0].slots = side[1].slots = 1 << 1;
	judge(&trace, three);
	assert_int_equal(run_totals.runs, before + 2);
}

static void test_same(void **state)
{
	static const struct {
		enum rule rule;
		const char *one, *other;
		bool same;
	} pairs[] = {
		/* numbers of a rule's report are of no matter */
		{ RULE_CHG_COUNT, "chg returned 3", "chg returned 4", true },
		/* lines of an assertion neither, but its words are */
		{ RULE_KERNEL_ASSERT, "VM_BUG_ON(a) at f.c:3", "VM_BUG_ON(a) at f.c:9", true },
		{ RULE_KERNEL_ASSERT, "VM_BUG_ON(a) at f.c:3", "VM_BUG_ON(ab) at f.c:3", false },
		{ RULE_MEMORY_CLEAN, "the text reads 8 bytes in f", "the text reads 8 bytes in f",
		  true },
		{ RULE_MEMORY_CLEAN, "the text reads 8 bytes in f", "the text reads 8 bytes in g",
		  false },
		{ RULE_MEMORY_CLEAN, "the text reads 8 bytes in f", "1 blocks leaked", false },
		{ RULE_MEMORY_CLEAN, "1 blocks leaked", "2 blocks leaked", true },
	};

	(void)state;
	for (size_t i = 0; i < LEN(pairs); i++) {
		struct ending one = { { .failed = true, .rule = pairs[i].rule }, 1 }, other = one;

		snprintf(one.verdict.what, sizeof(one.verdict.what), "%s", pairs[i].one);
		snprintf(other.verdict.what, sizeof(other.verdict.what), "%s", pairs[i].other);
		assert_int_equal(base_is_same(&one, &other), pairs[i].same);
		other.op++;
		assert_false(base_is_same(&one, &other));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_good, set_up),
		cmocka_unit_test_setup(test_known, set_up),
		cmocka_unit_test_setup(test_all_known, set_up),
		cmocka_unit_test_setup(test_behind_known, set_up),
		cmocka_unit_test_setup(test_another_rule, set_up),
		cmocka_unit_test_setup(test_another_op, set_up),
		cmocka_unit_test_setup(test_hidden_known, set_up),
		cmocka_unit_test_setup(test_hidden_new, set_up),
		cmocka_unit_test_setup(test_hidden_for_good, set_up),
		cmocka_unit_test_setup(test_base_counts_no_runs, set_up),
		cmocka_unit_test(test_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
