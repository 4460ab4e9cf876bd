// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules on what the map looks like, each held against a state made by hand: it fires, by its
 * own name, for what is wrong, and stays silent for what is right.
 */
#include "judge.h"

static struct model model;
static struct trace board;

/* The truth: [2,4) and [4,5), which touch, and [8,9). */
static void open_model(unsigned owner_of_2, unsigned owner_of_4)
{
	parse_text(&board, NULL, "board unit");
	model_open(&model, board.at, false);
	model_add(&model, 2, 4, owner_of_2);
	model_add(&model, 4, 5, owner_of_4);
	model_add(&model, 8, 9, 0);
}

/* A list of regions, as "2,4 4,5:1": the second one is owner 1's. */
static void set_regions(struct map_view *view, const char *text)
{
	int used = 0;

	view->regions = 0;
	for (; *text; text += used) {
		struct map_region *rg = &view->region[view->regions++];

		rg->cgroup = 0;
		assert_int_equal(sscanf(text, "%ld,%ld%n", &rg->from, &rg->to, &used), 2);
		if (text[used] == ':')
			rg->cgroup = text[used + 1] - '0', used += 2;
		used += text[used] == ' ';
	}
}

#define RIGHT "2,4 4,5 8,9"

static const struct list_case {
	const char *regions;
	enum rule rule;
	enum { DONE, FAILED, REFUSED, UNDER_WAY } when;
	bool keeps_empty;
	const char *broken;
} list_cases[] = {
	{ RIGHT, GOOD, DONE, false, NULL },
	{ RIGHT, GOOD, FAILED, false, NULL },
	{ RIGHT, GOOD, REFUSED, false, NULL },
	{ RIGHT, GOOD, UNDER_WAY, false, NULL },
	{ RIGHT, RULE_LINKS_SANE, DONE, false, "a list has a loop" },
	{ "", RULE_LINKS_SANE, FAILED, false, "a list has a loop" },
	/* the order is looked at before the pages, and whatever the call came to */
	{ "2,4 3,5 8,9", RULE_MAP_ORDERED, DONE, false, NULL },
	{ "8,9 2,4 4,5", RULE_MAP_ORDERED, FAILED, false, NULL },
	{ "2,4 5,4 8,9", RULE_MAP_ORDERED, UNDER_WAY, false, NULL },
	{ "-1,4 4,5 8,9", RULE_MAP_ORDERED, DONE, false, NULL },
	/* regions of no page, where they are kept */
	{ "2,4 4,5 6,6 8,9", RULE_MAP_ORDERED, DONE, false, NULL },
	{ "2,4 4,5 6,6 8,9", GOOD, DONE, true, NULL },
	{ "2,2 2,4 4,5 8,9 9,9", GOOD, FAILED, true, NULL },
	{ "2,4 6,6 4,5 8,9", RULE_MAP_ORDERED, DONE, true, NULL },
	{ "2,4 6,6 8,9", RULE_MAP_MATCHES_MODEL, DONE, true, NULL },
	/* pages too few or too many */
	{ "", RULE_MAP_MATCHES_MODEL, DONE, false, NULL },
	{ "2,4 4,5", RULE_MAP_MATCHES_MODEL, DONE, false, NULL },
	{ "2,4 4,5", RULE_MAP_MATCHES_MODEL, UNDER_WAY, false, NULL },
	{ "2,4 4,5", RULE_ENOMEM_UNCHANGED, FAILED, false, NULL },
	{ "2,4 4,5", RULE_BAD_RANGE, REFUSED, false, NULL },
	{ "2,4 8,9", RULE_MAP_MATCHES_MODEL, DONE, false, NULL },
	{ "2,4 4,5 8,10", RULE_MAP_MATCHES_MODEL, DONE, false, NULL },
	{ "2,4 4,5 8,9 20,21", RULE_MAP_MATCHES_MODEL, DONE, false, NULL },
	{ "2,4 4,5 8,9 20,21", RULE_BAD_RANGE, REFUSED, false, NULL },
	/* the right pages in the wrong regions */
	{ "2,5 8,9", RULE_MAP_SHAPE, DONE, false, NULL },
	{ "2,5 8,9", RULE_ENOMEM_UNCHANGED, FAILED, false, NULL },
	{ "2,5 8,9", RULE_BAD_RANGE, REFUSED, false, NULL },
	{ "2,3 3,5 8,9", RULE_MAP_SHAPE, DONE, false, NULL },
	{ "2,4 4,5:1 8,9", RULE_MAP_SHAPE, DONE, false, NULL },
};

static const enum check_when when_of[] = {
	[DONE] = CALL_RETURNED,
	[FAILED] = CALL_FAILED,
	[REFUSED] = CALL_REFUSED,
	[UNDER_WAY] = CALL_UNLOCKED,
};

static void one_list(size_t i)
{
	static struct map_view view;
	const struct list_case *c = &list_cases[i];

	made_up.traits = (struct map_traits){ .keeps_empty = c->keeps_empty };
	set_regions(&view, c->regions);
	view.broken = c->broken;
	judge(i, c->rule,
	      check_map(&made_up, &view, &model, 0, when_of[c->when], c->when != UNDER_WAY));
}

static void test_lists(void **state)
{
	(void)state;
	open_model(0, 0);
	for (size_t i = 0; i < LEN(list_cases); i++)
		one_list(i);
}

/* Spare entries, what the map says they are, adds_in_progress, and what tickets were promised. */
static const struct book_case {
	long spare, cache_count, in_progress, tickets;
	bool quiet; /* no call is under way */
	enum rule rule;
} book_cases[] = {
	{ 3, 3, 2, 2, true, GOOD },
	{ 2, 2, 2, 2, true, GOOD },
	{ 0, 0, 0, 0, true, GOOD },
	{ 3, 2, 2, 2, true, RULE_CACHE_COUNTED },
	{ 2, 3, 2, 2, true, RULE_CACHE_COUNTED },
	{ 2, 3, 2, 2, false, RULE_CACHE_COUNTED },
	{ 3, 3, 1, 2, true, RULE_TICKETS_COUNTED },
	{ 3, 3, 3, 2, true, RULE_TICKETS_COUNTED },
	{ 3, 3, -1, 0, true, RULE_TICKETS_COUNTED },
	{ 3, 3, 3, 2, false, GOOD }, /* that of the call under way */
	{ 1, 1, 2, 2, true, RULE_CACHE_COVERS_TICKETS },
	{ 1, 1, 2, 2, false, RULE_CACHE_COVERS_TICKETS },
};

static void one_book(size_t i)
{
	static struct map_view view;
	const struct book_case *c = &book_cases[i];

	made_up.traits = (struct map_traits){ 0 };
	set_regions(&view, RIGHT);
	view.spare = c->spare;
	view.cache_count = c->cache_count;
	view.in_progress = c->in_progress;
	judge(i, c->rule,
	      check_map(&made_up, &view, &model, c->tickets,
	                c->quiet ? CALL_RETURNED : CALL_UNLOCKED, c->quiet));
}

static void test_books(void **state)
{
	(void)state;
	open_model(0, 0);
	for (size_t i = 0; i < LEN(book_cases); i++)
		one_book(i);
}

/* What owners 1 to 3 are charged and how often they are referenced; two a page. */
static const struct owner_case {
	const char *regions; /* NULL: the map is released */
	unsigned long charged[3];
	long refs[3];
	bool holds_owner;
	enum rule rule;
} owner_cases[] = {
	{ "2,4:1 4,5:2 8,9", { 4, 2, 0 }, { 1, 1, 0 }, true, GOOD },
	{ "2,4:1 4,5:2 8,9", { 4, 2, 0 }, { 7, 0, 1 }, false, GOOD },
	{ "2,4:2 4,5:1 8,9", { 4, 2, 0 }, { 1, 1, 0 }, true, RULE_MAP_SHAPE },
	{ "2,4:1 4,5:1 8,9", { 4, 2, 0 }, { 1, 1, 0 }, true, RULE_MAP_SHAPE },
	{ "2,4:1 4,5:2 8,9", { 2, 2, 0 }, { 1, 1, 0 }, true, RULE_UNCHARGE_EXACT },
	{ "2,4:1 4,5:2 8,9", { 4, 4, 0 }, { 1, 1, 0 }, false, RULE_UNCHARGE_EXACT },
	{ "2,4:1 4,5:2 8,9", { 4, 2, -2UL }, { 1, 1, 0 }, true, RULE_UNCHARGE_EXACT },
	{ "2,4:1 4,5:2 8,9", { 4, 2, 0 }, { 2, 1, 0 }, true, RULE_CSS_BALANCED },
	{ "2,4:1 4,5:2 8,9", { 4, 2, 0 }, { 1, 0, 0 }, true, RULE_CSS_BALANCED },
	{ "2,4:1 4,5:2 8,9", { 4, 2, 0 }, { 1, 1, -1 }, true, RULE_CSS_BALANCED },
	{ NULL, { 0, 0, 0 }, { 0, 0, 0 }, true, GOOD },
	{ NULL, { 0, 0, 0 }, { 0, 3, 0 }, false, GOOD },
	{ NULL, { 0, 2, 0 }, { 0, 0, 0 }, true, RULE_UNCHARGE_EXACT },
	{ NULL, { 0, 0, 0 }, { 0, 0, 1 }, true, RULE_CSS_BALANCED },
};

static void one_owner(size_t i, bool has_cgroup)
{
	static struct map_view view;
	const struct owner_case *c = &owner_cases[i];

	made_up.traits = (struct map_traits){
		.has_cgroup = has_cgroup,
		.holds_cgroup = c->holds_owner,
		.charge = 2,
	};
	for (int k = 0; k < 3; k++)
		cgroups[k + 1] = (struct map_cgroup){ c->refs[k], c->charged[k] };
	set_regions(&view, c->regions ? c->regions : "");
	if (!c->regions)
		judge(i, c->rule, check_released(&made_up));
	else if (has_cgroup)
		judge(i, c->rule, check_map(&made_up, &view, &model, 0, CALL_RETURNED, true));
	else if (c->rule != RULE_MAP_SHAPE)
		judge(i, GOOD, check_map(&made_up, &view, &model, 0, CALL_RETURNED, true));
}

/* Without cgroups nobody looks at the accounts of a map's owners. */
static void test_owners(void **state)
{
	(void)state;
	open_model(1, 2);
	for (size_t i = 0; i < LEN(owner_cases); i++) {
		one_owner(i, true);
		one_owner(i, false);
	}
}

static void test_every_rule_fired(void **state)
{
	static const enum rule rules[] = { RULES_OF_MAPS };

	(void)state;
	assert_all_fired(rules, LEN(rules));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_books),
		cmocka_unit_test(test_owners),
		cmocka_unit_test(test_every_rule_fired),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
