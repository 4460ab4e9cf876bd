/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the generated programs of all targets have in common: the comment that they begin with.
 * Knows traces and verdicts; no target.
 */
#ifndef EXPLAIN_TEXT_H
#define EXPLAIN_TEXT_H

#include "fuzz/run/report.h"

/**
 * struct failing - how a run ended that is to be explained
 * @verdict: which rule failed, if one did
 * @stopped: a sanitizer has stopped the program
 * @title: what the trace says that it shows, or empty
 */
struct failing {
	const struct verdict *verdict;
	bool stopped;
	const char *title;
};

/*
 * Print what happened as the lines of a C comment, each behind " * ": the rule, and the trace with its
 * results and the mark of the op that failed.
 */
void text_comment(FILE *out, const struct failing *failing);

/* What the verdict says, without the addresses and the folder that a sanitizer gives.  Overwritten by the next call. */
const char *text_what(const struct failing *failing);

#endif
