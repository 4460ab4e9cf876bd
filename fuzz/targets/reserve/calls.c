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
#include "fuzz/run/tasks.h"
#include "check.h"
#include "fuzz/run/window.h"

/* A call under way; inside its windows there are inner ones. */
struct call {
	size_t op; /* trace->count: a call that is no op */
	struct under_way locks;
	struct fault fault;
	struct reserve_facts facts;
	unsigned moments;
	struct call *outer; /* it runs inside of, on the same stack */
	bool is_task;
	bool has_windows; /* something is to run inside of it */
};

static struct calls {
	const struct trace *trace;
	struct result *result;
	void (*run_nested)(size_t op);
	struct world *world;
	struct reserve_model model;
	bool mounted;
	bool disturbed;    /* some call was overtaken */
	unsigned ran;      /* ops so far */
	unsigned under_way; /* calls that have begun and not ended */
	unsigned lowered;  /* calls for which the mount's maximum is what is used */
	long max;          /* ... and what it is else */
	struct call *call; /* the innermost one under way */
} calls;

/* Others may overtake the call under way. */
static void open_window(void)
{
	struct call *call = calls.call;
	unsigned before = calls.ran;

	if (!call || call->op == calls.trace->count)
		return;
	if (tasks_waiting() && tasks_moment())
		call->facts.overtaken = calls.disturbed = true;
	call->moments++;
	if (!call->has_windows)
		return;
	window_run(calls.trace, call->op, call->moments - 1, calls.run_nested);
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

/* Memory that no plan refuses. */
static void *call_spare(size_t size)
{
	void *block;

	open_window();
	block = pool_alloc(size);
	CHECK(MEMORY_CLEAN, block, "no block of %zu bytes left: %zu are live", size, pool_count());
	return block;
}

static void call_waits(unsigned holders, const char *what, const char *file, int line)
{
	struct call *call = calls.call;

	tasks_wait(holders, what, file, line);
	if (call)
		call->facts.overtaken = calls.disturbed = true;
}

static bool call_is_late(void)
{
	const struct call *call = calls.call;

	return call && call->facts.op && call->facts.op->opts & OPT_LATE;
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
	*call = (struct call){ .op = op, .outer = calls.call, .is_task = tasks_current() > 1 };
	call->has_windows = op < calls.trace->count && trace_behind(calls.trace, op) > op + 1;
	call->facts.inside = calls.call;
	calls.under_way++;
	if (locks) {
		call->locks = *locks;
		call->fault.plan = locks->op->refuse;
		call->facts.op = locks->op;
		call->facts.file = locks->file;
		world_under_way(calls.world, &call->locks);
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
	if (call->op < calls.trace->count)
		calls.result[call->op].asked = call->fault.asked;
	CHECK(LOCK_DISCIPLINE, !shim_locks_held, "returns with the lock held");
	/* The one that a task began inside of may have ended meanwhile. */
	calls.under_way--;
	calls.call = call->is_task ? NULL : call->outer;
	world_under_way(calls.world, calls.call ? &calls.call->locks : NULL);
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
	bool own, for_file = world_shares(calls.world, op->slot);
	const void *page = world_page_at(calls.world, op->slot, op->from, &own);

	if (call->ret || (call->copies && page != call->page))
		model_fault_failed(&calls.model, op->slot, op->from, for_file,
		                   call->no_memory || call->copies);
	else if (for_file || (page != call->page && own))
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
	if (reserve_traits.restores)
		model_private_unmapped(&calls.model, call->op->file, call->op->from, MODEL_PAGES);
	model_truncate(&calls.model, call->op->file, call->op->from);
}

static void settle_punch(const struct reserve_facts *call)
{
	if (reserve_traits.restores)
		model_private_unmapped(&calls.model, call->op->file, call->op->from, call->op->to);
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

/* Which pages of its file a call may have changed: all, unless its op says which. */
static void settle_overlapped(const struct reserve_facts *call)
{
	const struct op *op = call->op;
	unsigned from = 0, to = MODEL_PAGES;

	if (call->file >= FILES)
		return;
	if (op_takes(op, OP_PAGE) || op_takes(op, OP_RANGE) || op_takes(op, OP_SIZE))
		from = op->from;
	if (op_takes(op, OP_PAGE))
		to = from + 1;
	else if (op_takes(op, OP_RANGE))
		to = op->to;
	model_overlapped(&calls.model, call->file, from, to);
}

/* What a mapping that reserves takes from the mount, and from the pool what the minimum lacks. */
static void look_for_room(struct reserve_facts *facts, const struct op *op, bool limited)
{
	long pages = model_to_reserve(&calls.model, op->file, op->from, op->to,
	                              op->opts & OPT_PRIVATE);
	struct subpool_view mount = { .max = -1 };

	if (limited)
		world_look_mount(calls.world, &mount);
	facts->limited = mount.max >= 0;
	if (op->opts & OPT_NORESERVE)
		return;
	facts->no_room = facts->limited && mount.used + pages > mount.max;
	/* What others are reserving at the moment, the model does not know yet. */
	if (op->kind == OP_map && !facts->inside && world_lacks_pages(calls.world, pages - min(pages, mount.rsv)))
		facts->no_page++;
}

/* A fault takes one page, or, if it has a reservation, none. */
static void look_before_fault(struct reserve_facts *facts, const struct op *op, bool limited)
{
	struct subpool_view mount = { .max = -1 };

	if (limited)
		world_look_mount(calls.world, &mount);
	facts->page = world_page_at(calls.world, op->slot, op->from, &facts->copies);
	facts->reserved = !facts->copies &&
	                  model_has_reservation(&calls.model, op->slot, op->from, facts->there);
	facts->limited = mount.max >= 0;
	facts->no_room = facts->limited && !(op->opts & OPT_NORESERVE) &&
	                 mount.used + 1 > mount.max;
}

/*
 * A fault that failed: was there no page?  The shim's hooks are not asked for what a kernel sees by itself.
 * And has it a reservation still, if others ran meanwhile and may have taken it away?
 */
static void look_after_fault(struct reserve_facts *facts, const struct op *op)
{
	const struct resv_map *map = world_owner_map(calls.world, op->slot);
	uint64_t page = page_set(op->from, op->from + 1u);

	facts->no_page += world_lacks_pages(calls.world, 1);
	if (!reserve_traits.waits || !(facts->overtaken || facts->inside) || !facts->reserved)
		return;
	if (map)
		facts->reserved = !(reserve_map_pages(map) & page);
	else if (world_mapped(calls.world, op->slot) && world_has_file(calls.world, facts->file))
		facts->reserved = reserve_map_pages(world_file_map(calls.world, facts->file)) &
		                  ~world_cached(calls.world, facts->file) & page;
	else
		facts->reserved = false;
}

/* What has to be known of the moment before the call. */
static void look_before(struct reserve_facts *facts, const struct under_way *locks)
{
	const struct op *op = locks->op;
	bool limited = locks->file < FILES && file_is_limited(locks->file);

	if (locks->file < FILES)
		facts->there = world_cached(calls.world, locks->file);
	if (op->kind == OP_fault)
		look_before_fault(facts, op, limited);
	else
		look_for_room(facts, op, limited);
}

/* "refuse subpool": meanwhile the maximum is what is used.  Such calls may overlap. */
static int run_limited(const struct op *op, struct reserve_facts *facts,
                       const struct under_way *locks)
{
	struct subpool_view mount;
	bool lowers = op->opts & REFUSE_SUBPOOL && world_look_mount(calls.world, &mount);
	long max;
	int ret;

	if (lowers) {
		max = world_set_max(calls.world, mount.used);
		if (!calls.lowered++)
			calls.max = max;
	}
	look_before(facts, locks);
	ret = world_run(calls.world, op);
	if (lowers && !--calls.lowered)
		world_set_max(calls.world, calls.max);
	return ret;
}

/* A file is there from the first time that somebody maps it.  Making it is no part of any call. */
static void make_file(const struct op *op)
{
	struct call *outer = calls.call;

	if (world_has_file(calls.world, op->file))
		return;
	calls.call = NULL;
	world_make_file(calls.world, op);
	calls.call = outer;
}

/* No call is under way. */
static bool calls_quiet(void)
{
	return !calls.under_way;
}

/* The op may run, and its result is @at's, or nobody's. */
static void run_and_judge(const struct under_way *locks, size_t at)
{
	struct reserve_facts *facts;
	struct books before;
	struct call call;

	calls.ran++;
	books_look(calls.world, &before);
	call_begin(&call, at, locks);
	facts = &call.facts;
	facts->ret = run_limited(locks->op, facts, locks);
	if (facts->ret && locks->op->kind == OP_fault)
		look_after_fault(facts, locks->op);
	call_end(&call);
	if (at < calls.trace->count) {
		calls.result[at].kind = RESULT_VALUE;
		calls.result[at].value = facts->ret;
	}
	settle[locks->op->kind](facts);
	if (reserve_traits.waits && (facts->overtaken || facts->inside))
		settle_overlapped(facts);
	reserve_check_call(calls.world, facts, &before);
	reserve_check_state(calls.world, &calls.model, calls_quiet(), calls.disturbed);
}

/* Begin the op as a task. */
static void run_task(size_t at)
{
	const struct op *op = &calls.trace->op[at];
	struct under_way locks;

	if (world_may_run(calls.world, op, &locks))
		run_and_judge(&locks, at);
}

bool calls_run(size_t at)
{
	const struct op *op = &calls.trace->op[at];
	struct under_way locks;

	if (!calls.mounted || !world_may_run(calls.world, op, &locks))
		return false;
	if (op->kind == OP_map || op->kind == OP_backwards)
		make_file(op);
	if (reserve_traits.waits && calls.call)
		return tasks_run(run_task, at);
	run_and_judge(&locks, at);
	tasks_finish();
	return true;
}

/* At the end: whatever is left of this kind goes, one after the other. */
static void run_leftover(struct op op)
{
	struct under_way locks;

	if (world_may_run(calls.world, &op, &locks))
		run_and_judge(&locks, calls.trace->count);
}

static void print_books(FILE *out)
{
	reserve_print(out, calls.world, &calls.model);
}

/* Where nobody waits, no lock counts. */
static const unsigned no_locks;

void calls_begin(const struct trace *trace, struct result *result, void (*run_nested)(size_t op))
{
	fault_drive_shim(call_alloc);
	shim_hooks.moment = open_window;
	shim_hooks.refuse = call_refuses;
	shim_hooks.spare = call_spare;
	shim_hooks.late = call_is_late;
	shim_hooks.wait = call_waits;
	calls.world = world_of_runs();
	tasks_reset(&no_locks);
	calls.trace = trace;
	calls.result = result;
	calls.run_nested = run_nested;
	calls.model = (struct reserve_model){ 0 };
	calls.mounted = calls.disturbed = false;
	calls.ran = calls.lowered = calls.under_way = 0;
	calls.call = NULL;
	world_begin(calls.world, trace->pages, trace->surplus);
	tasks_own(&calls.call, sizeof(calls.call));
	tasks_own(&report_story.op, sizeof(report_story.op));
	report_story = (struct story){ .trace = trace, .result = result, .books = print_books };
}

/* Make the mount: its minimum may be refused, and its memory. */
void calls_open(void)
{
	long max = calls.trace->max - 1L, min = calls.trace->min - 1L;
	struct call call;
	bool absurd;

	call_begin(&call, calls.trace->count, NULL);
	call.fault.plan = calls.trace->open_refuse;
	call.facts.no_page = world_lacks_pages(calls.world, min);
	calls.mounted = world_mount(calls.world, max, min);
	calls.call = NULL;
	calls.under_way = 0;
	absurd = reserve_traits.checks_limits && max >= 0 && min > max;
	CHECK(FAILURE_HONEST,
	      calls.mounted == !(call.fault.refused || call.facts.no_page || absurd),
	      "the mount was %s, %u requests for memory and %u for pages were refused",
	      calls.mounted ? "made" : "refused", call.fault.refused, call.facts.no_page);
	reserve_check_state(calls.world, &calls.model, true, false);
}

void calls_close(void)
{
	report_story.op = calls.trace->count;
	for (unsigned slot = 0; slot < SLOTS; slot++)
		run_leftover((struct op){ .kind = OP_unmap, .slot = slot });
	for (unsigned file = 0; file < FILES; file++)
		run_leftover((struct op){ .kind = OP_evict, .file = file });
	reserve_check_closed(calls.world, calls.disturbed);
	world_unmount(calls.world);
	reserve_check_gone();
}
