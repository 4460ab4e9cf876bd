/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The independent truth: which cells are covered and where regions begin, as the contract of the
 * map's callers says, not as any map's code does it.  Includes libc only, and shares no type with
 * the map.
 *
 * Cells are 0 to 64, ranges from inclusive, to exclusive; counts are pages.
 */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct model {
	const long *at;     /* the page where cell i begins; 65 of them */
	bool merges;        /* touching regions of one cgroup become one */
	uint64_t covered;   /* bit i: the pages of cell i are reserved */
	uint64_t starts;    /* bit i: a region begins at cell i; only covered cells */
	uint64_t cgroup[2]; /* the cgroup of each covered cell, a bit in each word */
};

/* An empty board. */
void model_open(struct model *model, const long *at, bool merges);

/* Pages of the range that are covered, and that are not. */
long model_covered(const struct model *model, unsigned from, unsigned to);
long model_missing(const struct model *model, unsigned from, unsigned to);

/* Runs of uncovered cells in the range: the regions that it takes to fill it. */
long model_holes(const struct model *model, unsigned from, unsigned to);

/* Does one region reach beyond the range on both sides, so that taking it out leaves two? */
bool model_splits(const struct model *model, unsigned from, unsigned to);

/* Cover the range; what was not covered belongs to @cgroup, 0 to 3. */
void model_add(struct model *model, unsigned from, unsigned to, unsigned cgroup);

/* Uncover the range. */
void model_del(struct model *model, unsigned from, unsigned to);

/*
 * The region that begins at or behind cell @cell: sets its cells and returns true, or returns
 * false if there is none.  Ask again from *@to for the one behind it.
 */
bool model_region(const struct model *model, unsigned cell, unsigned *from, unsigned *to);

/* The cgroup of a covered cell. */
unsigned model_cgroup(const struct model *model, unsigned cell);

#endif
