// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which world this program was linked for: the Makefile names it.
 */
#include "world.h"

extern const struct world WORLD_UNDER_TEST;

const struct world *world_under_test = &WORLD_UNDER_TEST;

#ifdef WORLD_BASE
extern const struct world WORLD_BASE;

bool world_use_base(bool base)
{
	world_under_test = base ? &WORLD_BASE : &WORLD_UNDER_TEST;
	return true;
}
#else
bool world_use_base(bool base)
{
	(void)base;
	return false;
}
#endif
