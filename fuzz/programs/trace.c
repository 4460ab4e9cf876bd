// SPDX-License-Identifier: GPL-2.0-only
/*
 * trace: what one does with a trace.
 *
 *	trace print FILE		its text
 *	trace assemble FILE OUT		its bytes, as an engine takes them
 *	trace run [--rule=NAME] FILE	run it, print it with its results
 *	trace kunit FILE|FOLDER...	traces of a map as data of a KUnit suite: fuzz/boot/kunit
 *	trace minimize FILE OUT		the smallest trace that fails by the same rule, as text
 *	trace c FILE			its run as a C program
 *	trace svg FILE			its run as a picture
 *
 * Behind the command --target=NAME says whose FILE is, and who runs it.
 *
 * FILE is text or bytes, as its contents say.  Exit status: 0 good, 1 a rule failed, 2 wrong usage,
 * unreadable input, or nothing to minimize; then OUT is not written.  125: with --rule=NAME, another
 * rule failed first; the trace cannot be said as a C program.
 *
 * In a program that has a base, what fails there too is known (fuzz/run/base.h): `run` says so and ends with 3, and
 * goes on without that op first; `minimize` takes what is left and keeps "not on the base".
 */
#include "judge.h"
#include "kunit.h"

#include "fuzz/explain/scene.h"
#include "fuzz/explain/terminal.h"
#include "fuzz/minimize/failure.h"
#include "fuzz/trace/file.h"
#include "fuzz/minimize/minimize.h"
#include "fuzz/run/base.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct trace trace;
static struct result expect[TRACE_OPS];
static const char *path; /* FILE */

/* Write OUT whole or not at all: beside it first. */
static int write_out(const char *to, void (*write)(FILE *out))
{
	char beside[4096];
	FILE *out;

	snprintf(beside, sizeof(beside), "%s.new", to);
	out = fopen(beside, "w");
	if (out) {
		write(out);
		if (!fclose(out) && !rename(beside, to))
			return EXIT_GOOD;
	}
	fprintf(stderr, "%s: %s; name a file that can be written\n", to, strerror(errno));
	unlink(beside);
	return EXIT_UNUSABLE;
}

static void write_bytes(FILE *out)
{
	static uint8_t bytes[TRACE_BYTES];

	fwrite(bytes, 1, trace_encode(&trace, bytes), out);
}

static void write_text(FILE *out)
{
	trace_print(out, &trace, NULL, SIZE_MAX);
}

static int print(const char *out)
{
	(void)out;
	write_text(terminal_begin(stdout));
	terminal_end();
	return EXIT_GOOD;
}

static int assemble(const char *out)
{
	return write_out(out, write_bytes);
}

enum { EXIT_KNOWN = 3 };

static void say_known(const struct ending *ending, const struct trace *known)
{
	(void)known;
	printf("KNOWN %s: %s\n", rule_name[ending->verdict.rule], ending->verdict.what);
}

static int run(const char *out)
{
	static const int before = EXIT_GOOD;
	const struct target *target = judge_target(&trace);
	bool has_base = base_begin(target);
	enum judged judged = JUDGED_GOOD;
	struct ending ending;

	(void)out;
	judge_stops(NULL, &before);
	if (has_base)
		judged = base_judge(target, &trace, RUN_TWICE, &ending, say_known);
	if (judged == JUDGED_KNOWN)
		return EXIT_KNOWN;
	if (judged == JUDGED_FAILED)
		base_tell(target, &trace, NULL, RUN_TWICE);
	else if (run_trace(target, &trace, has_base ? NULL : expect, RUN_TWICE)) {
		if (!judge_looked(&trace, path))
			return EXIT_UNUSABLE;
		trace_print(terminal_begin(stdout), &trace, run_results(), SIZE_MAX);
		terminal_end();
		return EXIT_GOOD;
	}
	report_print(terminal_begin(stdout), &report_verdict, NULL);
	terminal_end();
	return judge_failed(&report_verdict);
}

static struct failure wanted, shown;

static bool fails_the_same(const struct trace *candidate)
{
	return failure_of(judge_target(candidate), candidate, &shown) &&
	       failure_same(&shown, &wanted);
}

static void tell_progress(const struct trace *smaller)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\rminimizing: %zu ops ", smaller->count);
}

static void write_finding(FILE *out)
{
	const char *what = wanted.verdict.what;

	/* Behind " (" a sanitizer gives addresses, which mean nothing elsewhere. */
	fprintf(out, "# %s: %.*s\n", rule_name[wanted.verdict.rule],
	        wanted.stopped ? (int)strcspn(what, "(") : (int)strlen(what), what);
	write_text(out);
}

static int minimize_to(const char *out)
{
	struct ending ending;
	unsigned tried;
	size_t before = trace.count;

	/* In front of what is new may stand what is known. */
	if (base_begin(judge_target(&trace)))
		base_judge(judge_target(&trace), &trace, RUN_TWICE, &ending, NULL);
	if (!failure_of(judge_target(&trace), &trace, &wanted)) {
		fprintf(stderr, "every rule holds: there is nothing to minimize\n");
		return EXIT_UNUSABLE;
	}
	tried = minimize(&trace, fails_the_same, tell_progress);
	fprintf(stderr, "%sminimized to %zu of %zu ops after %u runs\n",
	        isatty(STDERR_FILENO) ? "\r" : "", trace.count, before, tried);
	failure_of(judge_target(&trace), &trace, &wanted);
	return write_out(out, write_finding);
}

/* --- a run, explained */

/* What the first line of FILE says it shows, if it is a comment; else empty. */
static char title[256];

static void read_title(void)
{
	FILE *in = fopen(path, "r");
	size_t skip;

	if (!in || !fgets(title, sizeof(title), in) || title[0] != '#')
		title[0] = '\0';
	if (in)
		fclose(in);
	skip = strspn(title, "# ");
	memmove(title, title + skip, strlen(title + skip) + 1);
	title[strcspn(title, "\r\n")] = '\0';
}

static void (*explain)(const struct failing *failing);
static int explained = EXIT_GOOD;

static void explain_stop(const struct verdict *verdict)
{
	explain(&(struct failing){ verdict, true, title });
	fflush(stdout);
	_exit(ferror(stdout) ? EXIT_UNUSABLE : explained);
}

/* Run the trace, and have the run written on stdout, however it ended. */
static int explain_run(void (*how)(const struct failing *failing), enum run_times times)
{
	int told = dup(STDERR_FILENO);

	explain = how;
	read_title();
	report_stop = explain_stop;
	/* What a sanitizer says in addresses is not wanted here. */
	if (told < 0 || !freopen("/dev/null", "w", stderr))
		return EXIT_UNUSABLE;
	if (run_trace(judge_target(&trace), &trace, NULL, times))
		report_verdict.failed = false;
	fflush(stderr);
	dup2(told, STDERR_FILENO);
	how(&(struct failing){ &report_verdict, false, title });
	return fflush(stdout) || ferror(stdout) ? EXIT_UNUSABLE : explained;
}

static void explain_c(const struct failing *failing)
{
	const struct target *target = judge_target(&trace);

	if (!target->write_c)
		fprintf(stderr, "a trace of %s cannot be said as a C program\n", target->name);
	if (!target->write_c || !target->write_c(stdout, failing))
		explained = EXIT_CANNOT_SAY;
}

static void explain_svg(const struct failing *failing)
{
	scene_end(failing);
	scene_write_svg(stdout, failing);
}

static int write_svg(const char *out)
{
	(void)out;
	scene_begin();
	return explain_run(explain_svg, RUN_ONCE);
}

static int write_c(const char *out)
{
	(void)out;
	scene_begin();
	return explain_run(explain_c, RUN_TWICE);
}

static const struct command {
	const char *name;
	bool has_out;
	int (*run)(const char *out);
} commands[] = {
	{ "print", false, print }, { "assemble", true, assemble },
	{ "run", false, run },     { "minimize", true, minimize_to },
	{ "c", false, write_c },   { "svg", false, write_svg },
};

/* Options behind the command are taken out of the arguments; false: one is of no use. */
static bool take_options(int *argc, char **argv)
{
	int is_option;

	while (*argc > 2 && (is_option = judge_option(argv[2]))) {
		if (is_option < 0)
			return false;
		--*argc;
		memmove(argv + 2, argv + 3, (*argc - 2 + 1) * sizeof(*argv));
	}
	return true;
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "minimize"))
		failure_begin(argv);
	if (!take_options(&argc, argv))
		return EXIT_UNUSABLE;
	if (argc > 2 && !strcmp(argv[1], "kunit"))
		return kunit_write(argc - 2, argv + 2);
	for (size_t i = 0; argc > 1 && i < sizeof(commands) / sizeof(commands[0]); i++) {
		const struct command *command = &commands[i];

		if (strcmp(argv[1], command->name) || argc != 3 + command->has_out)
			continue;
		path = argv[2];
		if (!file_read_trace(path, judge_wanted, &trace, expect))
			return EXIT_UNUSABLE;
		return command->run(argv[3]);
	}
	fprintf(stderr,
	        "usage: trace print|c|svg [--target=NAME] FILE, trace run [--rule=NAME] FILE, "
	        "trace assemble|minimize FILE OUT, trace kunit FILE|FOLDER...\n");
	return EXIT_UNUSABLE;
}
