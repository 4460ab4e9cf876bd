// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interpreter: a trace from its head to the release, once or twice, whatever the target.
 *
 * An op that is skipped, or that was to run in a window which never opened, is shown as skipped, so
 * every sequence of ops is a trace.  What a call does and how it is judged is the target's.
 */
#include "run.h"

#include "call.h"
#include "blocks.h"
#include "src/shim/hooks.h"
#include "tasks.h"
#include "window.h"

#include <string.h>

static struct run {
	const struct target *target;
	const struct trace *trace;
	const struct result *expect; /* or NULL */
	bool opened;                 /* what the head says is there */
	bool waits;                  /* calls wait for each other's locks */
	bool orders;                 /* the trace says who waits and who goes on */
	bool overtaken;              /* some call was */
	unsigned under_way;          /* calls that have begun and not ended */
	unsigned long ran;           /* ops so far */
	const struct steps *steps;   /* who decides, step by step; or NULL */
	unsigned long stepped;       /* ops and answered requests so far, step by step */
	struct call *call;           /* the innermost one under way */
	struct result result[TRACE_OPS];
} run;

struct run_totals run_totals;
void (*run_watch)(size_t op, enum run_event event);

static void tell_watcher(size_t op, enum run_event event)
{
	if (__builtin_expect(!!run_watch, 0))
		run_watch(op, event);
}

const struct result *run_results(void)
{
	return run.result;
}

static __attribute__((noinline)) void check_expected(size_t op)
{
	const struct result *is = &run.result[op], *should = &run.expect[op];

	report_story.op = op;
	if (should->kind == RESULT_NONE)
		return;
	CHECK(EXPECTED_RESULT, is->kind == should->kind, "the op was %s",
	      is->kind == RESULT_VALUE ? "not skipped" : "skipped");
	CHECK(EXPECTED_RESULT, is->value == should->value, "returned %ld, expected %ld", is->value,
	      should->value);
	CHECK(EXPECTED_RESULT, !should->has_needs || is->needs == should->needs,
	      "needs %ld entries, expected %ld", is->needs, should->needs);
}

static void perform(size_t at)
{
	run.ran++;
	run_totals.ops++;
	tell_watcher(at, RUN_BEGINS);
	run.target->call(&run.trace->op[at], &run.result[at]);
	run.result[at].kind = RESULT_VALUE;
	tell_watcher(at, RUN_RETURNS);
}

/* A task: is it still as it was when the window opened? */
static void perform_task(size_t at)
{
	if (run.target->may_run(&run.trace->op[at]))
		perform(at);
}

/* An op that makes no call, but says who goes on. */
static bool order(size_t at)
{
	const struct op *op = &run.trace->op[at];
	bool parks = op_takes(run.target, op, OP_PARKS);

	if (!(parks ? tasks_park() : tasks_go_on(op->from)))
		return false;
	/* Others have run meanwhile. */
	run.ran++;
	run.result[at].kind = RESULT_VALUE;
	return true;
}

/*
 * Make the call of op @at: at once, or as a task that may have to wait for the calls around it.
 * False: the op makes no sense where it stands.
 */
static bool begin_op(size_t at)
{
	if (!run.opened)
		return false;
	if (op_takes(run.target, &run.trace->op[at], OP_ORDER))
		return order(at);
	if (!run.target->may_run(&run.trace->op[at]))
		return false;
	if ((run.waits || run.orders) && run.call)
		return tasks_run(perform_task, at);
	perform(at);
	if (run.waits)
		tasks_finish();
	return true;
}

/* Those that have come to nothing were skipped; are all what they should be? */
static inline void settle_ops(size_t at, size_t end)
{
	/* A window that never opened: what should have run in it did not. */
	for (size_t i = at; i < end; i++)
		if (run.result[i].kind == RESULT_NONE) {
			run.result[i].kind = RESULT_SKIPPED;
			tell_watcher(i, RUN_SKIPS);
		}
	for (size_t i = at; run.expect && i < end; i++)
		check_expected(i);
}

/* Run op @at, and in its windows what is nested in it.  Returns the next one behind them. */
static size_t run_one(size_t at)
{
	size_t outer = report_story.op;
	size_t end = run.target->flat ? at + 1 : trace_behind(run.trace, at);
	bool begun;

	report_story.op = at;
	begun = begin_op(at);
	run_totals.skipped += !begun;
	report_story.op = outer;
	/* It waits for a lock; the outermost op's turn looks at all of them.  In any order the end does. */
	if ((begun && run.result[at].kind == RESULT_NONE) || run.orders)
		return end;
	settle_ops(at, end);
	report_story.op = outer;
	return end;
}

void call_begin(struct call *call, const struct op *op)
{
	const struct trace *trace = run.trace;
	size_t at = ((uintptr_t)op - (uintptr_t)trace->op) / sizeof(*op);
	bool is_traced = at < trace->count; /* what lies in front of them is too far behind */

	*call = (struct call){ .at = is_traced ? at : trace->count,
		               .refusals.plan = op ? op->refuse : 0,
		               .outer = run.call,
		               .is_task = tasks_current() > 1 };
	call->has_windows = is_traced && trace_holds_others(trace, call->at);
	run.under_way++;
	run.call = call;
	shim_steps = 0;
	shim_unlocked = 0;
	report_story.op = call->at;
}

void call_end(struct call *call)
{
	report_story.op = call->at;
	if (call->at < run.trace->count)
		run.result[call->at].asked = call->refusals.asked;
	CHECK(LOCK_DISCIPLINE, !shim_locks_held, "returns with the lock held");
	run.under_way--;
	/* The one that a task began inside of may have ended meanwhile. */
	run.call = call->is_task ? NULL : call->outer;
}

struct call *call_innermost(void)
{
	return run.call;
}

bool call_any_under_way(void)
{
	return run.under_way;
}

bool call_any_overtaken(void)
{
	return run.overtaken;
}

struct call *call_pause(void)
{
	struct call *call = run.call;

	run.call = NULL;
	return call;
}

void call_go_on(struct call *paused)
{
	run.call = paused;
}

static void open_window(enum moment moment)
{
	struct call *call = run.call;
	unsigned long before = run.ran;

	if (!call || call->at == run.trace->count)
		return;
	if (run.target->look)
		run.target->look(moment);
	if (run.target->flat)
		return;
	if (tasks_waiting() && tasks_moment())
		call->overtaken = run.overtaken = true;
	call->windows++;
	if (!call->has_windows)
		return;
	window_run(run.trace, call->at, call->windows - 1, run_one);
	if (run.ran != before)
		call->overtaken = run.overtaken = true;
}

/* The call under way finds a lock held. */
static void wait(unsigned holders, const char *what, const char *file, int line)
{
	struct call *call = run.call;

	tasks_wait(holders, what, file, line);
	if (call)
		call->overtaken = run.overtaken = true;
}

static void *give(size_t size)
{
	void *block = block_alloc(size);

	CHECK(MEMORY_CLEAN, block, "no block of %zu bytes left: %zu are live", size,
	      blocks_count());
	return block;
}

static void *call_alloc(size_t size)
{
	struct call *call = run.call;
	bool refused = call && request_is_refused(&call->refusals);

	if (refused && call->at < run.trace->count)
		run.result[call->at].refused |= plan_bit(call->refusals.asked - 1);
	open_window(MOMENT_REQUEST);
	return refused ? NULL : give(size);
}

/* Others may run in @call now, or before it is answered. */
static void step_window(struct call *call, enum moment moment, bool *refused)
{
	unsigned long before = run.stepped;

	if (run.target->look)
		run.target->look(moment);
	if (refused)
		*refused = run.steps->refuses();
	else
		run.steps->moment();
	if (run.stepped != before)
		call->overtaken = run.overtaken = true;
}

/* The call under way may be overtaken, and is refused nothing. */
static void overtake(enum moment moment)
{
	if (run.steps && run.call && run.call->at < run.trace->count)
		step_window(run.call, moment, NULL);
	else
		open_window(moment);
}

void call_window(void)
{
	overtake(MOMENT_WINDOW);
}

/* A request of a call that is made step by step. */
static void *step_alloc(size_t size)
{
	struct call *call = run.call;
	bool refused;

	if (!call || call->at >= run.trace->count)
		return call && request_is_refused(&call->refusals) ? NULL : give(size);
	step_window(call, MOMENT_REQUEST, &refused);
	run.stepped++;
	call->refusals.asked++;
	call->refusals.refused += refused;
	return refused ? NULL : give(size);
}

bool call_wants(struct call *call, const struct op *op, uint16_t opt)
{
	bool is_new = run.steps && call->at < run.trace->count && !(call->wanted & opt) &&
	              info_opts(&run.target->op[op->kind]) & opt;

	if (!is_new)
		return op->opts & opt;
	call->wanted |= opt;
	return run.steps->wants(call->at, opt);
}

bool call_step(size_t at)
{
	run.stepped++;
	if (!run.target->may_run(&run.trace->op[at]))
		return false;
	memset(&run.result[at], 0, sizeof(run.result[at]));
	report_story.op = at;
	perform(at);
	return true;
}

void call_own(void (*piece)(void *at, size_t size))
{
	piece(&run, offsetof(struct run, result));
}

void *call_spare(size_t size)
{
	overtake(MOMENT_REQUEST);
	return give(size);
}

/* Where nobody waits, no lock counts. */
static const unsigned no_locks;

static void begin(const struct target *target, const struct trace *trace,
                  const struct result *expect)
{
	memset(&run, 0, offsetof(struct run, result));
	memset(run.result, 0, trace->count * sizeof(run.result[0]));
	run.target = target;
	run.trace = trace;
	run.expect = target->flat ? NULL : expect;
	report_verdict.failed = false;
	report_story = (struct story){ .target = target, .trace = trace, .result = run.result };
	run_totals.runs++;
	refuse_drive_shim(call_alloc);
	shim_hooks.spare = call_spare;
	shim_hooks.wait = wait;
	tasks_reset(&no_locks);
}

/* Does a call wait until the trace says that it goes on? */
static bool has_orders(const struct trace *trace)
{
	for (size_t i = 0; i < trace->count; i++)
		if (op_takes(trace->target, &trace->op[i], OP_PARKS))
			return true;
	return false;
}

/* Whoever waits still goes on, the first first. */
static void finish_orders(void)
{
	if (!run.orders)
		return;
	while (tasks_go_on(0))
		;
	settle_ops(0, run.trace->count);
}

bool call_steps_open(const struct target *target, const struct trace *trace,
                     const struct steps *steps)
{
	begin(target, trace, NULL);
	run.steps = steps;
	shim_hooks.alloc = step_alloc;
	run.opened = target->open(trace);
	return run.opened;
}

static bool run_once(const struct target *target, const struct trace *trace,
                     const struct result *expect)
{
	begin(target, trace, expect);
	if (setjmp(report_catch))
		return false;
	report_story.op = trace->count;
	run.opened = target->open(trace);
	run.waits = target->waits && target->waits();
	run.orders = !target->flat && has_orders(trace);
	tell_watcher(trace->count, RUN_OPENED);
	tasks_own(&run.call, sizeof(run.call));
	tasks_own(&report_story.op, sizeof(report_story.op));
	for (size_t i = 0; i < trace->count;)
		i = run_one(i);
	finish_orders();
	report_story.op = trace->count;
	target->close();
	return true;
}

/* The transcripts of two runs, op by op. */
static void compare_results(const struct result *first, const struct result *second, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		report_story.op = i;
		CHECK(SAME_AGAIN,
		      first[i].kind == second[i].kind && first[i].value == second[i].value &&
		              first[i].needs == second[i].needs &&
		              first[i].asked == second[i].asked,
		      "returned %ld needs %ld after %u requests, the second time %ld, %ld, %u",
		      first[i].value, first[i].needs, first[i].asked, second[i].value,
		      second[i].needs, second[i].asked);
	}
}

static bool run_text(const struct target *target, const struct trace *trace)
{
	report_verdict.failed = false;
	report_story = (struct story){ .target = target, .trace = trace };
	run_totals.runs++;
	run_totals.ops += trace->count;
	if (!setjmp(report_catch))
		target->check_text(trace);
	return !report_verdict.failed;
}

bool run_trace(const struct target *target, const struct trace *trace, const struct result *expect,
               enum run_times times)
{
	static struct result first[TRACE_OPS];

	if (target->check_text)
		return run_text(target, trace);
	if (!run_once(target, trace, expect))
		return false;
	if (times == RUN_ONCE)
		return true;
	memcpy(first, run.result, trace->count * sizeof(first[0]));
	if (!run_once(target, trace, expect)) {
		struct verdict second = report_verdict;

		report_verdict.rule = RULE_SAME_AGAIN;
		snprintf(report_verdict.what, sizeof(report_verdict.what),
		         "the first run was good, the second: %s: %.120s", rule_name[second.rule],
		         second.what);
	} else if (!setjmp(report_catch)) {
		compare_results(first, run.result, trace->count);
	}
	return !report_verdict.failed;
}
