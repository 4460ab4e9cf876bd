// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes to one op and back.  The byte form is made for byte mutation: most values of a byte mean
 * the ordinary thing (no refusal, not nested), so that a random record is a plain call, and every
 * value means something.
 */
#include "op.h"

#include <string.h>

const struct op_info op_info[OP_KINDS] = {
#define OP(wire, name, operands, doc) [OP_##name] = { wire, #name, operands, doc },
#include "ops.def"
#undef OP
};

/*
 * A byte that is no letter means one of the kinds there were at first: what old inputs mean must not
 * change when an op is added.
 */
enum { FIRST_KINDS = OP_bad + 1 };

static uint8_t kind_decode(uint8_t byte)
{
	static const uint8_t kind_behind[256] = {
#define OP(wire, name, operands, doc) [(uint8_t) wire] = OP_##name + 1,
#include "ops.def"
#undef OP
	};

	return kind_behind[byte] ? kind_behind[byte] - 1 : byte % FIRST_KINDS;
}

uint8_t plan_decode(uint8_t byte)
{
	return byte >= 0xc0 ? byte & PLAN_MASK : 0;
}

uint8_t plan_encode(uint8_t plan)
{
	return plan ? 0xc0 | plan : 0;
}

static void range_decode(struct op *op, const uint8_t *in, unsigned ends)
{
	uint8_t from = in[0] % (CELLS + 1), to = in[1] % ends;

	op->from = from < to ? from : to;
	op->to = from < to ? to : from;
}

/* How many times byte starts with a one bit: 0 in half of all bytes, 1 in a quarter, ... */
static unsigned place_depth(uint8_t byte)
{
	return byte < 0x80 ? 0 : byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : MAX_DEPTH;
}

static const uint8_t place_lead[MAX_DEPTH + 1] = { 0, 0x80, 0xc0, 0xe0 };

void op_decode(struct op *op, const uint8_t in[OP_BYTES], unsigned max_depth)
{
	unsigned depth = place_depth(in[5]), operands;

	memset(op, 0, sizeof(*op));
	op->kind = kind_decode(in[0]);
	operands = op_info[op->kind].operands;
	if (operands & OP_RANGE)
		range_decode(op, in + 1, operands & OP_TO_END ? CELL_END + 1 : CELLS + 1);
	if (operands & OP_SLOT)
		op->slot = (uint8_t)(in[3] - 'a') % SLOTS;
	if (operands & OP_ALLOCATES)
		op->refuse = plan_decode(in[4]);
	if (operands & OP_OWNER)
		op->owner = in[6] % OWNERS;
	op->depth = depth < max_depth ? depth : max_depth;
	op->request = op->depth ? in[5] & 7 : 0;
}

void op_encode(const struct op *op, uint8_t out[OP_BYTES])
{
	unsigned operands = op_info[op->kind].operands;

	memset(out, 0, OP_BYTES);
	out[0] = op_info[op->kind].wire;
	if (operands & OP_RANGE) {
		out[1] = op->from;
		out[2] = op->to;
	}
	if (operands & OP_SLOT)
		out[3] = 'a' + op->slot;
	if (operands & OP_ALLOCATES)
		out[4] = plan_encode(op->refuse);
	if (op->depth)
		out[5] = place_lead[op->depth] | op->request;
	out[6] = op->owner;
}

void op_tidy(struct op *op)
{
	unsigned operands = op_info[op->kind].operands;
	uint8_t end = operands & OP_TO_END ? CELL_END : CELLS, low, high;

	low = op->from < op->to ? op->from : op->to;
	high = op->from < op->to ? op->to : op->from;
	op->from = !(operands & OP_RANGE) ? 0 : low < CELLS ? low : CELLS;
	op->to = !(operands & OP_RANGE) ? 0 : high < end ? high : end;
	op->slot = operands & OP_SLOT ? op->slot % SLOTS : 0;
	op->refuse = operands & OP_ALLOCATES ? op->refuse & PLAN_MASK : 0;
	op->owner = operands & OP_OWNER ? op->owner % OWNERS : 0;
	op->request = op->depth ? op->request % 8 : 0;
}
