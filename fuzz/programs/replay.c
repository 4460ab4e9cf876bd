// SPDX-License-Identifier: GPL-2.0-only
/*
 * replay [--rules-only] [--rule=NAME] [--target=NAME] FILE|FOLDER...: runs traces without an engine, each twice.
 *
 * Text or bytes; expected results in a text are held against the run, unless only the rules are to
 * be: what a trace expects of one map another may rightly do otherwise.  A file that is good is
 * printed with its results, a folder's are named and counted.  Exit status: 0 every rule held, 1 a
 * rule failed, 2 something could not be read or had nothing in it to run; with --rule=NAME: 0 that
 * rule held, 1 it failed, 125 another one failed first.
 *
 * A sanitizer's stop ends the program: what it leaves behind is not to be run on.  Traces behind it
 * are not run; the status is that of what was.
 */
#include "judge.h"

#include "fuzz/run/run.h"
#include "fuzz/trace/file.h"

#include <stdlib.h>
#include <string.h>

static struct count {
	long good, failed;
} count;

static struct trace trace;
static struct result expect[TRACE_OPS];
static bool rules_only, many;
static int status = EXIT_GOOD;
static const char *path_now;

/* Print @path as a shell takes it. */
static void quote(char *out, size_t room, const char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789/._+,:=@%^-";
	size_t at = 0;

	if (*path && !path[strspn(path, plain)]) {
		snprintf(out, room, "%s", path);
		return;
	}
	out[at++] = '\'';
	for (; *path && at + 6 < room; path++)
		at += snprintf(out + at, room - at, *path == '\'' ? "'\\''" : "%c", *path);
	snprintf(out + at, room - at, "'");
}

static const char *command(void)
{
	static char line[8192];
	const char *said = getenv("RESVMAP_REPLAY");
	size_t at = snprintf(line, sizeof(line) / 2, "make replay%s TRACE=", said ? said : "");

	if (at < sizeof(line) / 2)
		quote(line + at, sizeof(line) - at, path_now);
	return line;
}

static int replay_one(const char *path, bool alone)
{
	if (!file_read_trace(path, judge_wanted, &trace, expect))
		return EXIT_UNUSABLE;
	if (!run_trace(judge_target(&trace), &trace, rules_only ? NULL : expect, RUN_TWICE)) {
		count.failed++;
		printf("%s: ", path);
		report_print(stdout, &report_verdict, command());
		return judge_failed(&report_verdict);
	}
	if (!judge_looked(&trace, path))
		return EXIT_UNUSABLE;
	count.good++;
	if (!alone) {
		printf("%s: good\n", path);
		return EXIT_GOOD;
	}
	if (many)
		printf("# %s\n", path);
	trace_print(stdout, &trace, run_results(), SIZE_MAX);
	return EXIT_GOOD;
}

static void replay(const char *path, bool alone)
{
	path_now = path;
	status = judge_both(status, replay_one(path, alone));
	fflush(stdout);
}

/* Options come first; returns where they end, or 0 for one that is not known. */
static int read_options(int argc, char **argv)
{
	int at = 1;

	for (; at < argc; at++) {
		int is_rule = judge_option(argv[at]);

		if (is_rule < 0)
			return 0;
		if (!strcmp(argv[at], "--rules-only"))
			rules_only = true;
		else if (!is_rule)
			break;
	}
	if (at < argc)
		return at;
	fprintf(stderr,
	        "usage: replay [--rules-only] [--rule=NAME] [--target=NAME] FILE|FOLDER...\n");
	return 0;
}

int main(int argc, char **argv)
{
	int first = read_options(argc, argv);
	long files = 0;

	if (!first)
		return EXIT_UNUSABLE;
	many = argc - first > 1;
	judge_stops(command, &status);
	for (int i = first; i < argc; i++) {
		long here = file_each(argv[i], replay);

		if (here < 0)
			return EXIT_UNUSABLE;
		files += here;
	}
	if (files > 1 && status != EXIT_UNUSABLE)
		printf("%ld traces good, %ld failed\n", count.good, count.failed);
	if (fflush(stdout) || ferror(stdout)) {
		perror("replay: what was found cannot be written");
		return EXIT_UNUSABLE;
	}
	return status;
}
