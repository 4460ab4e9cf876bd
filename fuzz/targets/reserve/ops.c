// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of the reserve target's ops: for the target, and for programs that only read and write its traces.
 */
#include "ops.h"

const struct op_info reserve_op[RESERVE_OPS] = {
#define OP(wire, name, operands, doc) { wire, #name, operands, doc },
#define HEAD                          OP
#include "ops.def"
#undef HEAD
#undef OP
};
