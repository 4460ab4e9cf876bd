// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the maps return and what their lists look like, call by call, while memory lasts.  Where the
 * two maps differ both lists stand in the table.
 */
#include "map_driver.h"

struct range {
	long f, t;
};

enum { RANGES = 4 };

/* Reserve each range of a list that ends with an empty one at 0. */
static void reserve_all(const struct range *range)
{
	for (int i = 0; i < RANGES && range[i].t; i++)
		reserve(range[i].f, range[i].t);
}

/* Each case begins with a map of its own. */
static void fresh_map(void)
{
	void *none = NULL;

	map_teardown(&none);
	assert_int_equal(map_setup(&none), 0);
}

static void test_add(void **state)
{
	static const struct {
		struct range before[RANGES], add;
		long pages, needed;
		struct by_map after;
	} add[] = {
		/* the example of the patch's own mail */
		{ { { 0, 1 }, { 2, 3 }, { 5, 6 } },
		  { 0, 5 },
		  3,
		  2,
		  { "[0,1) [1,2) [2,3) [3,5) [5,6) +0", "[0,6) +0" } },
		{ { { 0 } }, { 0, 5 }, 5, 1, { .port = "[0,5) +0" } },
		{ { { 0 } }, { 2, 2 }, 0, 1, { .port = "+0" } },
		{ { { 0 } },
		  { LONG_MAX - 2, LONG_MAX - 1 },
		  1,
		  1,
		  { .port = "[9223372036854775805,9223372036854775806) +0" } },
		{ { { 4, 6 } }, { 0, 2 }, 2, 1, { .port = "[0,2) [4,6) +0" } },
		{ { { 4, 6 } }, { 8, 9 }, 1, 1, { .port = "[4,6) [8,9) +0" } },
		{ { { 4, 6 } }, { 2, 4 }, 2, 1, { "[2,4) [4,6) +0", "[2,6) +0" } },
		{ { { 4, 6 } }, { 6, 9 }, 3, 1, { "[4,6) [6,9) +0", "[4,9) +0" } },
		{ { { 4, 6 } }, { 5, 9 }, 3, 1, { "[4,6) [6,9) +0", "[4,9) +0" } },
		{ { { 4, 6 } }, { 2, 9 }, 5, 2, { "[2,4) [4,6) [6,9) +0", "[2,9) +0" } },
		{ { { 4, 6 } }, { 4, 6 }, 0, 1, { .port = "[4,6) +0" } },
		{ { { 4, 9 } }, { 5, 7 }, 0, 1, { .port = "[4,9) +0" } },
		{ { { 4, 6 } }, { 5, 5 }, 0, 1, { .port = "[4,6) +0" } },
		{ { { 4, 6 }, { 8, 9 } }, { 6, 8 }, 2, 1, { "[4,6) [6,8) [8,9) +0", "[4,9) +0" } },
		{ { { 4, 6 }, { 6, 9 } }, { 5, 8 }, 0, 1, { "[4,6) [6,9) +0", "[4,9) +0" } },
		{ { { 1, 2 }, { 4, 5 }, { 7, 8 } },
		  { 0, 9 },
		  6,
		  4,
		  { "[0,1) [1,2) [2,4) [4,5) [5,7) [7,8) [8,9) +0", "[0,9) +0" } },
	};

	(void)state;
	for (size_t i = 0; i < LEN(add); i++) {
		long f = add[i].add.f, t = add[i].add.t, needed = -1;

		fresh_map();
		reserve_all(add[i].before);
		assert_true(region_chg(map, f, t, &needed) == add[i].pages);
		assert_int_equal(needed, map_under_test->traits.needs_holes ? add[i].needed : 1);
		assert_int_equal(map->adds_in_progress, needed);
		driver.asked = 0;
		assert_true(region_add(map, f, t, needed) == add[i].pages);
		assert_int_equal(driver.asked, 0);
		assert_map(&add[i].after);
		assert_true(region_count(map, f, t) == t - f);
	}
}

static void test_del(void **state)
{
	static const struct {
		struct range before[RANGES], del;
		long pages;
		unsigned asked[2]; /* requests: by the port, by the coalescing map */
		struct by_map after;
	} del[] = {
		{ { { 0 } }, { 0, LONG_MAX }, 0, { 0 }, { .port = "+0" } },
		{ { { 2, 9 } }, { 2, 9 }, 7, { 0 }, { .port = "+0" } },
		{ { { 2, 9 } }, { 0, LONG_MAX }, 7, { 0 }, { .port = "+0" } },
		{ { { 2, 9 } }, { 2, 4 }, 2, { 0 }, { .port = "[4,9) +0" } },
		{ { { 2, 9 } }, { 0, 4 }, 2, { 0 }, { .port = "[4,9) +0" } },
		{ { { 2, 9 } }, { 7, 9 }, 2, { 0 }, { .port = "[2,7) +0" } },
		{ { { 2, 9 } }, { 7, LONG_MAX }, 2, { 0 }, { .port = "[2,7) +0" } },
		{ { { 2, 9 } }, { 9, LONG_MAX }, 0, { 0 }, { .port = "[2,9) +0" } },
		{ { { 2, 9 } }, { 4, 6 }, 2, { 1, 1 }, { .port = "[2,4) [6,9) +0" } },
		{ { { 2, 9 } }, { 4, 4 }, 0, { 0 }, { .port = "[2,9) +0" } },
		{ { { 2, 9 } }, { LONG_MAX, LONG_MAX }, 0, { 0 }, { .port = "[2,9) +0" } },
		{ { { 0, 2 }, { 4, 6 } }, { 2, 4 }, 0, { 0 }, { .port = "[0,2) [4,6) +0" } },
		{ { { 0, 2 }, { 4, 6 }, { 8, 9 } }, { 1, 9 }, 4, { 0 }, { .port = "[0,1) +0" } },
		{ { { 0, 2 }, { 4, 6 }, { 8, 9 } },
		  { 1, 5 },
		  2,
		  { 0 },
		  { .port = "[0,1) [5,6) [8,9) +0" } },
		/* a border between two regions: nothing has to be made two */
		{ { { 0, 4 }, { 4, 8 } }, { 3, 4 }, 1, { 0, 1 }, { .port = "[0,3) [4,8) +0" } },
		{ { { 0, 4 }, { 4, 8 } }, { 3, 5 }, 2, { 0, 1 }, { .port = "[0,3) [5,8) +0" } },
		{ { { 5, LONG_MAX - 1 } },
		  { 8, LONG_MAX },
		  LONG_MAX - 9,
		  { 0 },
		  { .port = "[5,8) +0" } },
	};

	(void)state;
	for (size_t i = 0; i < LEN(del); i++) {
		struct file_region *rg, *next;
		long f = del[i].del.f, t = del[i].del.t;

		fresh_map();
		reserve_all(del[i].before);
		/* Without spare entries, so that a split has to ask. */
		list_for_each_entry_safe(rg, next, &map->region_cache, link) {
			list_del(&rg->link);
			kfree(rg);
		}
		map->region_cache_count = 0;
		driver.asked = 0;
		assert_true(region_del(map, f, t) == del[i].pages);
		assert_int_equal(driver.asked, del[i].asked[map_under_test->traits.merges]);
		assert_map(&del[i].after);
		assert_int_equal(region_count(map, f, t), 0);
	}
}

static void test_count(void **state)
{
	static const struct {
		struct range range;
		long pages;
	} count[] = {
		{ { 0, LONG_MAX }, 5 }, { { 0, 0 }, 0 }, { { 2, 4 }, 2 }, { { 3, 8 }, 2 },
		{ { 4, 7 }, 0 },        { { 0, 3 }, 1 }, { { 8, 9 }, 1 }, { { 9, LONG_MAX }, 1 },
	};

	(void)state;
	reserve(2, 4);
	reserve(7, 10);
	driver.asked = 0;
	for (size_t i = 0; i < LEN(count); i++)
		assert_int_equal(region_count(map, count[i].range.f, count[i].range.t),
		                 count[i].pages);
	assert_int_equal(driver.asked, 0);
	assert_map(&(struct by_map){ .port = "[2,4) [7,10) +0" });
}

/* What no caller may pass is refused, and neither map nor ticket nor *needed is touched. */
static void test_bad_ranges(void **state)
{
	static const struct range bad[] = {
		{ 1, 0 },
		{ -1, 0 },
		{ -1, -1 },
		{ -1, 5 },
		{ 5, -1 },
		{ LONG_MAX, 0 },
		{ LONG_MIN, LONG_MAX },
		{ LONG_MIN, LONG_MIN },
		{ 0, LONG_MIN },
		{ LONG_MAX, LONG_MAX - 1 },
	};
	struct by_map before = { .port = "[0,2) +1" };
	long ticket;

	(void)state;
	reserve(0, 2);
	assert_int_equal(region_chg(map, 4, 5, &ticket), 1);
	driver.asked = 0;
	for (size_t i = 0; i < LEN(bad); i++) {
		long f = bad[i].f, t = bad[i].t, needed = 77;

		assert_int_equal(region_chg(map, f, t, &needed), -EINVAL);
		assert_int_equal(needed, 77);
		assert_int_equal(region_add(map, f, t, 1), -EINVAL);
		region_abort(map, f, t, 1);
		assert_int_equal(region_del(map, f, t), -EINVAL);
		assert_int_equal(region_count(map, f, t), -EINVAL);
		assert_map(&before);
	}
	assert_int_equal(driver.asked, 0);
	region_abort(map, 4, 5, ticket);
}

/* Tickets: several open at once, given back or committed in any order. */
static void test_tickets(void **state)
{
	long one, two, three;

	(void)state;
	assert_int_equal(region_chg(map, 0, 3, &one), 3);
	assert_int_equal(region_chg(map, 1, 2, &two), 1);
	assert_map(&(struct by_map){ .port = "+2" });
	assert_int_equal(region_add(map, 1, 2, two), 1);
	assert_int_equal(region_chg(map, 9, 10, &three), 1);
	assert_map(&(struct by_map){ .port = "[1,2) +2" });
	/* Cut in two since it was counted: the port has to ask for the second entry. */
	assert_int_equal(region_add(map, 0, 3, one), 2);
	assert_map(&(struct by_map){ "[0,1) [1,2) [2,3) +1", "[0,3) +1" });
	region_abort(map, 9, 10, three);
	assert_map(&(struct by_map){ "[0,1) [1,2) [2,3) +0", "[0,3) +0" });
	assert_int_equal(region_chg(map, 0, 3, &one), 0);
	assert_int_equal(region_del(map, 0, 3), 3);
	assert_int_equal(region_add(map, 0, 3, one), 3);
	assert_map(&(struct by_map){ .port = "[0,3) +0" });
}

/* An aborted chg leaves its entries to the next one. */
static void test_abort_keeps_entries(void **state)
{
	long needed;

	(void)state;
	reserve(1, 2);
	reserve(3, 4);
	assert_int_equal(region_chg(map, 0, 5, &needed), 3);
	region_abort(map, 0, 5, needed);
	driver.asked = 0;
	assert_int_equal(region_chg(map, 0, 5, &needed), 3);
	assert_int_equal(region_add(map, 0, 5, needed), 3);
	assert_int_equal(driver.asked, 0);
}

static void test_references(void **state)
{
	(void)state;
	kref_get(&map->refs);
	assert_int_equal(kref_put(&map->refs, resv_map_release), 0);
	reserve(0, 2);
	assert_map(&(struct by_map){ .port = "[0,2) +0" });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		map_test(test_add),        map_test(test_del),
		map_test(test_count),      map_test(test_bad_ranges),
		map_test(test_tickets),    map_test(test_abort_keeps_entries),
		map_test(test_references),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
