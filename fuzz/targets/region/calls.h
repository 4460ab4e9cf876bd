/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The calls of one run on one map, each judged when it returns and whenever it has dropped its lock:
 * what struct target wants of the region target.
 */
#ifndef REGION_CALLS_H
#define REGION_CALLS_H

#include "fuzz/trace/trace.h"

/* Make the map; when its memory is refused there is none. */
bool region_open(const struct trace *trace);

bool region_may_run(const struct op *op);
void region_call(const struct op *op, struct result *result);
void region_look(enum moment moment);

/* Back to nothing: every ticket aborted, the map released, every block returned. */
void region_close(void);

/* Model and map side by side. */
void region_print_state(FILE *out);

#endif
