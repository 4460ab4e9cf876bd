/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A side's report of a batch: the lines of books.h, found again by the number of their trace.
 * Knows lines; nothing of what they mean.
 */
#ifndef BOOT_LOG_H
#define BOOT_LOG_H

#include "fuzz/boot/books.h"

#include "fuzz/trace/trace.h"

/* The mount, the ops, the end, and the end of the mounts. */
enum { BOOT_STEPS = TRACE_OPS + 3, BOOT_TRACES = 8192 };

struct log {
	const char *path;
	char *text;
	char *section[BOOT_TRACES]; /* behind its "trace" line, or NULL */
};

/* What a side says of one trace. */
struct log_section {
	struct boot_step step[BOOT_STEPS];
	unsigned steps;
	unsigned silent; /* from this step on a rendition says nothing, ... */
	char why[16]; /* ... which is the op that it cannot do, or "window"; empty: it says all */
	bool ended;   /* it came to its end */
	unsigned complained; /* the step of the first line of the kernel's log, if there is one */
	char complaint[208]; /* that line; or why the machine ended; or empty */
};

/* Read a whole report; false: it cannot be, said on stderr. */
bool log_read(struct log *log, const char *path);

/* What it says of trace @number; false: nothing. */
bool log_section(const struct log *log, unsigned number, struct log_section *section);

#endif
