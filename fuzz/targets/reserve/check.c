// SPDX-License-Identifier: GPL-2.0-only
/*
 * Once a kernel has warned that its books may be wrong from now on (shim_warned: a page could not
 * leave its file's map, and could not be promised again either), only maps are judged any more: what
 * a call finds then may have no reason that is seen here.
 *
 * A call's own rules come first, then the maps, then the sums over them: so the rule that is
 * reported is the one nearest to the cause.
 */
#include "check.h"

#include "fuzz/run/pool.h"
#include "fuzz/run/report.h"

#include <errno.h>
#include <string.h>

/* Pages that a map covers, as far as a file has pages. */
static uint64_t covered(const struct target_view *view)
{
	uint64_t set = 0;

	for (size_t i = 0; i < view->regions; i++)
		set |= page_set(max(view->region[i].from, 0L),
		                min(view->region[i].to, (long)MODEL_PAGES));
	return set;
}

uint64_t reserve_map_pages(const struct resv_map *map)
{
	static struct target_view view;

	target_look(map, &view);
	return view.broken ? 0 : covered(&view);
}

void books_look(const struct world *world, struct books *books)
{
	struct cgroup_view cgroup;
	struct pool_view pool;

	memset(books, 0, sizeof(*books));
	world_look_pool(&pool);
	books->resv = (unsigned long)pool.promised;
	world_look_mount(world, &books->subpool);
	for (int file = 0; file < FILES; file++)
		if (world_has_file(world, file))
			books->map[file] = reserve_map_pages(world_file_map(world, file));
	for (int i = 1; i < TARGET_OWNERS; i++) {
		world_look_cgroup(i, &cgroup);
		books->owner[i].refs = cgroup.refs;
		books->owner[i].charged = cgroup.reserved;
		books->used[i] = cgroup.used;
	}
}

static void check_unchanged(const struct world *world, const struct books *before)
{
	static struct books now;

	books_look(world, &now);
	CHECK(FAILED_CALL, now.resv == before->resv, "resv_huge_pages was %ld, is %ld",
	      (long)before->resv, (long)now.resv);
	CHECK(FAILED_CALL,
	      now.subpool.used == before->subpool.used && now.subpool.rsv == before->subpool.rsv,
	      "the subpool's used and rsv pages were %ld and %ld, are %ld and %ld",
	      before->subpool.used, before->subpool.rsv, now.subpool.used, now.subpool.rsv);
	for (int file = 0; file < FILES; file++)
		CHECK(FAILED_CALL, now.map[file] == before->map[file], "the map of file %d differs",
		      file);
	for (int i = 1; i < TARGET_OWNERS; i++) {
		CHECK(FAILED_CALL,
		      now.owner[i].charged == before->owner[i].charged &&
		              now.used[i] == before->used[i],
		      "owner %d was charged %ld, is charged %ld", i, (long)before->owner[i].charged,
		      (long)now.owner[i].charged);
		CHECK(FAILED_CALL, now.owner[i].refs == before->owner[i].refs,
		      "owner %d was referenced %ld times, is %ld times", i, before->owner[i].refs,
		      now.owner[i].refs);
	}
}

static void check_reserved(const struct world *world, const struct op *op)
{
	uint64_t range = page_set(op->from, op->to), map;

	if (op->opts & OPT_NORESERVE)
		return;
	if (op->opts & OPT_PRIVATE) {
		CHECK(SUCCESS_RESERVES, world_owner_map(world, op->slot),
		      "a private mapping came about, and owns no reservations");
		return;
	}
	map = reserve_map_pages(world_file_map(world, op->file));
	CHECK(SUCCESS_RESERVES, !(range & ~map), "page %d is not reserved",
	      __builtin_ctzll(range & ~map));
}

static void check_map_call(const struct world *world, const struct reserve_facts *call,
                           const struct books *before)
{
	bool refused = call->no_memory || call->no_charge;
	/* Others may make room, and take it, and the model does not know yet what they have. */
	bool alone = !call->overtaken && !call->inside;
	bool no_room = call->no_room || (call->limited && !alone);
	/* A world that is not asked for each page may have lacked one meanwhile. */
	bool no_page = call->no_page || (reserve_traits.waits && !alone);

	if (!call->ret && call->op->kind == OP_map && !(reserve_traits.waits && !alone))
		check_reserved(world, call->op);
	CHECK(FAILURE_HONEST,
	      !call->ret || refused || no_page || no_room || call->op->kind == OP_backwards,
	      "failed with %d, and nothing was refused", call->ret);
	CHECK(FAILURE_HONEST,
	      call->ret ||
	              (!call->no_memory && !call->no_charge && (!call->no_page || call->overtaken)),
	      "succeeded, though refused memory %u, pages %u, charges %u times", call->no_memory,
	      call->no_page, call->no_charge);
	CHECK(FAILURE_HONEST, call->ret || !call->no_room || !alone,
	      "succeeded beyond the mount's maximum");
	CHECK(FAILURE_HONEST, call->ret || call->op->kind != OP_backwards,
	      "a range whose end is before its start was mapped");
	if (call->ret && !call->overtaken)
		check_unchanged(world, before);
}

static void check_fault_call(const struct reserve_facts *call)
{
	bool late = call->op->opts & OPT_LATE, no_page = call->op->opts & REFUSE_POOL;

	CHECK(FAILURE_HONEST,
	      !call->ret || call->no_memory || call->no_page || call->no_charge || call->no_room ||
	              call->overtaken || late || call->ret == -EFAULT,
	      "failed with %d, and nothing was refused", call->ret);
	CHECK(RESERVED_FAULT, call->ret != -ENOSPC || !call->reserved || call->no_charge || no_page,
	      "the page is reserved, and there was none");
}

void reserve_check_call(const struct world *world, const struct reserve_facts *call,
                        const struct books *before)
{
	if (shim_warned)
		return;
	if (call->op->kind == OP_map || call->op->kind == OP_backwards)
		check_map_call(world, call, before);
	else if (call->op->kind == OP_fault)
		check_fault_call(call);
}

/* What an owner has, counted page by page. */
struct owned {
	unsigned long reserved[TARGET_OWNERS]; /* pages that it has to be charged for */
	unsigned long used[TARGET_OWNERS];
	long held[TARGET_OWNERS]; /* references that it has to have */
};

static void check_lists(const struct target_view *view, const char *what, int number)
{
	long end = 0;

	CHECK(LINKS_SANE, !view->broken, "map of %s %d: %s", what, number, view->broken);
	for (size_t i = 0; i < view->regions; i++) {
		const struct target_region *rg = &view->region[i];

		CHECK(MAP_ORDERED,
		      rg->from >= end && (rg->from < rg->to ||
		                          (target_traits.keeps_empty && rg->from == rg->to)),
		      "map of %s %d: region %zu [%ld,%ld) behind %ld", what, number, i, rg->from,
		      rg->to, end);
		end = rg->to;
	}
	CHECK(CACHE_COUNTED, view->cache_count == view->spare,
	      "map of %s %d: region_cache_count %ld, entries in the cache %ld", what, number,
	      view->cache_count, view->spare);
	CHECK(CACHE_COVERS_TICKETS, view->spare >= view->in_progress,
	      "map of %s %d: cache %ld < adds_in_progress %ld", what, number, view->spare,
	      view->in_progress);
}

static void check_resv_map(const struct resv_map *map, struct pages *pages, const char *what,
                           int number, bool quiet, struct owned *owned)
{
	static struct target_view view;
	uint64_t differ;

	CHECK(MEMORY_CLEAN, pool_live(map), "map of %s %d: it has been freed", what, number);
	target_look(map, &view);
	check_lists(&view, what, number);
	if (!quiet)
		return;
	CHECK(TICKETS_COUNTED, !view.in_progress,
	      "map of %s %d: adds_in_progress %ld, no call is under way", what, number,
	      view.in_progress);
	differ = model_settle(pages, covered(&view));
	CHECK(MAP_MATCHES_MODEL, !differ, "map of %s %d: page %d should%s be covered", what, number,
	      __builtin_ctzll(differ), pages->in >> __builtin_ctzll(differ) & 1 ? "" : " not");
	for (size_t i = 0; i < view.regions; i++) {
		owned->reserved[view.region[i].owner] += view.region[i].to - view.region[i].from;
		owned->held[view.region[i].owner] += view.region[i].owner > 0;
	}
}

/* Every map there is. */
static void check_maps(const struct world *world, struct reserve_model *model, bool quiet,
                       struct owned *owned)
{
	for (int file = 0; file < FILES; file++) {
		struct pages *reserved = &model->file[file].reserved;

		if (!world_has_file(world, file))
			continue;
		check_resv_map(world_file_map(world, file), reserved, "file", file, quiet, owned);
		if (!reserve_traits.charges_regions)
			owned->reserved[world_file_cgroup(world, file)] += __builtin_popcountll(
				reserved->in);
	}
	for (int slot = 0; slot < SLOTS; slot++) {
		struct resv_map *map = world_owner_map(world, slot);
		unsigned owner = world_mapping_cgroup(world, slot);

		if (!world_mapped(world, slot) || !model->mapping[slot].owner)
			continue;
		CHECK(MAP_MATCHES_MODEL, map, "mapping %d has reservations, and no map", slot);
		check_resv_map(map, &model->mapping[slot].used_up, "mapping", slot, quiet, owned);
		owned->reserved[owner] += model->mapping[slot].to - model->mapping[slot].from;
		owned->held[owner]++;
	}
}

/* Pages in use, and how many private ones of the mount with limits. */
static unsigned count_pages(const struct world *world, struct owned *owned)
{
	struct page_view page;
	unsigned private = 0, i = 0;

	while (world_look_page(world, &i, &page)) {
		owned->reserved[page.cgroup_rsvd]++;
		owned->held[page.cgroup_rsvd]++;
		owned->used[page.cgroup]++;
		private += !page.in_file && page.of_mount;
	}
	return private;
}

static void check_owners(const struct owned *owned)
{
	const unsigned long charge = reserve_traits.charge;
	struct cgroup_view cgroup;

	for (int i = 1; i < TARGET_OWNERS; i++) {
		world_look_cgroup(i, &cgroup);
		CHECK(UNCHARGE_EXACT,
		      !reserve_traits.charges_reserved ||
		              cgroup.reserved == owned->reserved[i] * charge,
		      "owner %d is charged %ld, it has %ld pages reserved at %ld each", i,
		      (long)cgroup.reserved, (long)owned->reserved[i], (long)charge);
		CHECK(UNCHARGE_EXACT,
		      !reserve_traits.charges_used || cgroup.used == owned->used[i] * charge,
		      "owner %d is charged %ld, it uses %ld pages at %ld each", i,
		      (long)cgroup.used, (long)owned->used[i], (long)charge);
		CHECK(CSS_BALANCED, !reserve_traits.holds_owner || cgroup.refs == owned->held[i],
		      "owner %d is referenced %ld times, it has %ld regions, maps and pages", i,
		      cgroup.refs, owned->held[i]);
	}
}

static void check_pool(unsigned promised, const struct subpool_view *subpool)
{
	struct pool_view pool;
	long more;

	world_look_pool(&pool);
	more = max(pool.overcommit - pool.surplus, 0L);
	CHECK(RESV_EXACT, pool.promised == (long)promised + subpool->rsv,
	      "resv_huge_pages %ld, reserved and not used %u, rest of the minimum %ld",
	      pool.promised, promised, subpool->rsv);
	CHECK(RESV_BACKED, pool.promised <= pool.free + more,
	      "resv_huge_pages %ld, free %ld, surplus to be had %ld", pool.promised, pool.free,
	      more);
}

/*
 * What puts give back at once may fill a kernel's minimum beyond what it lacks.  It may lack pages
 * where there is a maximum and a put came between a get and its undoing: used_hpages then said that
 * the minimum was reached.
 */
static void check_subpool(const struct subpool_view *subpool, long used, bool disturbed)
{
	long lacks = max(subpool->min - used, 0L);
	bool exact = reserve_traits.exact_minimum && subpool->max >= 0;
	bool may_lack = disturbed && subpool->max >= 0;

	CHECK(SUBPOOL_USED,
	      subpool->max < 0 || (subpool->used == used && subpool->used <= subpool->max),
	      "used_hpages %ld of %ld, reserved and in use are %ld", subpool->used, subpool->max,
	      used);
	if (subpool->min < 0)
		return;
	CHECK(SUBPOOL_RSV,
	      subpool->rsv >= 0 && subpool->rsv <= subpool->min &&
	              (may_lack || subpool->rsv >= lacks) &&
	              (may_lack || subpool->rsv == lacks || !exact),
	      "rsv_hpages %ld, a minimum of %ld lacks %ld", subpool->rsv, subpool->min, lacks);
}

void reserve_check_state(const struct world *world, struct reserve_model *model, bool quiet,
                         bool disturbed)
{
	struct owned owned = { 0 };
	struct subpool_view subpool;
	uint64_t cached[FILES];
	unsigned private;

	check_maps(world, model, quiet, &owned);
	if (!quiet || shim_warned)
		return;
	for (int file = 0; file < FILES; file++) {
		uint64_t alone;

		cached[file] = world_cached(world, file);
		alone = cached[file] & ~model->file[file].reserved.in;
		CHECK(CACHE_IN_MAP, !alone, "page %d of file %d is there, and not in its map",
		      __builtin_ctzll(alone), file);
	}
	private = count_pages(world, &owned);
	world_look_mount(world, &subpool);
	check_pool(model_promised(model, cached), &subpool);
	check_subpool(&subpool, (long)model_used(model, LIMITED_FILES) + private, disturbed);
	check_owners(&owned);
}

void reserve_check_closed(const struct world *world, bool disturbed)
{
	struct subpool_view subpool;
	struct cgroup_view cgroup;
	struct pool_view pool;

	if (shim_warned)
		return;
	world_look_mount(world, &subpool);
	world_look_pool(&pool);
	CHECK(ALL_BACK, pool.pages == pool.free, "%ld pages are still in use",
	      pool.pages - pool.free);
	CHECK(ALL_BACK, pool.promised == subpool.rsv,
	      "%ld pages are still promised, the mount has %ld of them", pool.promised,
	      subpool.rsv);
	CHECK(ALL_BACK, subpool.max < 0 || !subpool.used, "used_hpages is still %ld", subpool.used);
	CHECK(ALL_BACK,
	      (disturbed && subpool.max >= 0) || subpool.min < 0 || subpool.rsv == subpool.min,
	      "rsv_hpages is %ld, the minimum %ld", subpool.rsv, subpool.min);
	for (int i = 1; i < TARGET_OWNERS; i++) {
		world_look_cgroup(i, &cgroup);
		CHECK(ALL_BACK,
		      !cgroup.reserved && !cgroup.used &&
		              (!reserve_traits.holds_owner || !cgroup.refs),
		      "owner %d is still charged %ld and %ld, and referenced %ld times", i,
		      (long)cgroup.reserved, (long)cgroup.used, cgroup.refs);
	}
}

void reserve_check_gone(void)
{
	struct pool_view pool;

	CHECK(MEMORY_CLEAN, !pool_count() || shim_warned, "%zu blocks leaked", pool_count());
	world_look_pool(&pool);
	CHECK(ALL_BACK, !pool.promised || shim_warned,
	      "%ld pages are promised, and no mount is left", pool.promised);
}
