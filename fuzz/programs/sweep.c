// SPDX-License-Identifier: GPL-2.0-only
/*
 * sweep [--target=NAME] FILE|FOLDER...: every refusal of every trace.
 *
 * Runs each trace with its first request for memory refused, then with its second, and so on, until a run
 * has no such request any more; then the same with all later ones refused too.  Requests are counted
 * over the whole run.  Only the rules are judged: what a text expects is of another run.
 *
 * Exit status: 0 every rule held, 1 a rule failed, and the trace with that refusal is printed, 2
 * something could not be read, or nothing was refused.
 */
#include "judge.h"

#include "fuzz/run/refuse.h"
#include "fuzz/run/run.h"
#include "fuzz/trace/file.h"

#include <stdlib.h>

static struct {
	long traces;
	unsigned long once, later; /* runs with one request refused; with all from there on */
} count;

static struct trace trace;
static int status = EXIT_GOOD;
static const char *path_now;

/* Where a sanitizer stops, this is all that can be said. */
static const char *command(void)
{
	static char line[4096 + 128];

	snprintf(line, sizeof(line), "make sweep TRACE=%s (request %u of the run is refused%s)",
	         path_now, refuse_sweep.first,
	         refuse_sweep.and_later ? ", and all later ones" : "");
	return line;
}

/* What was refused becomes part of the trace, so that it says all by itself. */
static void write_down_refusals(void)
{
	for (size_t i = 0; i < trace.count; i++)
		trace.op[i].refuse |= run_results()[i].refused;
}

static void fail(void)
{
	const char *replay = command();

	write_down_refusals();
	printf("%s: ", path_now);
	report_print(stdout, &report_verdict, replay);
	status = judge_both(status, EXIT_RULE_FAILED);
}

/* With request @n refused; false: there was none, or a rule failed. */
static bool runs_on(unsigned n, bool and_later)
{
	refuse_sweep.first = n;
	refuse_sweep.and_later = and_later;
	if (!run_trace(judge_target(&trace), &trace, NULL, RUN_ONCE)) {
		fail();
		return false;
	}
	return refuse_sweep.refused;
}

static void sweep(const char *path, bool alone)
{
	unsigned n;

	(void)alone;
	path_now = path;
	if (!file_read_trace(path, judge_wanted, &trace, NULL)) {
		status = EXIT_UNUSABLE;
		return;
	}
	count.traces++;
	for (n = 1; runs_on(n, false); n++)
		count.once++;
	for (n = 1; status != EXIT_RULE_FAILED && runs_on(n, true); n++)
		count.later++;
	refuse_sweep.first = 0;
	fflush(stdout);
}

int main(int argc, char **argv)
{
	int first = 1;

	while (first < argc && judge_option(argv[first]) > 0)
		first++;
	if (first == argc || argv[first][0] == '-') {
		fprintf(stderr, "usage: sweep [--target=NAME] FILE|FOLDER...\n");
		return EXIT_UNUSABLE;
	}
	judge_stops(command, &status);
	for (int i = first; i < argc; i++)
		if (file_each(argv[i], sweep) < 0)
			return EXIT_UNUSABLE;
	printf("%ld traces, a request refused %lu times, all from one on %lu times%s\n",
	       count.traces, count.once, count.later,
	       status == EXIT_GOOD ? ": every rule held" : "");
	if (status == EXIT_GOOD && !count.once)
		fprintf(stderr, "sweep: no run asked for memory, so nothing was refused\n");
	return status == EXIT_GOOD && !count.once ? EXIT_UNUSABLE : status;
}
