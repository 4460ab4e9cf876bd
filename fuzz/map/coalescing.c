// SPDX-License-Identifier: GPL-2.0-only
/* The map before the patch: the same calls, other promises. */
#include "src.h"

extern const struct map map_coalescing;

const struct map map_coalescing = {
	.name = "coalescing",
	.traits = {
		.merges = true,
		.counts_at_end = true,
		.empty_ranges = true,
		.bad_ranges = true,
	},
	SRC_CALLS,
};
