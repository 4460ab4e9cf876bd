// SPDX-License-Identifier: GPL-2.0-only
/*
 * The callers of the map, and the map, cut out of a kernel tree, under files and faults of ours: where
 * all of a tree's hugetlb cannot be taken.  What they promise is in import.h.
 *
 * Whoever pays is in vm_cgroup: the kernel's text charges the task's cgroup by itself.
 */
#include "import.h"

#include "src/vm/part.h"

#include "types.h"

#include "fuzz/targets/reserve/world_calls.h"

_Static_assert((int)VM_CGROUPS == (int)MAP_CGROUPS, "cgroups are the same everywhere");

#if IMPORT_CGROUP
#define CGROUP(number) (&vm_cgroup[number])
MAP_REGION_CGROUP(CGROUP)
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
		.charge = VM_HUGE_PAGES,
		.restores = IMPORT_UNMAP_RESTORES,
	},
	.layout = MAP_LAYOUT(region_cgroup),
	.state = &port_state,
	.warned = &shim_warned,
	WORLD_CALLS,
};
