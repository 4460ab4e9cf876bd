// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reserve target is linked with another object than the region target, and that one has a
 * target_traits too.  What it says of the map is held against the map: a table that was forgotten
 * promises nothing, and every rule that asks it is silent.
 */
#include "tests/test.h"

#include "fuzz/map/map.h"

#include "src/map/resv_map.h"

static struct resv_map *map;

static int open_map(void **state)
{
	(void)state;
	map = resv_map_alloc();
	return !map;
}

static int close_map(void **state)
{
	(void)state;
	kref_put(&map->refs, resv_map_release);
	return 0;
}

static void reserve(long from, long to)
{
	long needed;

	assert_true(region_chg(map, from, to, &needed) >= 0);
	assert_true(region_add(map, from, to, needed) >= 0);
}

static void test_merges(void **state)
{
	(void)state;
	reserve(0, 1);
	reserve(1, 2);
	assert_int_equal(map_under_test->traits.merges, map->regions.next->next == &map->regions);
}

static void test_needs_holes(void **state)
{
	long needed;

	(void)state;
	reserve(1, 2);
	assert_int_equal(region_chg(map, 0, 3, &needed), 2);
	region_abort(map, 0, 3, needed);
	assert_int_equal(map_under_test->traits.needs_holes, needed == 2);
}

static void test_empty_ranges(void **state)
{
	long needed, ret = region_chg(map, 2, 2, &needed);

	(void)state;
	if (!ret)
		region_abort(map, 2, 2, needed);
	assert_int_equal(map_under_test->traits.empty_ranges, ret == 0);
}

static void test_bad_ranges(void **state)
{
	long needed;

	(void)state;
	assert_int_equal(map_under_test->traits.bad_ranges,
	                 region_chg(map, 3, 2, &needed) == -EINVAL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_map, close_map)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_merges),
		TEST(test_needs_holes),
		TEST(test_empty_ranges),
		TEST(test_bad_ranges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
