// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules of what a single call took: pages of the pool and of its node, surplus ones that were made for it, charges;
 * and of a kernel's warning that a reservation may be missing.  Asked of calls that nobody overtook.
 */
#include "check.h"

#include "fuzz/run/report.h"
#include "ops.h"

/* A mapping makes no more surplus pages than the pool lacks for it, nor than there may be. */
void reserve_check_surplus_asked(const struct reserve_facts *call)
{
	long may = max(call->pool.overcommit - call->pool.surplus, 0L);

	CHECK(SURPLUS_NEEDED, (long)call->asked <= call->lacks,
	      "it asks for %u pages, and the pool lacks %ld", call->asked, call->lacks);
	CHECK(SURPLUS_ALLOWED, (long)call->asked <= may,
	      "it asks for %u pages, and %ld more may be surplus", call->asked, may);
}

/*
 * A page that was not reserved is charged as reserved from now on, and nothing else is; and it is none that memory
 * failure has taken.  A first attempt that fails may leave a reservation for the second one, or use it up.
 */
void reserve_check_new_page(const struct world *world, const struct reserve_facts *call)
{
	const struct op *op = call->op;
	struct entry_view entry;
	bool again = op->kind == OP_recopy || call->late || call->no_memory;
	struct pool_view pool;
	long more, charged;

	if (call->ret || call->overtaken || call->inside ||
	    !world->look_mapped(world->state, op->slot, op->from, &entry) ||
	    entry.page == call->page)
		return;
	CHECK(CONTENT_KEPT, !entry.failed, "the memory of page %u of mapping %c has failed",
	      op->from, 'a' + op->slot);
	if (call->page || world->lost_pages(world->state) & ~call->lost)
		return;
	world->look_pool(world->state, &pool);
	more = (pool.pages - pool.free - (call->pool.pages - call->pool.free)) *
	       world->traits.charge;
	charged = reserve_charged(world) - call->reserved_for;
	CHECK(UNCHARGE_EXACT,
	      !world->traits.charges_reserved || again || charged == (call->reserved ? 0 : more),
	      "%ld more small pages are in use, for a page that has %s reservation, and %ld are "
	      "charged as reserved",
	      more, call->reserved ? "a" : "no", charged);
	CHECK(UNCHARGE_EXACT,
	      !world->traits.charges_memory || pool.memcg - call->pool.memcg == more,
	      "%ld more small pages are in use, and the cgroup of memory is charged for %ld", more,
	      pool.memcg - call->pool.memcg);
}

/* Who may use no node takes no free page, and may still have a surplus one. */
void reserve_check_node(const struct world *world, const struct reserve_facts *call)
{
	struct pool_view pool;

	if (!(call->op->opts & REFUSE_NODE) || !world->traits.waits || call->overtaken ||
	    call->inside)
		return;
	world->look_pool(world->state, &pool);
	CHECK(FAILURE_HONEST, pool.free >= call->pool.free || pool.surplus < call->pool.surplus,
	      "it may use no node: %ld pages were free, and %ld are", call->pool.free, pool.free);
}

/*
 * Pages that could not leave a file's map are promised anew; that this cannot be done is said only where it cannot.
 * Such a page is still in use, so that there have to be others, and the mount has to have room for both.
 */
void reserve_check_warning(const struct world *world, const struct reserve_facts *call)
{
	const struct op *op = call->op;
	struct subpool_view mount = { .max = -1 };
	long pages = __builtin_popcountll(call->there & page_set(op->from, op->to));

	if (!call->warned || op->kind != OP_punch || call->overtaken || call->inside)
		return;
	if (file_is_limited(op->file))
		world->look_mount(world->state, &mount);
	CHECK(FAILURE_HONEST,
	      call->no_memory &&
	              (reserve_room(&call->pool) < pages || call->no_page || call->no_other ||
	               (mount.max >= 0 && mount.used + 2 * pages > mount.max)),
	      "it says that a reservation may be missing, with memory refused %u times, and %ld "
	      "pages to be had",
	      call->no_memory, reserve_room(&call->pool));
}
