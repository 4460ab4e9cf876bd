// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of ops on one map, and what only the mutator wants to know of them.
 */
#include "ops.h"

#include "fuzz/mutate/kinds.h"

const struct op_info map_op[MAP_OPS] = {
#define OP(wire, name, operands, doc) { wire, #name, operands, doc, OP_FIELDS_OF(operands) },
#define HEAD                          OP
#define ORDER                         OP
#include "ops.def"
#undef ORDER
#undef HEAD
#undef OP
};

const uint8_t map_kind_of[256] = {
#define OP(wire, name, operands, doc) [wire] = OP_##name,
#define HEAD(wire, name, operands, doc)
#define ORDER OP
#include "ops.def"
#undef ORDER
#undef HEAD
#undef OP
};

const struct mutation map_mutation[] = {
	{ "change_board", change_board, 1 },
	{ "change_end", change_end, 1 },
	{ 0 },
};

/* An op with ticket and range opens one, an op with a ticket alone closes it. */
uint32_t map_open_tickets(const struct trace *trace, size_t at)
{
	uint32_t open = 0;

	for (size_t i = 0; i < at; i++) {
		const struct op *op = &trace->op[i];

		if (!op_takes(trace->target, op, OP_TICKET))
			continue;
		if (op_takes(trace->target, op, OP_RANGE))
			open |= 1u << op->slot;
		else
			open &= ~(1u << op->slot);
	}
	return open;
}
