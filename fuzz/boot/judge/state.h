/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What judge.c and ops.c share: what is known of a booted kernel's files and mappings.
 */
#ifndef BOOT_JUDGE_STATE_H
#define BOOT_JUDGE_STATE_H

#include "judge.h"

#include "fuzz/targets/reserve/model.h"
#include "fuzz/targets/reserve/ops.h"

enum { LIMITED_FILES = 3 }; /* the set of files 0 and 1 */

struct judge {
	const struct trace *trace;
	struct judgement judgement;
	struct reserve_model model;
	uint64_t there[FILES];
	bool blocks_lie
		[FILES]; /* its blocks are counted no more: memory was refused to who takes them off */
	unsigned size[FILES];
	uint64_t own[SLOTS];    /* private pages that a mapping has */
	bool private_elsewhere; /* pages of the other mount may be in no page cache too */
	struct boot_books before;
	bool mounted,
		unmounted; /* the mount with limits was made; it is gone, but for pages that are kept */
	bool lost; /* memory failure has taken a page, and everything that is free was promised */
	bool overtaken; /* ops have run inside others; the order of what they did is not known */
};

extern struct judge judge;

/* The op came to that: the model is told. */
void judge_did(const struct op *op, const struct boot_step *step);

/* Only this, which the end of the trace has to know: the op may have taken the mount away. */
void judge_unmounted(const struct op *op, const struct boot_step *step);

#endif
