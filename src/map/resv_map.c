// SPDX-License-Identifier: GPL-2.0-only
/*
 * The map of the patch: regions are never merged.
 *
 * Later patches of the series hang uncharge information on every region, which neighbours need
 * not share.  So region_add() gives each hole of its range a region of its own, and one ticket
 * may need many entries: region_chg() counts the holes, sets so many entries aside, and its
 * caller carries the number to region_add() or region_abort().
 *
 *	regions [0,1) [2,3) [5,6), then chg and add of [0,5):
 *	regions [0,1) [1,2) [2,3) [3,5) [5,6), and the ticket needed 2
 */
#include "resv_map_common.h"

/* Count one hole, or fill it with an entry in front of @next. */
static long account_hole(struct resv_map *resv, struct list_head *next, long from, long to,
                         long *regions_needed)
{
	if (regions_needed)
		(*regions_needed)++;
	else
		list_add_tail(&region_cache_take(resv, from, to)->link, next);
	return to - from;
}

/*
 * Walk the holes of [f, t).  With @regions_needed: count them, change nothing.  Without: fill
 * each, and the cache must hold enough.  Returns the pages missing.  Called locked.
 */
static long add_reservation_in_range(struct resv_map *resv, long f, long t, long *regions_needed)
{
	struct list_head *next = &resv->regions;
	struct file_region *rg;
	long add = 0, done = f; /* pages in front of done are accounted for */

	if (regions_needed)
		*regions_needed = 0;
	list_for_each_entry(rg, &resv->regions, link) {
		if (rg->to <= done)
			continue;
		if (rg->from >= t) {
			next = &rg->link;
			break;
		}
		if (rg->from > done)
			add += account_hole(resv, &rg->link, done, rg->from, regions_needed);
		done = rg->to;
	}
	if (done < t)
		add += account_hole(resv, next, done, t, regions_needed);
	return add;
}

long region_chg(struct resv_map *resv, long f, long t, long *regions_needed)
{
	long chg;

	if (range_is_bad(f, t))
		return -EINVAL;
	spin_lock(&resv->lock);
	chg = add_reservation_in_range(resv, f, t, regions_needed);
	/* A full range may have holes by the time it is added; one entry always suffices for one. */
	*regions_needed = max(*regions_needed, 1L);
	if (region_cache_fill(resv, *regions_needed))
		return -ENOMEM;
	/* Not before the entries are there: a failed call owes nothing and leaves nothing. */
	resv->adds_in_progress += *regions_needed;
	spin_unlock(&resv->lock);
	return chg;
}

long region_add(struct resv_map *resv, long f, long t, long regions_needed)
{
	long add, holes;

	if (range_is_bad(f, t))
		return -EINVAL;
	spin_lock(&resv->lock);
	for (;;) {
		add_reservation_in_range(resv, f, t, &holes);
		/* The rest of the cache is other tickets': only what exceeds them is ours too. */
		if (resv->region_cache_count - resv->adds_in_progress >= holes - regions_needed)
			break;
		VM_BUG_ON(t - f <= 1);
		if (region_cache_fill(resv, holes - regions_needed))
			return -ENOMEM;
	}
	add = add_reservation_in_range(resv, f, t, NULL);
	resv->adds_in_progress -= regions_needed;
	spin_unlock(&resv->lock);
	return add;
}
