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
		.memcg = vm_memcg_lost(),
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

/* What the locks of the two keep: as many numbers as is returned. */
static inline unsigned numbers_locked_by_pool(const struct hstate *h, unsigned long *number)
{
	number[0] = h->nr_huge_pages;
	number[1] = h->free_huge_pages;
	number[2] = h->resv_huge_pages;
	number[3] = h->surplus_huge_pages;
	return LOCKED_POOL;
}

static inline unsigned numbers_locked_by_subpool(long used, long rsv, unsigned long *number)
{
	number[0] = (unsigned long)used;
	number[1] = (unsigned long)rsv;
	return LOCKED_MOUNT;
}

#endif
