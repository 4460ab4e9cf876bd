/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Breadth first by ops: all states, all episodes from each.
 */
#ifndef SEARCH_H
#define SEARCH_H

#include "episode.h"
#include "fuzz/run/report.h"

enum { NO_BOUND = 1000 };

struct search {
	const struct target *target;
	struct scope scope;
	struct limits limits;
	unsigned spare; /* states with more surplus entries are cut; NO_BOUND: none is */
	size_t memory;  /* bytes of the table of states */
};

/*
 * What was found.  A failure that is there already bounds the search: only shorter ones are looked for.
 */
struct found {
	size_t states, room;
	unsigned long transitions, looks; /* episodes, and calls that only look */
	unsigned deepest;                 /* ops to the state that is furthest away */
	unsigned long cut;                /* states that were not followed */
	unsigned long full;               /* ... because there was no room for them */
	unsigned long hidden; /* states that are like another one but for what is hidden */
	char wrong[96];       /* why it cannot be done */

	bool failed;
	unsigned cost; /* ops of the trace */
	struct verdict verdict;
	struct trace trace;
};

/* False: it cannot be done, and @found says why. */
bool search_all(const struct search *search, struct found *found);

/* The search is stopped where it is: a failure of this verdict. */
void search_stopped(const struct verdict *verdict);

#endif
