// SPDX-License-Identifier: GPL-2.0-only
/*
 * The map before the patch as a target: the same calls, other promises.
 */
#define TARGET_TRAITS COALESCING_TRAITS
#include "target_port.c"
