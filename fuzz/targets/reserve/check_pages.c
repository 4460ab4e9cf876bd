// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules of pages one by one: who maps and keeps each, what is in it, and whether the pool's numbers are
 * those of its pages.  Asked when no call is under way.
 *
 * What is in a page is a number that grows with every write, so what was seen once may only become greater:
 * a page that is replaced by an empty one shows.
 */
#include "check.h"

#include "fuzz/run/report.h"

#include <string.h>

/* The entries of page tables that each page has; the last is for what is no page. */
static struct tally {
	uint16_t entries, writers;
} tally[WORLD_FOLIOS + 1];

static struct tally *tally_of(unsigned number)
{
	return &tally[min(number, (unsigned)WORLD_FOLIOS)];
}

/* A page of a mapping, and what of it is known. */
struct seen_page {
	unsigned slot, page;
	const struct model_mapping *mapping;
	const struct entry_view *entry;
	unsigned end; /* of the file */
};

/* What a mapping has of its file is what the file has there. */
static void check_entry(const struct world *world, const struct seen_page *at)
{
	const struct entry_view *entry = at->entry;
	unsigned file = at->mapping->file, content;
	const void *page = world->file_page(world->state, file, at->page, &content);

	CHECK(MAPS_FILE, !entry->own || !at->mapping->shared,
	      "mapping %c is shared, and page %u is its own", 'a' + at->slot, at->page);
	CHECK(MAPS_FILE, entry->own || entry->page == page,
	      "mapping %c shows a page %u that file %u has not", 'a' + at->slot, at->page, file);
	CHECK(MAPS_FILE, at->page < at->end || (entry->own && at->mapping->copied >> at->page & 1),
	      "mapping %c shows page %u, and file %u ends at %u", 'a' + at->slot, at->page, file,
	      at->end);
	CHECK(WRITTEN_ALONE, !entry->writable || !entry->own || entry->alone,
	      "mapping %c may write page %u, which is not known to be its alone", 'a' + at->slot,
	      at->page);
	CHECK(WRITTEN_ALONE, !entry->guarded || model_may_have(&at->mapping->guarded, at->page),
	      "page %u of mapping %c is protected, and nobody has asked for that", at->page,
	      'a' + at->slot);
	CHECK(WRITTEN_ALONE, !entry->writable || entry->own || at->mapping->shared,
	      "mapping %c is private, and may write page %u of the file", 'a' + at->slot, at->page);
}

/* What userfaultfd protects is not written, and where no page is that is remembered; what it ruined is no page. */
static void check_guarded(const struct world *world, const struct model_mapping *mapping,
                          const struct entry_view entry[], uint64_t there, unsigned slot)
{
	uint64_t guarded = mapping->guarded.in & ~mapping->guarded.open, set;

	for (set = guarded; set; set &= set - 1) {
		unsigned page = (unsigned)__builtin_ctzll(set);

		CHECK(WRITTEN_ALONE,
		      there >> page & 1 ? !entry[page].writable && entry[page].guarded
		                        : world->look_entry(world->state, slot, page),
		      "page %u of mapping %c is protected, and %s", page, 'a' + slot,
		      there >> page & 1 && entry[page].writable ? "may be written"
		                                                : "nothing remembers that");
	}
	set = mapping->ruined.in & ~mapping->ruined.open & there;
	CHECK(CONTENT_KEPT, !set, "page %d of mapping %c is ruined, and there is one",
	      __builtin_ctzll(set), 'a' + slot);
}

/* A process' own page goes only by a call that drops it, or to a process that was promised it. */
static void check_content(const struct world *world, struct model_mapping *mapping,
                          const struct seen_page *at, bool dropped)
{
	uint64_t bit = (uint64_t)1 << at->page;
	bool was = mapping->seen_there & bit;

	if (!at->entry || !at->entry->own) {
		CHECK(CONTENT_KEPT,
		      !was || dropped || at->entry ||
		              world->lost_pages(world->state) >> at->slot & 1,
		      "page %u of mapping %c is gone", at->page, 'a' + at->slot);
		if (dropped)
			mapping->seen_there &= ~bit;
		return;
	}
	CHECK(CONTENT_KEPT, at->entry->content != CONTENT_STALE,
	      "mapping %c has a page %u that was never filled", 'a' + at->slot, at->page);
	CHECK(CONTENT_KEPT, dropped || !was || at->entry->content >= mapping->seen[at->page],
	      "page %u of mapping %c is not the one that it was", at->page, 'a' + at->slot);
	mapping->seen_there |= bit;
	mapping->seen[at->page] = (uint16_t)at->entry->content;
}

/* Returns how many entries the mapping has. */
static unsigned check_mapping(const struct world *world, struct reserve_model *model, unsigned slot)
{
	struct model_mapping *mapping = &model->mapping[slot];
	const struct model_file *file = &model->file[mapping->file];
	struct entry_view entry[MODEL_PAGES];
	uint64_t there = world->look_mapping(world->state, slot, mapping->from, mapping->to, entry);
	struct seen_page at = { .slot = slot,
		                .mapping = mapping,
		                .end = world->file_pages(world->state, mapping->file) };

	for (uint64_t set = there | mapping->seen_there; set; set &= set - 1) {
		unsigned page = at.page = (unsigned)__builtin_ctzll(set);
		struct tally *of;

		at.entry = there >> page & 1 ? &entry[page] : NULL;
		if (at.entry) {
			check_entry(world, &at);
			of = tally_of(at.entry->number);
			of->entries++;
			of->writers += at.entry->writable && at.entry->own;
		}
		check_content(world, mapping, &at, file->dropped >> page & 1);
	}
	check_guarded(world, mapping, entry, there, slot);
	CHECK(LOCK_DISCIPLINE, mapping->lockless || !world->lacks_lock(world->state, slot),
	      "mapping %c is shared, and has no lock of its own", 'a' + slot);
	return (unsigned)__builtin_popcountll(there);
}

static void check_usage(const struct world *world, const unsigned entries[SLOTS])
{
	const void *process[SLOTS];
	long usage[SLOTS];
	unsigned mapped = world->look_processes(world->state, process, usage);

	model_for_each(slot, mapped)
	{
		long pages = 0;

		model_for_each(other, mapped) if (process[other] == process[slot])
			pages += entries[other] * (long)world->traits.charge;
		CHECK(USAGE_COUNTED, usage[slot] == pages,
		      "the process of mapping %c has a hugetlb_usage of %ld, and maps %ld",
		      'a' + slot, usage[slot], pages);
	}
}

/* A page of a file stays there, with what is in it, until a call drops it. */
static void check_file(const struct world *world, struct model_file *file, unsigned number)
{
	uint64_t there = world->cached(world->state, number);
	uint64_t lost = file->seen_there & ~there & ~file->dropped;

	CHECK(CONTENT_KEPT, !lost, "page %d of file %u is gone", __builtin_ctzll(lost), number);
	for (uint64_t set = there; set; set &= set - 1) {
		unsigned page = (unsigned)__builtin_ctzll(set), content;
		uint16_t *seen = &file->seen[page];

		world->file_page(world->state, number, page, &content);
		CHECK(CONTENT_KEPT, content != CONTENT_STALE,
		      "file %u has a page %u that was never filled", number, page);
		CHECK(CONTENT_KEPT,
		      !((file->seen_there & ~file->dropped) >> page & 1) || content >= *seen,
		      "page %u of file %u is not the one that it was", page, number);
		*seen = (uint16_t)content;
	}
	file->seen_there = there;
	file->dropped = 0;
}

static void check_folio(const struct folio_view *folio)
{
	const struct tally *of = &tally[folio->number];
	unsigned refs = of->entries + folio->in_file + folio->pins;

	CHECK(POOL_COUNTED, folio->huge || folio->pins,
	      "a page has left the pool, and was not given back");
	CHECK(REFS_COUNTED, folio->mapcount == of->entries,
	      "a page has a mapcount of %u, and %u entries", folio->mapcount, of->entries);
	CHECK(REFS_COUNTED, folio->refs == refs,
	      "a page is referenced %u times: it has %u entries, %s, and is kept %u times",
	      folio->refs, of->entries, folio->in_file ? "a file" : "no file", folio->pins);
	CHECK(WRITTEN_ALONE, !of->writers || of->entries == 1,
	      "%u of a private page's %u entries may write", of->writers, of->entries);
}

/*
 * Returns the pages of the pool that there are, and in *@free how many are nobody's.  @entries: of all mappings.  Of
 * idle pages nothing has to be asked but whether some entry has one: then not all entries are those of the others.
 */
static long check_folios(const struct world *world, unsigned entries, long *free)
{
	struct folio_view view[WORLD_FOLIOS];
	unsigned idle, count = world->look_folios(world->state, view, &idle);
	long pages = idle;

	for (const struct folio_view *folio = view; folio < view + count; folio++)
		entries -= tally[folio->number].entries;
	if (entries) {
		count = world->look_folios(world->state, view, NULL);
		pages = idle = 0;
	}
	*free = idle;
	for (const struct folio_view *folio = view; folio < view + count; folio++) {
		check_folio(folio);
		pages += folio->huge;
		*free += folio->huge && !folio->refs;
	}
	return pages;
}

/* Who makes the pool smaller may leave more surplus pages than may be made. */
static void check_surplus(struct reserve_model *model, const struct pool_view *pool)
{
	CHECK(SURPLUS_ALLOWED,
	      model->resized || pool->surplus <= max(pool->overcommit, model->surplus),
	      "%ld pages are surplus, of %ld that may be, and were %ld", pool->surplus,
	      pool->overcommit, model->surplus);
	model->surplus = pool->surplus;
	model->resized = false;
}

/* @lax: a task was refused the node's pages, or calls overlapped, and surplus pages may wait for the next free. */
static void check_pool_counts(const struct world *world, struct reserve_model *model,
                              unsigned entries, bool lax)
{
	long free, used, free_listed, pages = check_folios(world, entries, &free);
	struct pool_view pool;

	world->look_pool(world->state, &pool);
	CHECK(POOL_COUNTED, pool.pages == pages && pool.free == free,
	      "%ld pages, %ld of them free: there are %ld and %ld", pool.pages, pool.free, pages,
	      free);
	CHECK(POOL_COUNTED,
	      pool.node_pages == pool.pages && pool.node_free == pool.free &&
	              pool.node_surplus == pool.surplus,
	      "the node's pages, free and surplus ones are %ld %ld %ld, all %ld %ld %ld",
	      pool.node_pages, pool.node_free, pool.node_surplus, pool.pages, pool.free,
	      pool.surplus);
	CHECK(SURPLUS_NEEDED, lax || pool.surplus <= 0 || pool.free - pool.failed <= pool.promised,
	      "%ld pages are surplus, and of %ld free ones %ld are promised", pool.surplus,
	      pool.free - pool.failed, pool.promised);
	CHECK(POOL_COUNTED, model->resize_overlapped || pool.own == pool.pages - pool.surplus,
	      "nr_hugepages is %ld, and of %ld pages %ld are surplus", pool.own, pool.pages,
	      pool.surplus);
	check_surplus(model, &pool);
	world->count_lists(world->state, &free_listed, &used);
	CHECK(POOL_COUNTED, free_listed == free && used == pages - free,
	      "the lists have %ld free pages and %ld used ones, of %ld and %ld", free_listed, used,
	      free, pages - free);
}

void reserve_check_pages(const struct world *world, struct reserve_model *model, bool disturbed)
{
	unsigned entries[SLOTS] = { 0 }, sum = 0;

	if (*world->warned)
		return;
	memset(tally, 0, sizeof(tally));
	model_for_each(slot, model->mappings)
		sum += entries[slot] = check_mapping(world, model, slot);
	for (unsigned file = 0; file < FILES; file++)
		if (world->has_file(world->state, file))
			check_file(world, &model->file[file], file);
	check_pool_counts(world, model, sum, model->no_node || disturbed);
	check_usage(world, entries);
}
