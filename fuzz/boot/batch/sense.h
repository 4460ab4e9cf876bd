/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Gives the ops of a trace operands with which they make sense where they stand: a fault goes to a page of a mapping that
 * is there, a fork into a slot that is free, a pin to a page that was written.  What is there is foretold: every call
 * succeeds, unless the trace says that something is refused to it.
 *
 * Knows traces and the list of ops in fuzz/boot/ops.def; never a kernel.
 */
#ifndef BOOT_SENSE_H
#define BOOT_SENSE_H

#include "fuzz/trace/trace.h"

/*
 * An op that makes sense stays as it is; one that would with another slot, file, page or range gets the next one in their order
 * that does; one that makes none whatever it says is taken out.  The same trace always becomes the same.
 */
void sense_make(struct trace *trace);

#endif
