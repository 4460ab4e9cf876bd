// SPDX-License-Identifier: GPL-2.0-only
/*
 * The callers of the map, and the map, cut out of a kernel tree.  What they promise is in import.h.
 *
 * Whoever pays is in shim_cgroup: the kernel's text charges the task's cgroup by itself.
 */
#include "import.h"

#include "src/shim/kernel_mm.h"

#include "types.h"

#include "reserve_target.h"

static struct hugetlb_cgroup *const cgroup = shim_cgroup;
_Static_assert((int)SHIM_CGROUPS == (int)TARGET_OWNERS, "an owner is a cgroup");

#include "target_import.h"

const struct reserve_traits reserve_traits = {
	.name = IMPORT_NAME,
	.charges_reserved = IMPORT_CHARGES_RESERVED,
	.charges_used = IMPORT_CHARGES_USED,
	.charges_regions = IMPORT_CGROUP,
	.holds_owner = IMPORT_CSS_PER_REGION,
};

void reserve_look_subpool(const struct hugepage_subpool *spool, struct subpool_view *view)
{
	view->max = spool->max_hpages;
	view->used = spool->used_hpages;
	view->min = spool->min_hpages;
	view->rsv = spool->rsv_hpages;
}

long reserve_set_max(struct hugepage_subpool *spool, long max)
{
	long old = spool->max_hpages;

	if (old != -1)
		spool->max_hpages = max;
	return old;
}
