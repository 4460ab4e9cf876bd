/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The verdict: a rule failed, and this is the story.  report_fail() leaves the run at once, from
 * however deep inside the map's calls; whoever started the run has called setjmp() on
 * report_catch and reads report_verdict.
 */
#ifndef REPORT_H
#define REPORT_H

#include "fuzz/trace/trace.h"

#include <setjmp.h>
#include <stdint.h>

enum rule {
#define RULE(id, name, holds) RULE_##id,
#include "rules.def"
#undef RULE
	RULES
};

extern const char *const rule_name[RULES], *const rule_holds[RULES];

/* The rule called @name, or RULES. */
enum rule rule_find(const char *name);

struct verdict {
	bool failed;
	enum rule rule;
	char what[192]; /* what was expected and what was there */
};

extern struct verdict report_verdict;
extern jmp_buf report_catch;

/* Leave the run: @rule does not hold. */
_Noreturn void report_fail(enum rule rule, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#define CHECK(rule, cond, ...) \
	do { \
		if (__builtin_expect(!(cond), 0)) \
			report_fail(RULE_##rule, __VA_ARGS__); \
	} while (0)

/* Told when a sanitizer stops the program; by default verdict and story are printed on stderr. */
extern void (*report_stop)(const struct verdict *verdict);

/* What a report tells: the run under way, or the last one.  Fields not known are NULL or 0. */
struct story {
	const struct target *target;
	const char *map; /* the map or text under test, as MAP= or KERNEL= says it */
	const struct trace *trace;
	const struct result *result; /* of each op */
	size_t op;                   /* the op under way; trace->count: the release */
};

extern struct story report_story;

/*
 * Print verdict and story; @replay is the command that shows the same again, or NULL.  What is under test,
 * a tree and what of it, scripts say in the environment, in RESVMAP_ABOUT.
 */
void report_print(FILE *out, const struct verdict *verdict, const char *replay);

#endif
