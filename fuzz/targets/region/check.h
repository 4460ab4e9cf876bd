/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules, each one held against what a call returned and what the map looks like after it.
 * Every function leaves by report_fail() when a rule does not hold, and returns otherwise.
 */
#ifndef CHECK_H
#define CHECK_H

#include "fuzz/run/refuse.h"
#include "model.h"

#include <stdio.h>
#include "fuzz/map/map.h"

/* A call that has returned, beside what it should have done; @map is the one that was called. */
struct call_facts {
	const struct map *map;
	long ret;
	long pages; /* what it should return unless memory was refused */
	const struct refusals *refusals;
	long spare;     /* entries in the cache that no ticket was owed when the call began */
	bool overtaken; /* other calls ran inside of it */
};

void check_chg(const struct call_facts *call, long needed, long holes);

/* @needed: the ticket's entries; @holes: of its range when the add was called. */
void check_add(const struct call_facts *call, long page_length, long needed, long holes);

/* @splits: the range lay inside of one region when the del was called. */
void check_del(const struct call_facts *call, bool splits);

void check_count(const struct call_facts *call);

/*
 * What has just happened: a call got -ENOMEM, -EINVAL for its range, or did its work; or a call
 * under way has dropped its lock.
 */
enum check_when { CALL_FAILED, CALL_REFUSED, CALL_RETURNED, CALL_UNLOCKED };

/*
 * The map's lists and books against the model.  @tickets: entries promised to open tickets.
 * @quiet: no call is under way.
 */
void check_map(const struct map *map, const struct map_view *view, const struct model *model,
               long tickets, enum check_when when, bool quiet);

/* Print the model, and the map @map of @of if there is one; @tickets: entries promised. */
void region_print(FILE *out, const struct map *of, const struct resv_map *map,
                  const struct model *model, long tickets);

/* Show the map for a picture, and the model beside it if they are to be compared. */
void region_show_map(const struct map *of, const struct resv_map *map, const struct model *model,
                     bool compare);

/* The map is gone: what of it is left with the cgroups? */
void check_released(const struct map *map);

#endif
