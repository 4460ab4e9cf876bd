// SPDX-License-Identifier: GPL-2.0-only
/*
 * The map beside the model, for a report.
 */
#include "check.h"

#include "fuzz/explain/scene.h"

static void print_cgroup(FILE *out, unsigned cgroup)
{
	if (cgroup)
		fprintf(out, " of %u", cgroup);
}

static void print_model(FILE *out, const struct model *model)
{
	unsigned from, to = 0;

	fprintf(out, "  model:");
	while (model_region(model, to, &from, &to)) {
		fprintf(out, " [%ld,%ld)", model->at[from], model->at[to]);
		print_cgroup(out, model_cgroup(model, from));
	}
	fputc('\n', out);
}

static void print_map(FILE *out, const struct map *of, const struct resv_map *map, long tickets)
{
	struct map_cgroup cgroup[MAP_CGROUPS];
	struct map_view view;

	map_look(&of->layout, map, &view);
	fprintf(out, "  map:  ");
	for (size_t i = 0; i < view.regions; i++) {
		fprintf(out, " [%ld,%ld)", view.region[i].from, view.region[i].to);
		print_cgroup(out, view.region[i].cgroup);
	}
	if (view.broken)
		fprintf(out, " (%s)", view.broken);
	fprintf(out, "\n  cache %ld (count says %ld), in progress %ld, open tickets %ld\n",
	        view.spare, view.cache_count, view.in_progress, tickets);
	map_look_cgroups(of, cgroup);
	for (int i = 1; i < MAP_CGROUPS; i++)
		if (cgroup[i].charged || cgroup[i].refs)
			fprintf(out, "  cgroup %d: charged %ld, referenced %ld times\n", i,
			        (long)cgroup[i].charged, cgroup[i].refs);
}

void region_print(FILE *out, const struct map *of, const struct resv_map *map,
                  const struct model *model, long tickets)
{
	print_model(out, model);
	if (map)
		print_map(out, of, map, tickets);
}

void region_show_map(const struct map *of, const struct resv_map *map, const struct model *model,
                     bool compare)
{
	static struct map_view view;
	unsigned from, to = 0;

	map_look(&of->layout, map, &view);
	scene_lane("map", view.broken);
	for (size_t i = 0; i < view.regions; i++)
		scene_bar(LOOK_REGION, view.region[i].from, view.region[i].to);
	if (compare) {
		scene_lane("should be", NULL);
		while (model_region(model, to, &from, &to))
			scene_bar(LOOK_SHOULD, model->at[from], model->at[to]);
	}
	scene_number("spare", view.spare);
	scene_number("cache_count", view.cache_count);
	scene_number("in_progress", view.in_progress);
}
