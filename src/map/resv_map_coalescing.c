// SPDX-License-Identifier: GPL-2.0-only
/*
 * The map before the patch: whatever touches is one region.
 *
 * An add never needs more than one entry, since it either extends a region that is there or puts
 * one new one into a hole.  So every ticket is worth exactly one entry, and region_add() never
 * allocates.
 *
 *	regions [0,1) [2,3) [5,6), then chg and add of [0,5):
 *	regions [0,6), and the ticket needed 1
 */
#include "resv_map_common.h"

static long pages_missing(struct resv_map *resv, long f, long t)
{
	struct file_region *rg;
	long missing = t - f;

	list_for_each_entry(rg, &resv->regions, link)
		missing -= region_overlap(rg, f, t);
	return missing;
}

long region_chg(struct resv_map *resv, long f, long t, long *regions_needed)
{
	long chg;

	if (range_is_bad(f, t))
		return -EINVAL;
	*regions_needed = 1;
	spin_lock(&resv->lock);
	if (region_cache_fill(resv, 1))
		return -ENOMEM;
	resv->adds_in_progress++;
	/* Only now, for the lock may have been dropped: this count is not stale. */
	chg = pages_missing(resv, f, t);
	spin_unlock(&resv->lock);
	return chg;
}

/* Make one region of [f, t) and all that it touches. */
static void merge_range(struct resv_map *resv, long f, long t)
{
	struct list_head *next = &resv->regions;
	struct file_region *rg, *after, *merged = NULL;

	list_for_each_entry_safe(rg, after, &resv->regions, link) {
		if (rg->to < f)
			continue;
		if (rg->from > t) {
			next = &rg->link;
			break;
		}
		if (!merged) {
			merged = rg;
			merged->from = min(rg->from, f);
			merged->to = max(rg->to, t);
		} else {
			merged->to = max(rg->to, t);
			list_del(&rg->link);
			kfree(rg);
		}
	}
	if (!merged)
		list_add_tail(&region_cache_take(resv, f, t)->link, next);
}

long region_add(struct resv_map *resv, long f, long t, long regions_needed)
{
	long add;

	if (range_is_bad(f, t))
		return -EINVAL;
	spin_lock(&resv->lock);
	add = pages_missing(resv, f, t);
	if (add)
		merge_range(resv, f, t);
	resv->adds_in_progress -= regions_needed;
	spin_unlock(&resv->lock);
	return add;
}
