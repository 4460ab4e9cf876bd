/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A reservation map: which huge pages of a file or a private mapping are reserved.
 *
 * The kernel keeps it as a sorted list of regions [from, to) of huge-page indices, and books a
 * page range in two steps, so that the step that cannot be undone cannot fail either:
 *
 *	region_chg()	counts what is missing, sets entries aside, opens a ticket
 *	region_add()	commits the ticket		} exactly one of
 *	region_abort()	gives the ticket back		} the two
 *
 * A ticket is the caller's: the range and the number of entries that region_chg() handed out.
 * The map keeps their sum in adds_in_progress, and at least so many entries in its cache.
 *
 * Two maps stand behind this header, one is linked: resv_map.c, the map of the patch, which
 * never merges regions, and resv_map_coalescing.c, the map before it, which merges all that
 * touch.  Both take any range: one that no caller may pass (f > t, or negative) is refused with
 * -EINVAL and changes nothing.
 *
 * Locking: no call is made with resv->lock held; each takes it.  Where a call allocates it drops
 * the lock, and other calls on the same map may run in that window.
 *
 * Source: mm/hugetlb.c and include/linux/hugetlb.h, v5.5, and "hugetlb: disable region_add
 * file_region coalescing", v7 5/9, with its defects repaired.
 */
#ifndef RESV_MAP_H
#define RESV_MAP_H

#include "src/shim/custom.h"
#include "src/shim/dup.h"
#include "src/shim/stubs.h"

/* A run of reserved huge pages, or, in the cache, a spare entry whose range means nothing. */
struct file_region {
	struct list_head link;
	long from; /* first page */
	long to;   /* first page behind it */
};

struct resv_map {
	struct kref refs;
	spinlock_t lock;               /* guards everything below */
	struct list_head regions;      /* ascending, disjoint, none empty */
	long adds_in_progress;         /* entries owed to open tickets */
	struct list_head region_cache; /* spare entries */
	long region_cache_count;       /* their number, >= adds_in_progress */
};

/**
 * resv_map_alloc - an empty map with one spare entry, and one reference, the caller's
 *
 * Return: the map, or NULL when memory was refused; then nothing stays allocated.
 * Source: mm/hugetlb.c resv_map_alloc(), v5.5.
 */
struct resv_map *resv_map_alloc(void);

/**
 * resv_map_release - free a map, its regions and its spare entries
 * @ref: the map's refs, none left; made for kref_put()
 *
 * The caller owes no ticket any more: every region_chg() has been added or aborted.
 * Source: mm/hugetlb.c resv_map_release(), v5.5.
 */
void resv_map_release(struct kref *ref);

/**
 * region_chg - count the pages of [f, t) not yet reserved, and open a ticket to add them
 * @resv: map, not locked by the caller; the call drops its own lock while it allocates
 * @f, @t: huge-page indices, f inclusive, t exclusive, 0 <= f <= t
 * @regions_needed: out, entries set aside for the ticket; at least 1
 *
 * Reserves nothing.  Each success is owed exactly one region_add() or region_abort() with the
 * same range and the same @regions_needed; a region_add() that fails still owes the abort.
 *
 * The count of resv_map.c is that of the call's start: it can be stale once the lock has been
 * dropped.  That of resv_map_coalescing.c is taken at the end.
 *
 * Return: pages missing, >= 0.  -ENOMEM: pages and tickets are as before, the cache may have
 * grown, no abort is owed.  -EINVAL: a range that no caller may pass, nothing changed.
 * Source: mm/hugetlb.c region_chg(), the patch, and v5.7 for the way out of -ENOMEM.
 */
long region_chg(struct resv_map *resv, long f, long t, long *regions_needed);

/**
 * region_add - reserve every page of [f, t), and close the ticket
 * @resv: map, not locked by the caller; may drop its own lock to allocate
 * @f, @t, @regions_needed: as given to and by the region_chg() that opened the ticket
 *
 * Each hole becomes one region (resv_map.c), or everything that touches becomes one
 * (resv_map_coalescing.c).  The ticket's entries suffice unless the range was cut to pieces since
 * region_chg() counted it; then resv_map.c allocates the excess.  An add of one page never
 * allocates and cannot fail.
 *
 * Return: pages that were missing, >= 0, and may differ from what region_chg() said.  -ENOMEM:
 * pages and tickets are as before, the cache may have grown, the ticket is still open and owed a
 * region_abort().  -EINVAL as for region_chg().
 * Source: mm/hugetlb.c region_add(), the patch, and v5.7 for whose entries may be used.
 */
long region_add(struct resv_map *resv, long f, long t, long regions_needed);

/**
 * region_abort - give a ticket back; pages stay as they are, its entries stay in the cache
 * @resv: map, not locked by the caller
 * @f, @t, @regions_needed: as given to and by the region_chg() that opened the ticket
 *
 * Never owed after a region_chg() that failed.
 * Source: mm/hugetlb.c region_abort(), the patch.
 */
void region_abort(struct resv_map *resv, long f, long t, long regions_needed);

/**
 * region_del - drop every page of [f, t); t == LONG_MAX means "to the end"
 * @resv: map, not locked by the caller; may drop its own lock to allocate
 * @f, @t: huge-page indices, f inclusive, t exclusive, 0 <= f <= t
 *
 * Allowed at any time, with tickets open too.  Takes no entry that belongs to a ticket.
 *
 * Return: pages dropped, >= 0.  -ENOMEM, only when one region has to become two, so never for
 * LONG_MAX: nothing changed, a later try may succeed.  -EINVAL as for region_chg().
 * Source: mm/hugetlb.c region_del(), v5.5.
 */
long region_del(struct resv_map *resv, long f, long t);

/**
 * region_count - how many pages of [f, t) are reserved; changes nothing, never allocates
 * @resv: map, not locked by the caller
 * @f, @t: huge-page indices, f inclusive, t exclusive, 0 <= f <= t
 *
 * Return: pages, >= 0.  -EINVAL as for region_chg().
 * Source: mm/hugetlb.c region_count(), v5.5.
 */
long region_count(struct resv_map *resv, long f, long t);

#endif
