/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Makes a failing trace small while the same thing fails.  Works on ops only: what "the same" is,
 * the caller decides.  Deterministic; no candidate is tried twice.
 */
#ifndef MINIMIZE_H
#define MINIMIZE_H

#include "fuzz/trace/trace.h"

/**
 * minimize - shrink @trace until nothing more can be taken out of it
 * @still_fails: does this trace fail like the first one?  It holds for @trace itself.
 * @progress: NULL, or told of every trace that is smaller and still fails
 *
 * Afterwards no single op, refusal, switch or window can be left out, no range made shorter, and no
 * cgroup, page, size or head made plainer, without losing the failure.  Slots, files and cells
 * are renumbered from the first one up.
 *
 * Return: how many traces were tried.
 */
unsigned minimize(struct trace *trace, bool (*still_fails)(const struct trace *candidate),
                  void (*progress)(const struct trace *smaller));

#endif
