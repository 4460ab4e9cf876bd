/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Known failures of a fuzzer, for the summary that make prints: how often each rule failed on the base too, and
 * the shortest trace of each.  Silent unless RESVMAP_KNOWN names a folder.
 *
 * A fuzzer may end in any way, and several may run at once, so everything is in files that appear whole:
 *
 *	RULE.count		a native 64-bit number for each process that met the rule
 *	RULE.LENGTH.trace	a trace of LENGTH ops, five digits; of the first in this order it is the shortest
 */
#ifndef KNOWN_H
#define KNOWN_H

#include "base.h"

/* Count a known failure of @trace, which ended as @ending says. */
void known_count(const struct ending *ending, const struct trace *trace);

#endif
