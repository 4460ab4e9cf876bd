/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The callers under test, as the reserve target's harness sees them.  What they do is behind
 * src/callers/reserve.h, and src/hugetlbfs/hugetlbfs.h calls it; this header says what they promise where they
 * differ, and lets the harness look at their books.  One object is linked:
 * reserve_target_port.c, or reserve_target_kernel.c for those cut out of a kernel tree.
 */
#ifndef RESERVE_TARGET_H
#define RESERVE_TARGET_H

#include "target.h"

struct hugepage_subpool;

struct reserve_traits {
	const char *name;
	bool charges_reserved; /* a cgroup is charged for what is reserved, not only for what is used */
	bool charges_used;     /* ... for pages in use */
	bool charges_regions; /* a region of a file's map knows who is charged; else the file does */
	bool exact_minimum;   /* with a maximum, rsv is what the minimum lacks and no more */
	bool holds_owner;     /* each region, private map and charged page holds a reference */
};

extern const struct reserve_traits reserve_traits;

/* A subpool's numbers; -1 is no limit. */
struct subpool_view {
	long max, used, min, rsv;
};

void reserve_look_subpool(const struct hugepage_subpool *spool, struct subpool_view *view);

/*
 * "refuse subpool": while it is set, the subpool's maximum is what is used already.  Returns the old
 * maximum, to be set again.  One without a maximum is left alone.
 */
long reserve_set_max(struct hugepage_subpool *spool, long max);

#endif
