// SPDX-License-Identifier: GPL-2.0-only
/*
 * The map before the patch as a target: the same calls, other promises.
 */
#define TARGET_TRAITS \
	{ \
		.name = "coalescing", .merges = true, .counts_at_end = true, .empty_ranges = true, \
		.bad_ranges = true \
	}
#include "target_port.c"
