// SPDX-License-Identifier: GPL-2.0-only
/*
 * A mount's limits, and the pool's count of promises.
 *
 * Where there is a maximum, rsv_hpages is exactly what the minimum lacks: max(min - used, 0).
 */
#include "subpool.h"

/* Pages of a minimum that a subpool should have at hand and has not. */
static long subpool_room(const struct hugepage_subpool *spool)
{
	return max(spool->min_hpages - spool->used_hpages, 0L) - spool->rsv_hpages;
}

int hugetlb_acct_memory(struct hstate *h, long delta)
{
	int ret = 0;

	if (!delta)
		return 0;
	spin_lock(&hugetlb_lock);
	if (delta > 0)
		ret = gather_surplus_pages(h, delta);
	else
		return_unused_surplus_pages(h, -delta);
	spin_unlock(&hugetlb_lock);
	return ret;
}

struct hugepage_subpool *hugepage_new_subpool(struct hstate *h, long max_hpages, long min_hpages)
{
	struct hugepage_subpool *spool = kmalloc(sizeof(*spool), GFP_KERNEL);

	if (!spool)
		return NULL;
	*spool = (struct hugepage_subpool){
		.count = 1,
		.max_hpages = max_hpages,
		.hstate = h,
		.min_hpages = min_hpages,
		.rsv_hpages = max(min_hpages, 0L),
	};
	if (hugetlb_acct_memory(h, spool->rsv_hpages)) {
		kfree(spool);
		return NULL;
	}
	return spool;
}

/* Give the lock back; limits that nobody needs any more go. */
static void subpool_unlock(struct hugepage_subpool *spool)
{
	bool is_free = !spool->count && !spool->used_hpages &&
	               (spool->max_hpages != -1 || spool->rsv_hpages == max(spool->min_hpages, 0L));

	spin_unlock(&spool->lock);
	if (!is_free)
		return;
	hugetlb_acct_memory(spool->hstate, -spool->rsv_hpages);
	kfree(spool);
}

void hugepage_put_subpool(struct hugepage_subpool *spool)
{
	spin_lock(&spool->lock);
	VM_BUG_ON(!spool->count);
	spool->count--;
	subpool_unlock(spool);
}

long hugepage_subpool_get_pages(struct hugepage_subpool *spool, long delta)
{
	long ret = -ENOMEM, own;

	if (!spool)
		return delta;
	spin_lock(&spool->lock);
	if (spool->max_hpages == -1 || spool->used_hpages + delta <= spool->max_hpages) {
		if (spool->max_hpages != -1)
			spool->used_hpages += delta;
		own = min(delta, spool->rsv_hpages);
		spool->rsv_hpages -= own;
		ret = delta - own;
	}
	spin_unlock(&spool->lock);
	return ret;
}

/* Use @delta pages less, and take back @most of them into the minimum; the rest is returned. */
static long subpool_put(struct hugepage_subpool *spool, long delta, long most)
{
	long own;

	if (!spool)
		return most;
	spin_lock(&spool->lock);
	if (spool->max_hpages != -1)
		spool->used_hpages -= delta;
	own = max(min(most, subpool_room(spool)), 0L);
	spool->rsv_hpages += own;
	subpool_unlock(spool);
	return most - own;
}

long hugepage_subpool_put_pages(struct hugepage_subpool *spool, long delta)
{
	return subpool_put(spool, delta, delta);
}

void hugepage_subpool_undo_get(struct hstate *h, struct hugepage_subpool *spool, long delta,
                               long from_pool)
{
	hugetlb_acct_memory(h, -subpool_put(spool, delta, delta - from_pool));
}
