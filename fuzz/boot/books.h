/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The books of a machine after an op, and the line of text that says them.  The booted kernel's
 * executor and the program that runs the same trace in userspace print the same lines, so one
 * reader compares both:
 *
 *	trace 3
 *	step 0 good - pages 4 free 4 resv 1 surplus 0 used ? there 0 ? ? ? rsvd 1 0 0 usage 0 0 0 rsv ?
 *	log 0 WARNING: ...
 *	end 3
 *
 * Step 0 is the mount, steps 1 to n are the trace's n ops, step n + 1 is when every mapping and file is
 * gone, and n + 2 when the mounts are gone too.  "?" is a number that this side does not keep.  A rendition that
 * cannot follow a trace to its end says from which step on it keeps silent:
 *
 *	silent 4 split
 *
 * Knows numbers and text; never a kernel, a trace or a map.
 */
#ifndef BOOT_BOOKS_H
#define BOOT_BOOKS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

enum { BOOT_FILES = 4, BOOT_CGROUPS = 3, BOOT_LINE = 320, BOOT_SEEN = 16 };

/* A number that is not kept; it equals every other. */
#define BOOT_UNKNOWN LONG_MIN

/* All in huge pages. */
struct boot_books {
	long pages, free, resv, surplus; /* HugePages_Total, _Free, _Rsvd, _Surp */
	long used;                       /* of the mount with limits, if it has a maximum */
	long there[BOOT_FILES];          /* pages in a file's page cache; unknown: no such file */
	long rsvd[BOOT_CGROUPS];         /* charged to a cgroup for what is reserved, ... */
	long usage[BOOT_CGROUPS];        /* ... and for what is in use */
	long nodes; /* in use by what the nodes of memory say, more than all cgroups together are charged */
	long rsv; /* rsv_hpages of the mount with limits */
};

/* What is seen of an op that is skipped because this kernel has no such call. */
#define BOOT_LACKS "lacks"

enum boot_outcome { BOOT_GOOD, BOOT_FAILED, BOOT_SKIPPED, BOOT_DEAD, BOOT_OUTCOMES };

/* What an op came to, and the books after it. */
struct boot_step {
	enum boot_outcome outcome;
	char seen[BOOT_SEEN]; /* the errno, SIGBUS, or "-" */
	struct boot_books books;
};

/* Write the line of step @number, with its end of line; returns its length. */
size_t boot_step_print(char line[BOOT_LINE], unsigned number, const struct boot_step *step);

/* Read such a line; false: it is none. */
bool boot_step_parse(const char *line, unsigned *number, struct boot_step *step);

/* No number is kept. */
void boot_books_unknown(struct boot_books *books);

/* The name of the first number in which two books differ, or NULL. */
const char *boot_books_differ(const struct boot_books *one, const struct boot_books *other);

/* How much more of the number called @name the one has than the other, where they differ in it. */
long boot_books_more(const struct boot_books *one, const struct boot_books *other,
                     const char *name);

#endif
