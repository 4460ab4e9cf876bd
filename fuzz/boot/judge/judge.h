/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Holds what a booted kernel shows against the laws: the model of the reserve target is told what each
 * op came to, and its sums are held against the kernel's books.  A kernel shows no map and, without the
 * module, no rsv_hpages; so where the reserve target's rules say "exactly", here it is often "between".
 *
 * A rule that is broken here is broken for certain; one that is not may be.  Knows the model, a trace
 * and the lines of books.h; nothing of renditions.
 */
#ifndef BOOT_JUDGE_H
#define BOOT_JUDGE_H

#include "fuzz/boot/books.h"

#include "fuzz/trace/trace.h"

struct judgement {
	const char *rule; /* the first that is broken, or NULL */
	unsigned step;
	long excess; /* so much more is promised, or used, than may be; below 0: less; 0: it is something else */
	char what[160];
};

/* Forget all; steps of @trace follow, from 0 on. */
void judge_begin(const struct trace *trace);

/* Step @number, as books.h counts them, and what it left. */
void judge_step(unsigned number, const struct boot_step *step);

/* The kernel complained of @line in its log. */
void judge_log(unsigned number, const char *line);

const struct judgement *judge_end(void);

#endif
