// SPDX-License-Identifier: GPL-2.0-only
/*
 * $(end-with N): make itself ends with exit status N.
 *
 * GNU make knows 0 and 2 only, but who replays or bisects needs to tell 1 (a rule failed) from 2
 * (unreadable) and 125 (this tree does not build; git bisect skips it).  Loaded by the Makefile
 * where make can load objects; elsewhere the status is make's own.
 */
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

int make_status_gmk_setup(void)
{
	gmk_add_function("end-with", end_with, 1, 1, 0);
	return 1;
}
