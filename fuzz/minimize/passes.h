/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the minimizer's passes share.  A pass changes copies of minimize_best, proposes each, and
 * says whether one of them was taken.
 */
#ifndef MINIMIZE_PASSES_H
#define MINIMIZE_PASSES_H

#include "minimize.h"

/* The smallest trace so far. */
extern struct trace *minimize_best;

/* Take @candidate for it if it is another one and still fails. */
bool minimize_try(struct trace *candidate);

/* fields.c: all of its passes, once. */
bool plainer_fields(void);

#endif
