// SPDX-License-Identifier: GPL-2.0-only
/*
 * The calls of one run on files and mappings: arm, call, compare, check.  An op that makes no sense
 * where it stands, or that a lock of the kernel keeps from running inside the call under way, is
 * skipped.
 *
 * A call's windows are its moments: every request for memory, and every lock it takes after it has
 * given one back.  They count together, from 1, and "in 2:" is the second of them.
 */
#include "fuzz/run/calls.h"

#include "fuzz/run/fault.h"
#include "fuzz/run/pool.h"
#include "fuzz/run/report.h"
#include "check.h"
#include "fuzz/run/window.h"

/* A call under way; inside its windows there are inner ones. */
struct call {
	size_t op; /* trace->count: a call that is no op */
	struct under_way locks;
	struct fault fault;
	struct reserve_facts facts;
	unsigned moments;
	struct call *outer;
};

static struct calls {
	const struct trace *trace;
	struct result *result;
	void (*run_nested)(size_t op);
	struct world world;
	struct reserve_model model;
	bool mounted;
	bool disturbed;    /* some call was overtaken */
	unsigned ran;      /* ops so far */
	struct call *call; /* the innermost one under way */
} calls;

/* Others may overtake the call under way. */
static void open_window(void)
{
	struct hugetlb_cgroup *task = shim_current_cgroup;
	struct call *call = calls.call;
	unsigned before = calls.ran;

	if (!call || call->op == calls.trace->count)
		return;
	window_run(calls.trace, call->op, call->moments++, calls.run_nested);
	shim_current_cgroup = task;
	if (calls.ran != before)
		call->facts.overtaken = calls.disturbed = true;
}

static void *call_alloc(size_t size)
{
	bool refused = calls.call && fault_refuses(&calls.call->fault);
	void *block;

	open_window();
	if (refused)
		return NULL;
	block = pool_alloc(size);
	CHECK(MEMORY_CLEAN, block, "no block of %zu bytes left: %zu are live", size, pool_count());
	return block;
}

static bool call_refuses(enum shim_charge what, bool lacking)
{
	struct call *call = calls.call;
	unsigned words = what == SHIM_POOL ? REFUSE_POOL : REFUSE_CGROUP;
	bool refused = lacking || (call && call->facts.op && call->facts.op->opts & words);

	if (call && what == SHIM_POOL)
		call->facts.no_page += refused;
	else if (call)
		call->facts.no_charge += refused;
	return refused;
}

static void call_begin(struct call *call, size_t op, const struct under_way *locks)
{
	*call = (struct call){ .op = op, .outer = calls.call };
	if (locks) {
		call->locks = *locks;
		call->fault.plan = locks->op->refuse;
		call->facts.op = locks->op;
		calls.world.under_way = &call->locks;
		shim_current_cgroup = &shim_cgroup[op_cgroup(locks->op)];
	}
	calls.call = call;
	shim_steps = 0;
	shim_unlocked = 0;
	report_story.op = op;
}

static void call_end(struct call *call)
{
	report_story.op = call->op;
	call->facts.no_memory = call->fault.refused;
	call->facts.inside = call->outer;
	if (call->op < calls.trace->count)
		calls.result[call->op].asked = call->fault.asked;
	CHECK(LOCK_DISCIPLINE, !shim_locks_held, "returns with the lock held");
	calls.call = call->outer;
	calls.world.under_way = calls.call ? &calls.call->locks : NULL;
}

/* What the op did to what is reserved; a line of ops.def without one is a link error. */
static void settle_map(const struct reserve_facts *call)
{
	const struct op *op = call->op;
	bool reserves = !(op->opts & OPT_NORESERVE);
	struct model_mapping mapping = {
		.file = op->file,
		.from = op->from,
		.to = op->to,
		.shared = !(op->opts & OPT_PRIVATE),
		.owner = reserves && op->opts & OPT_PRIVATE,
	};

	if (!call->ret)
		model_map(&calls.model, op->slot, mapping, reserves);
}

static void settle_backwards(const struct reserve_facts *call)
{
	(void)call;
}

/* A page that was allocated is another one than before; one copied from its own may be either. */
static void settle_fault(const struct reserve_facts *call)
{
	const struct op *op = call->op;
	const struct vm_area_struct *vma = &calls.world.vma[op->slot];
	const struct page *page = vma->pte[op->from];
	bool for_file = vma->vm_flags & VM_MAYSHARE;

	if (call->ret || (call->copies && page != call->page))
		model_fault_failed(&calls.model, op->slot, op->from, for_file,
		                   call->no_memory || call->copies);
	else if (for_file || (page != call->page && !page->mapping))
		model_allocated(&calls.model, op->slot, op->from, for_file);
}

static void settle_unmap(const struct reserve_facts *call)
{
	model_unmap(&calls.model, call->op->slot);
}

static void settle_fork(const struct reserve_facts *call)
{
	model_fork(&calls.model, call->op->slot, call->op->into);
}

static void settle_truncate(const struct reserve_facts *call)
{
	model_truncate(&calls.model, call->op->file, call->op->from);
}

static void settle_punch(const struct reserve_facts *call)
{
	model_punch(&calls.model, call->op->file,
	            call->there & page_set(call->op->from, call->op->to), call->no_memory);
}

static void settle_evict(const struct reserve_facts *call)
{
	calls.model.file[call->op->file] = (struct model_file){ 0 };
}

static void settle_resize(const struct reserve_facts *call)
{
	(void)call;
}

static void (*const settle[OP_KINDS])(const struct reserve_facts *call) = {
#define OP(wire, name, operands, doc)
#define RESERVE_OP(wire, name, operands, doc) [OP_##name] = settle_##name,
#include "fuzz/trace/ops.def"
#undef RESERVE_OP
#undef OP
};

/* What has to be known of the moment before the call. */
static void look_before(struct reserve_facts *facts, const struct under_way *locks)
{
	const struct op *op = locks->op;
	struct subpool_view subpool = { .max = -1 };
	unsigned pages = 1;

	if (locks->file < FILES)
		facts->there = world_cached(&calls.world, locks->file);
	if (op->kind == OP_fault) {
		facts->page = calls.world.vma[op->slot].pte[op->from];
		facts->copies = facts->page && !facts->page->mapping;
		facts->reserved = !facts->copies && model_has_reservation(&calls.model, op->slot,
		                                                          op->from, facts->there);
	} else {
		pages = model_to_reserve(&calls.model, op->file, op->from, op->to,
		                         op->opts & OPT_PRIVATE);
	}
	if (locks->file < FILES && file_is_limited(locks->file) && calls.world.spool)
		reserve_look_subpool(calls.world.spool, &subpool);
	facts->limited = subpool.max >= 0;
	facts->no_room = facts->limited && !(op->opts & OPT_NORESERVE) &&
	                 subpool.used + (long)pages > subpool.max;
}

/* "refuse subpool": meanwhile the maximum is what is used. */
static int run_limited(const struct op *op, struct reserve_facts *facts,
                       const struct under_way *locks)
{
	struct hugepage_subpool *spool = calls.world.spool;
	struct subpool_view subpool;
	long max;
	int ret;

	if (!(op->opts & REFUSE_SUBPOOL) || !spool) {
		look_before(facts, locks);
		return world_run(&calls.world, op);
	}
	reserve_look_subpool(spool, &subpool);
	max = reserve_set_max(spool, subpool.used);
	look_before(facts, locks);
	ret = world_run(&calls.world, op);
	reserve_set_max(spool, max);
	return ret;
}

/* A file is there from the first time that somebody maps it.  Making it is no part of any call. */
static void make_file(const struct op *op)
{
	struct world *world = &calls.world;
	struct super_block *mount = file_is_limited(op->file) ? &world->limited : &world->unlimited;
	struct call *outer = calls.call;

	if (world->file_exists[op->file])
		return;
	calls.call = NULL;
	world->file_exists[op->file] = !hugetlbfs_new_inode(&world->inode[op->file], mount,
	                                                    &shim_cgroup[op_cgroup(op)]);
	calls.call = outer;
}

/* The op may run, and its result is @at's, or nobody's. */
static void run_and_judge(const struct under_way *locks, size_t at)
{
	struct reserve_facts *facts;
	struct books before;
	struct call call;

	calls.ran++;
	books_look(&calls.world, &before);
	call_begin(&call, at, locks);
	facts = &call.facts;
	facts->ret = run_limited(locks->op, facts, locks);
	call_end(&call);
	if (at < calls.trace->count) {
		calls.result[at].kind = RESULT_VALUE;
		calls.result[at].value = facts->ret;
	}
	settle[locks->op->kind](facts);
	reserve_check_call(&calls.world, facts, &before);
	reserve_check_state(&calls.world, &calls.model, !calls.call, calls.disturbed);
}

bool calls_run(size_t at)
{
	const struct op *op = &calls.trace->op[at];
	struct under_way locks;

	if (!calls.mounted || !world_may_run(&calls.world, op, &locks))
		return false;
	if (op->kind == OP_map || op->kind == OP_backwards)
		make_file(op);
	run_and_judge(&locks, at);
	return true;
}

/* At the end: whatever is left of this kind goes, one after the other. */
static void run_leftover(struct op op)
{
	struct under_way locks;

	if (world_may_run(&calls.world, &op, &locks))
		run_and_judge(&locks, calls.trace->count);
}

static void print_books(FILE *out)
{
	reserve_print(out, &calls.world, &calls.model);
}

void calls_begin(const struct trace *trace, struct result *result, void (*run_nested)(size_t op))
{
	fault_drive_shim(call_alloc);
	shim_hooks.moment = open_window;
	shim_hooks.refuse = call_refuses;
	calls.trace = trace;
	calls.result = result;
	calls.run_nested = run_nested;
	calls.model = (struct reserve_model){ 0 };
	calls.mounted = calls.disturbed = false;
	calls.ran = 0;
	calls.call = NULL;
	world_begin(&calls.world, trace->pages, trace->surplus);
	report_story = (struct story){ .trace = trace, .result = result, .books = print_books };
}

/* Make the mount: its minimum may be refused, and its memory. */
void calls_open(void)
{
	long max = calls.trace->max - 1L, min = calls.trace->min - 1L;
	struct call call;

	call_begin(&call, calls.trace->count, NULL);
	call.fault.plan = calls.trace->open_refuse;
	calls.mounted = world_mount(&calls.world, max, min);
	calls.call = NULL;
	CHECK(FAILURE_HONEST, calls.mounted == !(call.fault.refused || call.facts.no_page),
	      "the mount was %s, %u requests for memory and %u for pages were refused",
	      calls.mounted ? "made" : "refused", call.fault.refused, call.facts.no_page);
	reserve_check_state(&calls.world, &calls.model, true, false);
}

void calls_close(void)
{
	report_story.op = calls.trace->count;
	for (unsigned slot = 0; slot < SLOTS; slot++)
		run_leftover((struct op){ .kind = OP_unmap, .slot = slot });
	for (unsigned file = 0; file < FILES; file++)
		run_leftover((struct op){ .kind = OP_evict, .file = file });
	reserve_check_closed(&calls.world, calls.disturbed);
	world_unmount(&calls.world);
	reserve_check_gone();
}
