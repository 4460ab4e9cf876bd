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

#include "reserve_target_subpool.h"
