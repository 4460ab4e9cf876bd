// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prints what failed: the rule, the trace with its results and a mark, model and map side by side.
 * The same story is told when a sanitizer stops the program.
 */
#include "report.h"

#include "fiber.h"

#include "blocks.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const char *const rule_name[RULES] = {
#define RULE(id, name, holds) name,
#include "rules.def"
#undef RULE
};

const char *const rule_holds[RULES] = {
#define RULE(id, name, holds) holds,
#include "rules.def"
#undef RULE
};

struct verdict report_verdict;
jmp_buf report_catch;
struct story report_story;

enum rule rule_find(const char *name)
{
	int rule = 0;

	while (rule < RULES && strcmp(name, rule_name[rule]))
		rule++;
	return rule;
}

static void leave(void)
{
	longjmp(report_catch, 1);
}

void report_fail(enum rule rule, const char *format, ...)
{
	va_list args;

	report_verdict.failed = true;
	report_verdict.rule = rule;
	va_start(args, format);
	vsnprintf(report_verdict.what, sizeof(report_verdict.what), format, args);
	va_end(args);
	fiber_leave(leave);
}

void report_print(FILE *out, const struct verdict *verdict, const char *replay)
{
	const struct story *story = &report_story;
	const char *about = getenv("RESVMAP_ABOUT");

	fprintf(out, "FAIL %s: %s\n", rule_name[verdict->rule], verdict->what);
	if (about && *about)
		fprintf(out, "under test: %s\n", about);
	if (story->trace) {
		fprintf(out, "trace (%s %zu of %zu, %s map):\n",
		        story->op < story->trace->count ? "op" : "release after",
		        story->op < story->trace->count ? story->op + 1 : story->op,
		        story->trace->count, story->map ? story->map : "no");
		trace_print(out, story->trace, story->result, story->op);
	}
	if (story->target && story->target->print_state)
		story->target->print_state(out);
	if (replay)
		fprintf(out, "replay: %s\n", replay);
}

static void print_stop(const struct verdict *verdict)
{
	report_print(stderr, verdict, NULL);
}

void (*report_stop)(const struct verdict *verdict) = print_stop;

/* The story may hold what MSan stopped at. */
static void calm_story(void)
{
	const struct story *story = &report_story;

	if (story->trace && story->result)
		blocks_calm(story->result, story->trace->count * sizeof(*story->result));
}

/*
 * Sanitizers call this at the end of every report of theirs, with the line "SUMMARY: ..." that is to
 * be printed.  It is theirs to override, and unlike the death callback libFuzzer leaves it alone.
 */
void __sanitizer_report_error_summary(const char *summary);
void __sanitizer_report_error_summary(const char *summary)
{
	static const char label[] = "SUMMARY: ";
	struct verdict verdict = { .failed = true, .rule = RULE_MEMORY_CLEAN };
	const char *what = summary;

	if (strstr(summary, "UndefinedBehavior"))
		verdict.rule = RULE_UNDEFINED;
	else if (strstr(summary, "MemorySanitizer"))
		verdict.rule = RULE_UNINITIALISED;
	if (!strncmp(summary, label, strlen(label)))
		what += strlen(label);
	snprintf(verdict.what, sizeof(verdict.what), "%s", what);
	calm_story();
	report_stop(&verdict);
	fprintf(stderr, "%s\n", summary);
}
