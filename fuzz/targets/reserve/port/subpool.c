// SPDX-License-Identifier: GPL-2.0-only
/*
 * The subpool of src/callers/ as the harness looks at it; kernel.c has the same for a kernel's struct.
 */
#include "state.h"

#include "src/callers/subpool.h"

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
