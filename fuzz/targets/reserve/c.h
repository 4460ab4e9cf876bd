/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A run as a C program of system calls: what c.c, which writes the steps, and c_around.c, which writes the
 * functions that they call, both have to know.
 */
#ifndef RESERVE_C_H
#define RESERVE_C_H

#include "calls.h"

#include "fuzz/explain/moments.h"
#include "ops.h"

struct reserve_c {
	FILE *out;
	const struct trace *trace;
	const struct result *result;
	uint64_t own[SLOTS];  /* pages that an owner may have of its own, ... */
	uint64_t lost[SLOTS]; /* ... and those of them that went */
	bool owns[SLOTS], in_child[SLOTS], mapped[SLOTS], exists[FILES];
	unsigned file[SLOTS], first[SLOTS], behind[SLOTS];
	unsigned kinds; /* of ops that were run, a bit each */
	unsigned steps;
};

extern struct reserve_c reserve_c;

/* The op was run; one of this kind was. */
bool reserve_c_is_run(size_t at);
bool reserve_c_has(unsigned kind);

/* All that stands in front of main(). */
void reserve_c_print_around(const struct failing *failing);

#endif
