// SPDX-License-Identifier: GPL-2.0-only
/*
 * The callers of src/ over the map before the patch: they do not know which one they have.
 */
#define TARGET_NAME "coalescing"
#include "reserve_target_port.c"
