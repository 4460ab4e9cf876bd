// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules that hold for every map are plain; those in which maps differ ask its traits.
 */
#include "check.h"

#include "fuzz/map/judge.h"
#include "fuzz/run/report.h"

#include <errno.h>

/* Memory: -ENOMEM came back if and only if something was refused. */
static void check_enomem(const struct call_facts *call)
{
	CHECK(ENOMEM_HONEST, (call->ret == -ENOMEM) == (call->refusals->refused > 0),
	      "returned %ld, %u of %u requests refused", call->ret, call->refusals->refused,
	      call->refusals->asked);
}

/*
 * Memory is asked for only where no spare entry is there.  @wanted: the entries that the call needs besides
 * those of its ticket.  What other calls take or leave while this one allocates is not counted, so a
 * call that was overtaken may ask for any number.
 */
static void check_spare(const struct call_facts *call, long wanted)
{
	long lacking = wanted > call->spare ? wanted - call->spare : 0;

	CHECK(SPARE_FIRST, call->overtaken || (long)call->refusals->asked <= lacking,
	      "asked for memory %u times, %ld entries were missing", call->refusals->asked,
	      lacking);
}

void check_chg(const struct call_facts *call, long needed, long holes)
{
	long promised = call->map->traits.needs_holes && holes > 1 ? holes : 1;

	check_enomem(call);
	CHECK(CHG_COUNT, call->ret == -ENOMEM || call->ret == call->pages,
	      "chg returned %ld, %ld pages are missing", call->ret, call->pages);
	CHECK(NEEDED_MATCHES_HOLES, call->ret == -ENOMEM || needed == promised,
	      "regions_needed is %ld, the range has %ld holes", needed, holes);
	/* Maps up to 5.4 make an empty region for a chg that finds none, whatever is in the cache. */
	if (!call->map->traits.keeps_empty)
		check_spare(call, promised);
}

void check_add(const struct call_facts *call, long page_length, long needed, long holes)
{
	unsigned asked = call->refusals->asked;

	CHECK(ONE_PAGE_ADD, !asked || page_length != 1, "add of one page asked for memory %u times",
	      asked);
	CHECK(UNDISTURBED_ADD, !asked || (call->map->traits.needs_holes && holes > needed),
	      "add asked for memory %u times: its ticket holds %ld, the range has %ld holes", asked,
	      needed, holes);
	check_enomem(call);
	CHECK(ADD_COUNT, call->ret == -ENOMEM || call->ret == call->pages,
	      "add returned %ld, %ld pages were missing", call->ret, call->pages);
	check_spare(call, holes - needed);
}

void check_del(const struct call_facts *call, bool splits)
{
	CHECK(SPLIT_DEL, !call->refusals->asked || splits,
	      "del asked for memory %u times, but makes no two regions of one",
	      call->refusals->asked);
	check_enomem(call);
	CHECK(DEL_COUNT, call->ret == -ENOMEM || call->ret == call->pages,
	      "del returned %ld, %ld pages were covered", call->ret, call->pages);
	check_spare(call, splits);
}

void check_count(const struct call_facts *call)
{
	CHECK(COUNT_COUNT, call->ret == call->pages, "count returned %ld, %ld pages are covered",
	      call->ret, call->pages);
	CHECK(COUNT_COUNT, !call->refusals->asked, "count asked for memory %u times",
	      call->refusals->asked);
}

/* The quick way: region by region what the model says? */
static bool is_as_promised(const struct map_view *view, const struct model *model, bool keeps_empty)
{
	unsigned from, to = 0;
	size_t i;

	for (i = 0; i < view->regions; i++) {
		const struct map_region *rg = &view->region[i];

		if (keeps_empty && rg->from == rg->to)
			continue;
		if (!model_region(model, to, &from, &to) || rg->from != model->at[from] ||
		    rg->to != model->at[to] || rg->cgroup != model_cgroup(model, from))
			return false;
	}
	return !model_region(model, to, &from, &to);
}

static bool model_run(const struct model *model, unsigned *cell, struct map_region *run)
{
	unsigned from, to, next;

	if (!model_region(model, *cell, &from, &to))
		return false;
	while (model_region(model, to, &next, cell) && next == to)
		to = *cell;
	*cell = to;
	run->from = model->at[from];
	run->to = model->at[to];
	return true;
}

static void check_pages(const struct map_view *view, const struct model *model, enum rule rule)
{
	struct map_region map, truth;
	unsigned cell = 0;
	size_t i = 0;

	while (model_run(model, &cell, &truth)) {
		if (!view_pages(view, &i, &map))
			report_fail(rule, "[%ld,%ld) should be covered", truth.from, truth.to);
		if (map.from != truth.from || map.to != truth.to)
			report_fail(rule, "pages [%ld,%ld) are covered, not [%ld,%ld)", map.from,
			            map.to, truth.from, truth.to);
	}
	if (view_pages(view, &i, &map))
		report_fail(rule, "[%ld,%ld) should not be covered", map.from, map.to);
}

/* The lists differ from the model's: say which rule is broken. */
static void tell_difference(const struct map_view *view, const struct model *model,
                            bool keeps_empty, enum check_when when)
{
	/* A call that changes nothing when it fails is the one to blame. */
	enum rule failed = when == CALL_FAILED    ? RULE_ENOMEM_UNCHANGED
	                   : when == CALL_REFUSED ? RULE_BAD_RANGE
	                                          : RULES;

	judge_order(view, keeps_empty, NULL, 0);
	check_pages(view, model, failed < RULES ? failed : RULE_MAP_MATCHES_MODEL);
	report_fail(failed < RULES ? failed : RULE_MAP_SHAPE,
	            "the pages are right, the regions are not");
}

/* Cgroups: what is charged and referenced is what the list of regions says; NULL: there is none. */
static void check_cgroups(const struct map *map, const struct map_view *view)
{
	struct owned owned[MAP_CGROUPS] = { { 0, 0 } };
	struct map_cgroup cgroup[MAP_CGROUPS];

	map_look_cgroups(map, cgroup);
	if (view)
		judge_count_owned(view, owned);
	for (int i = 1; i < MAP_CGROUPS; i++) {
		judge_charge(cgroup[i].charged, owned[i].pages, map->traits.charge,
		             "its regions have", i);
		if (map->traits.holds_cgroup)
			judge_refs(cgroup[i].refs, owned[i].held, "regions", i);
	}
}

void check_released(const struct map *map)
{
	check_cgroups(map, NULL);
}

void check_map(const struct map *map, const struct map_view *view, const struct model *model,
               long tickets, enum check_when when, bool quiet)
{
	const struct map_traits *traits = &map->traits;

	judge_links(view, NULL, 0);
	if (__builtin_expect(!is_as_promised(view, model, traits->keeps_empty), 0))
		tell_difference(view, model, traits->keeps_empty, when);
	if (traits->keeps_empty)
		judge_order(view, true, NULL, 0);
	if (traits->has_cgroup)
		check_cgroups(map, view);
	judge_cache(view, NULL, 0);
	CHECK(TICKETS_COUNTED, !quiet || view->in_progress == tickets,
	      "adds_in_progress %ld, open tickets need %ld", view->in_progress, tickets);
	judge_cover(view, tickets, NULL, 0);
}
