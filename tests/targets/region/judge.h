/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A map with traits and cgroups that a case can choose: what some kernel promises is judged too,
 * though none is linked.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include "tests/fired.h"

#include "fuzz/targets/region/check.h"

static struct map_cgroup cgroups[MAP_CGROUPS];

static void look_cgroups(struct map_cgroup cgroup[MAP_CGROUPS])
{
	memcpy(cgroup, cgroups, sizeof(cgroups));
}

static struct map made_up = { .name = "made-up", .look_cgroups = look_cgroups };

#endif
