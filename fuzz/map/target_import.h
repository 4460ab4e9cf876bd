/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a map cut out of a kernel tree promises, by its import.h, and whom its regions belong to.
 * Included by target_kernel.c and reserve_target_kernel.c behind the kernel's structs and their own
 * cgroup[TARGET_OWNERS]; the first is nobody.
 */
#ifndef TARGET_IMPORT_H
#define TARGET_IMPORT_H

#include "target.h"

#if IMPORT_CGROUP
static unsigned region_owner(const struct file_region *rg)
{
	unsigned owner = 0;

	if (!rg->css && !rg->reservation_counter)
		return 0;
	while (++owner < TARGET_OWNERS)
		if (rg->css == &cgroup[owner].css &&
		    rg->reservation_counter == &cgroup[owner].rsvd_hugepage[0])
			break;
	return owner;
}
#else
static unsigned region_owner(const struct file_region *rg)
{
	(void)rg;
	return 0;
}
#endif

#include "target_walk.h"

const struct target_traits target_traits = {
	.name = IMPORT_NAME,
	.merges = IMPORT_MERGES,
	.counts_at_end = IMPORT_COUNTS_AT_END,
	.needs_holes = IMPORT_NEEDS_HOLES,
	.has_cgroup = IMPORT_CGROUP,
	.holds_owner = IMPORT_CSS_PER_REGION,
	.charge = SHIM_PAGES_PER_HPAGE,
	.keeps_empty = IMPORT_PLACEHOLDERS,
};

void target_look_owners(struct target_owner owner[TARGET_OWNERS])
{
	for (int i = 0; i < TARGET_OWNERS; i++) {
		owner[i].refs = cgroup[i].css.refs;
		owner[i].charged = cgroup[i].rsvd_hugepage[0].usage;
	}
}

#endif
