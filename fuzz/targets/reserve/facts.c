// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the rules of a call have to know of the moment before it, and of a failure right behind it; the facts that
 * calls.c then hands to them.
 */
#include "check.h"

#include "ops.h"

/* Are there less than so many pages that nobody is promised, and one at least for memory failure? */
static bool no_good_page(const struct world *world, long pages)
{
	struct pool_view pool;

	world->look_pool(world->state, &pool);
	return pool.failed && reserve_room(&pool) < pages;
}

/* What a mapping that reserves takes from the mount, and from the pool what the minimum lacks. */
static void look_for_room(const struct world *world, const struct reserve_model *model,
                          struct reserve_facts *facts, const struct op *op, bool limited)
{
	long pages = model_to_reserve(model, op->file, op->from, op->to, op->opts & OPT_PRIVATE);
	struct subpool_view mount = { .max = -1 };

	if (limited)
		world->look_mount(world->state, &mount);
	facts->limited = mount.max >= 0;
	if (op->opts & OPT_NORESERVE)
		return;
	facts->no_room = facts->limited && mount.used + pages > mount.max;
	facts->wants = pages; /* without the minimum, which others may take meanwhile */
	/* What others are reserving at the moment, the model does not know yet. */
	pages -= min(pages, mount.rsv);
	facts->no_good = no_good_page(world, pages);
	facts->lacks = max(facts->pool.promised + pages - facts->pool.free, 0L);
	if (op->kind == OP_map && !facts->inside && world->lacks_pages(world->state, pages))
		facts->no_page++;
}

/* A page that nobody is promised, or that the mount is. */
static bool page_to_be_had(const struct world *world, const struct subpool_view *mount)
{
	struct pool_view pool;

	world->look_pool(world->state, &pool);
	return reserve_room(&pool) > 0 ||
	       (mount->rsv > 0 && !(pool.failed && reserve_room(&pool) < 0));
}

long reserve_charged(const struct world *world)
{
	struct cgroup_view cgroup;
	long sum = 0;

	for (unsigned i = 0; i < MAP_CGROUPS && world->traits.charges_reserved; i++) {
		world->look_cgroup(world->state, i, &cgroup);
		sum += (long)cgroup.reserved;
	}
	return sum;
}

/* Does the slot map the page that the call's mapping has there? */
static bool look_at_same(const struct world *world, const struct reserve_facts *facts,
                         unsigned slot, unsigned page)
{
	struct entry_view entry;

	return world->mapped(world->state, slot) &&
	       world->mapping_file(world->state, slot) == facts->file &&
	       world->look_mapped(world->state, slot, page, &entry) && entry.page == facts->page;
}

/* A fault takes one page, or, if it has a reservation, none. */
static void look_before_fault(const struct world *world, const struct reserve_model *model,
                              struct reserve_facts *facts, const struct op *op, bool limited)
{
	struct subpool_view mount = { .max = -1 };

	if (limited)
		world->look_mount(world->state, &mount);
	facts->to_be_had = page_to_be_had(world, &mount);
	facts->lost = world->lost_pages(world->state);
	facts->reserved_for = reserve_charged(world);
	facts->page = world->page_at(world->state, op->slot, op->from, &facts->copies);
	for (unsigned slot = 0; facts->page && slot < SLOTS; slot++)
		facts->sharers |= (uint8_t)(look_at_same(world, facts, slot, op->from) << slot);
	facts->failed_memory = facts->file < FILES &&
	                       world->page_failed(world->state, facts->file, op->from);
	if (reserve_copies(op))
		facts->entry = world->look_entry(world->state, op->slot, op->from);
	facts->reserved = !facts->copies &&
	                  model_has_reservation(model, op->slot, op->from, facts->there);
	facts->limited = mount.max >= 0;
	facts->no_room = facts->limited && !(op->opts & OPT_NORESERVE) &&
	                 mount.used + 1 > mount.max;
}

/* It copies what its process keeps, and a slot keeps one page. */
static void look_before_fork(const struct world *world, struct reserve_facts *facts, bool limited)
{
	struct subpool_view mount = { .max = -1 };

	if (limited)
		world->look_mount(world->state, &mount);
	facts->limited = mount.max >= 0;
	facts->no_room = facts->limited && mount.used + 1 > mount.max;
}

/* It takes no page, and reserves none. */
static void look_before_continue(const struct world *world, struct reserve_facts *facts,
                                 const struct op *op)
{
	facts->page = world->page_at(world->state, op->slot, op->from, &facts->copies);
	facts->entry = world->look_entry(world->state, op->slot, op->from);
	facts->failed_memory = facts->file < FILES &&
	                       world->page_failed(world->state, facts->file, op->from);
}

/*
 * A call that wanted a page and failed: was there no page?  The shim's hooks are not asked for what a kernel sees by itself.
 * And has it a reservation still, if others ran meanwhile and may have taken it away?
 */
void reserve_look_after_failure(const struct world *world, struct reserve_facts *facts)
{
	const struct op *op = facts->op;
	const struct resv_map *map = world->owner_map(world->state, op->slot);
	uint64_t page = page_set(op->from, op->from + 1u);
	long wants = reserve_copies_twice(op) ? 2 : 1; /* one for what is copied in between */

	facts->no_good = no_good_page(world, wants - facts->reserved);
	facts->no_page += world->lacks_pages(world->state, wants) || facts->no_good;
	if (!(reserve_op[op->kind].operands & OP_SLOT) || !world->traits.waits ||
	    !(facts->overtaken || facts->inside) || !facts->reserved)
		return;
	if (map)
		facts->reserved = !(reserve_map_pages(world, map) & page);
	else if (world->mapped(world->state, op->slot) &&
	         world->has_file(world->state, facts->file))
		facts->reserved = reserve_map_pages(world,
		                                    world->file_map(world->state, facts->file)) &
		                  ~world->cached(world->state, facts->file) & page;
	else
		facts->reserved = false;
}

/* Has somebody the page that is mapped there who neither maps it nor is its file? */
static bool is_kept(const struct world *world, unsigned slot, unsigned page)
{
	static struct folio_view folio[WORLD_FOLIOS];
	struct entry_view entry;
	unsigned folios;

	if (!world->look_mapped(world->state, slot, page, &entry))
		return false;
	folios = world->look_folios(world->state, folio, NULL);
	for (unsigned i = 0; i < folios; i++)
		if (folio[i].number == entry.number)
			return folio[i].refs != folio[i].mapcount + folio[i].in_file;
	return false;
}

/* What has to be known of the moment before the call. */
void reserve_look_before(const struct world *world, const struct reserve_model *model,
                         struct reserve_facts *facts, const struct under_way *locks)
{
	const struct op *op = locks->op;
	bool limited = locks->file < FILES && file_is_limited(locks->file);

	if (locks->file < FILES) {
		facts->there = world->cached(world->state, locks->file);
		facts->drops = model->file[locks->file].drops;
	}
	world->look_pool(world->state, &facts->pool);
	for (unsigned page = 0; op->kind == OP_mremap && page < CELLS; page++)
		facts->entry |= world->look_entry(world->state, op->slot, page);
	if (op->kind == OP_fault || reserve_copies(op)) {
		look_before_fault(world, model, facts, op, limited);
	} else if (op->kind == OP_continue || op->kind == OP_ruin) {
		look_before_continue(world, facts, op);
	} else if (op->kind == OP_fork) {
		look_before_fork(world, facts, limited);
	} else if (op->kind == OP_migrate) {
		facts->page = world->page_at(world->state, op->slot, op->from, &facts->copies);
		facts->entry = world->look_entry(world->state, op->slot, op->from);
		facts->kept = is_kept(world, op->slot, op->from);
	} else {
		look_for_room(world, model, facts, op, limited);
	}
}
