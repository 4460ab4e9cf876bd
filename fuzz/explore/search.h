/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Breadth first by ops: all states, all episodes from each.
 */
#ifndef SEARCH_H
#define SEARCH_H

#include "episode.h"
#include "fuzz/run/report.h"

struct search {
	const struct target *target;
	struct scope scope;
	struct limits limits;
	long spare;    /* states with more surplus entries are cut; -1: none is */
	size_t memory; /* bytes of the table of states */
};

/* What was found. */
struct found {
	size_t states;
	unsigned long transitions, looks; /* episodes, and calls that only look */
	unsigned deepest;                 /* ops to the state that is furthest away */
	unsigned long cut;                /* states that were not followed */
	unsigned long full;               /* ... because there was no room for them */
	unsigned long hidden;             /* states that are like another one but for what is hidden */

	bool failed;
	unsigned cost; /* ops of the trace */
	struct verdict verdict;
	struct trace trace;
};

/* False: it cannot be done, and stderr says why. */
bool search_all(const struct search *search, struct found *found);

#endif
