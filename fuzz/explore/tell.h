/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An episode told as ops of a trace: what began inside of which call's window, who waited and who went on.
 */
#ifndef TELL_H
#define TELL_H

#include "episode.h"

/* Add the ops of @of to @trace. */
void tell_episode(const struct episode *of, struct trace *trace);

#endif
