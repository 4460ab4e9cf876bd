// SPDX-License-Identifier: GPL-2.0-only
/*
 * The books beside what they should say, for a report.
 */
#include "check.h"

static void print_pages(FILE *out, uint64_t set)
{
	int from = 0, to;

	if (!set)
		fprintf(out, " none");
	for (; set >> from; from = to) {
		from += __builtin_ctzll(set >> from);
		for (to = from; to < MODEL_PAGES && set >> to & 1; to++)
			;
		fprintf(out, " [%d,%d)", from, to);
		if (to == MODEL_PAGES)
			break;
	}
}

static void print_map(FILE *out, const struct world *world, const struct resv_map *map)
{
	static struct map_view view;

	map_look(&world->layout, map, &view);
	fprintf(out, "; map:");
	for (size_t i = 0; i < view.regions; i++)
		fprintf(out, " [%ld,%ld)", view.region[i].from, view.region[i].to);
	if (view.broken)
		fprintf(out, " (%s)", view.broken);
	fprintf(out, ", cache %ld, in progress %ld\n", view.spare, view.in_progress);
}

void reserve_print(FILE *out, const struct world *world, const struct reserve_model *model)
{
	struct subpool_view s;
	struct pool_view pool;

	world->look_pool(world->state, &pool);
	fprintf(out, "  pool: %ld pages, %ld free, %ld promised, surplus %ld of %ld\n", pool.pages,
	        pool.free, pool.promised, pool.surplus, pool.overcommit);
	if (world->look_mount(world->state, &s))
		fprintf(out, "  mount: max %ld, used %ld, min %ld, rsv %ld\n", s.max, s.used, s.min,
		        s.rsv);
	for (int file = 0; file < FILES; file++) {
		if (!world->has_file(world->state, file))
			continue;
		fprintf(out, "  file %d: there:", file);
		print_pages(out, world->cached(world->state, file));
		fprintf(out, "; reserved or there:");
		print_pages(out, model->file[file].reserved.in);
		print_map(out, world, world->file_map(world->state, file));
	}
	for (int slot = 0; slot < SLOTS; slot++) {
		struct resv_map *map = world->owner_map(world->state, slot);

		if (!map)
			continue;
		fprintf(out, "  mapping %c of file %d, [%d,%d): used up:", 'a' + slot,
		        world->mapping_file(world->state, slot), model->mapping[slot].from,
		        model->mapping[slot].to);
		print_pages(out, model->mapping[slot].used_up.in);
		print_map(out, world, map);
	}
}
