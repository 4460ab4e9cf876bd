/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the maps of src/map/ promise: the only table of it.  The region, diff and reserve targets are
 * linked with different objects, each of which has a target_traits; all of them take it from here, so
 * that none can be left behind with promises of its own, or with none.
 *
 * TARGET_TRAITS is the port's unless who includes this has chosen COALESCING_TRAITS before.
 */
#ifndef PORT_TRAITS_H
#define PORT_TRAITS_H

#define PORT_TRAITS \
	{ \
		.name = "port", .needs_holes = true, .empty_ranges = true, .bad_ranges = true \
	}

#define COALESCING_TRAITS \
	{ \
		.name = "coalescing", .merges = true, .counts_at_end = true, .empty_ranges = true, \
		.bad_ranges = true \
	}

#ifndef TARGET_TRAITS
#define TARGET_TRAITS PORT_TRAITS
#endif

#endif
