/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How much a fuzzer did, for the summary that make prints.  Silent unless RESVMAP_STATS names a
 * file: an engine's target has no business printing.
 *
 * A fuzzer may end in any way: by a finding, by Ctrl-C, by kill -9, and AFL++ forks it again and
 * again.  So the counts are not written at its end: they are kept in memory that is the file's.
 */
#ifndef STATS_H
#define STATS_H

#include <stddef.h>

struct run_totals {
	unsigned long runs;    /* traces run */
	unsigned long ops;     /* calls made */
	unsigned long skipped; /* ops that the callers' contract forbade where they stood */
};

/*
 * If $RESVMAP_STATS is set: append a record to the file of that name, four native 64-bit numbers
 * (runs, ops, skipped, 0), for what this process and its children do.  fuzz/engines/stats.sh reads
 * them.  A file that cannot be written is told on stderr, and nothing is counted.
 */
void stats_begin(void);

/*
 * Append @size zero bytes, a power of two up to 32, to the file of that name, and return them: what is written
 * there is the file's.  NULL, and a word on stderr, if the file cannot be written.
 */
void *stats_append(const char *path, size_t size);

/* Add to the record what @totals has more than at the last call.  Cheap; call it after every run. */
void stats_count(const struct run_totals *totals);

#endif
