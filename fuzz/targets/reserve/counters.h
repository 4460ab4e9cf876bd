/* SPDX-License-Identifier: GPL-2.0-only */
/* The rule that a counter of the pool or the mount changes only under its lock. */
#ifndef RESERVE_COUNTERS_H
#define RESERVE_COUNTERS_H

#include "world.h"

/* From here on the pool's spinlock is looked at, until counters_end(). */
void counters_begin(const struct world *world);
void counters_end(void);

/* There is a mount, whose lock is looked at too. */
void counters_look(void);

/* What is remembered of them. */
void counters_own(void (*piece)(void *at, size_t size));

/* A call has returned. */
void counters_check(void);

#endif
