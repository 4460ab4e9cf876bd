// SPDX-License-Identifier: GPL-2.0-only
/*
 * A harness that finds nothing may be looking at nothing.  So the map is spoilt here, in one way
 * after another, behind the interpreter's back, and each time the run has to stop at that op by the
 * rule made for it.
 *
 * What the rules judge is in call_rules_test.c and map_rules_test.c; here it is that run.c holds
 * the right things against them.
 */
#include "planted.h"

/* Op 1 fills [0,9); del is op 3 and splits; two tickets are open at the end. */
static const char plain[] = "chg [0,9) a\nadd a\ncount [0,9)\ndel [3,4)\nchg [3,4) b\n"
			    "chg [20,22) c\nabort b\nchg [30,31) d\n";
#define FAILING "chg [0,9) a\nadd a\ndel [3,4) refuse 1\nchg [9,10) b\n"
/* chg is counted when it starts or when it ends; its window is looked into in any case. */
#define WINDOW  "chg [0,2) a\nadd a\nchg [9,10) b\n in 1: count [0,9)\n"

static const struct plant plants[] = {
	{ OP_chg, one_more, plain, 0, RULE_CHG_COUNT },
	{ OP_chg, needs_more, plain, 0, RULE_NEEDED_MATCHES_HOLES },
	{ OP_add, one_more, plain, 1, RULE_ADD_COUNT },
	{ OP_count, one_more, plain, 2, RULE_COUNT_COUNT },
	{ OP_del, one_more, plain, 3, RULE_DEL_COUNT },
	{ OP_chg, says_enomem, plain, 0, RULE_ENOMEM_HONEST },
	{ OP_add, says_enomem, plain, 1, RULE_ENOMEM_HONEST },
	{ OP_del, hides_enomem, FAILING, 2, RULE_ENOMEM_HONEST },
	{ OP_add, asks, "chg [5,6) a\nadd a", 1, RULE_ONE_PAGE_ADD },
	{ OP_add, asks, plain, 1, RULE_UNDISTURBED_ADD },
	{ OP_del, asks, "chg [0,9) a\nadd a\ndel [0,4)", 2, RULE_SPLIT_DEL },
	{ OP_count, asks, plain, 2, RULE_COUNT_COUNT },
	{ OP_abort, leaks, plain, 8, RULE_MEMORY_CLEAN },
	{ OP_abort, frees_twice, plain, 6, RULE_MEMORY_CLEAN },
	{ OP_count, frees_inside, plain, 2, RULE_MEMORY_CLEAN },
	{ OP_count, stays_locked, plain, 2, RULE_LOCK_DISCIPLINE },
	{ OP_del, locks_twice, plain, 3, RULE_LOCK_DISCIPLINE },
	{ OP_chg, asks_locked, plain, 0, RULE_LOCK_DISCIPLINE },
	{ OP_abort, asserts, plain, 6, RULE_KERNEL_ASSERT },
	{ OP_add, breaks_list, plain, 1, RULE_LINKS_SANE },
	{ OP_add, moves_region, plain, 1, RULE_MAP_MATCHES_MODEL },
	{ OP_count, moves_region, WINDOW, 3, RULE_MAP_MATCHES_MODEL },
	{ OP_del, moves_region, FAILING, 2, RULE_ENOMEM_UNCHANGED },
	{ OP_add, cuts_in_two, plain, 1, RULE_MAP_SHAPE },
	{ OP_del, cuts_in_two, FAILING, 2, RULE_ENOMEM_UNCHANGED },
	{ OP_abort, opens_ticket, plain, 6, RULE_TICKETS_COUNTED },
	{ OP_chg, opens_ticket, "chg [0,1) a", 0, RULE_TICKETS_COUNTED },
	{ OP_count, miscounts_cache, plain, 2, RULE_CACHE_COUNTED },
	{ OP_chg, loses_entry, plain, 0, RULE_CACHE_COVERS_TICKETS },
	{ OP_del, goes_round, plain, 3, RULE_CALL_ENDS },
	/* a range that no caller may pass is refused by all, and nothing changes */
	{ OP_chg, one_more, "bad [1,3)", 0, RULE_BAD_RANGE },
	{ OP_add, one_more, "bad [1,3)", 0, RULE_BAD_RANGE },
	{ OP_del, one_more, "bad [1,3)", 0, RULE_BAD_RANGE },
	{ OP_count, one_more, "bad [1,3)", 0, RULE_BAD_RANGE },
	{ OP_chg, needs_more, "bad [1,3)", 0, RULE_BAD_RANGE },
	{ OP_count, moves_region, "chg [0,9) a\nadd a\nbad [1,3)", 2, RULE_BAD_RANGE },
	{ OP_abort, opens_ticket, "bad [1,3)", 0, RULE_TICKETS_COUNTED },
	/* in the middle of a call: pages must be right, the books of tickets need not be yet */
	{ OP_count, asks_torn, plain, 2, RULE_MAP_MATCHES_MODEL },
	{ OP_chg, asks_booked, plain, 8, RULES },
	/* behind a window it is the outer call again that fails */
	{ OP_chg, asks_and_asserts, "chg [0,1) a\n in 1: count [0,1)", 0, RULE_KERNEL_ASSERT },
	/* only at the release: the tickets of b, c and d are aborted there */
	{ OP_abort, leaks, "chg [0,1) b\nchg [1,2) c", 2, RULE_MEMORY_CLEAN },
	{ OP_abort, opens_ticket, "chg [0,1) b\nchg [1,2) c", 2, RULE_TICKETS_COUNTED },
};

static struct trace trace;

/* What is wrong with a new map, or with what is left of it. */
static enum { NOTHING, REFUSES, LEAKS, DIFFERS, OWES } new_map;
static int opened;

static struct resv_map *planted_open(void)
{
	struct resv_map *map;
	long needed;

	if (new_map == REFUSES)
		return NULL;
	map = real->open();
	if (new_map == LEAKS)
		block_alloc(8);
	/* The second map of a run has more spare entries, so it asks for fewer. */
	if (new_map == DIFFERS && opened++) {
		real->chg(map, 0, 1, &needed);
		real->chg(map, 0, 1, &needed);
		real->abort(map, 0, 1, needed);
		real->abort(map, 0, 1, needed);
	}
	return map;
}

static void planted_look_cgroups(struct map_cgroup cgroup[MAP_CGROUPS])
{
	memset(cgroup, 0, MAP_CGROUPS * sizeof(*cgroup));
	cgroup[1].refs = new_map == OWES;
}

static void test_planted(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(plants); i++) {
		bool good;

		parse_text(&trace, NULL, plants[i].text);
		plant = NULL;
		assert_true(run_planted(&trace, NULL, RUN_TWICE));
		plant = &plants[i];
		good = run_planted(&trace, NULL, RUN_ONCE);
		plant = NULL;
		assert_int_equal(good, plants[i].rule == RULES);
		assert_rule(plants[i].rule);
		assert_int_equal(report_story.op, plants[i].op);
	}
}

static void test_new_maps(void **state)
{
	static const struct {
		int new_map;
		enum rule rule;
		const char *text, *what;
	} wrong[] = {
		{ REFUSES, RULE_ENOMEM_HONEST, "", "a new map: refused, 0 of 0 requests refused" },
		{ LEAKS, RULE_MEMORY_CLEAN, "", "1 blocks leaked" },
		{ OWES, RULE_CSS_BALANCED, "", "cgroup 1 is referenced 1 times, it has 0 regions" },
		{ DIFFERS, RULE_SAME_AGAIN, "chg [0,1) a\nchg [1,2) b",
		  "returned 1 needs 1 after 1 requests, the second time 1, 1, 0" },
		{ DIFFERS, RULE_SAME_AGAIN, "chg [0,1) a\nchg [1,2) b\n in 1: abort a -> 0",
		  "the first run was good, the second: expected-result: the op was skipped" },
	};
	static struct result expect[TRACE_OPS];

	(void)state;
	for (size_t i = 0; i < LEN(wrong); i++) {
		parse_text(&trace, expect, wrong[i].text);
		new_map = wrong[i].new_map;
		opened = 0;
		assert_false(run_planted(&trace, expect, RUN_TWICE));
		new_map = NOTHING;
		assert_rule(wrong[i].rule);
		assert_string_equal(report_verdict.what, wrong[i].what);
	}
}

/* Backwards and negative, to every call; a legal op never sends one. */
static void test_bad_ranges(void **state)
{
	(void)state;
	bad_ranges[0] = '\0';
	parse_text(&trace, NULL, plain);
	assert_true(run_planted(&trace, NULL, RUN_ONCE));
	assert_string_equal(bad_ranges, "");
	parse_text(&trace, NULL, "bad [1,3)\nbad [4,4)");
	assert_true(run_planted(&trace, NULL, RUN_ONCE));
	assert_string_equal(bad_ranges, "c[3,1) a[3,1) d[3,1) n[3,1) x[3,1) "
	                                "c[-3,1) a[-3,1) d[-3,1) n[-3,1) x[-3,1) ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_planted),
		cmocka_unit_test(test_new_maps),
		cmocka_unit_test(test_bad_ranges),
	};

	plant_the_map();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
