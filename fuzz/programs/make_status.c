// SPDX-License-Identifier: GPL-2.0-only
/*
 * $(end-with N): make itself ends with exit status N.
 * $(outlive-interrupt 1): from here on Ctrl-C ends what make runs, but not make.
 *
 * GNU make knows 0 and 2 only, but who replays or bisects needs to tell 1 (a rule failed) from 2
 * (unreadable) and 125 (this tree does not build; git bisect skips it).  A fuzzer is ended by
 * Ctrl-C, and then there are a summary and an exit status to come, for which make has to be there.
 * Loaded by the Makefile where make can load objects; elsewhere the status is make's own.
 */
#include <signal.h>
#include <stdlib.h>

int plugin_is_GPL_compatible;

/* As gnumake.h declares it, which not every system has. */
void gmk_add_function(const char *name, char *(*function)(const char *, unsigned, char **),
                      unsigned least, unsigned most, unsigned flags);
int make_status_gmk_setup(void);

static char *end_with(const char *name, unsigned count, char **status)
{
	(void)name;
	(void)count;
	exit(atoi(status[0]));
}

static void heed_not(int signal)
{
	(void)signal;
}

/* A handler, not SIG_IGN: what is ignored stays so in the programs that make starts. */
static char *outlive_interrupt(const char *name, unsigned count, char **words)
{
	(void)name;
	(void)count;
	(void)words;
	signal(SIGINT, heed_not);
	return NULL;
}

int make_status_gmk_setup(void)
{
	gmk_add_function("outlive-interrupt", outlive_interrupt, 1, 1, 0);
	gmk_add_function("end-with", end_with, 1, 1, 0);
	return 1;
}
