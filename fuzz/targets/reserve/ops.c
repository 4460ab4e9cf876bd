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

/*
 * Of a copy that finds its source the second time only, the first one fails anyhow, and late is the second; of one that
 * fails in the end it is the one behind those of a copy or of a recopy.
 */
static unsigned which_is_late(const struct op *op)
{
	if (op->kind == OP_miscopy)
		return op->opts & OPT_LATE ? 2 : 1;
	return op->kind == OP_recopy;
}

bool op_fails_late(const struct op *op, unsigned asked)
{
	unsigned last = which_is_late(op);

	return (asked == last && (op->opts & OPT_LATE || op->kind == OP_miscopy)) ||
	       (asked == last + 1 && op->opts & OPT_LATEST);
}
