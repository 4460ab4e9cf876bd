// SPDX-License-Identifier: GPL-2.0-only
/*
 * A map cut out of a kernel tree, as a target.  What this tree's map promises is in import.h.
 *
 * Owner n is the n-th cgroup.  What hugetlb_reserve_pages() does with a cgroup around the map is
 * done here: it is charged for what an add added.  (The kernel charges before, and pays back what
 * turns out too much; its own reference to the cgroup it drops after the add.)
 */
#include "fuzz/import/kernel_map.h"
#include "target.h"

static struct hugetlb_cgroup cgroup[TARGET_OWNERS]; /* the first is nobody */

#include "target_import.h"

#include <string.h>

struct resv_map *target_open(void)
{
	memset(cgroup, 0, sizeof(cgroup));
	return kernel_open();
}

void target_close(struct resv_map *map)
{
	kernel_close(map);
}

long target_chg(struct resv_map *map, long from, long to, long *needed)
{
	return kernel_chg(map, from, to, needed);
}

long target_add(struct resv_map *map, long from, long to, long needed, unsigned owner)
{
	struct hugetlb_cgroup *h_cg = IMPORT_CGROUP && owner ? &cgroup[owner] : NULL;
	long added = kernel_add(map, from, to, needed, h_cg);

	if (h_cg && added > 0)
		h_cg->rsvd_hugepage[0].usage += added * SHIM_PAGES_PER_HPAGE;
	return added;
}

void target_abort(struct resv_map *map, long from, long to, long needed)
{
	kernel_abort(map, from, to, needed);
}

long target_del(struct resv_map *map, long from, long to)
{
	return kernel_del(map, from, to);
}

long target_count(struct resv_map *map, long from, long to)
{
	return kernel_count(map, from, to);
}
