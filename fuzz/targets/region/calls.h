/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The calls of one run on one map, each judged when it returns and whenever it has dropped its lock:
 * what struct target wants of the region target.
 */
#ifndef REGION_CALLS_H
#define REGION_CALLS_H

#include "fuzz/map/map.h"
#include "fuzz/trace/trace.h"
#include "model.h"

#include <stdio.h>

struct failing;

/* What an op should have returned, as far as its call came so far that it is known. */
struct region_wanted {
	bool known;
	long pages; /* what it returns if nothing is refused */
	long needs; /* what a chg hands out */
};

/* The last run, or the one that has just failed, for who explains it. */
struct region_facts {
	const struct map *of;
	const struct model *model;
	long tickets; /* entries promised to tickets that are not closed */
	unsigned
		window; /* the rules were looked at in this window of the innermost call, from 1; 0: none */
	struct region_wanted wanted[TRACE_OPS];
};

const struct region_facts *region_facts(void);

/*
 * Write the last run as a C program against src/, or against the import that RESVMAP_IMPORT names; false:
 * it cannot be said as one, and stderr says why.
 */
bool region_write_c(FILE *out, const struct failing *failing);

/* Make the map; when its memory is refused there is none. */
bool region_open(const struct trace *trace);

bool region_may_run(const struct op *op);
void region_call(const struct op *op, struct result *result);
void region_look(enum moment moment);

/* Back to nothing: every ticket aborted, the map released, every block returned. */
void region_close(void);

/* The map, the open tickets and the books, for a picture. */
void region_show(void);

/* Model and map side by side. */
void region_print_state(FILE *out);

#endif
