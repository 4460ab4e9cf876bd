// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules on what a call returned, each held against facts made by hand: it fires, by its own
 * name, for what is wrong, and stays silent for what is right.
 */
#include "judge.h"

static const struct call_case {
	enum { CHG, ADD, DEL, COUNT } call;
	long ret, pages;
	unsigned asked, refused;
	long needed, holes; /* chg, add */
	long length;        /* add */
	bool splits;        /* del */
	long spare;         /* entries in the cache that are nobody's */
	bool overtaken;
	bool one_entry; /* of a map whose tickets need one */
	enum rule rule;
} call_cases[] = {
	/* chg returns the pages missing, and hands out an entry for each hole, at least one */
	{ CHG, .ret = 5, .pages = 5, .needed = 2, .holes = 2, .rule = GOOD },
	{ CHG, .ret = 5, .pages = 5, .needed = 2, .holes = 2, .asked = 2, .rule = GOOD },
	/* a call asks only for what the cache lacks, unless others took it meanwhile */
	{ CHG, .ret = 5, .pages = 5, .needed = 2, .holes = 2, .asked = 9, .overtaken = true,
	  .rule = GOOD },
	{ CHG, .ret = 5, .pages = 5, .needed = 2, .holes = 2, .asked = 3,
	  .rule = RULE_SPARE_FIRST },
	{ CHG, .ret = 5, .pages = 5, .needed = 2, .holes = 2, .asked = 2, .spare = 1,
	  .rule = RULE_SPARE_FIRST },
	{ CHG, 5, 5, .needed = 1, .holes = 2, .asked = 2, .one_entry = true,
	  .rule = RULE_SPARE_FIRST },
	{ ADD, 5, 5, .asked = 2, .needed = 1, .holes = 2, .length = 9, .rule = RULE_SPARE_FIRST },
	{ ADD, 5, 5, .asked = 1, .needed = 1, .holes = 2, .length = 9, .spare = 1,
	  .rule = RULE_SPARE_FIRST },
	{ DEL, 5, 5, .asked = 1, .splits = true, .spare = 1, .rule = RULE_SPARE_FIRST },
	{ DEL, 5, 5, .asked = 2, .splits = true, .rule = RULE_SPARE_FIRST },
	{ CHG, .ret = 0, .pages = 0, .needed = 1, .holes = 0, .rule = GOOD },
	{ CHG, .ret = 4, .pages = 5, .needed = 2, .holes = 2, .rule = RULE_CHG_COUNT },
	{ CHG, .ret = 6, .pages = 5, .needed = 2, .holes = 2, .rule = RULE_CHG_COUNT },
	{ CHG, .ret = -EINVAL, .pages = 5, .needed = 2, .holes = 2, .rule = RULE_CHG_COUNT },
	{ CHG, .ret = 5, .pages = 5, .needed = 1, .holes = 2, .rule = RULE_NEEDED_MATCHES_HOLES },
	{ CHG, .ret = 5, .pages = 5, .needed = 3, .holes = 2, .rule = RULE_NEEDED_MATCHES_HOLES },
	{ CHG, .ret = 0, .pages = 0, .needed = 0, .holes = 0, .rule = RULE_NEEDED_MATCHES_HOLES },
	{ CHG, 5, 5, .needed = 1, .holes = 2, .one_entry = true, .rule = GOOD },
	{ CHG, 5, 5, .needed = 2, .holes = 2, .one_entry = true,
	  .rule = RULE_NEEDED_MATCHES_HOLES },
	/* -ENOMEM if and only if a request was refused; then neither count nor needed is looked at */
	{ CHG, .ret = -ENOMEM, .pages = 5, .asked = 2, .refused = 1, .holes = 2, .rule = GOOD },
	{ CHG, .ret = -ENOMEM, .pages = 5, .asked = 2, .rule = RULE_ENOMEM_HONEST },
	{ CHG, 5, 5, .asked = 2, .refused = 1, .needed = 1, .holes = 1,
	  .rule = RULE_ENOMEM_HONEST },
	{ ADD, -ENOMEM, 5, .asked = 1, .refused = 1, .needed = 1, .holes = 2, .length = 9,
	  .rule = GOOD },
	{ ADD, -ENOMEM, 5, .needed = 1, .holes = 2, .length = 9, .rule = RULE_ENOMEM_HONEST },
	{ ADD, 5, 5, .asked = 1, .refused = 1, .needed = 1, .holes = 2, .length = 9,
	  .rule = RULE_ENOMEM_HONEST },
	{ DEL, -ENOMEM, 5, .asked = 1, .refused = 1, .splits = true, .rule = GOOD },
	{ DEL, -ENOMEM, 5, .splits = true, .rule = RULE_ENOMEM_HONEST },
	{ DEL, 5, 5, .asked = 1, .refused = 1, .splits = true, .rule = RULE_ENOMEM_HONEST },
	/* add returns the pages added, and asks only for holes that came after its chg */
	{ ADD, 5, 5, .needed = 2, .holes = 2, .length = 9, .rule = GOOD },
	{ ADD, 5, 5, .asked = 1, .needed = 1, .holes = 2, .length = 9, .rule = GOOD },
	{ ADD, 1, 1, .needed = 1, .holes = 1, .length = 1, .rule = GOOD },
	{ ADD, 4, 5, .needed = 2, .holes = 2, .length = 9, .rule = RULE_ADD_COUNT },
	{ ADD, -EINVAL, 5, .needed = 2, .holes = 2, .length = 9, .rule = RULE_ADD_COUNT },
	{ ADD, 5, 5, .asked = 1, .needed = 2, .holes = 2, .length = 9,
	  .rule = RULE_UNDISTURBED_ADD },
	{ ADD, 5, 5, .asked = 1, .needed = 1, .holes = 2, .length = 9, .one_entry = true,
	  .rule = RULE_UNDISTURBED_ADD },
	{ ADD, 1, 1, .asked = 1, .needed = 1, .holes = 2, .length = 1, .rule = RULE_ONE_PAGE_ADD },
	{ ADD, -ENOMEM, 1, .asked = 1, .refused = 1, .needed = 1, .holes = 1, .length = 1,
	  .rule = RULE_ONE_PAGE_ADD },
	/* del returns the pages dropped, and asks only to make two regions of one */
	{ DEL, .ret = 5, .pages = 5, .rule = GOOD },
	{ DEL, .ret = 5, .pages = 5, .asked = 1, .splits = true, .rule = GOOD },
	{ DEL, .ret = 4, .pages = 5, .rule = RULE_DEL_COUNT },
	{ DEL, .ret = -7, .pages = 0, .rule = RULE_DEL_COUNT },
	{ DEL, .ret = 5, .pages = 5, .asked = 1, .rule = RULE_SPLIT_DEL },
	/* count never asks */
	{ COUNT, .ret = 5, .pages = 5, .rule = GOOD },
	{ COUNT, .ret = 6, .pages = 5, .rule = RULE_COUNT_COUNT },
	{ COUNT, .ret = 5, .pages = 5, .asked = 1, .rule = RULE_COUNT_COUNT },
};

static void judge_call(const struct call_case *c)
{
	struct refusals refusals = { .asked = c->asked, .refused = c->refused };
	struct call_facts facts = { .map = &made_up,
		                    .ret = c->ret,
		                    .pages = c->pages,
		                    .refusals = &refusals,
		                    .spare = c->spare,
		                    .overtaken = c->overtaken };

	made_up.traits = (struct map_traits){ .needs_holes = !c->one_entry };
	if (c->call == CHG)
		check_chg(&facts, c->needed, c->holes);
	else if (c->call == ADD)
		check_add(&facts, c->length, c->needed, c->holes);
	else if (c->call == DEL)
		check_del(&facts, c->splits);
	else
		check_count(&facts);
}

static void one_call(size_t i)
{
	judge(i, call_cases[i].rule, judge_call(&call_cases[i]));
}

static void test_calls(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(call_cases); i++)
		one_call(i);
}

static void test_every_rule_fired(void **state)
{
	static const enum rule rules[] = { RULES_OF_CALLS };

	(void)state;
	assert_all_fired(rules, LEN(rules));
}

/* Names are for good too: known bugs and the minimizer use them. */
static void test_names(void **state)
{
	(void)state;
	for (int rule = 0; rule < RULES; rule++)
		assert_int_equal(rule_find(rule_name[rule]), rule);
	assert_int_equal(rule_find("map-shape"), RULE_MAP_SHAPE);
	assert_int_equal(rule_find("map-shap"), RULES);
	assert_int_equal(rule_find(""), RULES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_every_rule_fired),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
