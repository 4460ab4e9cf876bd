// SPDX-License-Identifier: GPL-2.0-only
/*
 * What does not depend on how regions are added: a map's life, its entry cache, and the calls
 * that only take away, give back or count.  Both maps link this.
 *
 * The one law of the cache: with the lock held, it holds an entry for every one that a ticket
 * was promised (region_cache_count >= adds_in_progress).  Hence region_add() can be sure of its
 * entries, and whoever wants a spare one for another purpose may use only the surplus.
 */
#include "resv_map_common.h"

static struct file_region *region_alloc(void)
{
	return kmalloc(sizeof(struct file_region), GFP_KERNEL);
}

static void region_list_free(struct list_head *list)
{
	struct file_region *rg, *next;

	list_for_each_entry_safe(rg, next, list, link) {
		list_del(&rg->link);
		kfree(rg);
	}
}

struct resv_map *resv_map_alloc(void)
{
	struct resv_map *resv = kmalloc(sizeof(*resv), GFP_KERNEL);
	struct file_region *rg = region_alloc();

	if (!resv || !rg) {
		kfree(resv);
		kfree(rg);
		return NULL;
	}
	kref_init(&resv->refs);
	spin_lock_init(&resv->lock);
	INIT_LIST_HEAD(&resv->regions);
	resv->adds_in_progress = 0;
	INIT_LIST_HEAD(&resv->region_cache);
	list_add(&rg->link, &resv->region_cache);
	resv->region_cache_count = 1;
	return resv;
}

void resv_map_release(struct kref *ref)
{
	struct resv_map *resv = container_of(ref, struct resv_map, refs);

	VM_BUG_ON(resv->adds_in_progress);
	region_list_free(&resv->regions);
	region_list_free(&resv->region_cache);
	kfree(resv);
}

int region_cache_fill(struct resv_map *resv, long extra)
{
	struct file_region *rg;
	long want, i;

	while (resv->region_cache_count < resv->adds_in_progress + extra) {
		LIST_HEAD(fresh);

		VM_BUG_ON(resv->region_cache_count < resv->adds_in_progress);
		want = resv->adds_in_progress + extra - resv->region_cache_count;
		spin_unlock(&resv->lock);
		for (i = 0; i < want; i++) {
			rg = region_alloc();
			if (!rg) {
				region_list_free(&fresh);
				return -ENOMEM;
			}
			list_add(&rg->link, &fresh);
		}
		spin_lock(&resv->lock);
		list_splice(&fresh, &resv->region_cache); /* fresh ends with this round */
		resv->region_cache_count += want;
		/* Other calls may have used the window to take entries: look again. */
	}
	return 0;
}

struct file_region *region_cache_take(struct resv_map *resv, long from, long to)
{
	struct file_region *rg;

	VM_BUG_ON(resv->region_cache_count <= 0);
	rg = list_first_entry(&resv->region_cache, struct file_region, link);
	list_del(&rg->link);
	resv->region_cache_count--;
	rg->from = from;
	rg->to = to;
	return rg;
}

void region_abort(struct resv_map *resv, long f, long t, long regions_needed)
{
	if (range_is_bad(f, t))
		return;
	spin_lock(&resv->lock);
	VM_BUG_ON(resv->region_cache_count < regions_needed);
	resv->adds_in_progress -= regions_needed;
	spin_unlock(&resv->lock);
}

/* The region that reaches beyond [f, t) on both sides, and so must become two; or NULL. */
static struct file_region *region_around(struct resv_map *resv, long f, long t)
{
	struct file_region *rg;

	list_for_each_entry(rg, &resv->regions, link)
		if (rg->from < f && t < rg->to)
			return rg;
	return NULL;
}

/* Cut [f, t) out of one region that does not reach beyond both of its ends. */
static long region_trim(struct file_region *rg, long f, long t)
{
	long pages = region_overlap(rg, f, t);

	if (!pages)
		return 0;
	if (rg->from < f) {
		rg->to = f;
	} else if (t < rg->to) {
		rg->from = t;
	} else {
		list_del(&rg->link);
		kfree(rg);
	}
	return pages;
}

long region_del(struct resv_map *resv, long f, long t)
{
	struct file_region *rg, *next, *rest = NULL;
	long del = 0;

	if (range_is_bad(f, t))
		return -EINVAL;
	if (f == t)
		return 0;
	spin_lock(&resv->lock);
	while ((rg = region_around(resv, f, t)) && !rest) {
		if (resv->region_cache_count > resv->adds_in_progress) {
			rest = region_cache_take(resv, 0, 0);
		} else {
			spin_unlock(&resv->lock);
			rest = region_alloc();
			if (!rest)
				return -ENOMEM;
			spin_lock(&resv->lock);
		}
	}
	if (rg) {
		rest->from = t;
		rest->to = rg->to;
		rg->to = f;
		list_add(&rest->link, &rg->link);
		rest = NULL;
		del = t - f;
	} else {
		list_for_each_entry_safe(rg, next, &resv->regions, link)
			del += region_trim(rg, f, t);
	}
	spin_unlock(&resv->lock);
	kfree(rest);
	return del;
}

long region_count(struct resv_map *resv, long f, long t)
{
	struct file_region *rg;
	long count = 0;

	if (range_is_bad(f, t))
		return -EINVAL;
	spin_lock(&resv->lock);
	list_for_each_entry(rg, &resv->regions, link)
		count += region_overlap(rg, f, t);
	spin_unlock(&resv->lock);
	return count;
}
