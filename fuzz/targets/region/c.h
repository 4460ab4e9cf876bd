/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A run on a map as a C program: what c.c, which writes what is around the steps, and c_steps.c, which
 * writes the steps, both have to know.
 */
#ifndef REGION_C_H
#define REGION_C_H

#include "calls.h"

#include "fuzz/explain/text.h"

struct region_c {
	FILE *out;
	const struct failing *failing;
	const struct trace *trace;
	const struct result *result;
	const struct region_facts *facts;
	size_t bad; /* the op that failed; trace->count: the release; SIZE_MAX: none */
};

extern struct region_c region_c;

/* The run failed, by @rule. */
bool region_c_failed_by(enum rule rule);
/* The rule is about what a list holds, and holds whenever no lock is held. */
bool region_c_walks_lists(void);
/* What the rule that failed is about: ... */
bool region_c_minds_regions(void);
bool region_c_minds_books(void);
bool region_c_minds_requests(void);
bool region_c_minds_blocks(void);
bool region_c_minds_breaches(void);
bool region_c_is_kernel(void);
/* The op was run, or never came back, since it failed or one inside of it did. */
bool region_c_ran(size_t at);
/* ... and it is not the one that failed. */
bool region_c_never_came_back(size_t at);
/* Any of them. */
bool region_c_ran_any(void);
/* The name of the call in C. */
const char *region_c_call_name(const char *call);
/* A request for memory of the op was refused. */
bool region_c_was_refused(size_t at);
/* "(resv, from, to", and no end. */
void region_c_print_range(const struct op *op);
/* Look at the rule, where it failed. */
void region_c_print_look(unsigned depth);
/* Other ops ran inside of it, or a rule was looked at there. */
bool region_c_has_steps_inside(size_t at);
/* The step of op @at. */
void region_c_print_step(size_t at, unsigned depth);
/* A function for every call inside of which others ran, the inner ones first. */
void region_c_print_windows(size_t at);

#endif
