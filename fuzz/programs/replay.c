// SPDX-License-Identifier: GPL-2.0-only
/*
 * replay [--rules-only] [--mended] [--rule=NAME] [--target=NAME] FILE|FOLDER...: runs traces without an engine,
 * each twice.
 *
 * Text or bytes; expected results in a text are held against the run, unless only the rules are to
 * be: what a trace expects of one map another may rightly do otherwise.  A file that is good is
 * printed with its results, a folder's are named and counted.  Exit status: 0 every rule held, 1 a
 * rule failed, 2 something could not be read or had nothing in it to run; with --rule=NAME: 0 that
 * rule held, 1 it failed, 125 another one failed first.
 *
 * In a program that has a base a trace that fails there too is known (fuzz/run/base.h), one that fails only
 * there is mended; both are said, and are good.  With --mended only what is mended is said, and nothing fails.
 *
 * A sanitizer's stop ends the program: what it leaves behind is not to be run on.  Traces behind it
 * are not run; the status is that of what was.
 */
#include "judge.h"

#include "fuzz/run/base.h"
#include "fuzz/trace/file.h"

#include <stdlib.h>
#include <string.h>

static struct count {
	long good, failed, known, mended;
} count;

static struct trace trace;
static struct result expect[TRACE_OPS];
static bool rules_only, mended_only, many;
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

static bool has_base;

/*
 * In a program with a base: is the trace's failure known, or its being good new?  Says so.  Afterwards the trace
 * has run on the text under test as it would have without a base.
 */
static bool compare(const struct target *target, const char *path, bool good)
{
	struct ending here = base_ending(), there;
	bool fails = base_fails(target, &trace, RUN_TWICE, &there);

	if (!good && fails && base_is_same(&here, &there)) {
		count.known++;
		printf("%s: known: %s: %s\n", path, rule_name[here.verdict.rule],
		       here.verdict.what);
		return true;
	}
	if (good && fails) {
		count.mended++;
		printf("%s: mended: %s: %s\n", path, rule_name[there.verdict.rule],
		       there.verdict.what);
	}
	base_tell(target, &trace, rules_only ? NULL : expect, RUN_TWICE);
	return false;
}

static int say_mended(const struct target *target, const char *path)
{
	struct ending there;

	if (run_trace(target, &trace, NULL, RUN_ONCE) &&
	    base_fails(target, &trace, RUN_ONCE, &there))
		printf("%s: mended: %s: %s\n", path, rule_name[there.verdict.rule],
		       there.verdict.what);
	return EXIT_GOOD;
}

static int replay_one(const char *path, bool alone)
{
	const struct target *target;
	bool good;

	if (!file_read_trace(path, judge_wanted, &trace, expect))
		return EXIT_UNUSABLE;
	target = judge_target(&trace);
	has_base |= base_begin(target);
	if (mended_only)
		return say_mended(target, path);
	good = run_trace(target, &trace, rules_only ? NULL : expect, RUN_TWICE);
	if (has_base && compare(target, path, good))
		return EXIT_GOOD;
	if (!good) {
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
		else if (!strcmp(argv[at], "--mended"))
			mended_only = true;
		else if (!is_rule)
			break;
	}
	if (at < argc)
		return at;
	fprintf(stderr, "usage: replay [--rules-only] [--mended] [--rule=NAME] [--target=NAME] "
	                "FILE|FOLDER...\n");
	return 0;
}

static void tell_counts(void)
{
	printf("%ld traces good, %ld failed", count.good, count.failed);
	if (has_base)
		printf(", %ld known, %ld mended", count.known, count.mended);
	putchar('\n');
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
	if (files > 1 && !mended_only && status != EXIT_UNUSABLE)
		tell_counts();
	if (fflush(stdout) || ferror(stdout)) {
		perror("replay: what was found cannot be written");
		return EXIT_UNUSABLE;
	}
	return status;
}
