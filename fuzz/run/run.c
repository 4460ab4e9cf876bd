// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interpreter: a trace from a new map to its release, once or twice.  What a call does and how
 * it is judged is in calls.c.
 *
 * An op that is skipped, or that was to run in a window which never opened, is shown as skipped, so
 * every sequence of ops is a trace.  At the end open tickets are aborted and the map is released.
 */
#include "run.h"

#include "calls.h"

#include <string.h>

static struct run {
	const struct trace *trace;
	const struct result *expect; /* or NULL */
	struct result result[TRACE_OPS];
} run;

struct run_totals run_totals;

const struct result *run_results(void)
{
	return run.result;
}

static void check_expected(size_t op)
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

/* Run op @at, and in its windows what is nested in it. */
static void run_one(size_t at)
{
	size_t outer = report_story.op, end = trace_behind(run.trace, at);

	report_story.op = at;
	if (calls_run(at)) {
		run_totals.ops++;
	} else {
		run.result[at].kind = RESULT_SKIPPED;
		run_totals.skipped++;
	}
	/* A request that never came: what should have run in it did not. */
	for (size_t i = at + 1; i < end; i++)
		if (run.result[i].kind == RESULT_NONE)
			run.result[i].kind = RESULT_SKIPPED;
	for (size_t i = at; run.expect && i < end; i++)
		check_expected(i);
	report_story.op = outer;
}

static bool run_once(const struct trace *trace, const struct result *expect)
{
	memset(run.result, 0, trace->count * sizeof(run.result[0]));
	run.trace = trace;
	run.expect = expect;
	report_verdict.failed = false;
	run_totals.runs++;
	calls_begin(trace, run.result, run_one);
	if (setjmp(report_catch))
		return false;
	calls_open();
	for (size_t i = 0; i < trace->count; i = trace_behind(trace, i))
		run_one(i);
	calls_close();
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

bool run_trace(const struct trace *trace, const struct result *expect, enum run_times times)
{
	static struct result first[TRACE_OPS];

	if (!run_once(trace, expect))
		return false;
	if (times == RUN_ONCE)
		return true;
	memcpy(first, run.result, trace->count * sizeof(first[0]));
	if (!run_once(trace, expect)) {
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
