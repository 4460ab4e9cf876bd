// SPDX-License-Identifier: GPL-2.0-only
/*
 * trace: what one does with a trace.
 *
 *	trace print FILE		its text
 *	trace assemble FILE OUT		its bytes, as an engine takes them
 *	trace run FILE			run it, print it with its results
 *	trace minimize FILE OUT		the smallest trace that fails by the same rule, as text
 *
 * FILE is text if its name ends in .trace, else bytes.  Exit status: 0 good, 1 a rule failed,
 * 2 wrong usage, unreadable input, or nothing to minimize; then OUT is not written.
 */
#include "fuzz/minimize/failure.h"
#include "fuzz/trace/file.h"
#include "fuzz/minimize/minimize.h"
#include "fuzz/run/run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct trace trace;
static struct result expect[TRACE_OPS];

/* Write OUT whole or not at all: beside it first. */
static int write_out(const char *path, void (*write)(FILE *out))
{
	char beside[4096];
	FILE *out;

	snprintf(beside, sizeof(beside), "%s.new", path);
	out = fopen(beside, "w");
	if (out) {
		write(out);
		if (!fclose(out) && !rename(beside, path))
			return EXIT_GOOD;
	}
	fprintf(stderr, "%s: %s; name a file that can be written\n", path, strerror(errno));
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
	write_text(stdout);
	return EXIT_GOOD;
}

static int assemble(const char *out)
{
	return write_out(out, write_bytes);
}

static int run(const char *out)
{
	(void)out;
	if (run_trace(&trace, expect, RUN_TWICE)) {
		trace_print(stdout, &trace, run_results(), SIZE_MAX);
		return EXIT_GOOD;
	}
	report_print(stdout, &report_verdict, NULL);
	return EXIT_RULE_FAILED;
}

static struct failure wanted, shown;

static bool fails_the_same(const struct trace *candidate)
{
	return failure_of(candidate, &shown) && failure_same(&shown, &wanted);
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
	unsigned tried;

	if (!failure_of(&trace, &wanted)) {
		fprintf(stderr, "every rule holds: there is nothing to minimize\n");
		return EXIT_UNUSABLE;
	}
	tried = minimize(&trace, fails_the_same, tell_progress);
	fprintf(stderr, "%sminimized to %zu ops after %u runs\n", isatty(STDERR_FILENO) ? "\r" : "",
	        trace.count, tried);
	failure_of(&trace, &wanted);
	return write_out(out, write_finding);
}

static const struct command {
	const char *name;
	bool has_out;
	int (*run)(const char *out);
} commands[] = {
	{ "print", false, print },
	{ "assemble", true, assemble },
	{ "run", false, run },
	{ "minimize", true, minimize_to },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(commands) / sizeof(commands[0]); i++) {
		const struct command *command = &commands[i];

		if (strcmp(argv[1], command->name) || argc != 3 + command->has_out)
			continue;
		if (!strcmp(command->name, "minimize"))
			failure_begin(argv);
		if (!file_read_trace(argv[2], &trace, expect))
			return EXIT_UNUSABLE;
		return command->run(argv[3]);
	}
	fprintf(stderr, "usage: trace print|run FILE, trace assemble|minimize FILE OUT\n");
	return EXIT_UNUSABLE;
}
