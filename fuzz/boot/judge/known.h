/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The list of departures of our renditions from booted kernels that are known, each with its reason.  A
 * line of it:
 *
 *	SIDE OP[+WORD]... NUMBER more|less|other REASON
 *
 * SIDE is the name of the rendition, or "any"; OP and each WORD are those of place.h, for the step in which the sides
 * differ first: the op has to be this one, with a /word behind it if it refuses anything, and every word has to hold.
 * NUMBER is the name of the first number of books.h that differs, or "outcome"; more or less is what the kernel has
 * of it: of outcomes, less is that it failed where ours did not.  "other" is either.
 * Empty lines and lines with # in front say nothing.
 */
#ifndef BOOT_KNOWN_H
#define BOOT_KNOWN_H

#include "fuzz/boot/books.h"
#include "place.h"

/* Read the list; false: it cannot be, said on stderr. */
bool known_read(const char *path);

/* Why @side differs in @number at @place, or NULL: nobody knows.  @ours may be NULL. */
const char *known_reason(const char *side, const struct place *place, const char *number,
                         const struct boot_step *booted, const struct boot_step *ours);

#endif
