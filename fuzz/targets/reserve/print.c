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
		for (to = from; to < FILE_PAGES && set >> to & 1; to++)
			;
		fprintf(out, " [%d,%d)", from, to);
		if (to == FILE_PAGES)
			break;
	}
}

static void print_map(FILE *out, const struct resv_map *map)
{
	static struct target_view view;

	target_look(map, &view);
	fprintf(out, "; map:");
	for (size_t i = 0; i < view.regions; i++)
		fprintf(out, " [%ld,%ld)", view.region[i].from, view.region[i].to);
	if (view.broken)
		fprintf(out, " (%s)", view.broken);
	fprintf(out, ", cache %ld, in progress %ld\n", view.spare, view.in_progress);
}

void reserve_print(FILE *out, const struct world *world, const struct reserve_model *model)
{
	const struct hstate *h = &hstates[0];
	struct subpool_view s;

	fprintf(out, "  pool: %ld pages, %ld free, %ld promised, surplus %ld of %ld\n",
	        (long)h->nr_huge_pages, (long)h->free_huge_pages, (long)h->resv_huge_pages,
	        (long)h->surplus_huge_pages, (long)h->nr_overcommit_huge_pages);
	if (world->spool) {
		reserve_look_subpool(world->spool, &s);
		fprintf(out, "  mount: max %ld, used %ld, min %ld, rsv %ld\n", s.max, s.used, s.min,
		        s.rsv);
	}
	for (int file = 0; file < FILES; file++) {
		if (!world->file_exists[file])
			continue;
		fprintf(out, "  file %d: there:", file);
		print_pages(out, world_cached(world, file));
		fprintf(out, "; reserved or there:");
		print_pages(out, model->file[file].reserved.in);
		print_map(out, world->inode[file].i_data.private_data);
	}
	for (int slot = 0; slot < SLOTS; slot++) {
		struct resv_map *map = world_owner_map(world, slot);

		if (!map)
			continue;
		fprintf(out, "  mapping %c of file %d, [%d,%d): used up:", 'a' + slot,
		        world->file_of[slot], model->mapping[slot].from, model->mapping[slot].to);
		print_pages(out, model->mapping[slot].used_up.in);
		print_map(out, map);
	}
}
