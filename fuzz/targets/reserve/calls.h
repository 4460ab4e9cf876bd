/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The calls of one run on files and mappings, each judged when it returns: what struct target wants
 * of the reserve target.
 */
#ifndef RESERVE_CALLS_H
#define RESERVE_CALLS_H

#include "fuzz/trace/trace.h"
#include "model.h"
#include "world.h"

/* Make the pool, and the mount with limits: its minimum may be refused, and its memory. */
bool reserve_open(const struct trace *trace);

/* Can the world that is linked do ops of this kind? */
bool reserve_can(unsigned kind);
bool reserve_may_run(const struct op *op);
void reserve_call(const struct op *op, struct result *result);

/* Back to nothing: what is mapped is unmapped, every file goes, and then the mount. */
void reserve_close(void);

/* The world and the model of the run; and what memory is the target's own, besides the world's. */
const struct world *reserve_world(void);
const struct reserve_model *reserve_model_now(void);
void reserve_own(void (*piece)(void *at, size_t size));

struct failing;

/*
 * Write the last run, whose moments were recorded, as a C program of system calls; false: it cannot be said
 * as one, and stderr says why.
 */
bool reserve_write_c(FILE *out, const struct failing *failing);

/* Files, mappings and books, for a picture. */
void reserve_show(void);

/* Books and model side by side. */
void reserve_print_state(FILE *out);

/* Do calls of this world wait for each other's locks? */
bool reserve_waits(void);

#endif
