// SPDX-License-Identifier: GPL-2.0-only
#include "judge.h"

#include "fuzz/run/report.h"

/* "map of file 3: ", or nothing. */
static const char *whose(const char *what, int number)
{
	static char text[32];

	if (!what)
		return "";
	snprintf(text, sizeof(text), "map of %s %d: ", what, number);
	return text;
}

void judge_links(const struct map_view *view, const char *what, int number)
{
	CHECK(LINKS_SANE, !view->broken, "%s%s", whose(what, number), view->broken);
}

void judge_order(const struct map_view *view, bool keeps_empty, const char *what, int number)
{
	long end = 0;

	for (size_t i = 0; i < view->regions; i++) {
		const struct map_region *rg = &view->region[i];

		CHECK(MAP_ORDERED, rg->from >= end, "%sregion %zu [%ld,%ld) begins before %ld",
		      whose(what, number), i, rg->from, rg->to, end);
		CHECK(MAP_ORDERED, rg->from < rg->to || (keeps_empty && rg->from == rg->to),
		      "%sregion %zu is [%ld,%ld)", whose(what, number), i, rg->from, rg->to);
		end = rg->to;
	}
}

void judge_cache(const struct map_view *view, const char *what, int number)
{
	CHECK(CACHE_COUNTED, view->cache_count == view->spare,
	      "%sregion_cache_count %ld, entries in the cache %ld", whose(what, number),
	      view->cache_count, view->spare);
}

void judge_cover(const struct map_view *view, long tickets, const char *what, int number)
{
	CHECK(CACHE_COVERS_TICKETS, view->spare >= tickets, "%scache %ld < tickets %ld",
	      whose(what, number), view->spare, tickets);
}

void judge_charge(unsigned long charged, unsigned long pages, unsigned long charge,
                  const char *what, int number)
{
	CHECK(UNCHARGE_EXACT, charged == pages * charge,
	      "cgroup %d is charged %ld, %s %ld pages at %ld each", number, (long)charged, what,
	      (long)pages, (long)charge);
}

void judge_refs(long refs, long held, const char *what, int number)
{
	CHECK(CSS_BALANCED, refs == held, "cgroup %d is referenced %ld times, it has %ld %s",
	      number, refs, held, what);
}

void judge_count_owned(const struct map_view *view, struct owned owned[MAP_CGROUPS])
{
	for (size_t i = 0; i < view->regions; i++) {
		struct owned *of = &owned[view->region[i].cgroup];

		of->pages += view->region[i].to - view->region[i].from;
		of->held++;
	}
}
