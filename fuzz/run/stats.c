// SPDX-License-Identifier: GPL-2.0-only
#include "stats.h"

#include <stdio.h>
#include <stdlib.h>

static const struct run_totals *counted;

static void write_totals(void)
{
	FILE *out = fopen(getenv("RESVMAP_STATS"), "a");

	if (!out) {
		perror("RESVMAP_STATS");
		return;
	}
	fprintf(out, "runs %lu ops %lu skipped %lu\n", counted->runs, counted->ops,
	        counted->skipped);
	fclose(out);
}

void stats_at_exit(const struct run_totals *totals)
{
	counted = totals;
	if (getenv("RESVMAP_STATS"))
		atexit(write_totals);
}
