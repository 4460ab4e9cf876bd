/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Changes traces in ways that mean something to a map or its callers: calls in another order, ranges
 * that touch, calls that run inside others.  Works on ops only and knows neither maps nor engines;
 * engines reach it by libfuzzer.c and afl.c.
 *
 * Pure: the outcome is decided by the trace, the seed and the size allowed.  It is always
 * canonical: decoding its bytes and encoding them again gives the same bytes.
 */
#ifndef MUTATE_H
#define MUTATE_H

#include "fuzz/trace/trace.h"

/* Mutation @kind of @target: first the generic ones, then its own; NULL behind the last. */
const struct mutation *mutation_of(const struct target *target, size_t kind);

/**
 * mutate - change @trace by a few mutations
 * @max_size: most bytes that it may encode to, at least OP_BYTES; a longer trace loses its tail
 *
 * Return: the name of the last mutation.
 */
const char *mutate(struct trace *trace, uint64_t seed, size_t max_size);

/* By the mutation @kind only; false: it finds nothing to change in this trace. */
bool mutate_by(size_t kind, struct trace *trace, uint64_t seed, size_t max_size);

/*
 * A first part of @trace, then a last part of @other; or a part of @other put into @trace.  Each
 * part is a row of ops as they stand there.  The head is @trace's, and the target both's.
 */
void mutate_splice(struct trace *trace, const struct trace *other, uint64_t seed, size_t max_size);

/* Take @count ops out, from op @at on; for those who make traces smaller. */
void mutate_cut(struct trace *trace, size_t at, size_t count);

/* Make a trace what decoding its bytes would make of it: every op's unused fields zero. */
void mutate_tidy(struct trace *trace);

#endif
