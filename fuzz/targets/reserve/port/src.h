/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the worlds over src/ have in common: the callers do not know which map they are linked with.
 * A region knows nobody to charge: who pays for what is in a file's map is the file's cgroup.
 */
#ifndef RESERVE_PORT_SRC_H
#define RESERVE_PORT_SRC_H

#include "state.h"

#include "src/map/resv_map.h"

#define SRC_WORLD \
	.traits = { \
		.charges_reserved = true, \
		.exact_minimum = true, \
		.charge = VM_HUGE_PAGES, \
	}, \
	.layout = MAP_LAYOUT(NULL), .state = &port_state, .warned = &shim_warned, WORLD_CALLS

#endif
