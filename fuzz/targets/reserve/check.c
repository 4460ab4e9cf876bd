// SPDX-License-Identifier: GPL-2.0-only
/*
 * Once a kernel has warned that its books may be wrong from now on (*world->warned: a page could not
 * leave its file's map, and could not be promised again either), only maps are judged any more: what
 * a call finds then may have no reason that is seen here.
 *
 * A call's own rules come first, then the maps, then the sums over them: so the rule that is
 * reported is the one nearest to the cause.
 */
#include "check.h"

#include "fuzz/map/judge.h"
#include "fuzz/run/blocks.h"
#include "fuzz/run/report.h"
#include "ops.h"

#include <errno.h>
#include <string.h>

/* Pages that a region covers, as far as a file has pages. */
static uint64_t region_pages(const struct map_view *view, size_t region)
{
	return page_set(max(view->region[region].from, 0L),
	                min(view->region[region].to, (long)MODEL_PAGES));
}

/* Pages that a map covers. */
static uint64_t covered(const struct map_view *view)
{
	uint64_t set = 0;

	for (size_t i = 0; i < view->regions; i++)
		set |= region_pages(view, i);
	return set;
}

/* ... by regions that a cgroup is charged for. */
static uint64_t charged(const struct map_view *view)
{
	uint64_t set = 0;

	for (size_t i = 0; i < view->regions; i++)
		if (view->region[i].cgroup)
			set |= region_pages(view, i);
	return set;
}

uint64_t reserve_map_pages(const struct world *world, const struct resv_map *map)
{
	static struct map_view view;

	map_look(&world->layout, map, &view);
	return view.broken ? 0 : covered(&view);
}

void books_look(const struct world *world, struct books *books)
{
	struct cgroup_view cgroup;
	struct pool_view pool;

	memset(books, 0, sizeof(*books));
	world->look_pool(world->state, &pool);
	books->resv = (unsigned long)pool.promised;
	world->look_mount(world->state, &books->subpool);
	for (int file = 0; file < FILES; file++)
		if (world->has_file(world->state, file))
			books->map[file] = reserve_map_pages(world,
			                                     world->file_map(world->state, file));
	for (int i = 1; i < MAP_CGROUPS; i++) {
		world->look_cgroup(world->state, i, &cgroup);
		books->cgroup[i].refs = cgroup.refs;
		books->cgroup[i].charged = cgroup.reserved;
		books->used[i] = cgroup.used;
	}
}

/* What there is at one moment, and what cgroups have of it, counted page by page. */
struct sums {
	struct owned owned[MAP_CGROUPS]; /* pages to be charged for as reserved, references */
	struct pages_view pages;
	struct file_view file[FILES];
	bool has_file[FILES];
	uint64_t
		charged; /* pages of the map that was looked at last, for whose region a cgroup is charged */
	unsigned charged_with;   /* pages of files, of such regions */
	unsigned files;          /* those that there are, a bit each */
	uint64_t cached[FILES];  /* pages of each file that there is */
	uint64_t covered[FILES]; /* ... and of its map */
	struct subpool_view subpool;
	struct pool_view pool;
	struct cgroup_view cgroup[MAP_CGROUPS];
};

static void look_files(const struct world *world, struct sums *sums)
{
	sums->files = 0;
	for (unsigned file = 0; file < FILES; file++) {
		sums->has_file[file] = world->look_file(world->state, file, &sums->file[file]);
		sums->cached[file] = sums->has_file[file] ? sums->file[file].cached : 0;
		sums->files |= (unsigned)sums->has_file[file] << file;
	}
}

/* Returns the pages that the map covers, if @quiet. */
static uint64_t check_resv_map(const struct world *world, const struct resv_map *map,
                               uint64_t range, struct pages *pages, const char *what, int number,
                               bool quiet, struct sums *sums)
{
	static struct map_view view;
	uint64_t differ, covers;

	CHECK(MEMORY_CLEAN, block_live(map), "map of %s %d: it has been freed", what, number);
	map_look(&world->layout, map, &view);
	judge_links(&view, what, number);
	judge_order(&view, world->traits.keeps_empty, what, number);
	judge_cache(&view, what, number);
	judge_cover(&view, view.in_progress, what, number);
	if (!quiet)
		return 0;
	CHECK(TICKETS_COUNTED, !view.in_progress,
	      "map of %s %d: adds_in_progress %ld, no call is under way", what, number,
	      view.in_progress);
	covers = covered(&view);
	differ = model_settle(pages, covers & range);
	CHECK(MAP_MATCHES_MODEL, !differ, "map of %s %d: page %d should%s be covered", what, number,
	      __builtin_ctzll(differ), pages->in >> __builtin_ctzll(differ) & 1 ? "" : " not");
	judge_count_owned(&view, sums->owned);
	sums->charged = charged(&view);
	return covers;
}

/* A mapping that was split has a part of its map. */
static uint64_t pages_judged(const struct model_mapping *mapping)
{
	return mapping->split ? page_set(mapping->from, mapping->to) : ~0ULL;
}

/* Every map there is. */
static void check_maps(const struct world *world, struct reserve_model *model, bool quiet,
                       struct sums *sums)
{
	model_for_each(file, sums->files)
	{
		struct pages *reserved = &model->file[file].reserved;

		sums->covered[file] = check_resv_map(world, sums->file[file].map, ~0ULL, reserved,
		                                     "file", (int)file, quiet, sums);
		sums->charged_with += (unsigned)__builtin_popcountll(sums->charged &
		                                                     sums->cached[file]);
		if (!world->traits.charges_regions)
			sums->owned[sums->file[file].cgroup].pages += __builtin_popcountll(
				reserved->in);
	}
	model_for_each(slot, model->mappings)
	{
		const struct resv_map *map;
		struct owned *owned;

		if (!model->mapping[slot].owns || !world->mapped(world->state, slot))
			continue;
		map = world->owner_map(world->state, slot);
		CHECK(MAP_MATCHES_MODEL, map, "mapping %u has reservations, and no map", slot);
		check_resv_map(world, map, pages_judged(&model->mapping[slot]),
		               &model->mapping[slot].used_up, "mapping", (int)slot, quiet, sums);
		owned = &sums->owned[world->mapping_cgroup(world->state, slot)];
		owned->pages += model->mapping[slot].to - model->mapping[slot].from;
		owned->held++;
	}
}

/* Pages in use are charged for, and hold references; a file's page either with its region or by itself. */
static void count_pages(struct sums *sums)
{
	unsigned cached = 0;

	model_for_each(file, sums->files)
		cached += (unsigned)__builtin_popcountll(sums->cached[file]);
	CHECK(UNCHARGE_EXACT, sums->charged_with + sums->pages.charged_alone <= cached,
	      "of %u pages of files %u are charged as reserved with their region, and %u by "
	      "themselves",
	      cached, sums->charged_with, sums->pages.charged_alone);
	for (int i = 0; i < MAP_CGROUPS; i++) {
		sums->owned[i].pages += sums->pages.reserved[i];
		sums->owned[i].held += sums->pages.reserved[i];
	}
}

static void check_cgroups(const struct world *world, struct sums *sums)
{
	const struct world_traits *traits = &world->traits;

	for (int i = 1; i < MAP_CGROUPS; i++) {
		struct cgroup_view *cgroup = &sums->cgroup[i];

		world->look_cgroup(world->state, i, cgroup);
		if (traits->charges_reserved)
			judge_charge(cgroup->reserved, sums->owned[i].pages, traits->charge,
			             "it has reserved", i);
		if (traits->charges_used)
			judge_charge(cgroup->used, sums->pages.charged[i], traits->charge,
			             "it uses", i);
		CHECK(UNCHARGE_EXACT, cgroup->on_node == cgroup->used,
		      "cgroup %d uses %ld, and %ld on its only node", i, (long)cgroup->used,
		      (long)cgroup->on_node);
		if (traits->holds_cgroup)
			judge_refs(cgroup->refs, sums->owned[i].held, "regions, maps and pages", i);
	}
}

long reserve_room(const struct pool_view *pool)
{
	return pool->free - pool->failed + max(pool->overcommit - pool->surplus, 0L) -
	       pool->promised;
}

static void check_pool(const struct sums *sums, struct reserve_model *model, unsigned promised)
{
	const struct pool_view *pool = &sums->pool;

	CHECK(UNCHARGE_EXACT, !sums->pages.root,
	      "the root's node counts %ld small pages more than the root is charged for",
	      sums->pages.root);
	CHECK(RESV_EXACT, pool->promised == (long)promised + sums->subpool.rsv,
	      "resv_huge_pages %ld, reserved and not used %u, rest of the minimum %ld",
	      pool->promised, promised, sums->subpool.rsv);
	CHECK(UNCHARGE_EXACT, !sums->pages.memcg,
	      "a cgroup of memory is charged for %ld small pages more than there are",
	      sums->pages.memcg);
	CHECK(CSS_BALANCED, !pool->memcg_refs,
	      "no call is under way, and a cgroup of memory is referenced %ld times",
	      pool->memcg_refs);
	CHECK(RESV_BACKED, !model_unbacked(model, pool->failed, -reserve_room(pool)),
	      "resv_huge_pages %ld, free %ld, of these with memory failure %ld, surplus to be had "
	      "%ld",
	      pool->promised, pool->free, pool->failed, max(pool->overcommit - pool->surplus, 0L));
}

/* Also while calls are under way, a promise is taken only where one was made. */
static void check_not_below(const struct world *world)
{
	struct pool_view pool;

	world->look_pool(world->state, &pool);
	CHECK(RESV_EXACT, pool.promised >= 0, "resv_huge_pages %ld while a call is under way",
	      pool.promised);
}

/*
 * Without a maximum nothing needs to be counted.  What puts give back at once may fill a kernel's minimum beyond
 * what it lacks, if it lacks something: where no less than the minimum is used its rest does not grow.  It may
 * lack pages where there is a maximum and a put came between a get and its undoing: used_hpages then said that the
 * minimum was reached.
 */
static void check_subpool(const struct world *world, struct reserve_model *model,
                          const struct subpool_view *subpool, long used, bool disturbed)
{
	long lacks = max(subpool->min - used, 0L);
	bool exact = world->traits.exact_minimum && subpool->max >= 0;
	bool may_lack = disturbed && subpool->max >= 0;

	CHECK(SUBPOOL_USED,
	      subpool->used == used ? subpool->max < 0 || used <= subpool->max
	                            : subpool->max < 0 && !subpool->used,
	      "used_hpages %ld of %ld, reserved and in use are %ld", subpool->used, subpool->max,
	      used);
	if (subpool->min < 0)
		return;
	CHECK(SUBPOOL_RSV,
	      subpool->rsv >= 0 && subpool->rsv <= subpool->min &&
	              (may_lack || subpool->rsv >= lacks) &&
	              (may_lack || subpool->rsv == lacks || !exact),
	      "rsv_hpages %ld, a minimum of %ld lacks %ld", subpool->rsv, subpool->min, lacks);
	CHECK(SUBPOOL_RSV,
	      disturbed || subpool->max < 0 || used < subpool->min || subpool->rsv <= model->rest,
	      "rsv_hpages was %ld and is %ld, and of a minimum of %ld %ld are used", model->rest,
	      subpool->rsv, subpool->min, used);
	model->rest = subpool->rsv;
}

/* But what fallocate() has put there, which makes the file longer only when it has all. */
static void check_ends(const struct sums *sums, const struct reserve_model *model)
{
	model_for_each(file, sums->files)
	{
		unsigned end = sums->file[file].pages;
		uint64_t behind = sums->cached[file] & page_set(end, MODEL_PAGES) &
		                  ~model->file[file].ahead;

		CHECK(BEHIND_END, !behind, "page %d of file %u is there, and the file ends at %u",
		      __builtin_ctzll(behind), file, end);
	}
}

/* As long as the model says, unless it is open: then it is right as it is. */
static void check_lengths(const struct sums *sums, struct reserve_model *model)
{
	for (unsigned i = 0; i < FILES; i++) {
		struct model_file *file = &model->file[i];

		if (!sums->has_file[i])
			continue;
		if (file->length_open)
			file->length = sums->file[i].pages;
		file->length_open = false;
		CHECK(FILE_LENGTH, sums->file[i].pages == file->length,
		      "file %u ends at %u, and should at %u", i, sums->file[i].pages, file->length);
	}
}

/* What mmap() has reserved stays so until somebody drops it, whatever other calls undo. */
static void check_promised(const struct world *world, const struct reserve_model *model)
{
	model_for_each(slot, model->mappings)
	{
		const struct model_mapping *mapping = &model->mapping[slot];
		uint64_t lacks;

		if (!mapping->promised || !world->mapped(world->state, slot))
			continue;
		lacks = mapping->promised & ~model->file[mapping->file].reserved.in;
		CHECK(SUCCESS_RESERVES, !lacks,
		      "page %d was reserved for mapping %c, and is not any more",
		      __builtin_ctzll(lacks), 'a' + slot);
	}
}

/* What could not leave a file's map, for want of memory, still counts. */
static void check_blocks(const struct sums *sums, struct reserve_model *model)
{
	for (unsigned i = 0; i < FILES; i++) {
		struct model_file *file = &model->file[i];
		long blocks, pages;

		if (!sums->has_file[i])
			continue;
		blocks = sums->file[i].blocks;
		pages = sums->cached[i] ? __builtin_popcountll(sums->cached[i]) : 0;
		if (file->refused && blocks > pages * sums->file[i].page_blocks)
			file->gone = (unsigned)(blocks / sums->file[i].page_blocks - pages);
		file->refused = false;
		CHECK(BLOCKS_COUNTED,
		      blocks == (pages + (long)file->gone) * sums->file[i].page_blocks,
		      "i_blocks of file %u is %ld, and %ld pages are there, each worth %ld", i,
		      blocks, pages, sums->file[i].page_blocks);
	}
}

/* As books_look() would find them. */
static void keep_books(const struct sums *sums, struct books *books)
{
	books->are_now = true;
	books->resv = (unsigned long)sums->pool.promised;
	books->subpool = sums->subpool;
	for (int file = 0; file < FILES; file++)
		books->map[file] = sums->has_file[file] ? sums->covered[file] : 0;
	for (int i = 1; i < MAP_CGROUPS; i++) {
		books->cgroup[i].refs = sums->cgroup[i].refs;
		books->cgroup[i].charged = sums->cgroup[i].reserved;
		books->used[i] = sums->cgroup[i].used;
	}
}

void reserve_check_state(const struct world *world, struct reserve_model *model, bool quiet,
                         bool disturbed, struct books *books)
{
	struct sums sums;

	memset(sums.owned, 0, sizeof(sums.owned));
	sums.charged = sums.charged_with = 0;
	look_files(world, &sums);
	check_maps(world, model, quiet, &sums);
	if (*world->warned)
		return;
	if (!quiet) {
		check_not_below(world);
		return;
	}
	model_for_each(file, sums.files)
	{
		uint64_t alone = sums.cached[file] & ~model->file[file].reserved.in;

		CHECK(CACHE_IN_MAP, !alone, "page %d of file %u is there, and not in its map",
		      __builtin_ctzll(alone), file);
	}
	check_ends(&sums, model);
	check_lengths(&sums, model);
	check_blocks(&sums, model);
	world->look_pages(world->state, &sums.pages);
	CHECK(FREE_CLEAN, !sums.pages.free_has, "a free page has %s", sums.pages.free_has);
	count_pages(&sums);
	world->look_mount(world->state, &sums.subpool);
	world->look_pool(world->state, &sums.pool);
	check_pool(&sums, model, model_promised(model, sums.cached));
	check_subpool(world, model, &sums.subpool,
	              (long)model_used(model, LIMITED_FILES) + sums.pages.private, disturbed);
	check_cgroups(world, &sums);
	check_promised(world, model);
	if (books)
		keep_books(&sums, books);
}

void reserve_check_closed(const struct world *world, bool disturbed)
{
	struct subpool_view subpool;
	struct cgroup_view cgroup;
	struct pool_view pool;

	if (*world->warned)
		return;
	world->look_mount(world->state, &subpool);
	world->look_pool(world->state, &pool);
	CHECK(ALL_BACK, pool.pages == pool.free, "%ld pages are still in use",
	      pool.pages - pool.free);
	CHECK(ALL_BACK, pool.promised == subpool.rsv,
	      "%ld pages are still promised, the mount has %ld of them", pool.promised,
	      subpool.rsv);
	CHECK(ALL_BACK, subpool.max < 0 || !subpool.used, "used_hpages is still %ld", subpool.used);
	CHECK(ALL_BACK,
	      (disturbed && subpool.max >= 0) || subpool.min < 0 || subpool.rsv == subpool.min,
	      "rsv_hpages is %ld, the minimum %ld", subpool.rsv, subpool.min);
	for (int i = 1; i < MAP_CGROUPS; i++) {
		world->look_cgroup(world->state, i, &cgroup);
		CHECK(ALL_BACK, !cgroup.reserved && !cgroup.used,
		      "cgroup %d is still charged %ld and %ld", i, (long)cgroup.reserved,
		      (long)cgroup.used);
		CHECK(CSS_BALANCED, !cgroup.refs,
		      "nothing is left, and cgroup %d is referenced %ld times", i, cgroup.refs);
	}
}

void reserve_check_gone(const struct world *world)
{
	struct pool_view pool;

	CHECK(MEMORY_CLEAN, !blocks_count() || *world->warned, "%zu blocks leaked", blocks_count());
	world->look_pool(world->state, &pool);
	CHECK(ALL_BACK, !pool.promised || *world->warned,
	      "%ld pages are promised, and no mount is left", pool.promised);
}
