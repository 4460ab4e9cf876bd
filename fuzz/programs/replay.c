// SPDX-License-Identifier: GPL-2.0-only
/*
 * replay [--rules-only] FILE|FOLDER...: runs traces without an engine, each twice.
 *
 * Text or bytes; expected results in a text are held against the run, unless only the rules are to
 * be: what a trace expects of one map another may rightly do otherwise.  One trace that is good is
 * printed with its results; a folder is counted.  Exit status: 0 every rule held, 1 a rule failed,
 * 2 something could not be read.
 */
#include "fuzz/trace/file.h"
#include "fuzz/run/run.h"

#include <stdlib.h>
#include <string.h>

static struct count {
	long good, failed, unreadable;
} count;

static struct trace trace;
static struct result expect[TRACE_OPS];
static bool rules_only;

static void replay(const char *path, bool alone)
{
	char command[512];

	snprintf(command, sizeof(command), "make replay%s TRACE=%s",
	         getenv("RESVMAP_REPLAY") ? getenv("RESVMAP_REPLAY") : "", path);
	if (!file_read_trace(path, &trace, expect)) {
		count.unreadable++;
	} else if (run_trace(&trace, rules_only ? NULL : expect, RUN_TWICE)) {
		count.good++;
		if (alone)
			trace_print(stdout, &trace, run_results(), SIZE_MAX);
	} else {
		count.failed++;
		printf("%s: ", path);
		report_print(stdout, &report_verdict, command);
	}
	fflush(stdout);
}

int main(int argc, char **argv)
{
	long files = 0;

	rules_only = argc > 1 && !strcmp(argv[1], "--rules-only");
	if (argc < 2 + rules_only) {
		fprintf(stderr, "usage: replay [--rules-only] FILE|FOLDER...\n");
		return EXIT_UNUSABLE;
	}
	for (int i = 1 + rules_only; i < argc; i++) {
		long here = file_each(argv[i], replay);

		if (here < 0)
			return EXIT_UNUSABLE;
		files += here;
	}
	if (count.unreadable)
		return EXIT_UNUSABLE;
	if (files > 1)
		printf("%ld traces good, %ld failed\n", count.good, count.failed);
	return count.failed ? EXIT_RULE_FAILED : EXIT_GOOD;
}
