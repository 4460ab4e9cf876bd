/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls the maps of src/ directly, with no interpreter between: a driver of the shim's seam that
 * counts, refuses one request and runs one window, and a map's state as a line of text.
 *
 * Which of the two maps is linked, target_traits says.  Memory is malloc's, so a sanitizer sees
 * every block by itself.
 */
#ifndef MAP_DRIVER_H
#define MAP_DRIVER_H

#include "tests/test.h"

#include "src/map/resv_map.h"

static struct driver {
	unsigned asked;       /* requests seen */
	unsigned refuse;      /* the one to refuse, from 1; 0: none */
	long live;            /* blocks given and not taken back */
	void (*window)(void); /* runs inside the next request, once */
	bool expects_breach;  /* then breach_catch is where to go */
	jmp_buf breach_catch;
	enum shim_breach breach;
	const char *what, *file;
} driver;

/* The map under test, for windows too. */
static struct resv_map *map;

static void *driver_alloc(size_t size)
{
	bool refused = ++driver.asked == driver.refuse;
	void (*window)(void) = driver.window;

	driver.window = NULL;
	if (window)
		window();
	driver.live += !refused;
	return refused ? NULL : malloc(size);
}

static void driver_free(void *block)
{
	driver.live--;
	free(block);
}

static void driver_breach(enum shim_breach kind, const char *what, const char *file, int line)
{
	if (!driver.expects_breach)
		fail_msg("%s:%d: %s", file, line, what);
	driver.expects_breach = false;
	driver.breach = kind;
	driver.what = what;
	driver.file = file;
	longjmp(driver.breach_catch, 1);
}

/* Before each test: a new map, and no request counted. */
static int map_setup(void **state)
{
	(void)state;
	shim_hooks = (struct shim_hooks){
		.alloc = driver_alloc,
		.free = driver_free,
		.breach = driver_breach,
	};
	shim_locks_held = 0;
	shim_steps = 0;
	memset(&driver, 0, sizeof(driver));
	map = resv_map_alloc();
	driver.asked = 0;
	return !map;
}

/* After each: every block is back. */
static int map_teardown(void **state)
{
	(void)state;
	driver.refuse = 0;
	if (map)
		kref_put(&map->refs, resv_map_release);
	map = NULL;
	assert_int_equal(driver.live, 0);
	assert_int_equal(shim_locks_held, 0);
	return 0;
}

#define map_test(test) cmocka_unit_test_setup_teardown(test, map_setup, map_teardown)

/* The map's pages and tickets, such as "[0,1) [2,3) +1"; what the books must hold is asserted. */
static inline const char *map_state(void)
{
	static char text[1024];
	struct file_region *rg;
	long regions = 0, spare = 0;
	size_t at = 0;

	list_for_each_entry(rg, &map->regions, link) {
		regions++;
		at += snprintf(text + at, sizeof(text) - at, "[%ld,%ld) ", rg->from, rg->to);
	}
	snprintf(text + at, sizeof(text) - at, "+%ld", map->adds_in_progress);
	list_for_each_entry(rg, &map->region_cache, link)
		spare++;
	assert_int_equal(map->region_cache_count, spare);
	assert_true(spare >= map->adds_in_progress);
	assert_int_equal(driver.live, 1 + regions + spare);
	assert_int_equal(shim_locks_held, 0);
	return text;
}

/* One string for each kind of map. */
struct by_map {
	const char *port, *coalescing;
};

static inline void assert_map(const struct by_map *expected)
{
	const char *other = expected->coalescing ? expected->coalescing : expected->port;

	assert_string_equal(map_state(), map_under_test->traits.merges ? other : expected->port);
}

/* chg and add of one range, with no memory refused. */
static inline void reserve(long f, long t)
{
	long needed;

	assert_true(region_chg(map, f, t, &needed) >= 0);
	assert_true(region_add(map, f, t, needed) >= 0);
}

#endif
