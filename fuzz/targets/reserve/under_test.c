// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which world this program was linked for: the Makefile names it.
 */
#include "world.h"

extern const struct world WORLD_UNDER_TEST;

const struct world *const world_under_test = &WORLD_UNDER_TEST;
