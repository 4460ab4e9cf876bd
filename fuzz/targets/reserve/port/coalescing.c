// SPDX-License-Identifier: GPL-2.0-only
/* The callers over the map before the patch. */
#include "src.h"

extern const struct world world_coalescing;

const struct world world_coalescing = { .name = "coalescing", SRC_WORLD };
