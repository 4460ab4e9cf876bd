/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Traces in files.  Whatever cannot be read is told in one line on stderr: the file, where in it,
 * and what to do.
 */
#ifndef FILE_H
#define FILE_H

#include "trace.h"

/* Exit statuses of every program here. */
enum { EXIT_GOOD = 0, EXIT_RULE_FAILED = 1, EXIT_UNUSABLE = 2 };

/*
 * Read the trace in @path: text if its name ends in .trace, else the bytes of an engine's input.
 * @expect: NULL, or room for TRACE_OPS results, as trace_parse() fills it.
 *
 * Return: false when it cannot be read, is no trace, or not one for this program; said on stderr.
 */
bool file_read_trace(const char *path, struct trace *trace, struct result *expect);

/*
 * Call @each for every file of the folder @path, in the order of their names, or once, alone,
 * for @path itself if it is a file.
 *
 * Return: how many times; -1 when there is nothing to read, said on stderr.
 */
long file_each(const char *path, void (*each)(const char *path, bool alone));

#endif
