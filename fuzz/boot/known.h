/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The list of departures of our renditions from booted kernels that are known, each with its reason.  A
 * line of it:
 *
 *	SIDE OP NUMBER more|less|other REASON
 *
 * SIDE is the name of the rendition, or "any"; OP is the name of the op after which the sides differ first, "mount" or "end", with "/late" or "/cgroup" behind it where it says
 * `late` or `refuse cgroup`; NUMBER is the name of the
 * first number of books.h that differs, or "outcome"; more or less is what the kernel has of it: of outcomes, less is
 * that it failed where ours did not.  "other" is either.
 * Empty lines and lines with # in front say nothing.
 */
#ifndef BOOT_KNOWN_H
#define BOOT_KNOWN_H

#include "books.h"

/* Read the list; false: it cannot be, said on stderr. */
bool known_read(const char *path);

/* Why @side differs in @number after @op, or NULL: nobody knows.  @ours may be NULL. */
const char *known_reason(const char *side, const char *op, const char *number,
                         const struct boot_step *booted, const struct boot_step *ours);

#endif
