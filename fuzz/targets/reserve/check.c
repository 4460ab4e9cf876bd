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

static void look_subpool(const struct world *world, struct subpool_view *view)
{
	*view = (struct subpool_view){ -1, 0, -1, 0 };
	if (world->spool)
		reserve_look_subpool(world->spool, view);
}

/* Pages that a map covers, as far as a file has pages. */
static uint64_t covered(const struct target_view *view)
{
	uint64_t set = 0;

	for (size_t i = 0; i < view->regions; i++)
		set |= page_set(max(view->region[i].from, 0L),
		                min(view->region[i].to, (long)FILE_PAGES));
	return set;
}

static uint64_t map_pages(const struct resv_map *map)
{
	static struct target_view view;

	target_look(map, &view);
	return view.broken ? 0 : covered(&view);
}

void books_look(const struct world *world, struct books *books)
{
	memset(books, 0, sizeof(*books));
	books->resv = hstates[0].resv_huge_pages;
	look_subpool(world, &books->subpool);
	for (int file = 0; file < FILES; file++)
		if (world->file_exists[file])
			books->map[file] = map_pages(world->inode[file].i_data.private_data);
	for (int i = 1; i < TARGET_OWNERS; i++) {
		books->owner[i].refs = shim_cgroup[i].css.refs;
		books->owner[i].charged = shim_cgroup[i].rsvd_hugepage[0].usage;
		books->used[i] = shim_cgroup[i].hugepage[0].usage;
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
	map = map_pages(world->inode[op->file].i_data.private_data);
	CHECK(SUCCESS_RESERVES, !(range & ~map), "page %d is not reserved",
	      __builtin_ctzll(range & ~map));
}

static void check_map_call(const struct world *world, const struct reserve_facts *call,
                           const struct books *before)
{
	bool refused = call->no_memory || call->no_page || call->no_charge;
	/* Others may make room, and take it, and the model does not know yet what they have. */
	bool alone = !call->overtaken && !call->inside;
	bool no_room = call->no_room || (call->limited && !alone);

	if (!call->ret && call->op->kind == OP_map)
		check_reserved(world, call->op);
	CHECK(FAILURE_HONEST, !call->ret || refused || no_room || call->op->kind == OP_backwards,
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
		const struct inode *inode = &world->inode[file];
		struct pages *reserved = &model->file[file].reserved;

		if (!world->file_exists[file])
			continue;
		check_resv_map(inode->i_data.private_data, reserved, "file", file, quiet, owned);
		if (!reserve_traits.charges_regions)
			owned->reserved[inode->h_cg - shim_cgroup] += __builtin_popcountll(
				reserved->in);
	}
	for (int slot = 0; slot < SLOTS; slot++) {
		struct resv_map *map = world_owner_map(world, slot);
		unsigned owner = world->owner_of[slot];

		if (!world->mapped[slot] || !model->mapping[slot].owner)
			continue;
		CHECK(MAP_MATCHES_MODEL, map, "mapping %d has reservations, and no map", slot);
		check_resv_map(map, &model->mapping[slot].used_up, "mapping", slot, quiet, owned);
		owned->reserved[owner] += model->mapping[slot].to - model->mapping[slot].from;
		owned->held[owner]++;
	}
}

static unsigned cgroup_number(const struct hugetlb_cgroup *h_cg)
{
	return h_cg ? h_cg - shim_cgroup : 0;
}

/* Pages in use, and how many private ones of the mount with limits. */
static unsigned count_pages(const struct world *world, struct owned *owned)
{
	const struct page *page;
	unsigned private = 0;

	list_for_each_entry(page, &hstates[0].hugepage_activelist, lru) {
		owned->reserved[cgroup_number(page->h_cg_rsvd)]++;
		owned->held[cgroup_number(page->h_cg_rsvd)]++;
		owned->used[cgroup_number(page->h_cg)]++;
		private += !page->mapping && world->spool &&
		           page->private == (unsigned long)world->spool;
	}
	return private;
}

static void check_owners(const struct owned *owned)
{
	for (int i = 1; i < TARGET_OWNERS; i++) {
		const struct hugetlb_cgroup *h_cg = &shim_cgroup[i];

		CHECK(UNCHARGE_EXACT,
		      !reserve_traits.charges_reserved ||
		              h_cg->rsvd_hugepage[0].usage ==
		                      owned->reserved[i] * SHIM_PAGES_PER_HPAGE,
		      "owner %d is charged %ld, it has %ld pages reserved at %d each", i,
		      (long)h_cg->rsvd_hugepage[0].usage, (long)owned->reserved[i],
		      SHIM_PAGES_PER_HPAGE);
		CHECK(UNCHARGE_EXACT,
		      !reserve_traits.charges_used ||
		              h_cg->hugepage[0].usage == owned->used[i] * SHIM_PAGES_PER_HPAGE,
		      "owner %d is charged %ld, it uses %ld pages at %d each", i,
		      (long)h_cg->hugepage[0].usage, (long)owned->used[i], SHIM_PAGES_PER_HPAGE);
		CHECK(CSS_BALANCED, !reserve_traits.holds_owner || h_cg->css.refs == owned->held[i],
		      "owner %d is referenced %ld times, it has %ld regions, maps and pages", i,
		      h_cg->css.refs, owned->held[i]);
	}
}

static void check_pool(unsigned promised, const struct subpool_view *subpool)
{
	const struct hstate *h = &hstates[0];
	long more = (long)h->nr_overcommit_huge_pages - (long)h->surplus_huge_pages;

	CHECK(RESV_EXACT, (long)h->resv_huge_pages == (long)promised + subpool->rsv,
	      "resv_huge_pages %ld, reserved and not used %u, rest of the minimum %ld",
	      (long)h->resv_huge_pages, promised, subpool->rsv);
	CHECK(RESV_BACKED, h->resv_huge_pages <= h->free_huge_pages + max(more, 0L),
	      "resv_huge_pages %ld, free %ld, surplus to be had %ld", (long)h->resv_huge_pages,
	      (long)h->free_huge_pages, max(more, 0L));
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
	look_subpool(world, &subpool);
	check_pool(model_promised(model, cached), &subpool);
	check_subpool(&subpool, (long)model_used(model, LIMITED_FILES) + private, disturbed);
	check_owners(&owned);
}

void reserve_check_closed(const struct world *world, bool disturbed)
{
	const struct hstate *h = &hstates[0];
	struct subpool_view subpool;

	if (shim_warned)
		return;
	look_subpool(world, &subpool);
	CHECK(ALL_BACK, h->nr_huge_pages == h->free_huge_pages, "%ld pages are still in use",
	      (long)(h->nr_huge_pages - h->free_huge_pages));
	CHECK(ALL_BACK, (long)h->resv_huge_pages == subpool.rsv,
	      "%ld pages are still promised, the mount has %ld of them", (long)h->resv_huge_pages,
	      subpool.rsv);
	CHECK(ALL_BACK, subpool.max < 0 || !subpool.used, "used_hpages is still %ld", subpool.used);
	CHECK(ALL_BACK,
	      (disturbed && subpool.max >= 0) || subpool.min < 0 || subpool.rsv == subpool.min,
	      "rsv_hpages is %ld, the minimum %ld", subpool.rsv, subpool.min);
	for (int i = 1; i < TARGET_OWNERS; i++)
		CHECK(ALL_BACK,
		      !shim_cgroup[i].rsvd_hugepage[0].usage && !shim_cgroup[i].hugepage[0].usage &&
		              (!reserve_traits.holds_owner || !shim_cgroup[i].css.refs),
		      "owner %d is still charged %ld and %ld, and referenced %ld times", i,
		      (long)shim_cgroup[i].rsvd_hugepage[0].usage,
		      (long)shim_cgroup[i].hugepage[0].usage, shim_cgroup[i].css.refs);
}

void reserve_check_gone(void)
{
	CHECK(MEMORY_CLEAN, !pool_count() || shim_warned, "%zu blocks leaked", pool_count());
	CHECK(ALL_BACK, !hstates[0].resv_huge_pages || shim_warned,
	      "%ld pages are promised, and no mount is left", (long)hstates[0].resv_huge_pages);
}
