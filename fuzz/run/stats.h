/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How much a fuzzer did, for the summary that make prints.  Silent unless RESVMAP_STATS names a
 * file: an engine's target has no business printing.
 */
#ifndef STATS_H
#define STATS_H

struct run_totals {
	unsigned long runs;    /* traces run */
	unsigned long ops;     /* calls made */
	unsigned long skipped; /* ops that the callers' contract forbade where they stood */
};

/* At exit append "runs N ops N skipped N" to the file named by $RESVMAP_STATS, if it is set. */
void stats_at_exit(const struct run_totals *totals);

#endif
