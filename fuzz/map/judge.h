/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules that hold for every map there is, whoever keeps it: of its lists, its cache of entries,
 * and its cgroups.  Every function leaves by report_fail() when a rule does not hold.
 *
 * @what, @number: whose map it is, as in "file" 3; NULL where there is one map only.
 */
#ifndef MAP_JUDGE_H
#define MAP_JUDGE_H

#include "map.h"

void judge_links(const struct map_view *view, const char *what, int number);
void judge_order(const struct map_view *view, bool keeps_empty, const char *what, int number);

void judge_cache(const struct map_view *view, const char *what, int number);

/* @tickets: entries promised to those who have tickets. */
void judge_cover(const struct map_view *view, long tickets, const char *what, int number);

/* What a cgroup has to be charged for and referenced by. */
struct owned {
	unsigned long pages;
	long held;
};

/* Cgroup @number is charged @charge for each of @pages, and referenced @held times. */
void judge_charge(unsigned long charged, unsigned long pages, unsigned long charge,
                  const char *what, int number);
void judge_refs(long refs, long held, const char *what, int number);

/* Add the regions of a map to what its cgroups own. */
void judge_count_owned(const struct map_view *view, struct owned owned[MAP_CGROUPS]);

#endif
