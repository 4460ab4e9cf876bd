// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules that hold for every map are plain; those in which maps differ ask target_traits.
 */
#include "check.h"

#include "fuzz/run/report.h"

#include <errno.h>

/* Memory: -ENOMEM came back if and only if something was refused. */
static void check_enomem(const struct call_facts *call)
{
	CHECK(ENOMEM_HONEST, (call->ret == -ENOMEM) == (call->fault->refused > 0),
	      "returned %ld, %u of %u requests refused", call->ret, call->fault->refused,
	      call->fault->asked);
}

void check_chg(const struct call_facts *call, long needed, long holes)
{
	long promised = target_traits.needs_holes && holes > 1 ? holes : 1;

	check_enomem(call);
	if (call->ret == -ENOMEM)
		return;
	CHECK(CHG_COUNT, call->ret == call->pages, "chg returned %ld, %ld pages are missing",
	      call->ret, call->pages);
	CHECK(NEEDED_MATCHES_HOLES, needed == promised,
	      "regions_needed is %ld, the range has %ld holes", needed, holes);
}

void check_add(const struct call_facts *call, long page_length, long needed, long holes)
{
	unsigned asked = call->fault->asked;

	CHECK(ONE_PAGE_ADD, !asked || page_length != 1, "add of one page asked for memory %u times",
	      asked);
	CHECK(UNDISTURBED_ADD, !asked || (target_traits.needs_holes && holes > needed),
	      "add asked for memory %u times: its ticket holds %ld, the range has %ld holes", asked,
	      needed, holes);
	check_enomem(call);
	CHECK(ADD_COUNT, call->ret == -ENOMEM || call->ret == call->pages,
	      "add returned %ld, %ld pages were missing", call->ret, call->pages);
}

void check_del(const struct call_facts *call, bool splits)
{
	CHECK(SPLIT_DEL, !call->fault->asked || splits,
	      "del asked for memory %u times, but makes no two regions of one", call->fault->asked);
	check_enomem(call);
	CHECK(DEL_COUNT, call->ret == -ENOMEM || call->ret == call->pages,
	      "del returned %ld, %ld pages were covered", call->ret, call->pages);
}

void check_count(const struct call_facts *call)
{
	CHECK(COUNT_COUNT, call->ret == call->pages, "count returned %ld, %ld pages are covered",
	      call->ret, call->pages);
	CHECK(COUNT_COUNT, !call->fault->asked, "count asked for memory %u times",
	      call->fault->asked);
}

/* The quick way: region by region what the model says? */
static bool is_as_promised(const struct target_view *view, const struct model *model)
{
	unsigned from, to = 0;
	size_t i;

	for (i = 0; i < view->regions; i++) {
		const struct target_region *rg = &view->region[i];

		if (target_traits.keeps_empty && rg->from == rg->to)
			continue;
		if (!model_region(model, to, &from, &to) || rg->from != model->at[from] ||
		    rg->to != model->at[to] || rg->owner != model_owner(model, from))
			return false;
	}
	return !model_region(model, to, &from, &to);
}

static void check_order(const struct target_view *view)
{
	long end = 0;

	for (size_t i = 0; i < view->regions; i++) {
		const struct target_region *rg = &view->region[i];

		CHECK(MAP_ORDERED, rg->from >= end, "region %zu [%ld,%ld) begins before %ld", i,
		      rg->from, rg->to, end);
		CHECK(MAP_ORDERED,
		      rg->from < rg->to || (target_traits.keeps_empty && rg->from == rg->to),
		      "region %zu is [%ld,%ld)", i, rg->from, rg->to);
		end = rg->to;
	}
}

static bool model_run(const struct model *model, unsigned *cell, struct target_region *run)
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

static void check_pages(const struct target_view *view, const struct model *model, enum rule rule)
{
	struct target_region map, truth;
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
static void tell_difference(const struct target_view *view, const struct model *model,
                            enum check_when when)
{
	/* A call that changes nothing when it fails is the one to blame. */
	enum rule failed = when == CALL_FAILED    ? RULE_ENOMEM_UNCHANGED
	                   : when == CALL_REFUSED ? RULE_BAD_RANGE
	                                          : RULES;

	check_order(view);
	check_pages(view, model, failed < RULES ? failed : RULE_MAP_MATCHES_MODEL);
	report_fail(failed < RULES ? failed : RULE_MAP_SHAPE,
	            "the pages are right, the regions are not");
}

/* Owners: what is charged and referenced is what the list of regions says. */
static void check_owners(const struct target_region *region, size_t regions,
                         const struct target_owner *owner)
{
	unsigned long pages[TARGET_OWNERS] = { 0 };
	long held[TARGET_OWNERS] = { 0 };

	for (size_t i = 0; i < regions; i++) {
		pages[region[i].owner] += region[i].to - region[i].from;
		held[region[i].owner]++;
	}
	for (int i = 1; i < TARGET_OWNERS; i++) {
		CHECK(UNCHARGE_EXACT, owner[i].charged == pages[i] * target_traits.charge,
		      "owner %d is charged %ld, its regions have %ld pages at %d each", i,
		      (long)owner[i].charged, (long)pages[i], target_traits.charge);
		CHECK(CSS_BALANCED, !target_traits.holds_owner || owner[i].refs == held[i],
		      "owner %d is referenced %ld times, it has %ld regions", i, owner[i].refs,
		      held[i]);
	}
}

void check_released(void)
{
	struct target_owner owner[TARGET_OWNERS];

	target_look_owners(owner);
	check_owners(NULL, 0, owner);
}

void check_map(const struct target_view *view, const struct model *model, long tickets,
               enum check_when when, bool quiet)
{
	CHECK(LINKS_SANE, !view->broken, "%s", view->broken);
	if (__builtin_expect(!is_as_promised(view, model), 0))
		tell_difference(view, model, when);
	if (target_traits.keeps_empty)
		check_order(view);
	if (target_traits.has_cgroup)
		check_owners(view->region, view->regions, view->owner);
	CHECK(CACHE_COUNTED, view->cache_count == view->spare,
	      "region_cache_count %ld, entries in the cache %ld", view->cache_count, view->spare);
	CHECK(TICKETS_COUNTED, !quiet || view->in_progress == tickets,
	      "adds_in_progress %ld, open tickets need %ld", view->in_progress, tickets);
	CHECK(CACHE_COVERS_TICKETS, view->spare >= tickets, "cache %ld < tickets %ld", view->spare,
	      tickets);
}
