// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which maps this program was linked for: the Makefile names them.
 */
#include "map.h"

extern const struct map MAP_UNDER_TEST, MAP_BESIDE;

const struct map *map_under_test = &MAP_UNDER_TEST, *map_beside = &MAP_BESIDE;

#ifdef MAP_BASE
extern const struct map MAP_BASE;

bool map_use_base(bool base)
{
	map_under_test = base ? &MAP_BASE : &MAP_UNDER_TEST;
	return true;
}
#else
bool map_use_base(bool base)
{
	(void)base;
	return false;
}
#endif
