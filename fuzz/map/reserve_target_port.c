// SPDX-License-Identifier: GPL-2.0-only
/*
 * The callers of src/, over the map of the patch.  A region knows nobody to charge: who pays for
 * what is in a file's map is the file's cgroup.
 */
#include "reserve_target.h"

#include "src/map/resv_map.h"
#include "src/callers/reserve.h"

static inline unsigned region_owner(const struct file_region *rg)
{
	(void)rg;
	return 0;
}

#include "target_walk.h"

#include <string.h>

#ifndef TARGET_NAME
#define TARGET_NAME "port"
#endif

const struct target_traits target_traits = { .name = TARGET_NAME };

const struct reserve_traits reserve_traits = {
	.name = TARGET_NAME,
	.charges_reserved = true,
	.exact_minimum = true,
};

void target_look_owners(struct target_owner owner[TARGET_OWNERS])
{
	memset(owner, 0, TARGET_OWNERS * sizeof(*owner));
}

#include "reserve_target_subpool.h"
