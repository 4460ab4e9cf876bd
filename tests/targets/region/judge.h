/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * check.c compiled in once more, with traits and owners that a case can choose: what some kernel
 * promises is judged too, though none is linked.  Its functions are judge_*() here.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include "tests/fired.h"

#include "fuzz/targets/region/check.h"

static struct target_traits traits;
static struct target_owner owners[TARGET_OWNERS];

static void owners_look(struct target_owner owner[TARGET_OWNERS])
{
	memcpy(owner, owners, sizeof(owners));
}

#define target_traits      traits
#define target_look_owners owners_look
#define check_chg          judge_chg
#define check_add          judge_add
#define check_del          judge_del
#define check_count        judge_count
#define check_map          judge_map
#define check_released     judge_released
#include "fuzz/targets/region/check.c"
#undef target_traits
#undef target_look_owners

#endif
