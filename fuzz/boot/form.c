// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reserve target as far as its traces go: text, bytes, mutations.  The executor and the programs that
 * work on batches of traces need no world and no rule, and link this in place of
 * fuzz/targets/reserve/target.c.
 */
#include "fuzz/targets/reserve/ops.h"

#include <stddef.h>

const struct op_info reserve_op[RESERVE_OPS] = {
#define OP(wire, name, operands, doc) { wire, #name, operands, doc },
#define HEAD                          OP
#include "fuzz/targets/reserve/ops.def"
#undef HEAD
#undef OP
};

static const struct target form = {
	.name = "reserve",
	.op = reserve_op,
	.ops = RESERVE_OPS,
	.first_ops = RESERVE_FIRST_OPS,
	.mutation = reserve_mutation,
	.open_slots = reserve_mapped_slots,
	.opens = OP_map,
	.rarely = OP_backwards,
	.aim = reserve_aim,
};

const struct target *const targets[] = { &form, NULL };
