/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What booted kernels have been seen to do, by traces: a behaviour is an op, where it stands (place.h), what came of it
 * and which numbers went up or down.  Who fuzzes keeps a trace that shows one for the first time.
 */
#ifndef BOOT_SEEN_H
#define BOOT_SEEN_H

#include "log.h"

/* Read the file of behaviours, a line each, which is written again by seen_write(); false: said on stderr. */
bool seen_read(const char *path);
bool seen_write(void);

/* Does the trace show one that was not seen?  It is from now on. */
bool seen_new(const struct trace *trace, const struct log_section *booted);

#endif
