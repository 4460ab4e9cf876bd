/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a run looked like, moment by moment, for a picture of it: a target says what there is in lanes of
 * bars over pages, and in numbers; who draws knows no target.
 *
 * One scene at a time, filled while a run goes on.
 */
#ifndef EXPLAIN_SCENE_H
#define EXPLAIN_SCENE_H

#include "text.h"

/* What a bar stands for; its name is in the legend. */
enum look {
	LOOK_REGION,  /* reserved, in a map */
	LOOK_TICKET,  /* counted, and to be added */
	LOOK_MAPPING, /* a range that a process has mapped */
	LOOK_PAGE,    /* a page in the page cache, or of a process' own */
	LOOK_SHOULD,  /* what the model says */
	LOOKS
};

/* Begin a lane of the moment that is being shown; its name and @note are copied. */
void scene_lane(const char *name, const char *note);

/* A bar in it, over the pages [from, to); one of no page is drawn as a mark. */
void scene_bar(enum look look, long from, long to);

/* A number of the books.  Each moment of a run gives the same ones in the same order. */
void scene_number(const char *name, long value);

/* Is what is shown the moment of the failure? */
bool scene_is_failure(void);

/* Forget everything, and hear of the runs that follow. */
void scene_begin(void);

/* The run has ended so, and this is its last moment. */
void scene_end(const struct failing *failing);

/* Draw the scene as one SVG. */
void scene_write_svg(FILE *out, const struct failing *failing);

#endif
