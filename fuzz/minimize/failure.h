/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a trace fails, also when a sanitizer or a signal stops the program: for the minimizer, which
 * has to survive what it tries.
 */
#ifndef FAILURE_H
#define FAILURE_H

#include "fuzz/run/report.h"

struct failure {
	struct verdict verdict;
	bool stopped; /* by a sanitizer or a signal */
	bool hidden;  /* the base fails in front of it (base_hides()) */
};

/*
 * Before the first trace.  A sanitizer's report costs a symbolizer each time, so the program is
 * started again with addresses left as they are; they say "the same place" as well as names do.
 */
void failure_begin(char **argv);

/*
 * Run @trace on @target in a process of its own.  False: every rule held, or it used up its processor time;
 * otherwise @failure says how it failed.  What fails on the base too (fuzz/run/base.h) is as good.
 */
bool failure_of(const struct target *target, const struct trace *trace, struct failure *failure);

/*
 * The same rule; for an assertion and a sanitizer's stop also the same place.  One that is hidden is not shown in
 * place of an @other that is not.
 */
bool failure_same(const struct failure *one, const struct failure *other);

#endif
