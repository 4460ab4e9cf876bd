// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prints what failed: the rule, the trace with its results and a mark, model and map side by side.
 * The same story is told when a sanitizer stops the program.
 */
#include "report.h"

#include "pool.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const char *const rule_name[RULES] = {
#define RULE(id, name, holds) name,
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

void report_fail(enum rule rule, const char *format, ...)
{
	va_list args;

	report_verdict.failed = true;
	report_verdict.rule = rule;
	va_start(args, format);
	vsnprintf(report_verdict.what, sizeof(report_verdict.what), format, args);
	va_end(args);
	longjmp(report_catch, 1);
}

static void print_owner(FILE *out, unsigned owner)
{
	if (owner)
		fprintf(out, " of %u", owner);
}

static void print_model(FILE *out, const struct model *model)
{
	unsigned from, to = 0;

	fprintf(out, "  model:");
	while (model_region(model, to, &from, &to)) {
		fprintf(out, " [%ld,%ld)", model->at[from], model->at[to]);
		print_owner(out, model_owner(model, from));
	}
	fputc('\n', out);
}

static void print_map(FILE *out, const struct story *story)
{
	struct target_view view;

	target_look(story->map, &view);
	fprintf(out, "  map:  ");
	for (size_t i = 0; i < view.regions; i++) {
		fprintf(out, " [%ld,%ld)", view.region[i].from, view.region[i].to);
		print_owner(out, view.region[i].owner);
	}
	if (view.broken)
		fprintf(out, " (%s)", view.broken);
	fprintf(out, "\n  cache %ld (count says %ld), in progress %ld, open tickets %ld\n",
	        view.spare, view.cache_count, view.in_progress, *story->tickets);
	for (int i = 1; target_traits.has_cgroup && i < TARGET_OWNERS; i++)
		if (view.owner[i].charged || view.owner[i].refs)
			fprintf(out, "  owner %d: charged %ld, referenced %ld times\n", i,
			        (long)view.owner[i].charged, view.owner[i].refs);
}

void report_print(FILE *out, const struct verdict *verdict, const char *replay)
{
	const struct story *story = &report_story;

	fprintf(out, "FAIL %s: %s\n", rule_name[verdict->rule], verdict->what);
	if (story->trace) {
		fprintf(out, "trace (%s %zu of %zu, %s map):\n",
		        story->op < story->trace->count ? "op" : "release after",
		        story->op < story->trace->count ? story->op + 1 : story->op,
		        story->trace->count, target_traits.name);
		trace_print(out, story->trace, story->result, story->op);
	}
	if (story->model)
		print_model(out, story->model);
	if (story->map)
		print_map(out, story);
	if (story->books)
		story->books(out);
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
		pool_calm(story->result, story->trace->count * sizeof(*story->result));
	if (story->tickets)
		pool_calm(story->tickets, sizeof(*story->tickets));
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
