// SPDX-License-Identifier: GPL-2.0-only
/*
 * The maps of src/ as targets.  Which of the two is linked, its traits say: target_traits is the
 * only thing in which target_coalescing.c differs.
 */
#include "src/map/resv_map.h"

static inline unsigned region_owner(const struct file_region *rg)
{
	(void)rg;
	return 0;
}

#include "target_walk.h"

#include <string.h>

#ifndef TARGET_TRAITS
#define TARGET_TRAITS \
	{ \
		.name = "port", .needs_holes = true, .empty_ranges = true, .bad_ranges = true \
	}
#endif

const struct target_traits target_traits = TARGET_TRAITS;

void target_look_owners(struct target_owner owner[TARGET_OWNERS])
{
	memset(owner, 0, TARGET_OWNERS * sizeof(*owner));
}

struct resv_map *target_open(void)
{
	return resv_map_alloc();
}

void target_close(struct resv_map *map)
{
	kref_put(&map->refs, resv_map_release);
}

long target_chg(struct resv_map *map, long from, long to, long *needed)
{
	return region_chg(map, from, to, needed);
}

long target_add(struct resv_map *map, long from, long to, long needed, unsigned owner)
{
	(void)owner;
	return region_add(map, from, to, needed);
}

void target_abort(struct resv_map *map, long from, long to, long needed)
{
	region_abort(map, from, to, needed);
}

long target_del(struct resv_map *map, long from, long to)
{
	return region_del(map, from, to);
}

long target_count(struct resv_map *map, long from, long to)
{
	return region_count(map, from, to);
}
