// SPDX-License-Identifier: GPL-2.0-only
/*
 * compare [--fidelity] [--seen FILE] BATCH KNOWN KERNEL NAME=RENDITION...: every trace of a batch op by op: the booted
 * kernel's books, judged by the model, beside those of the port and of imported text.
 *
 *	agrees		the books are the same after every op, and no rule is broken
 *	finding		the kernel departs from the model
 *	departure	the rendition departs from the kernel: ours to mend.  Imported text has to follow its
 *			kernel on a finding too; the port does right, so on a finding it is not asked.
 *
 * FILE has the behaviours that have been seen (seen.h); a trace that shows another one is told: NEW and its path.
 *
 * KNOWN lists departures that are known, with their reason: known.h.  Prints a table, and under it the first departure of each
 * trace.  Exit status: 0; 1: a finding (with --fidelity that is no matter), or a departure that is not
 * known; 2: something could not be read.
 */
#include "judge.h"
#include "known.h"
#include "log.h"
#include "seen.h"

#include "fuzz/targets/reserve/ops.h"
#include "fuzz/trace/file.h"

#include <stdlib.h>
#include <string.h>

enum { RENDITIONS = 4 };

static struct rendition {
	const char *name;
	bool is_port;
	struct log log;
	unsigned compared, departs, known, missing;
	unsigned silent;              /* ops that it says nothing of, ... */
	unsigned cannot[RESERVE_OPS]; /* ... because it cannot do this one, in so many traces */
} rendition[RENDITIONS];

static struct log kernel;
static unsigned renditions, traces, ops, agree, findings, never_ran;
static unsigned lacks[RESERVE_OPS]; /* ops that the booted kernel has no call for */
static bool fidelity;
static const char *seen; /* the file of behaviours, or NULL */
static struct trace trace;

static void print_op(unsigned step)
{
	if (!step)
		printf("mount");
	else if (step <= trace.count)
		trace_print_op(stdout, trace.target, &trace.op[step - 1]);
	else
		printf(step == trace.count + 1 ? "the end" : "unmounted");
}

static void print_step(const char *side, const struct log_section *section, unsigned step)
{
	char line[BOOT_LINE] = "nothing\n";

	if (step < section->steps)
		boot_step_print(line, step, &section->step[step]);
	printf("    %-9s %s", side, line);
}

/* The op that the rendition cannot do, and those behind it, are not compared. */
static void note_silence(struct rendition *side, const struct log_section *ours)
{
	side->silent += trace.count + 1 - ours->silent;
	for (int kind = 0; kind < RESERVE_OPS; kind++)
		side->cannot[kind] += !strcmp(ours->why, reserve_op[kind].name);
}

/* The first step at which two sides differ before step @end, or @end; @what: in what. */
static unsigned first_difference(const struct log_section *one, const struct log_section *other,
                                 unsigned end, const char **what)
{
	for (unsigned i = 0; i < end && i < one->steps; i++) {
		*what = "outcome";
		if (i >= other->steps || one->step[i].outcome != other->step[i].outcome)
			return i;
		*what = boot_books_differ(&one->step[i].books, &other->step[i].books);
		if (*what)
			return i;
	}
	return end;
}

static const struct judgement *judged(const struct log_section *section)
{
	judge_begin(&trace);
	for (unsigned i = 0; i < section->steps; i++) {
		if (section->complaint[0] && section->complained == i)
			judge_log(i, section->complaint);
		judge_step(i, &section->step[i]);
	}
	if (section->complaint[0])
		judge_log(section->complained, section->complaint);
	if (!section->ended || section->steps < trace.count + 3)
		judge_log(section->steps, "the machine did not come to the trace's end");
	return judge_end();
}

/*
 * The first step that is not compared: a finding, of which the port is not asked; an op that this kernel lacks
 * and the rendition does not; or where the rendition keeps silent.
 */
static unsigned end_of_comparison(const struct rendition *side, const struct log_section *booted,
                                  const struct log_section *ours, unsigned broken)
{
	unsigned end = booted->steps;

	if (side->is_port && broken < end)
		end = broken;
	if (ours->why[0] && ours->silent < end)
		end = ours->silent;
	for (unsigned i = 0; i < end && i < ours->steps; i++)
		if (!strcmp(booted->step[i].seen, BOOT_LACKS) &&
		    ours->step[i].outcome != BOOT_SKIPPED)
			return i;
	return end;
}

static bool compare_rendition(struct rendition *side, const char *path, unsigned number,
                              const struct log_section *booted, unsigned broken)
{
	static struct log_section ours;
	const char *what = NULL, *reason;
	struct place place;
	unsigned end, at;

	if (!log_section(&side->log, number, &ours)) {
		side->missing++;
		return true;
	}
	end = end_of_comparison(side, booted, &ours, broken);
	at = first_difference(booted, &ours, end, &what);
	side->compared += at < trace.count ? at : trace.count;
	if (ours.why[0] && end == ours.silent && at >= end)
		note_silence(side, &ours);
	if (at >= end || (side->is_port && broken < booted->steps))
		return true;
	place_of(&trace, booted, at, &place);
	reason = known_reason(side->name, &place, what, &booted->step[at],
	                      at < ours.steps ? &ours.step[at] : NULL);
	side->departs++;
	side->known += !!reason;
	printf("%s of %s: %s: step %u, ", reason ? "known departure" : "DEPARTURE", side->name,
	       path, at);
	print_op(at);
	printf(": %s differs%s%s\n", what, reason ? ": " : "", reason ? reason : "");
	if (reason)
		return false;
	print_step("kernel", booted, at);
	print_step(side->name, &ours, at);
	return false;
}

static void count_lacking(const struct log_section *booted)
{
	for (unsigned i = 1; i < booted->steps && i <= trace.count; i++)
		lacks[trace.op[i - 1].kind] += !strcmp(booted->step[i].seen, BOOT_LACKS);
}

/* A trace that shows something new, and its ops, counted from 0, that were skipped and so are no part of that. */
static void print_new(const char *path, const struct log_section *booted)
{
	printf("NEW %s", path);
	for (unsigned i = 1; i < booted->steps && i <= trace.count; i++)
		if (booted->step[i].outcome == BOOT_SKIPPED)
			printf(" %u", i - 1);
	printf("\n");
}

static void compare_trace(unsigned number, const char *path)
{
	static struct log_section booted;
	const struct judgement *judgement;
	unsigned broken;
	bool agrees = true;

	if (!log_section(&kernel, number, &booted)) {
		never_ran++;
		return;
	}
	judgement = judged(&booted);
	broken = judgement->rule ? judgement->step : booted.steps;
	traces++;
	ops += booted.steps < trace.count ? booted.steps : trace.count;
	count_lacking(&booted);
	if (seen && seen_new(&trace, &booted))
		print_new(path, &booted);
	if (judgement->rule) {
		agrees = false;
		findings++;
		printf("FINDING %s: %s: step %u, ", judgement->rule, path, judgement->step);
		print_op(judgement->step);
		printf(": %s%s\n", judgement->what,
		       judgement->excess > 0   ? " (too many)"
		       : judgement->excess < 0 ? " (too few)"
		                               : "");
		print_step("kernel", &booted, judgement->step);
	}
	for (unsigned i = 0; i < renditions; i++)
		agrees &= compare_rendition(&rendition[i], path, number, &booted, broken);
	agree += agrees;
}

static bool compare_all(const char *folder)
{
	char name[512], path[512];
	unsigned number, lost;
	FILE *list;

	snprintf(name, sizeof(name), "%s/list", folder);
	list = fopen(name, "r");
	if (!list) {
		perror(name);
		return false;
	}
	while (fscanf(list, "%u %u %500[^\n]", &number, &lost, path) == 3) {
		snprintf(name, sizeof(name), "%s/%u.trace", folder, number);
		if (number >= BOOT_TRACES || !file_read_trace(name, targets[0], &trace, NULL))
			return false;
		compare_trace(number, path);
	}
	fclose(list);
	return true;
}

static bool add_rendition(char *argument)
{
	struct rendition *side = &rendition[renditions];
	char *path = strchr(argument, '=');

	if (!path || renditions == RENDITIONS)
		return false;
	*path++ = '\0';
	renditions++;
	side->name = argument;
	side->is_port = !strcmp(argument, "port");
	return log_read(&side->log, path);
}

/* The kinds of ops that there are some of, between @before and @behind; nothing if there are none. */
static void print_kinds(const unsigned count[RESERVE_OPS], const char *before, const char *behind)
{
	bool any = false;

	for (int kind = 0; kind < RESERVE_OPS; kind++) {
		if (!count[kind])
			continue;
		printf("%s%s %u", any ? ", " : before, reserve_op[kind].name, count[kind]);
		any = true;
	}
	if (any)
		printf("%s", behind);
}

static int print_table(void)
{
	unsigned unknown = 0;

	printf("%u traces, %u ops on the booted kernel: %u agree on every side, %u findings\n",
	       traces, ops, agree, findings);
	print_kinds(lacks, "  this kernel lacks: ", "\n");
	for (unsigned i = 0; i < renditions; i++) {
		const struct rendition *side = &rendition[i];

		printf("  %-9s %u ops compared, departs in %u traces, %u of them known\n",
		       side->name, side->compared, side->departs, side->known);
		if (side->silent)
			printf("  %-9s says nothing of %u ops", side->name, side->silent);
		print_kinds(side->cannot, ", for it cannot: ", "");
		if (side->silent)
			printf("\n");
		unknown += side->departs - side->known;
	}
	if (never_ran)
		printf("  %u traces never ran\n", never_ran);
	return (findings && !fidelity) || unknown || never_ran ? EXIT_RULE_FAILED : EXIT_GOOD;
}

int main(int argc, char **argv)
{
	fidelity = argc > 1 && !strcmp(argv[1], "--fidelity");
	argc -= fidelity;
	argv += fidelity;
	if (argc > 2 && !strcmp(argv[1], "--seen")) {
		seen = argv[2];
		argc -= 2;
		argv += 2;
	}
	if (argc < 4) {
		fprintf(stderr, "usage: compare [--fidelity] [--seen FILE] BATCH KNOWN KERNEL "
		                "NAME=RENDITION...\n");
		return EXIT_UNUSABLE;
	}
	if (!known_read(argv[2]) || !log_read(&kernel, argv[3]) || (seen && !seen_read(seen)))
		return EXIT_UNUSABLE;
	for (int i = 4; i < argc; i++)
		if (!add_rendition(argv[i]))
			return EXIT_UNUSABLE;
	if (!compare_all(argv[1]) || (seen && !seen_write()))
		return EXIT_UNUSABLE;
	return print_table();
}
