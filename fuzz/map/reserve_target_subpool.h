/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How every target of the callers looks at its subpool.  Included behind its own struct
 * hugepage_subpool, whose fields have had these names since 4.1.
 */
#ifndef RESERVE_TARGET_SUBPOOL_H
#define RESERVE_TARGET_SUBPOOL_H

#include "reserve_target.h"

void reserve_look_subpool(const struct hugepage_subpool *spool, struct subpool_view *view)
{
	view->max = spool->max_hpages;
	view->used = spool->used_hpages;
	view->min = spool->min_hpages;
	/* A kernel says -1 where there is no minimum. */
	view->rsv = spool->min_hpages == -1 ? 0 : spool->rsv_hpages;
}

long reserve_set_max(struct hugepage_subpool *spool, long max)
{
	long old = spool->max_hpages;

	if (old != -1)
		spool->max_hpages = max;
	return old;
}

#endif
