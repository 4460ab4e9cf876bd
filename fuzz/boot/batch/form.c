// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reserve target as far as its traces go: text, bytes, mutations.  The executor and the programs that
 * work on batches of traces need no world and no rule, and link this in place of
 * fuzz/targets/reserve/target.c.
 */
#include "form.h"

#include "fuzz/targets/reserve/ops.h"

#include <stddef.h>

bool (*form_can)(unsigned kind);

static bool can(unsigned kind)
{
	return !form_can || form_can(kind);
}

static const struct target form = {
	.name = "reserve",
	.op = reserve_op,
	.ops = RESERVE_OPS,
	.first_ops = RESERVE_FIRST_OPS,
	.kind_of = reserve_kind_of,
	.mutation = reserve_mutation,
	.open_slots = reserve_mapped_slots,
	.can = can,
	.opens = OP_map,
	.rarely = OP_backwards,
	.aim = reserve_aim,
};

const struct target *const targets[] = { &form, NULL };
