// SPDX-License-Identifier: GPL-2.0-only
/*
 * How the harness looks at any map, by the offsets that it exports.
 */
#include "map.h"

#include "fuzz/run/blocks.h"
#include "src/shim/dup.h"

#include <string.h>

static const void *at_offset(const void *base, size_t offset)
{
	return (const char *)base + offset;
}

static long long_at(const void *base, size_t offset)
{
	return *(const long *)at_offset(base, offset);
}

/*
 * The next entry of the list, or NULL at its end or where it is broken.  Nothing is followed that
 * is not in a live block, and as many steps as there are live blocks end the walk.
 */
static const struct list_head *walk_next(const struct list_head *head, const struct list_head *at,
                                         size_t *steps, const char **broken)
{
	const struct list_head *next = at->next;

	if (next != head && !block_live(next))
		*broken = "a list leads to a freed or foreign entry";
	else if (next->prev != at)
		*broken = "a list does not close: next->prev is another entry";
	else if (++*steps > blocks_count())
		*broken = "a list has a loop";
	return next == head || *broken ? NULL : next;
}

static void look_region(const struct map_layout *layout, const void *rg, struct map_view *view)
{
	struct map_region *region = &view->region[view->regions];

	if (view->regions == VIEW_REGIONS) {
		view->broken = "more regions than a board has cells";
		return;
	}
	view->regions++;
	region->from = long_at(rg, layout->from);
	region->to = long_at(rg, layout->to);
	region->cgroup = layout->cgroup ? layout->cgroup(rg) : 0;
	if (region->cgroup >= MAP_CGROUPS)
		view->broken = "a region belongs to a cgroup that it was not given";
}

void map_look(const struct map_layout *layout, const struct resv_map *map, struct map_view *view)
{
	const struct list_head *head = at_offset(map, layout->regions), *at = head;
	size_t steps = 0;

	view->broken = NULL;
	view->regions = 0;
	view->spare = 0;
	view->cache_count = long_at(map, layout->cache_count);
	view->in_progress = long_at(map, layout->in_progress);
	while (!view->broken && (at = walk_next(head, at, &steps, &view->broken)))
		look_region(layout, (const char *)at - layout->link, view);
	steps = 0;
	at = head = at_offset(map, layout->cache);
	while (!view->broken && (at = walk_next(head, at, &steps, &view->broken)))
		view->spare++;
}

long map_spare(const struct map_layout *layout, const struct resv_map *map)
{
	return long_at(map, layout->cache_count) - long_at(map, layout->in_progress);
}

void map_look_cgroups(const struct map *map, struct map_cgroup cgroup[MAP_CGROUPS])
{
	if (map->look_cgroups)
		map->look_cgroups(cgroup);
	else
		memset(cgroup, 0, MAP_CGROUPS * sizeof(*cgroup));
}

bool view_pages(const struct map_view *view, size_t *i, struct map_region *pages)
{
	while (*i < view->regions && view->region[*i].from == view->region[*i].to)
		++*i;
	if (*i == view->regions)
		return false;
	*pages = view->region[(*i)++];
	while (*i < view->regions && view->region[*i].from == pages->to)
		pages->to = view->region[(*i)++].to;
	return true;
}
