// SPDX-License-Identifier: GPL-2.0-only
/*
 * The maps when memory is short, and in the moments in which a call has dropped its lock to ask for
 * some: other calls run there, from inside the allocation.
 */
#include "map_driver.h"

/* Of the call under test: its ticket. */
static long needed;

/*
 * One call that asks for memory, run with its request 1, 2, 3, ... refused until none is.  After
 * -ENOMEM nothing has changed; afterwards the same call succeeds.
 */
struct scene {
	void (*before)(void);
	long (*call)(void);
	unsigned asks[2]; /* by the port, by the coalescing map */
	long pages;
	struct by_map after;
};

static void before_chg(void)
{
	reserve(2, 3);
	reserve(5, 6);
}

static long call_chg(void)
{
	return region_chg(map, 0, 9, &needed);
}

/* The ticket has one entry, and by now its range has four holes. */
static void before_add(void)
{
	assert_int_equal(region_chg(map, 0, 9, &needed), 9);
	reserve(2, 3);
	reserve(4, 5);
	reserve(6, 7);
}

static long call_add(void)
{
	return region_add(map, 0, 9, needed);
}

/* There is a spare entry, but it belongs to a ticket. */
static void before_del(void)
{
	reserve(0, 9);
	assert_int_equal(region_chg(map, 20, 21, &needed), 1);
	assert_int_equal(map->region_cache_count, 1);
}

static long call_del(void)
{
	return region_del(map, 3, 4);
}

static const struct scene scenes[] = {
	{ before_chg, call_chg, { 3, 1 }, 7, { "[2,3) [5,6) +3", "[2,3) [5,6) +1" } },
	{ before_add,
	  call_add,
	  { 3, 0 },
	  6,
	  { "[0,2) [2,3) [3,4) [4,5) [5,6) [6,7) [7,9) +0", "[0,9) +0" } },
	{ before_del, call_del, { 1, 1 }, 1, { .port = "[0,3) [4,9) +1" } },
};

/* True: request @refuse was never made, the call has succeeded. */
static bool refuse_one(const struct scene *scene, unsigned refuse)
{
	char before[256];
	long spare, ret;

	scene->before();
	strcpy(before, map_state());
	spare = map->region_cache_count;
	driver.asked = 0;
	driver.refuse = refuse;
	ret = scene->call();
	driver.refuse = 0;
	if (driver.asked < refuse) {
		assert_int_equal(driver.asked, scene->asks[map_under_test->traits.merges]);
		assert_int_equal(ret, scene->pages);
		assert_map(&scene->after);
		return true;
	}
	assert_int_equal(ret, -ENOMEM);
	assert_int_equal(driver.asked, refuse);
	assert_string_equal(map_state(), before);
	assert_true(map->region_cache_count >= spare);
	assert_int_equal(scene->call(), scene->pages);
	assert_map(&scene->after);
	return false;
}

static void test_refusals(void **state)
{
	for (size_t i = 0; i < LEN(scenes); i++) {
		unsigned refuse = 0;
		bool done;

		do {
			done = refuse_one(&scenes[i], ++refuse);
			region_abort(map, 0, 0, map->adds_in_progress);
			map_teardown(state);
			map_setup(state);
		} while (!done);
		assert_int_equal(refuse - 1, scenes[i].asks[map_under_test->traits.merges]);
	}
}

/* An add that fails keeps its ticket, and its ticket can be given back. */
static void test_abort_after_failed_add(void **state)
{
	(void)state;
	before_add();
	driver.refuse = driver.asked + 2;
	if (map_under_test->traits.needs_holes)
		assert_int_equal(call_add(), -ENOMEM);
	region_abort(map, 0, 9, needed);
	assert_map(&(struct by_map){ .port = "[2,3) [4,5) [6,7) +0" });
}

static void test_refused_map(void **state)
{
	map_teardown(state);
	for (unsigned refuse = 1; refuse <= 2; refuse++) {
		driver.asked = 0;
		driver.refuse = refuse;
		assert_null(resv_map_alloc());
		assert_int_equal(driver.live, 0);
		assert_int_equal(driver.asked, 2);
	}
}

/* --- calls inside the unlocked moment of another --------------------------------------------- */

static void window_del_2_4(void)
{
	assert_int_equal(region_del(map, 2, 4), 2);
}

/* The port counts when it is called, and that may be stale; the other map when it returns. */
static void test_del_inside_chg(void **state)
{
	(void)state;
	reserve(0, 5);
	driver.window = window_del_2_4;
	assert_int_equal(region_chg(map, 0, 10, &needed),
	                 map_under_test->traits.counts_at_end ? 7 : 5);
	assert_map(&(struct by_map){ .port = "[0,2) [4,5) +1" });
	assert_int_equal(region_add(map, 0, 10, needed), 7);
	assert_map(&(struct by_map){ "[0,2) [2,4) [4,5) [5,10) +0", "[0,10) +0" });
}

static long window_needed;

static void window_chg_20_21(void)
{
	assert_int_equal(region_chg(map, 20, 21, &window_needed), 1);
}

/* The spare entry goes to another ticket while this one's are allocated: CVE-2026-74518. */
static void test_chg_inside_chg(void **state)
{
	(void)state;
	reserve(5, 6);
	if (map_under_test->traits.needs_holes) {
		assert_int_equal(region_chg(map, 50, 51, &needed), 1);
		region_abort(map, 50, 51, needed);
	}
	driver.window = window_chg_20_21;
	assert_int_equal(region_chg(map, 3, 8, &needed), 4);
	assert_map(&(struct by_map){ "[5,6) +3", "[5,6) +2" });
	assert_int_equal(region_add(map, 3, 8, needed), 4);
	assert_int_equal(region_add(map, 20, 21, window_needed), 1);
	assert_map(&(struct by_map){ "[3,5) [5,6) [6,8) [20,21) +0", "[3,8) [20,21) +0" });
}

static void window_del_all(void)
{
	region_del(map, 0, LONG_MAX);
}

/* The add finds fewer holes than it asked entries for, and keeps to what it finds. */
static void test_del_inside_add(void **state)
{
	(void)state;
	before_add();
	driver.window = window_del_all;
	driver.asked = 0;
	assert_int_equal(call_add(), map_under_test->traits.needs_holes ? 9 : 6);
	assert_int_equal(driver.asked, map_under_test->traits.needs_holes ? 3 : 0);
	assert_map(&(struct by_map){ .port = "[0,9) +0" });
	driver.window = NULL;
}

static long cuts;

static void window_cut(void)
{
	reserve(10 + 2 * cuts, 11 + 2 * cuts);
	if (++cuts < 5)
		driver.window = window_cut;
}

/* Or finds more each time it comes back, and asks again, until it has enough. */
static void test_cuts_inside_add(void **state)
{
	(void)state;
	assert_int_equal(region_chg(map, 0, 40, &needed), 40);
	reserve(2, 3);
	reserve(5, 6);
	cuts = 0;
	driver.window = window_cut;
	assert_int_equal(region_add(map, 0, 40, needed),
	                 map_under_test->traits.needs_holes ? 33 : 38);
	assert_int_equal(cuts, map_under_test->traits.needs_holes ? 5 : 0);
	assert_map(&(struct by_map){
		"[0,2) [2,3) [3,5) [5,6) [6,10) [10,11) [11,12) [12,13) [13,14) [14,15) [15,16) "
		"[16,17) [17,18) [18,19) [19,40) +0",
		"[0,40) +0" });
	driver.window = NULL;
}

/* What was to be made two is gone, or is two by now: the entry asked for goes back. */
static void test_del_inside_del(void **state)
{
	static void (*const window[])(void) = { window_del_all, window_del_2_4 };
	static const struct {
		long pages;
		const char *after;
	} is[] = { { 0, "+1" }, { 0, "[0,2) [4,9) +1" } };

	for (size_t i = 0; i < LEN(window); i++) {
		before_del();
		driver.window = window[i];
		assert_int_equal(call_del(), is[i].pages);
		assert_string_equal(map_state(), is[i].after);
		region_abort(map, 20, 21, needed);
		map_teardown(state);
		map_setup(state);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		map_test(test_refusals),        map_test(test_abort_after_failed_add),
		map_test(test_refused_map),     map_test(test_del_inside_chg),
		map_test(test_chg_inside_chg),  map_test(test_del_inside_add),
		map_test(test_cuts_inside_add), map_test(test_del_inside_del),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
