/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The numbers of a pool and of a subpool, as a world shows them: those of the port and of all kernels have
 * the same names.  Whoever includes this has a struct hstate, and stands on src/vm/.
 */
#ifndef RESERVE_NUMBERS_H
#define RESERVE_NUMBERS_H

#include "world.h"

static inline struct pool_view numbers_of_pool(const struct hstate *h)
{
	return (struct pool_view){
		.pages = (long)h->nr_huge_pages,
		.free = (long)h->free_huge_pages,
		.promised = (long)h->resv_huge_pages,
		.surplus = (long)h->surplus_huge_pages,
		.overcommit = (long)h->nr_overcommit_huge_pages,
		.own = (long)h->max_huge_pages,
		.memcg = vm_memcg.usage,
		.memcg_refs = vm_memcg.refs,
		.node_pages = (long)h->nr_huge_pages_node[0],
		.node_free = (long)h->free_huge_pages_node[0],
		.node_surplus = (long)h->surplus_huge_pages_node[0],
	};
}

/* A kernel says -1 where there is no minimum. */
static inline struct subpool_view numbers_of_subpool(long max, long used, long min, long rsv)
{
	return (struct subpool_view){ max, used, min, min == -1 ? 0 : rsv };
}

/* What the locks of the two keep. */
#define NUMBERS_LOCKED_BY_POOL(h) \
	{ \
		LOCKED_POOL, \
		{ \
			&(h)->nr_huge_pages, &(h)->free_huge_pages, &(h)->resv_huge_pages, \
				&(h)->surplus_huge_pages \
		} \
	}

static inline const struct locked *numbers_locked_by_subpool(const long *used, const long *rsv)
{
	static struct locked mount = { .count = LOCKED_MOUNT };

	mount.number[0] = (const unsigned long *)used;
	mount.number[1] = (const unsigned long *)rsv;
	return &mount;
}

#endif
