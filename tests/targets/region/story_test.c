// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a report tells of model and map: also of a map whose lists are broken, since that is when it
 * is read.  The map is spoilt by hand here.
 */
#include "tests/test.h"

#include "fuzz/targets/region/check.h"

#include "fuzz/run/refuse.h"
#include "fuzz/run/blocks.h"
#include "src/map/resv_map.h"

static void break_foreign(struct resv_map *map)
{
	static struct file_region foreign;

	map->regions.next->next = &foreign.link;
}

static void break_freed(struct resv_map *map)
{
	block_free(list_entry(map->regions.next->next, struct file_region, link));
}

static void break_null(struct resv_map *map)
{
	map->regions.next->next = NULL;
}

static void break_prev(struct resv_map *map)
{
	map->regions.prev = map->regions.next;
}

static void break_cache(struct resv_map *map)
{
	list_first_entry(&map->region_cache, struct file_region, link)->link.prev = NULL;
}

static void break_loop(struct resv_map *map)
{
	struct list_head *last = map->regions.prev;

	list_join(last, map->regions.next);
}

static void break_counts(struct resv_map *map)
{
	map->region_cache_count = -1;
	map->adds_in_progress = 7;
}

/* Regions [0,2) and [4,5), and one spare entry. */
static struct resv_map *small_map(void)
{
	static const long range[][2] = { { 0, 2 }, { 4, 5 }, { 8, 8 } };
	struct resv_map *map;
	long needed;

	refuse_drive_shim(block_alloc);
	map = map_under_test->open();
	for (size_t i = 0; i < LEN(range); i++) {
		assert_true(map_under_test->chg(map, range[i][0], range[i][1], &needed) >= 0);
		if (range[i][0] < range[i][1])
			map_under_test->add(map, range[i][0], range[i][1], needed, 0);
		else
			map_under_test->abort(map, range[i][0], range[i][1], needed);
	}
	return map;
}

/* What a report prints of it. */
static struct resv_map *shown_map;
static struct model model;

static void show(FILE *out)
{
	region_print(out, map_under_test, shown_map, &model, 3);
}

static const struct target shows = { .print_state = show };

#define FOREIGN  " (a list leads to a freed or foreign entry)"
#define UNCLOSED " (a list does not close: next->prev is another entry)"
#define BOOKS    "cache 0 (count says 1), in progress 0"

/* A broken map is walked as far as it holds, and the walk ends. */
static void test_broken_maps(void **state)
{
	static const struct {
		void (*spoil)(struct resv_map *map);
		const char *regions, *broken, *books;
	} broken[] = {
		{ break_foreign, " [0,2)", FOREIGN, BOOKS },
		{ break_freed, " [0,2)", FOREIGN, BOOKS },
		{ break_null, " [0,2)", FOREIGN, BOOKS },
		{ break_prev, " [0,2) [4,5)", UNCLOSED, BOOKS },
		{ break_cache, " [0,2) [4,5)", UNCLOSED, BOOKS },
		{ break_loop, "", UNCLOSED, BOOKS },
		{ break_counts, " [0,2) [4,5)", "", "cache 1 (count says -1), in progress 7" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(broken); i++) {
		struct resv_map *map = small_map();
		char expected[512];

		broken[i].spoil(map);
		snprintf(expected, sizeof(expected),
		         "FAIL links-sane: x\n  model:\n  map:  %s%s\n  %s, open tickets 3\n",
		         broken[i].regions, broken[i].broken, broken[i].books);
		report_verdict = (struct verdict){ true, RULE_LINKS_SANE, "x" };
		shown_map = map;
		report_story = (struct story){ .target = &shows };
		assert_report(expected, "", NULL);
	}
	memset(&report_story, 0, sizeof(report_story));
}

/* Whose the regions are is told of those that are somebody's. */
static void test_owners(void **state)
{
	static struct trace board;

	(void)state;
	parse_text(&board, NULL, "board high");
	model_open(&model, board.at, true);
	model_add(&model, 0, 1, 3);
	model_add(&model, 1, 2, 1);
	model_add(&model, 4, 64, 0);
	report_verdict = (struct verdict){ true, RULE_MAP_SHAPE, "x" };
	shown_map = NULL;
	report_story = (struct story){ .target = &shows };
	assert_report("FAIL map-shape: x\n"
	              "  model: [9223372036854775743,9223372036854775744) of 3"
	              " [9223372036854775744,9223372036854775745) of 1"
	              " [9223372036854775747,9223372036854775807)\n",
	              "", NULL);
	memset(&report_story, 0, sizeof(report_story));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_broken_maps),
		cmocka_unit_test(test_owners),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
