/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How every target looks at its map.  Included by a target behind its own struct resv_map and
 * struct file_region, whose fields have had these names since 4.4, and its own region_owner():
 * below TARGET_OWNERS, anything else is nobody the harness knows.
 */
#ifndef TARGET_WALK_H
#define TARGET_WALK_H

#include "fuzz/run/pool.h"
#include "target.h"

/*
 * The next entry of the list, or NULL at its end or where it is broken.  Nothing is followed that
 * is not in a live block, and as many steps as there are live blocks end the walk.
 */
static const struct list_head *walk_next(const struct list_head *head, const struct list_head *at,
                                         size_t *steps, const char **broken)
{
	const struct list_head *next = at->next;

	if (next != head && !pool_live(next))
		*broken = "a list leads to a freed or foreign entry";
	else if (next->prev != at)
		*broken = "a list does not close: next->prev is another entry";
	else if (++*steps > pool_count())
		*broken = "a list has a loop";
	return next == head || *broken ? NULL : next;
}

void target_look(const struct resv_map *map, struct target_view *view)
{
	const struct list_head *at = &map->regions;
	size_t steps = 0;

	view->broken = NULL;
	view->regions = 0;
	view->spare = 0;
	view->cache_count = map->region_cache_count;
	view->in_progress = map->adds_in_progress;
	while ((at = walk_next(&map->regions, at, &steps, &view->broken))) {
		const struct file_region *rg = list_entry(at, struct file_region, link);

		if (view->regions == VIEW_REGIONS) {
			view->broken = "more regions than a board has cells";
			break;
		}
		view->region[view->regions].owner = region_owner(rg);
		if (view->region[view->regions].owner >= TARGET_OWNERS)
			view->broken = "a region belongs to an owner that it was not given";
		view->region[view->regions].from = rg->from;
		view->region[view->regions++].to = rg->to;
	}
	steps = 0;
	at = &map->region_cache;
	while (!view->broken && (at = walk_next(&map->region_cache, at, &steps, &view->broken)))
		view->spare++;
	target_look_owners(view->owner);
}

#endif
