/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From how a run ended to an exit status, for the programs that people and git bisect call.  Status
 * 1 says that a rule failed, so it is given only by who has printed the report of that rule: also
 * when a sanitizer stops the program.  Whatever else ends it (a sanitizer that cannot start, memory
 * that is used up) ends with 2.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include "fuzz/run/report.h"

/*
 * If @argument is --rule=NAME, only that rule's failure is a failure from now on; if it is
 * --target=NAME, traces are those of that target.
 *
 * Return: 0 it is neither, 1 it is, -1 there is no such rule or target; the known ones are listed on
 * stderr.
 */
int judge_option(const char *argument);

/* The target that --target= gave, or NULL: each trace says. */
extern const struct target *judge_wanted;

/* Who runs @trace: the wanted target, or its own. */
const struct target *judge_target(const struct trace *trace);

/*
 * The exit status that the failure @verdict, already printed, stands for: EXIT_RULE_FAILED, or
 * EXIT_CANNOT_SAY where another rule was asked for, which is said on stderr.
 */
int judge_failed(const struct verdict *verdict);

/*
 * After a good run of @trace: was there something to look at?  Without an op a run opens a map and
 * releases it, which shows something only if memory is refused meanwhile or the mount has limits.
 *
 * Return: false, and @path is named on stderr.
 */
bool judge_looked(const struct trace *trace, const char *path);

/* The status of two runs together: the worst of them, EXIT_UNUSABLE first. */
int judge_both(int one, int other);

/*
 * Before the first run: a sanitizer's stop is told with the command that @replay gives (or NULL),
 * and the program exits with the status for it and for @status, that of the runs before it.
 */
void judge_stops(const char *(*replay)(void), const int *status);

#endif
