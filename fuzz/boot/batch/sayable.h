/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What of a trace the executor can say as system calls.  What it cannot is taken out, so that both
 * sides run the same ops, and counted by name, so that nobody takes a part for the whole.
 *
 * Knows traces, and the list of ops in fuzz/boot/ops.def; never a kernel.
 */
#ifndef BOOT_SAYABLE_H
#define BOOT_SAYABLE_H

#include "fuzz/targets/reserve/ops.h"
#include "fuzz/trace/trace.h"

#include <stdio.h>

/* How many ops were taken out, each for the first reason that fits. */
struct unsaid {
	unsigned op[RESERVE_OPS]; /* no system call makes it, or only the module does */
	unsigned mount;           /* memory is refused to the mount */
	unsigned word[REFUSALS];  /* what a word refuses */
	unsigned memory;          /* memory is refused to the call */
	unsigned late; /* a fault or an allocation fails late; a copy can without the module */
	unsigned
		surplus; /* a page would go to another node of a pool that has surplus pages of one */
	unsigned window; /* it runs inside another; the module makes windows of map and fault */
};

/* Can ops of this kind be said at all, with the module or without? */
bool sayable_kind(unsigned kind, bool module);

/**
 * sayable_reduce - take out of @trace what cannot be said
 * @module: the module is loaded
 * @unsaid: how many of each there were; added to
 *
 * Return: how many ops it has lost.
 */
unsigned sayable_reduce(struct trace *trace, bool module, struct unsaid *unsaid);

/* ", 3 split left out, ..." for each that there is. */
void unsaid_print(FILE *out, const struct unsaid *unsaid);

#endif
