/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Traces of a map as data of a KUnit suite: what fuzz/boot/kunit/resvmap_kunit.c runs in a kernel.
 */
#ifndef KUNIT_H
#define KUNIT_H

#include "fuzz/trace/trace.h"

/* The head and the foot of the file. */
void kunit_begin(FILE *out);
void kunit_end(FILE *out);

/*
 * Write @trace, called @name; false: a kernel cannot run it, for its target has no board, or calls wait for each
 * other in it.  Then a comment says so.
 */
bool kunit_trace(FILE *out, const struct trace *trace, const char *name);

#endif
