/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What of a trace the executor can say as system calls.  What it cannot is taken out, so that both
 * sides run the same ops, and counted by name, so that nobody takes a part for the whole.
 *
 * Knows traces, and the list of ops in guest_ops.def; never a kernel.
 */
#ifndef BOOT_SAYABLE_H
#define BOOT_SAYABLE_H

#include "fuzz/trace/trace.h"

/* What cannot be said; the last four can where the module is loaded. */
enum unsaid {
	UNSAID_OP,      /* an op that is no system call: backwards */
	UNSAID_MOUNT,   /* memory refused to the mount */
	UNSAID_OTHER,   /* "refuse pool", and what is refused by later words */
	UNSAID_MEMORY,  /* memory refused to a call */
	UNSAID_LATE,    /* a fault that fails late; a copy can without the module */
	UNSAID_SUBPOOL, /* "refuse subpool" */
	UNSAID_WINDOW, /* an op inside another: with the module, inside a map or fault that is said */
	UNSAID
};

extern const char *const unsaid_name[UNSAID];

/**
 * sayable_reduce - take out of @trace what cannot be said
 * @module: the module is loaded
 * @unsaid: how many of each there were; added to
 *
 * Return: how many ops it has lost.
 */
unsigned sayable_reduce(struct trace *trace, bool module, unsigned unsaid[UNSAID]);

#endif
