// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own text, unchanged, and one way to call it.  Signatures grew twice: 5.7 (and the
 * patch) carries the number of entries set aside from chg to add and abort, and 5.7 tells add whom
 * to charge.  import.h says what this text has.
 */
#include "kernel_map.h"

/* Warnings about the kernel's text are not ours to judge. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wshadow"
#include "map.c"
#pragma GCC diagnostic pop

#if IMPORT_REGIONS_NEEDED
#define NEEDED(needed) , needed
#else
#define NEEDED(needed)
#endif

#if IMPORT_H_CG
#define H_CG(h, h_cg) , h, h_cg
#else
#define H_CG(h, h_cg)
#endif

struct resv_map *kernel_open(void)
{
	return resv_map_alloc();
}

void kernel_close(struct resv_map *map)
{
	kref_put(&map->refs, resv_map_release);
}

long kernel_chg(struct resv_map *map, long from, long to, long *needed)
{
	*needed = 1; /* where the map does not say, a ticket is worth one entry */
	return region_chg(map, from, to NEEDED(needed));
}

long kernel_add(struct resv_map *map, long from, long to, long needed, struct hugetlb_cgroup *h_cg)
{
	struct hstate h;

	(void)needed, (void)h_cg, (void)h;
	return region_add(map, from, to NEEDED(needed) H_CG(&h, h_cg));
}

void kernel_abort(struct resv_map *map, long from, long to, long needed)
{
	(void)needed;
	region_abort(map, from, to NEEDED(needed));
}

long kernel_del(struct resv_map *map, long from, long to)
{
	return region_del(map, from, to);
}

long kernel_count(struct resv_map *map, long from, long to)
{
	return region_count(map, from, to);
}
