/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What may end the process, in one of its own: a sanitizer's stop, or a signal, tells its story and
 * leaves the one that started it alive.
 */
#ifndef ALONE_H
#define ALONE_H

#include "fuzz/run/report.h"

/* Memory that the processes share, or NULL. */
void *alone_share(size_t size);

/*
 * Run @run in a process of its own, with nothing on stderr; when it is stopped, @stopped is told there.
 * Returns what @run returned, 0 to 100; ALONE_STOPPED, or ALONE_DIED if nobody knows of what.
 */
enum { ALONE_STOPPED = 101, ALONE_DIED };
int alone_run(int (*run)(void), void (*stopped)(const struct verdict *verdict));

/* Where progress is told, also from in there; NULL if nobody is there to see. */
FILE *alone_progress(void);

#endif
