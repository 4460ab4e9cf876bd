// SPDX-License-Identifier: GPL-2.0-only
/*
 * The calls of one run on files and mappings: arm, call, compare, check.  An op that makes no sense
 * where it stands, or that a lock of the kernel keeps from running inside the call under way, is
 * skipped.
 *
 * A call's windows are its moments: every request for memory, and every lock it takes after it has
 * given one back.  They count together, from 1, and "in 2:" is the second of them.
 */
#include "calls.h"

#include "check.h"
#include "counters.h"
#include "fuzz/explain/scene.h"
#include "fuzz/run/call.h"
#include "fuzz/run/report.h"
#include "ops.h"
#include "src/shim/hooks.h"

/* A call under way, with what the rules want to know of it. */
struct frame {
	struct call call; /* first: whoever has the call has the frame */
	struct under_way locks;
	struct reserve_facts facts;
	unsigned asked_late; /* how many things that can fail late there were so far */
};

static struct calls {
	const struct world *world;
	struct reserve_model model;
	struct books books; /* as they were judged last */
	unsigned
		gave; /* calls that have ended, but mappings that came about: those only take pages */
	struct under_way next; /* what the op that is about to run locks */
	unsigned lowered;      /* calls for which the mount's maximum is what is used */
	long max;              /* ... and what it is else */
} calls;

/* The frame of the call that runs now, or NULL. */
static struct frame *frame_now(void)
{
	return (struct frame *)call_innermost();
}

static bool call_is_late(void)
{
	struct frame *frame = frame_now();
	const struct op *op = frame ? frame->facts.op : NULL;
	unsigned asked;
	bool fails;

	if (!op)
		return false;
	asked = frame->asked_late++;
	fails = op_fails_late(op, asked);
	frame->facts.late |= fails;
	return fails || (!asked && reserve_copies_twice(op));
}

static bool call_refuses(enum shim_charge what, bool lacking)
{
	static const unsigned word[SHIM_CHARGES] = {
		[SHIM_POOL] = REFUSE_POOL,   [SHIM_CGROUP] = REFUSE_CGROUP,
		[SHIM_MEMCG] = REFUSE_MEMCG, [SHIM_NODE] = REFUSE_NODE,
		[SHIM_VMA] = REFUSE_VMA,     [SHIM_TABLE] = REFUSE_TABLE,
	};
	struct frame *frame = frame_now();
	bool refused = lacking || (frame && frame->facts.op &&
	                           call_wants(&frame->call, frame->facts.op, word[what]));

	if (!frame)
		return refused;
	frame->facts.asked += what == SHIM_POOL;
	if (what == SHIM_POOL)
		frame->facts.no_page += refused;
	else if (what == SHIM_CGROUP)
		frame->facts.no_charge += refused;
	else
		frame->facts.no_other += refused;
	return refused;
}

static void frame_begin(struct frame *frame, const struct op *op, const struct under_way *locks)
{
	*frame = (struct frame){ .facts.inside = call_innermost() };
	call_begin(&frame->call, op);
	if (!locks)
		return;
	frame->locks = *locks;
	frame->facts.op = op;
	frame->facts.file = locks->file;
	calls.world->under_way(calls.world->state, &frame->locks);
}

static void frame_end(struct frame *frame)
{
	const struct frame *outer;

	call_end(&frame->call);
	frame->facts.no_memory = frame->call.refusals.refused;
	frame->facts.overtaken = frame->call.overtaken;
	outer = frame_now();
	calls.world->under_way(calls.world->state, outer ? &outer->locks : NULL);
}

static bool takes(const struct op *op, unsigned operands)
{
	return reserve_op[op->kind].operands & operands;
}

/* "refuse subpool": meanwhile the maximum is what is used.  Such calls may overlap. */
static int run_limited(const struct op *op, struct reserve_facts *facts,
                       const struct under_way *locks)
{
	struct subpool_view mount;
	bool lowers = takes(op, REFUSE_SUBPOOL << OP_OPTS_SHIFT) &&
	              calls.world->look_mount(calls.world->state, &mount) && mount.max >= 0 &&
	              call_wants(&frame_now()->call, op, REFUSE_SUBPOOL);
	long max;
	int ret;

	if (lowers) {
		max = calls.world->set_max(calls.world->state, mount.used);
		if (!calls.lowered++)
			calls.max = max;
	}
	reserve_look_before(calls.world, &calls.model, facts, locks);
	facts->gave = calls.gave;
	ret = calls.world->run(calls.world->state, op);
	if (lowers && !--calls.lowered)
		calls.world->set_max(calls.world->state, calls.max);
	return ret;
}

/* A file is there from the first time that somebody maps it.  Making it is no part of any call. */
static void make_file(const struct op *op)
{
	struct call *paused;

	if (calls.world->has_file(calls.world->state, op->file))
		return;
	paused = call_pause();
	calls.world->make_file(calls.world->state, op);
	call_go_on(paused);
}

static bool maps(const struct op *op)
{
	return op->kind == OP_map || op->kind == OP_backwards;
}

/* The op may run.  What it returned is told before anything is judged: a report shows it. */
static void run_and_judge(const struct op *op, const struct under_way *locks, struct result *result)
{
	const struct world *world = calls.world;
	struct reserve_facts *facts;
	struct books before;
	struct frame frame;
	unsigned warned;

	/* Only a mapping that fails has to leave them as they were. */
	if (maps(op) && calls.books.are_now)
		before = calls.books;
	else if (maps(op))
		books_look(world, &before);
	calls.books.are_now = false;
	frame_begin(&frame, op, locks);
	facts = &frame.facts;
	warned = *world->warned;
	facts->ret = run_limited(op, facts, locks);
	facts->warned = *world->warned != warned;
	facts->overtaken = frame.call.overtaken;
	facts->others = facts->inside || facts->gave != calls.gave ||
	                (facts->overtaken && world->lacks_pages(world->state, facts->wants));
	calls.gave += op->kind != OP_map || facts->ret;
	facts->disturbed = call_any_overtaken();
	if (facts->ret && !maps(op))
		reserve_look_after_failure(world, facts);
	frame_end(&frame);
	result->value = facts->ret;
	result->kind = RESULT_VALUE;
	counters_check();
	reserve_settle(world, &calls.model, facts);
	reserve_check_call(world, &calls.model, facts, &before);
	reserve_check_state(world, &calls.model, !call_any_under_way(), call_any_overtaken(),
	                    &calls.books);
	if (!call_any_under_way())
		reserve_check_pages(world, &calls.model, call_any_overtaken());
}

bool reserve_can(unsigned kind)
{
	return world_under_test->can(kind);
}

bool reserve_may_run(const struct op *op)
{
	return calls.world->can(op->kind) &&
	       calls.world->may_run(calls.world->state, op, &calls.next);
}

void reserve_call(const struct op *op, struct result *result)
{
	struct under_way locks = calls.next;

	if (maps(op))
		make_file(op);
	run_and_judge(op, &locks, result);
}

bool reserve_waits(void)
{
	return calls.world->traits.waits;
}

/* At the end: whatever is left of this kind goes, one after the other. */
static void run_leftover(struct op op)
{
	struct under_way locks;
	struct result unseen;

	if (calls.world->can(op.kind) && calls.world->may_run(calls.world->state, &op, &locks))
		run_and_judge(&op, &locks, &unseen);
}

/* The limits that were asked for, all of the minimum promised, and nothing used. */
static void check_mount(long max, long min)
{
	struct subpool_view mount;

	if (!calls.world->look_mount(calls.world->state, &mount))
		return;
	CHECK(SUBPOOL_USED, mount.max == max && !mount.used,
	      "the mount has a maximum of %ld, for %ld was asked, and uses %ld", mount.max, max,
	      mount.used);
	CHECK(SUBPOOL_RSV, mount.min == min && mount.rsv == max(min, 0L),
	      "the mount has a minimum of %ld, for %ld was asked, and its rest is %ld", mount.min,
	      min, mount.rsv);
}

static bool make_mount(const struct op *head)
{
	const struct world *world = calls.world;
	long max = head->max - 1L, min = head->min - 1L;
	bool absurd = world->traits.checks_limits && max >= 0 && min > max, mounted;
	struct frame frame;

	frame_begin(&frame, head, NULL);
	frame.facts.no_page = world->lacks_pages(world->state, min);
	mounted = world->mount(world->state, max, min);
	call_end(&frame.call);
	CHECK(FAILURE_HONEST,
	      mounted == !(frame.call.refusals.refused || frame.facts.no_page || absurd),
	      "the mount was %s, %u requests for memory and %u for pages were refused",
	      mounted ? "made" : "refused", frame.call.refusals.refused, frame.facts.no_page);
	if (mounted)
		check_mount(max, min);
	return mounted;
}

bool reserve_open(const struct trace *trace)
{
	bool mounted;

	shim_hooks.moment = call_window;
	shim_hooks.refuse = call_refuses;
	shim_hooks.late = call_is_late;
	calls = (struct calls){ .world = world_under_test };
	report_story.map = calls.world->name;
	counters_end();
	calls.world->begin(calls.world->state, trace->head.pages, trace->head.surplus);
	counters_begin(calls.world);
	mounted = make_mount(&trace->head);
	counters_look();
	reserve_check_state(calls.world, &calls.model, true, false, &calls.books);
	return mounted;
}

void reserve_close(void)
{
	reserve_leftovers(run_leftover);
	reserve_check_closed(calls.world, call_any_overtaken());
	calls.world->unmount(calls.world->state);
	counters_end();
	reserve_check_gone(calls.world);
}

const struct world *reserve_world(void)
{
	return calls.world;
}

const struct reserve_model *reserve_model_now(void)
{
	return &calls.model;
}

void reserve_own(void (*piece)(void *at, size_t size))
{
	piece(&calls, sizeof(calls));
	counters_own(piece);
}

void reserve_show(void)
{
	reserve_show_world(calls.world, &calls.model, scene_is_failure());
}

void reserve_print_state(FILE *out)
{
	reserve_print(out, calls.world, &calls.model);
}
