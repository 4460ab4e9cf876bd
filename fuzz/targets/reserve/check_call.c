// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules of a single call: what it returned, and what it left as it was; check.c has those of all books.
 * Of two calls that overlap less is known, so less is asked.
 */
#include "check.h"

#include "fuzz/run/report.h"
#include "ops.h"

#include <errno.h>

/* Source: include/linux/err.h MAX_ERRNO, v6.12. */
enum { MOST_ERRNO = 4095 };

/* Puts of many pages at once fill a minimum beyond what it lacks (check.c): how much of that has the call given back? */
static long overflow(const struct subpool_view *before, const struct subpool_view *now)
{
	long lacks = before->min > before->used ? before->min - before->used : 0;

	return before->max < 0 || now->rsv < lacks || now->rsv > before->rsv
	               ? 0
	               : before->rsv - now->rsv;
}

static void check_unchanged(const struct world *world, const struct books *before)
{
	static struct books now;
	long over;

	books_look(world, &now);
	over = overflow(&before->subpool, &now.subpool);
	CHECK(FAILED_CALL, now.resv == before->resv - over, "resv_huge_pages was %ld, is %ld",
	      (long)before->resv, (long)now.resv);
	CHECK(FAILED_CALL,
	      now.subpool.used == before->subpool.used &&
	              now.subpool.rsv == before->subpool.rsv - over,
	      "the subpool's used and rsv pages were %ld and %ld, are %ld and %ld",
	      before->subpool.used, before->subpool.rsv, now.subpool.used, now.subpool.rsv);
	for (int file = 0; file < FILES; file++)
		CHECK(FAILED_CALL, now.map[file] == before->map[file], "the map of file %d differs",
		      file);
	for (int i = 1; i < MAP_CGROUPS; i++) {
		CHECK(FAILED_CALL,
		      now.cgroup[i].charged == before->cgroup[i].charged &&
		              now.used[i] == before->used[i],
		      "cgroup %d was charged %ld, is charged %ld", i,
		      (long)before->cgroup[i].charged, (long)now.cgroup[i].charged);
		CHECK(FAILED_CALL, now.cgroup[i].refs == before->cgroup[i].refs,
		      "cgroup %d was referenced %ld times, is %ld times", i, before->cgroup[i].refs,
		      now.cgroup[i].refs);
	}
}

static void check_reserved(const struct world *world, const struct op *op)
{
	uint64_t range = page_set(op->from, op->to), map;

	if (op->opts & OPT_NORESERVE)
		return;
	if (op->opts & OPT_PRIVATE) {
		CHECK(SUCCESS_RESERVES, world->owner_map(world->state, op->slot),
		      "a private mapping came about, and owns no reservations");
		return;
	}
	map = reserve_map_pages(world, world->file_map(world->state, op->file));
	CHECK(SUCCESS_RESERVES, !(range & ~map), "page %d is not reserved",
	      __builtin_ctzll(range & ~map));
}

static void check_map_call(const struct world *world, const struct reserve_facts *call,
                           const struct books *before)
{
	bool refused = call->no_memory || call->no_charge || call->no_other;
	/* Others may make room, and take it, and the model does not know yet what they have. */
	bool alone = !call->overtaken && !call->inside;
	bool no_room = call->no_room || (call->limited && !alone);
	/* A world that is not asked for each page may have lacked one meanwhile. */
	bool no_page = call->no_page || call->no_good || (world->traits.waits && call->others);

	if (!call->ret && call->op->kind == OP_map && !(world->traits.waits && !alone))
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
	if (alone && world->traits.waits && call->op->kind == OP_map)
		reserve_check_surplus_asked(call);
	CHECK(FAILURE_HONEST, call->ret || call->op->kind != OP_backwards,
	      "a range whose end is before its start was mapped");
	if (call->ret && !call->overtaken)
		check_unchanged(world, before);
	CHECK(POINTER_LEFT,
	      !call->ret || call->inside || call->overtaken ||
	              !world->pointer_left(world->state, call->op->slot),
	      "mapping %c failed, and its vm_private_data points somewhere", 'a' + call->op->slot);
}

/* Who owns reservations and shares a page with a child only is never refused a copy: the child loses the page. */
static void check_owner(const struct reserve_model *model, const struct reserve_facts *call)
{
	const struct op *op = call->op;

	CHECK(RESERVED_FAULT,
	      call->ret != -ENOSPC || call->overtaken || call->inside || !call->copies ||
	              op->kind != OP_fault || !model->mapping[op->slot].owns,
	      "the page is its owner's, and there was none to copy it to");
}

/* A process that is promised nothing may lose a page to one that is, or lack one: if there is none. */
static void check_signal(const struct world *world, const struct reserve_facts *call)
{
	uint8_t lost = world->lost_pages(world->state) & ~call->lost;
	bool refused = call->no_memory || call->no_charge || call->no_other || call->no_room ||
	               call->late || call->op->opts & (REFUSE_WORDS | OPT_LATE) ||
	               reserve_copies_twice(call->op);

	if (call->overtaken || call->inside)
		return;
	CHECK(SIGNAL_HONEST, !(lost & ~call->sharers),
	      "mapping %c loses a page, and it was not the one that was to be copied",
	      'a' + __builtin_ctz(lost & ~call->sharers));
	if (refused || !call->to_be_had)
		return;
	CHECK(SIGNAL_HONEST, !lost, "mapping %c loses its page, and there was one to be had",
	      'a' + __builtin_ctz(lost));
	CHECK(SIGNAL_HONEST, call->ret != -ENOSPC, "there was a page to be had");
}

/* -EFAULT: behind the end of the file, memory failed, or the process lost its page.  -EEXIST, of a copy: it is there. */
static void check_reason(const struct world *world, const struct reserve_model *model,
                         const struct reserve_facts *call)
{
	const struct op *op = call->op;
	bool copy = reserve_copies(op), shared;

	if (call->overtaken || call->inside || model->poisoned)
		return;
	shared = world->shares(world->state, op->slot);
	CHECK(FAILURE_HONEST,
	      call->ret != -EFAULT || (copy && (call->late || reserve_copies_twice(op))) ||
	              ((shared || !copy) &&
	               op->from >= world->file_pages(world->state, call->file)) ||
	              world->lost_pages(world->state) >> op->slot & 1 ||
	              model_may_have(&model->mapping[op->slot].ruined, op->from),
	      "failed with %d, and page %u is in front of the end", call->ret, op->from);
	CHECK(FAILURE_HONEST,
	      call->ret != -EEXIST || call->entry || (shared && call->there >> op->from & 1),
	      "failed with %d, and page %u was not there", call->ret, op->from);
	CHECK(FAILURE_HONEST, copy || call->ret || !call->late,
	      "succeeded, though something failed late");
}

/* Who only reads is shown the page that is mapped, or else the one that the file has, and takes none. */
static void check_reading(const struct world *world, const struct reserve_facts *call)
{
	const struct op *op = call->op;
	const void *page;
	bool own;

	if (call->ret || call->overtaken || call->inside || op->kind != OP_fault ||
	    op->opts & OPT_WRITE)
		return;
	page = world->page_at(world->state, op->slot, op->from, &own);
	CHECK(MAPS_FILE, !call->page || page == call->page, "page %u was read, and is another one",
	      op->from);
	if (call->page || !(call->there >> op->from & 1))
		return;
	CHECK(MAPS_FILE, !own, "page %u of the file was read, and is a copy", op->from);
}

/* A fault, or a copy, which says -ENOMEM for whatever it could not have, and -EEXIST for what is there. */
static void check_fault_call(const struct reserve_facts *call)
{
	bool late = call->op->opts & FAILS_LATE || call->late,
	     no_page = call->op->opts & REFUSE_POOL;
	bool copy = reserve_copies(call->op);
	bool lacks = call->ret == -ENOSPC || (copy && call->ret == -ENOMEM && !call->no_memory);

	CHECK(FAILURE_HONEST,
	      !call->ret || call->no_memory || call->no_page || call->no_charge || call->no_room ||
	              call->no_other || call->overtaken || late || call->ret == -EFAULT ||
	              call->ret == -EACCES || (copy && call->ret == -EEXIST),
	      "failed with %d, and nothing was refused", call->ret);
	CHECK(FAILURE_HONEST, copy || call->ret != -ENOMEM || call->no_memory || call->no_other,
	      "failed with %d, and no memory was refused", call->ret);
	CHECK(FAILURE_HONEST, call->ret != -EINVAL,
	      "failed with %d, and it was asked for what can be", call->ret);
	CHECK(RESERVED_FAULT,
	      !lacks || !call->reserved || call->no_charge || call->no_other || no_page ||
	              (copy && late) || reserve_copies_twice(call->op) || call->no_good,
	      "the page is reserved, and there was none");
}

static void check_allocate_call(const struct world *world, const struct reserve_facts *call)
{
	const struct op *op = call->op;
	bool alone = !call->overtaken && !call->inside;
	struct subpool_view mount = { .max = -1 };
	uint64_t lacks;

	if (file_is_limited(op->file))
		world->look_mount(world->state, &mount);
	CHECK(FAILURE_HONEST,
	      !call->ret || call->no_memory || call->no_page || call->no_charge || call->no_other ||
	              !alone || call->ret == -EEXIST || op->opts & (OPT_LATE | REFUSE_SUBPOOL) ||
	              (op->kind == OP_memfd && call->pool.free <= call->pool.failed) ||
	              (mount.max >= 0 && mount.used >= mount.max),
	      "failed with %d, and nothing was refused", call->ret);
	CHECK(FAILURE_HONEST,
	      !call->ret || call->ret == -ENOMEM || call->ret == -ENOSPC || call->ret == -EEXIST,
	      "failed with %d, for which nothing that can be lacking is a reason", call->ret);
	lacks = page_set(op->from, op->kind == OP_memfd ? op->from + 1u : op->to) &
	        ~world->cached(world->state, op->file);
	CHECK(SUCCESS_RESERVES, call->ret || !alone || !lacks, "page %d is not there",
	      __builtin_ctzll(lacks));
}

/* A fork may have to copy a page, which may fail; where something moves, it may lack a table. */
static void check_process_call(const struct reserve_facts *call)
{
	CHECK(FAILURE_HONEST,
	      !call->ret || call->no_page || call->no_charge || call->no_other || call->no_memory ||
	              call->no_room || call->late || call->overtaken || call->inside,
	      "failed with %d, and nothing was refused", call->ret);
	CHECK(FAILURE_HONEST,
	      !call->ret || call->op->kind != OP_mremap || call->entry || call->overtaken ||
	              call->inside,
	      "failed with %d, and there was nothing to move", call->ret);
}

/* Pages in use and promised stay, as surplus.  Where calls overlapped a surplus page may be counted too late. */
static void check_resize(const struct world *world, const struct reserve_facts *call)
{
	struct pool_view pool;
	long own;

	world->look_pool(world->state, &pool);
	own = pool.pages - pool.surplus;
	CHECK(POOL_RESIZED,
	      call->disturbed || call->inside || own == call->op->from ||
	              (call->no_page && own < call->op->from),
	      "nr_hugepages was set to %u, and %ld pages are not surplus", call->op->from, own);
}

/* A page that nobody is promised leaves the pool, a surplus one if there is any. */
static void check_dissolve(const struct world *world, const struct reserve_facts *call)
{
	struct pool_view pool;

	if (call->overtaken || call->inside)
		return;
	world->look_pool(world->state, &pool);
	CHECK(POOL_RESIZED, call->disturbed || pool.pages == call->pool.pages - !call->ret,
	      "it returned %d, the pool had %ld pages and has %ld", call->ret, call->pool.pages,
	      pool.pages);
	CHECK(POOL_RESIZED,
	      call->ret || call->disturbed ||
	              pool.pages - pool.surplus ==
	                      call->pool.pages - call->pool.surplus - (call->pool.surplus <= 0),
	      "the pool had %ld pages, of these %ld surplus, and has %ld and %ld", call->pool.pages,
	      call->pool.surplus, pool.pages, pool.surplus);
	CHECK(FAILURE_HONEST, !call->ret || call->pool.free <= max(call->pool.promised, 0L),
	      "failed with %d, and of %ld free pages %ld are promised", call->ret, call->pool.free,
	      call->pool.promised);
}

/* The child sees in its parent's own pages what its parent does. */
static void check_child(const struct world *world, const struct reserve_model *model,
                        const struct op *op)
{
	const struct model_mapping *mapping = &model->mapping[op->slot];
	struct entry_view parent, child;

	for (unsigned page = mapping->from; page < mapping->to; page++) {
		if (!world->look_mapped(world->state, op->slot, page, &parent) || !parent.own)
			continue;
		world->look_mapped(world->state, op->into, page, &child);
		CHECK(CONTENT_KEPT, child.own && child.content == parent.content,
		      "the child does not see page %u of its parent", page);
	}
}

/* -EBUSY: somebody keeps the page, or it is one that hugetlb itself will not move. */
static void check_migrate(const struct world *world, const struct reserve_facts *call)
{
	struct entry_view entry;
	unsigned now;

	if (call->overtaken || call->inside || !call->page)
		return;
	world->look_mapped(world->state, call->op->slot, call->op->from, &entry);
	CHECK(MAPS_FILE, !call->ret == (entry.page != call->page),
	      "it returned %d, and page %u is %s", call->ret, call->op->from,
	      entry.page == call->page ? "the same" : "another one");
	CHECK(FAILURE_HONEST, call->ret != -EBUSY || (call->copies && file_is_limited(call->file)),
	      "page %u may not migrate, and nobody keeps it", call->op->from);
	CHECK(FAILURE_HONEST, call->ret != -EAGAIN || call->kept,
	      "page %u does not migrate, and nobody keeps it", call->op->from);
	CHECK(FAILURE_HONEST,
	      !call->ret || call->ret == -EBUSY || call->ret == -EAGAIN || call->ret == -ENOMEM,
	      "failed with %d, which is no reason for a page to stay", call->ret);
	now = world->look_entry(world->state, call->op->slot, call->op->from);
	CHECK(UNCHARGE_EXACT, now == call->entry,
	      "page %u counted as %x, and counts as %x since it was to migrate", call->op->from,
	      call->entry, now);
}

/* Whatever it is: 0 or an error, and of some calls nothing can fail. */
static void check_result(const struct reserve_facts *call)
{
	unsigned kind = call->op->kind;

	CHECK(FAILURE_HONEST, call->ret <= 0 && call->ret >= -MOST_ERRNO,
	      "returned %d, which is no error", call->ret);
	CHECK(FAILURE_HONEST,
	      !call->ret || (kind != OP_truncate && kind != OP_punch && kind != OP_unmap &&
	                     kind != OP_evict && kind != OP_resize),
	      "failed with %d, and it cannot fail", call->ret);
}

void reserve_check_call(const struct world *world, const struct reserve_model *model,
                        const struct reserve_facts *call, const struct books *before)
{
	reserve_check_warning(world, call);
	if (*world->warned)
		return;
	check_result(call);
	reserve_check_node(world, call);
	if (call->op->kind == OP_map || call->op->kind == OP_backwards)
		check_map_call(world, call, before);
	else if (call->op->kind == OP_fault || reserve_copies(call->op)) {
		check_fault_call(call);
		reserve_check_new_page(world, call);
		check_reason(world, model, call);
		check_reading(world, call);
		check_signal(world, call);
		check_owner(model, call);
	} else if (call->op->kind == OP_allocate || call->op->kind == OP_memfd)
		check_allocate_call(world, call);
	else if (call->op->kind == OP_fork || call->op->kind == OP_mremap ||
	         call->op->kind == OP_split)
		check_process_call(call);
	else if (call->op->kind == OP_resize)
		check_resize(world, call);
	else if (call->op->kind == OP_dissolve)
		check_dissolve(world, call);
	else if (call->op->kind == OP_migrate)
		check_migrate(world, call);
	reserve_check_watch(world, model, call);
	if (call->op->kind == OP_fork && !call->ret && !call->overtaken && !call->inside)
		check_child(world, model, call->op);
}
