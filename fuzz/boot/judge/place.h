/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What known.list calls a step of a trace: its op, and what there is to say of where it stands.
 * Knows traces and what came of their ops; never a model.
 */
#ifndef BOOT_PLACE_H
#define BOOT_PLACE_H

#include "log.h"

/*
 * The name of the op, "mount" or "end"; behind the op's name "/late" and a "/word" for each word that refuses, for
 * such an op is another one.  And the words that hold there, each with a + in front:
 *
 *	failed	the op did not succeed on the booted kernel
 *	private, owner, child	of the op's mapping, or of one of the op's file: it is private; and reserves for itself;
 *			and was made by fork
 *	noreserve	nothing was reserved for the op's mapping
 *	limited	the file is on the mount with limits
 *	min, max, surplus	the trace has a minimum, a maximum, surplus pages
 *	crossed	... and the minimum is above the maximum
 */
struct place {
	char op[48];
	char words[96];
};

/* Of step @step, where @booted says what came of the ops. */
void place_of(const struct trace *trace, const struct log_section *booted, unsigned step,
              struct place *place);

#endif
