/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The recorded moments of a scene, for who draws them.  In the order of time; lanes and bars of all of them
 * are in two arrays.
 */
#ifndef EXPLAIN_MOMENTS_H
#define EXPLAIN_MOMENTS_H

#include "scene.h"

enum { NUMBERS = 8 };

struct bar {
	enum look look;
	long from, to;
};

struct lane {
	char name[24], note[80];
	size_t first_bar, bars;
};

enum moment_kind {
	MOMENT_OPENED,  /* what the head says is there */
	MOMENT_RUNS,    /* a call begins and returns */
	MOMENT_BEGINS,  /* it begins, others run inside of it ... */
	MOMENT_RETURNS, /* ... and it returns */
	MOMENT_SKIPPED,
	MOMENT_FAILS, /* the rule fails */
};

struct moment_shown {
	enum moment_kind what;
	size_t op; /* whose; trace->count: the release */
	struct result result;
	size_t first_lane, lanes;
	unsigned numbers;
	long number[NUMBERS];
};

struct moments {
	struct moment_shown *moment;
	struct lane *lane;
	struct bar *bar;
	size_t count, lanes, bars;
	const char *number_name[NUMBERS];
};

extern struct moments moments;

/* The style of every picture. */
extern const char svg_style[], svg_marks[];

#endif
