/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the region target keeps of a run: calls.c's, and to look at for explored.c.
 */
#ifndef REGION_STATE_H
#define REGION_STATE_H

#include "model.h"
#include "fuzz/map/map.h"
#include "fuzz/trace/trace.h"

struct ticket {
	enum { CLOSED, BUSY, OPEN } state; /* busy: the call that opens or closes it runs */
	uint8_t from, to;
	long needed;
};

struct calls {
	const struct trace *trace;
	const struct map *of; /* the calls of this map */
	struct resv_map *map;
	struct model model;
	struct ticket ticket[SLOTS];
	long tickets; /* entries promised to tickets that are not closed */
};

const struct calls *region_state(void);

/* Tell @piece what of it there is besides blocks of memory. */
void region_own(void (*piece)(void *at, size_t size));

#endif
