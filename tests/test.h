/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the unit tests share: reading and running a text, comparing what was printed, the rule that
 * a statement fails by, and numbers from a fixed seed.
 *
 * Everything is compared as text where it can be: a failed test then shows both sides whole.
 * Include it first, cmocka.h wants its headers in front of it.
 */
#ifndef TEST_H
#define TEST_H

#include "fuzz/map/map.h"
#include "fuzz/run/run.h"

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

/* A text under way; what is written to @out is compared by assert_printed(). */
struct printed {
	FILE *out;
	char *text;
	size_t size;
};

static inline void print_begin(struct printed *printed)
{
	printed->out = open_memstream(&printed->text, &printed->size);
	assert_non_null(printed->out);
}

/* Compare and forget. */
static inline void assert_printed(struct printed *printed, const char *expected)
{
	fclose(printed->out);
	assert_string_equal(printed->text, expected);
	free(printed->text);
}

/* Every test is linked with both. */
extern const struct target region_target, reserve_target;

/* @what, where @NAME at its end stands for the words of that target's ops. */
static inline const char *with_words(const char *what)
{
	static char text[256];
	const char *name = strchr(what, '@');
	const struct target *target = name ? target_find(name + 1) : NULL;

	if (!target)
		return what;
	snprintf(text, sizeof(text), "%.*s", (int)(name - what), what);
	for (unsigned i = 0; i < target->ops; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i ? " " : "",
		         target->op[i].name);
	return text;
}

/* Read a text that is a trace; @expect may be NULL. */
static inline void parse_text(struct trace *trace, struct result *expect, const char *text)
{
	struct trace_error error;

	if (!trace_parse(trace, expect, &region_target, text, strlen(text), &error))
		fail_msg("%u:%u: %s\nin: %s", error.line, error.column, error.what, text);
}

/* Run a text with the results it expects. */
static inline bool run_text(const char *text, enum run_times times)
{
	static struct trace trace;
	static struct result expect[TRACE_OPS];

	parse_text(&trace, expect, text);
	return run_trace(trace.target, &trace, expect, times);
}

/* Run a text and compare its transcript. */
static inline void assert_transcript(const char *text, const char *expected)
{
	struct printed printed;

	if (!run_text(text, RUN_TWICE))
		fail_msg("%s: %s\nin: %s", rule_name[report_verdict.rule], report_verdict.what,
		         text);
	print_begin(&printed);
	trace_print(printed.out, report_story.trace, run_results(), SIZE_MAX);
	assert_printed(&printed, expected);
}

/*
 * The report of report_verdict.  The map's name, the only thing in which reports of two maps
 * differ, stands between both parts, if there is a second one.
 */
static inline void assert_report(const char *before_name, const char *behind_name,
                                 const char *replay)
{
	char expected[2048];
	struct printed printed;

	snprintf(expected, sizeof(expected), "%s%s%s", before_name,
	         *behind_name ? map_under_test->name : "", behind_name);
	print_begin(&printed);
	report_print(printed.out, &report_verdict, replay);
	assert_printed(&printed, expected);
}

/* The rule that @statement has to fail by; RULES: none. */
#define assert_fails_by(expected, statement) \
	do { \
		report_verdict.failed = false; \
		if (!setjmp(report_catch)) { \
			statement; \
		} \
		assert_rule(expected); \
	} while (0)

static inline void assert_rule(enum rule expected)
{
	const char *failed = report_verdict.failed ? rule_name[report_verdict.rule] : "no rule";

	assert_string_equal(failed, expected == RULES ? "no rule" : rule_name[expected]);
}

/* Marsaglia's xorshift: the same numbers everywhere, for good.  A state is never 0. */
static inline uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

#endif
