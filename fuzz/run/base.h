/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The base: the text that a change was made to, linked into the program beside the text under test.  What a
 * trace shows on both is known, and no finding: it fails by the same rule at the same op; where the rule is
 * an assertion of the kernel's or a stop of a sanitizer's, also in the same way, as far as one can say whatever
 * the lines are that it stands on.
 *
 * The base is asked only when a trace has failed, so where nothing fails it costs nothing.  Without a base
 * every failure is a finding.
 */
#ifndef BASE_H
#define BASE_H

#include "run.h"

/* How a run ended. */
struct ending {
	struct verdict verdict; /* .failed: false, every rule held */
	size_t op;              /* at which it failed, trace->count: the release */
};

/*
 * Before the first run of a program: if @target has a base, stops of sanitizers become failures of a rule (stop.h).
 * Without this call there is no base.  Return: @target has one.
 */
bool base_begin(const struct target *target);

/*
 * Run @trace on the base.  False: it is good there, or there is no base; else @ending says how it failed.
 * What was run counts in no total, and report_verdict and report_story are the base's afterwards.
 */
bool base_fails(const struct target *target, const struct trace *trace, enum run_times times,
                struct ending *ending);

/* How the run that just failed ended. */
struct ending base_ending(void);

/* The same failure, on two texts? */
bool base_is_same(const struct ending *one, const struct ending *other);

/*
 * Did the base fail before it came to where the text under test failed?  Then it does not say what it would have
 * done there.
 */
bool base_hides(const struct trace *trace, const struct ending *here, const struct ending *there);

enum judged { JUDGED_GOOD, JUDGED_KNOWN, JUDGED_FAILED };

/**
 * base_judge - run @trace on the text under test and, if it fails, on the base
 * @known: NULL, or told of each known failure, with the trace as it was run
 *
 * Where a known failure would end the trace, its op is left out of @trace, which then runs once more: so what
 * stands behind known defects is judged too.  The same is done with an op at which the base has failed before, as
 * long as the text under test fails without it: what it fails by then may be known.
 *
 * Return: JUDGED_KNOWN: all that failed is known.  JUDGED_FAILED: @trace, as it is now, fails as @ending says, and
 * the base does not fail like this; base_tell() has to be called before report_print().
 */
enum judged base_judge(const struct target *target, struct trace *trace, enum run_times times,
                       struct ending *ending,
                       void (*known)(const struct ending *ending, const struct trace *trace));

/*
 * In a program with a base: run the failing @trace once more, for the base may have run last.  A sanitizer that
 * stops it now ends the program with a report of its own.
 */
void base_tell(const struct target *target, const struct trace *trace, const struct result *expect,
               enum run_times times);

#endif
