/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A trace, a transcript or a report as a person reads it in a terminal: the results stand in one column,
 * and there are colours, unless NO_COLOR is set (https://no-color.org) or TERM is "dumb".
 */
#ifndef EXPLAIN_TERMINAL_H
#define EXPLAIN_TERMINAL_H

#include <stdio.h>

/*
 * What is printed until terminal_end() goes to the FILE that this returns: @out itself if it is no terminal, so
 * that files and pipes have the text as it is.  Never NULL.
 */
FILE *terminal_begin(FILE *out);
void terminal_end(void);

#endif
