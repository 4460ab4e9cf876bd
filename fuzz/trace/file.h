/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Traces in files.  Whatever cannot be read is told in one line on stderr: the file, where in it,
 * and what to do.
 */
#ifndef FILE_H
#define FILE_H

#include "trace.h"

/*
 * Exit statuses of every program here.  EXIT_RULE_FAILED is for a rule that failed and was reported,
 * and for nothing else.  EXIT_CANNOT_SAY is what git bisect skips: one rule was asked for, and
 * another one failed first.
 */
enum { EXIT_GOOD = 0, EXIT_RULE_FAILED = 1, EXIT_UNUSABLE = 2, EXIT_CANNOT_SAY = 125 };

/*
 * Read the trace in @path: text or the bytes of an engine's input, as the contents say.  What is
 * no text and has none of the bytes that only bytes have is refused, unless its name ends in
 * .bytes; so is a name in .trace or .bytes that the contents contradict.
 * @wanted: whose trace it has to be, or NULL: the target that a text names, or whose head the bytes
 *	begin with
 * @expect: NULL, or room for TRACE_OPS results, as trace_parse() fills it.
 *
 * Return: false when it cannot be read, is no trace, or not one for @wanted; said on stderr.
 */
bool file_read_trace(const char *path, const struct target *wanted, struct trace *trace,
                     struct result *expect);

/*
 * Call @each for every file of the folder @path, in the order of their names, or once, alone,
 * for @path itself if it is a file.  In a folder, names that begin with a dot or end in .md are left
 * out.
 *
 * Return: how many times; -1 when there is nothing to read, said on stderr.
 */
long file_each(const char *path, void (*each)(const char *path, bool alone));

#endif
