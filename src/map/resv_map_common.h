/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the two maps share below region_chg() and region_add(): ranges and the entry cache.
 * Nobody but the maps includes this.
 */
#ifndef RESV_MAP_COMMON_H
#define RESV_MAP_COMMON_H

#include "resv_map.h"

/* No caller may pass such a range. */
static inline bool range_is_bad(long f, long t)
{
	return f < 0 || f > t;
}

/* Pages of [f, t) that @rg covers. */
static inline long region_overlap(const struct file_region *rg, long f, long t)
{
	long from = max(rg->from, f), to = min(rg->to, t);

	return from < to ? to - from : 0;
}

/**
 * region_cache_fill - have @extra entries in the cache beyond those owed to open tickets
 * @resv: map, locked.  The lock is dropped to allocate, so whatever was read before is stale.
 *
 * Return: 0, locked.  -ENOMEM, with the lock NOT held, and the cache no smaller than before.
 */
int region_cache_fill(struct resv_map *resv, long extra) __must_hold(&resv->lock);

/**
 * region_cache_take - an entry out of the cache, set to [from, to), for the caller to link in
 * @resv: map, locked, with an entry in its cache that is the caller's to use
 */
struct file_region *region_cache_take(struct resv_map *resv, long from, long to)
	__must_hold(&resv->lock);

#endif
