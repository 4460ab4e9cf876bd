/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is left out of traces that are bytes: for a kernel with known defects, so that those behind
 * them are found too.  It is taken out before the trace runs; what a report prints, and a finding's
 * text, is the trace that ran, and complete.
 */
#ifndef WITHOUT_H
#define WITHOUT_H

#include "trace.h"

/*
 * Take out of @trace what the environment's RESVMAP_WITHOUT names, words with a space or a comma
 * between: names of ops and of options, and memory (refusals of it), windows, limits, surplus.  An
 * unknown word ends the program with status 2.
 */
void trace_without(struct trace *trace);

#endif
