/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The calls of one run on one map, each judged when it returns and whenever it has dropped its lock.
 * Every function leaves by report_fail() when a rule does not hold.
 */
#ifndef CALLS_H
#define CALLS_H

#include "fuzz/trace/trace.h"

/*
 * Start over, with no map yet and nothing left of the run before.  @result, zeroed by the caller,
 * has room for every op of @trace; @run_nested is called for what runs in a window, and ends in
 * calls_run() again.
 */
void calls_begin(const struct trace *trace, struct result *result, void (*run_nested)(size_t op));

/* Make the map; when its memory is refused there is none. */
void calls_open(void);

/*
 * Run op @at.  False: it was skipped, for there is no map, or the contract forbids it here, or it is
 * no call on a map.
 */
bool calls_run(size_t at);

/* Back to nothing: every ticket aborted, the map released, every block returned. */
void calls_close(void);

#endif
