// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own text, unchanged, as a map.  Signatures grew twice: 5.7 (and the patch) carries the
 * number of entries set aside from chg to add and abort, and 5.7 tells add whom to charge.  import.h
 * says what this text has and promises.
 *
 * Cgroup n is the n-th one.  What hugetlb_reserve_pages() does with a cgroup around the map is done
 * here: it is charged for what an add added.  (The kernel charges before, and pays back what turns
 * out too much; its own reference to the cgroup it drops after the add.)
 *
 * Compiled with the folder of one import first on the include path.
 */
#include "import.h"

#include "src/shim/kernel.h"

#include "types.h"

#include "fuzz/map/map.h"

#include <string.h>

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

/* probe.c measures what the text promises, and has no use for the rest. */
#ifndef PROBE
static struct hugetlb_cgroup cgroup[MAP_CGROUPS]; /* the first is nobody */

static struct resv_map *kernel_open(void)
{
	memset(cgroup, 0, sizeof(cgroup));
	return resv_map_alloc();
}

static void kernel_close(struct resv_map *map)
{
	kref_put(&map->refs, resv_map_release);
}

static long kernel_chg(struct resv_map *map, long from, long to, long *needed)
{
	*needed = 1; /* where the map does not say, a ticket is worth one entry */
	return region_chg(map, from, to NEEDED(needed));
}

static long kernel_add(struct resv_map *map, long from, long to, long needed, unsigned number)
{
	struct hugetlb_cgroup *h_cg = IMPORT_CGROUP && number ? &cgroup[number] : NULL;
	struct hstate h;
	long added;

	(void)needed, (void)h;
	added = region_add(map, from, to NEEDED(needed) H_CG(&h, h_cg));
	if (h_cg && added > 0)
		h_cg->rsvd_hugepage[0].usage += added * SHIM_PAGES_PER_HPAGE;
	return added;
}

static void kernel_abort(struct resv_map *map, long from, long to, long needed)
{
	(void)needed;
	region_abort(map, from, to NEEDED(needed));
}

#if IMPORT_CGROUP
#define CGROUP(number) (&cgroup[number])
MAP_REGION_CGROUP(CGROUP)
#else
#define region_cgroup NULL
#endif

static void look_cgroups(struct map_cgroup view[MAP_CGROUPS])
{
	for (int i = 0; i < MAP_CGROUPS; i++) {
		view[i].refs = cgroup[i].css.refs;
		view[i].charged = cgroup[i].rsvd_hugepage[0].usage;
	}
}

extern const struct map map_kernel;

const struct map map_kernel = {
	.name = IMPORT_NAME,
	.traits = {
		.merges = IMPORT_MERGES,
		.counts_at_end = IMPORT_COUNTS_AT_END,
		.needs_holes = IMPORT_NEEDS_HOLES,
		.has_cgroup = IMPORT_CGROUP,
		.holds_cgroup = IMPORT_CSS_PER_REGION,
		.charge = SHIM_PAGES_PER_HPAGE,
		.keeps_empty = IMPORT_PLACEHOLDERS,
	},
	.layout = MAP_LAYOUT(region_cgroup),
	.open = kernel_open,
	.close = kernel_close,
	.chg = kernel_chg,
	.add = kernel_add,
	.abort = kernel_abort,
	.del = region_del,
	.count = region_count,
	.look_cgroups = look_cgroups,
	.own = cgroup,
	.own_size = sizeof(cgroup),
};
#endif
