// SPDX-License-Identifier: GPL-2.0-only
/* The map of the patch. */
#include "src.h"

extern const struct map map_port;

const struct map map_port = {
	.name = "port",
	.traits = { .needs_holes = true, .empty_ranges = true, .bad_ranges = true },
	SRC_CALLS,
};
