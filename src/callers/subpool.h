/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What reserve.c uses of subpools and the pool's count; nobody else includes this.
 */
#ifndef SUBPOOL_H
#define SUBPOOL_H

#include "reserve.h"

/**
 * hugetlb_acct_memory - promise @delta pages more, or -@delta less; 0 is nothing
 *
 * Return: 0, or -ENOMEM: there are too few pages, and nothing has changed.
 * Source: mm/hugetlb.c hugetlb_acct_memory(), v5.5.
 */
int hugetlb_acct_memory(struct hstate *h, long delta);

/**
 * hugepage_subpool_get_pages - use @delta pages more
 * @spool: NULL for a mount without limits
 *
 * Return: how many of them the pool has to promise, for the others came out of the minimum;
 * -ENOMEM: it would be more than the maximum, and nothing has changed.
 * Source: mm/hugetlb.c hugepage_subpool_get_pages(), v5.5.
 */
long hugepage_subpool_get_pages(struct hugepage_subpool *spool, long delta);

/**
 * hugepage_subpool_put_pages - use @delta pages less
 *
 * Return: how many promises of the pool are not needed any more; the others went to the minimum.
 * Source: mm/hugetlb.c hugepage_subpool_put_pages(), v5.5.
 */
long hugepage_subpool_put_pages(struct hugepage_subpool *spool, long delta);

/**
 * hugepage_subpool_undo_get - undo a get of @delta pages that returned @from_pool
 *
 * The pool promises none of them, or does not any more.  So only what came out of the minimum may
 * go back there; a put of all would fill it with pages that nobody has promised.
 * Source: mm/hugetlb.c hugetlb_reserve_pages(), v6.16; before that it was such a put.
 */
void hugepage_subpool_undo_get(struct hstate *h, struct hugepage_subpool *spool, long delta,
                               long from_pool);

#endif
