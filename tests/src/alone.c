// SPDX-License-Identifier: GPL-2.0-only
/*
 * The map as somebody would use it without fuzz/: linked with src/map/ and src/shim/hooks.c alone,
 * with no driver.  A million calls must end well; nothing in src/ may need to be set back between
 * them.  Built and run by tests/cli.sh.
 */
#include "src/map/resv_map.h"

#include <stdio.h>
#include <stdlib.h>

static void expect(long is, long should, const char *call, long round)
{
	if (is == should)
		return;
	fprintf(stderr, "round %ld: %s returned %ld, not %ld\n", round, call, is, should);
	exit(1);
}

/* Five calls; the map is empty before and behind them. */
static void go_round(struct resv_map *map, long round)
{
	long from = round % 7, needed = 0;

	expect(region_chg(map, from, from + 4, &needed), 4, "region_chg", round);
	expect(region_add(map, from, from + 4, needed), 4, "region_add", round);
	expect(region_count(map, 0, 100), 4, "region_count", round);
	expect(region_chg(map, from, from + 2, &needed), 0, "the second region_chg", round);
	region_abort(map, from, from + 2, needed);
	expect(region_del(map, 0, 100), 4, "region_del", round);
}

int main(void)
{
	struct resv_map *map = resv_map_alloc();

	if (!map)
		return 1;
	for (long round = 0; round < 200000; round++)
		go_round(map, round);
	kref_put(&map->refs, resv_map_release);
	return 0;
}
