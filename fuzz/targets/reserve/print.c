// SPDX-License-Identifier: GPL-2.0-only
/*
 * The books beside what they should say, for a report.
 */
#include "check.h"

#include "fuzz/explain/scene.h"

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

/* --- for a picture */

static void show_set(enum look look, uint64_t set)
{
	for (int page = 0; page < MODEL_PAGES; page++)
		if (set >> page & 1)
			scene_bar(look, page, page + 1);
}

static void show_map(const struct world *world, const struct resv_map *map)
{
	static struct map_view view;

	map_look(&world->layout, map, &view);
	for (size_t i = 0; i < view.regions; i++)
		scene_bar(LOOK_REGION, view.region[i].from, view.region[i].to);
}

static void show_file(const struct world *world, const struct reserve_model *model, int file,
                      bool compare)
{
	char name[24];

	snprintf(name, sizeof(name), "file %d", file);
	scene_lane(name, file_is_limited(file) ? "on the mount with limits" : NULL);
	show_map(world, world->file_map(world->state, file));
	if (compare)
		show_set(LOOK_SHOULD, model->file[file].reserved.in);
	show_set(LOOK_PAGE, world->cached(world->state, file));
}

/* An owner's map says what is used up, so a region of it is no reservation: it is not drawn. */
static void show_mapping(const struct world *world, const struct reserve_model *model,
                         unsigned slot)
{
	const struct model_mapping *mapping = &model->mapping[slot];
	char name[24], note[48];
	bool own;

	snprintf(name, sizeof(name), "%c: file %u", 'a' + slot, mapping->file);
	snprintf(note, sizeof(note), "%s%s", mapping->shared ? "shared" : "private",
	         !mapping->shared && !world->owner_map(world->state, slot) ? ", owns no reservation"
	                                                                   : "");
	scene_lane(name, note);
	scene_bar(LOOK_MAPPING, mapping->from, mapping->to);
	for (unsigned page = mapping->from; page < mapping->to; page++)
		if (world->page_at(world->state, slot, page, &own) && own)
			scene_bar(LOOK_PAGE, page, page + 1);
}

/* As /proc/meminfo calls them, HugePages_Total and so on; of the mount, used_hpages and rsv_hpages. */
static void show_books(const struct world *world)
{
	struct subpool_view mount = { -1, 0, -1, 0 };
	struct pool_view pool;

	world->look_pool(world->state, &pool);
	scene_number("total", pool.pages);
	scene_number("free", pool.free);
	scene_number("rsvd", pool.promised);
	scene_number("surplus", pool.surplus);
	if (!world->look_mount(world->state, &mount))
		return;
	scene_number("mount used", mount.used);
	scene_number("mount rsv", mount.rsv);
}

void reserve_show_world(const struct world *world, const struct reserve_model *model, bool compare)
{
	for (int file = 0; file < FILES; file++)
		if (world->has_file(world->state, file))
			show_file(world, model, file, compare);
	for (unsigned slot = 0; slot < SLOTS; slot++)
		if (model->mapping[slot].exists && world->mapped(world->state, slot))
			show_mapping(world, model, slot);
	show_books(world);
}
