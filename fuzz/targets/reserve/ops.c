// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of the reserve target's ops: for the target, and for programs that only read and write its traces.
 */
#include "ops.h"

const struct op_info reserve_op[RESERVE_OPS] = {
#define OP(wire, name, operands, doc) { wire, #name, operands, doc, OP_FIELDS_OF(operands) },
#define HEAD                          OP
#include "ops.def"
#undef HEAD
#undef OP
};

const uint8_t reserve_kind_of[256] = {
#define OP(wire, name, operands, doc) [wire] = OP_##name,
#define HEAD(wire, name, operands, doc)
#include "ops.def"
#undef HEAD
#undef OP
};

void reserve_leftovers(void (*call)(struct op op))
{
	for (unsigned slot = 0; slot < SLOTS; slot++)
		call((struct op){ .kind = OP_unmap, .slot = slot });
	for (unsigned file = 0; file < FILES; file++)
		call((struct op){ .kind = OP_evict, .file = file });
	for (unsigned slot = 0; slot < SLOTS; slot++)
		call((struct op){ .kind = OP_unpin, .slot = slot });
}

/* Of a copy that finds its source the second time only, the first one fails anyhow, and late is the second. */
bool op_fails_late(const struct op *op, unsigned asked)
{
	unsigned late = op->kind == OP_recopy;

	return (asked == late && op->opts & OPT_LATE) ||
	       (asked == late + 1 && op->opts & OPT_LATEST);
}
