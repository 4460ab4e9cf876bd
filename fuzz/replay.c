// SPDX-License-Identifier: GPL-2.0-only
/*
 * replay FILE|FOLDER...: runs traces without an engine, each twice.
 *
 * Text or bytes; expected results in a text are held against the run.  One trace that is good is
 * printed with its results; a folder is counted.  Exit status: 0 every rule held, 1 a rule failed,
 * 2 something could not be read.
 */
#include "file.h"
#include "run.h"

#include <stdlib.h>

static struct count {
	long good, failed, unreadable;
} count;

static struct trace trace;
static struct result expect[TRACE_OPS];

static void replay(const char *path, bool alone)
{
	char command[512];

	snprintf(command, sizeof(command), "make replay%s TRACE=%s",
	         getenv("RESVMAP_REPLAY") ? getenv("RESVMAP_REPLAY") : "", path);
	if (!file_read_trace(path, &trace, expect)) {
		count.unreadable++;
	} else if (run_trace(&trace, expect, RUN_TWICE)) {
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

	if (argc < 2) {
		fprintf(stderr, "usage: replay FILE|FOLDER...\n");
		return EXIT_UNUSABLE;
	}
	for (int i = 1; i < argc; i++) {
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
