// SPDX-License-Identifier: GPL-2.0-only
#include "base.h"

#include "stop.h"
#include "fuzz/trace/target.h"

#include <string.h>

/* A trace that still fails after so many ops were left out is known as a whole. */
enum { MOST_LEFT_OUT = 16 };

static bool use_base(const struct target *target, bool base)
{
	return target->use_base && target->use_base(base);
}

static bool has_base;

bool base_begin(const struct target *target)
{
	has_base = use_base(target, true);
	use_base(target, false);
	stop_leaves_run(has_base);
	return has_base;
}

struct ending base_ending(void)
{
	return (struct ending){ report_verdict, report_story.op };
}

bool base_fails(const struct target *target, const struct trace *trace, enum run_times times,
                struct ending *ending)
{
	struct run_totals totals = run_totals;
	bool failed = has_base && use_base(target, true) && !run_trace(target, trace, NULL, times);

	if (failed)
		*ending = base_ending();
	use_base(target, false);
	run_totals = totals;
	return failed;
}

/* How long the part of @what is that does not depend on lines. */
static size_t length_of_way(const char *what)
{
	const char *at = strstr(what, " at ");

	return at ? (size_t)(at - what) : strlen(what);
}

/* An assertion is told by its words; the function of a stop is not always known, and then says nothing. */
static bool is_same_way(const char *one, const char *other)
{
	size_t length = length_of_way(one);

	return length == length_of_way(other) && !strncmp(one, other, length);
}

bool base_is_same(const struct ending *one, const struct ending *other)
{
	bool stopped = stop_is(&one->verdict);

	if (one->verdict.rule != other->verdict.rule || one->op != other->op ||
	    stopped != stop_is(&other->verdict))
		return false;
	return (!stopped && one->verdict.rule != RULE_KERNEL_ASSERT) ||
	       is_same_way(one->verdict.what, other->verdict.what);
}

/* Leave out the op at @at with what is nested in it; false: that leaves nothing, or it is the release. */
static bool leave_out(struct trace *trace, size_t at)
{
	size_t behind;

	if (at >= trace->count)
		return false;
	behind = trace_behind(trace, at);
	memmove(trace->op + at, trace->op + behind, (trace->count - behind) * sizeof(trace->op[0]));
	trace->count -= behind - at;
	trace_settle(trace);
	return trace->count;
}

void base_tell(const struct target *target, const struct trace *trace, const struct result *expect,
               enum run_times times)
{
	if (!has_base)
		return;
	stop_leaves_run(false);
	run_trace(target, trace, expect, times);
	stop_leaves_run(true);
}

bool base_hides(const struct trace *trace, const struct ending *here, const struct ending *there)
{
	size_t behind = here->op < trace->count ? trace_behind(trace, here->op) : trace->count;

	return there->op != here->op && there->op < behind;
}

static bool fails_without(const struct target *target, const struct trace *trace, size_t at,
                          enum run_times times)
{
	static struct trace rest;

	rest = *trace;
	return leave_out(&rest, at) && !run_trace(target, &rest, NULL, times);
}

enum judged base_judge(const struct target *target, struct trace *trace, enum run_times times,
                       struct ending *ending,
                       void (*known)(const struct ending *ending, const struct trace *trace))
{
	enum judged judged = JUDGED_GOOD;
	struct ending there;

	for (int left_out = 0; !run_trace(target, trace, NULL, times); left_out++) {
		*ending = base_ending();
		if (!base_fails(target, trace, times, &there))
			return JUDGED_FAILED;
		if (base_is_same(ending, &there)) {
			judged = JUDGED_KNOWN;
			if (known)
				known(ending, trace);
		} else if (left_out == MOST_LEFT_OUT || !base_hides(trace, ending, &there) ||
		           !fails_without(target, trace, there.op, times)) {
			return JUDGED_FAILED;
		}
		if (left_out == MOST_LEFT_OUT || !leave_out(trace, there.op))
			break;
	}
	return judged;
}
