/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Windows: the moments in which a call has dropped its lock to allocate, and the ops that a trace
 * wants to run just then.  This is the only concurrency a reservation map knows, made
 * deterministic.
 */
#ifndef WINDOW_H
#define WINDOW_H

#include "fuzz/trace/trace.h"

/*
 * Op @op waits for its request @request, counted from 0: call @run for each op that is to run now,
 * in order; it returns the first op behind those that run inside of it.  What is nested deeper runs in
 * their windows, not here.
 */
void window_run(const struct trace *trace, size_t op, unsigned request, size_t (*run)(size_t op));

#endif
