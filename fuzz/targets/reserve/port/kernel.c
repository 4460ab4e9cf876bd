// SPDX-License-Identifier: GPL-2.0-only
/*
 * The callers of the map, and the map, cut out of a kernel tree, under files and faults of ours: where
 * all of a tree's hugetlb cannot be taken.  What they promise is in import.h.
 *
 * Whoever pays is in shim_cgroup: the kernel's text charges the task's cgroup by itself.
 */
#include "import.h"

#include "src/shim/kernel_mm.h"

#include "types.h"

#include "fuzz/targets/reserve/world_calls.h"

_Static_assert((int)SHIM_CGROUPS == (int)MAP_CGROUPS, "cgroups are the same everywhere");

void port_look_subpool(const struct hugepage_subpool *spool, struct subpool_view *view);
long port_set_max(struct hugepage_subpool *spool, long max);
unsigned port_look_locked(const struct hugepage_subpool *spool, const void *lock,
                          unsigned long *number);

void port_look_subpool(const struct hugepage_subpool *spool, struct subpool_view *view)
{
	view->max = spool->max_hpages;
	view->used = spool->used_hpages;
	view->min = spool->min_hpages;
	/* A kernel says -1 where there is no minimum. */
	view->rsv = spool->min_hpages == -1 ? 0 : spool->rsv_hpages;
}

long port_set_max(struct hugepage_subpool *spool, long max)
{
	long old = spool->max_hpages;

	if (old != -1)
		spool->max_hpages = max;
	return old;
}

unsigned port_look_locked(const struct hugepage_subpool *spool, const void *lock,
                          unsigned long *number)
{
	if (lock != &spool->lock)
		return 0;
	number[0] = (unsigned long)spool->used_hpages;
	number[1] = (unsigned long)spool->rsv_hpages;
	return LOCKED_MOUNT;
}

#if IMPORT_CGROUP
static unsigned region_cgroup(const struct file_region *rg)
{
	unsigned number = 0;

	if (!rg->css && !rg->reservation_counter)
		return 0;
	while (++number < MAP_CGROUPS)
		if (rg->css == &shim_cgroup[number].css &&
		    rg->reservation_counter == &shim_cgroup[number].rsvd_hugepage[0])
			break;
	return number;
}
#else
#define region_cgroup NULL
#endif

extern struct world_state port_state;
extern const struct world world_kernel;

const struct world world_kernel = {
	.name = IMPORT_NAME,
	.traits = {
		.keeps_empty = IMPORT_PLACEHOLDERS,
		.charges_reserved = IMPORT_CHARGES_RESERVED,
		.charges_used = IMPORT_CHARGES_USED,
		.charges_regions = IMPORT_CGROUP,
		.holds_cgroup = IMPORT_CSS_PER_REGION,
		.charge = SHIM_PAGES_PER_HPAGE,
		.restores = IMPORT_UNMAP_RESTORES,
	},
	.layout = MAP_LAYOUT(region_cgroup),
	.state = &port_state,
	.warned = &shim_warned,
	WORLD_CALLS,
};
