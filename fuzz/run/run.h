/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Runs a trace and judges it.  The trace is all that a run depends on: no clock, no address,
 * nothing left from the run before.  One interpreter serves every target: replay, the trace tool,
 * the minimizer and the engines reach all of them by run_trace().
 */
#ifndef RUN_H
#define RUN_H

#include "report.h"
#include "stats.h"
#include "fuzz/trace/trace.h"

/*
 * How often to run a trace: twice tells whether the second run has the first one's transcript, and
 * costs a second run.
 */
enum run_times { RUN_ONCE, RUN_TWICE };

/**
 * run_trace - run @trace from what its head says to the release
 * @target: the target that runs it: the trace's own, or another one with the same ops, or one that
 *	is the text itself
 * @expect: results that its ops must have (RESULT_NONE: any), or NULL
 *
 * Return: true if every rule held.  Otherwise report_verdict says which did not, and
 * report_print() tells the story for as long as @trace stays.
 */
bool run_trace(const struct target *target, const struct trace *trace, const struct result *expect,
               enum run_times times);

/* The results of the last run, one for each of its ops. */
const struct result *run_results(void);

/* What a run's @op does when the watcher hears of it; RUN_OPENED is a new run, whose head is there. */
enum run_event { RUN_OPENED, RUN_BEGINS, RUN_RETURNS, RUN_SKIPS };

/* NULL, or told of each op of a run: it begins, it has returned and every rule held, it was skipped. */
extern void (*run_watch)(size_t op, enum run_event event);

/* What has been run since the program started. */
extern struct run_totals run_totals;

#endif
