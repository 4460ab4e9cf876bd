// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which maps this program was linked for: the Makefile names them.
 */
#include "map.h"

extern const struct map MAP_UNDER_TEST, MAP_BESIDE;

const struct map *map_under_test = &MAP_UNDER_TEST, *map_beside = &MAP_BESIDE;
