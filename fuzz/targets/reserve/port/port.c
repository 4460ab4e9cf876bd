// SPDX-License-Identifier: GPL-2.0-only
/* The callers over the map of the patch. */
#include "src.h"

extern const struct world world_port;

const struct world world_port = { .name = "port", SRC_WORLD };
