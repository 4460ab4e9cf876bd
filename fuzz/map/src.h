/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the two maps of src/map/ have in common as objects: the calls.  Each of port.c and
 * coalescing.c is linked with one of them.
 */
#ifndef MAP_SRC_H
#define MAP_SRC_H

#include "map.h"

#include "src/map/resv_map.h"

static inline void src_close(struct resv_map *map)
{
	kref_put(&map->refs, resv_map_release);
}

/* A region of these maps knows no cgroup. */
static inline long src_add(struct resv_map *map, long from, long to, long needed, unsigned cgroup)
{
	(void)cgroup;
	return region_add(map, from, to, needed);
}

#define SRC_CALLS \
	.layout = MAP_LAYOUT(NULL), .open = resv_map_alloc, .close = src_close, .chg = region_chg, \
	.add = src_add, .abort = region_abort, .del = region_del, .count = region_count

#endif
