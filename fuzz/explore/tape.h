/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A tape of choices: what was chosen at each place where an episode could go on in several ways.  An
 * episode that is run again by the same tape takes the same way; tape_next() makes the tape of the next
 * way, so that all ways are gone one after the other, depth first.
 */
#ifndef TAPE_H
#define TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TAPE_CHOICES = 64 };

struct tape {
	size_t length, at;
	uint8_t choice[TAPE_CHOICES], choices[TAPE_CHOICES];
};

/* To the beginning, to run it; what is chosen behind its end is the first of all choices. */
void tape_rewind(struct tape *tape);

/*
 * What is chosen out of @choices, which are 1 to 255.  Returns -1 if it was another number of choices when the
 * tape came by here before, or if the tape is at its end: the run does not depend on the tape alone.
 */
int tape_choose(struct tape *tape, unsigned choices);

/* Was the last choice made here for the first time? */
static inline bool tape_is_new(const struct tape *tape)
{
	return tape->at == tape->length;
}

/* The next way; false: all were gone. */
bool tape_next(struct tape *tape);

#endif
