// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes to one op and back.  The byte form is made for byte mutation: most values of a byte mean
 * the ordinary thing (no refusal, not nested), so that a random record is a plain call, and every
 * value means something.
 */
#include "op.h"

#include <string.h>

const struct op_info op_info[OP_KINDS] = {
#define OP(wire, name, operands, doc) [OP_##name] = { wire, #name, FAMILY_REGION, operands, doc },
#define RESERVE_OP(wire, name, operands, doc) \
	[OP_##name] = { wire, #name, FAMILY_RESERVE, operands, doc },
#include "ops.def"
#undef RESERVE_OP
#undef OP
};

const char *const opt_name[OPTS] = {
	"private", "noreserve", "write", "late", "pool", "subpool", "cgroup",
};

/*
 * A byte that is no letter of the family means one of the kinds there were at first: what old inputs
 * mean must not change when an op is added.
 */
enum { FIRST_KINDS = OP_bad + 1, FIRST_RESERVE_KINDS = OP_backwards + 1 - OP_map };

static uint8_t kind_decode(enum family family, uint8_t byte)
{
	static const uint8_t kind_behind[256] = {
#define OP(wire, name, operands, doc) [(uint8_t) wire] = OP_##name + 1,
#include "ops.def"
#undef OP
	};
	uint8_t behind = kind_behind[byte];

	if (behind && op_info[behind - 1].family == family)
		return behind - 1;
	return family == FAMILY_REGION ? byte % FIRST_KINDS : OP_map + byte % FIRST_RESERVE_KINDS;
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

static uint8_t slot_decode(uint8_t byte)
{
	return (uint8_t)(byte - 'a') % SLOTS;
}

/* What bytes 1 and 2 say, and 3. */
static void operands_decode(struct op *op, const uint8_t *in)
{
	unsigned operands = op_info[op->kind].operands;

	if (operands & OP_RANGE)
		range_decode(op, in + 1, operands & OP_TO_END ? CELL_END + 1 : CELLS + 1);
	if (operands & OP_PAGE)
		op->from = in[1] % CELLS;
	if (operands & OP_SIZE)
		op->from = in[1] % (CELLS + 1);
	if (operands & OP_INTO)
		op->into = slot_decode(in[2]);
	if (operands & OP_SLOT)
		op->slot = slot_decode(in[3]);
}

/* What most values of the byte leave out: what makes a call fail, or another one of it. */
enum { RARE_OPTS = OPT_LATE | REFUSE_WORDS, HAS_RARE_OPTS = 0x80 };

static uint8_t opts_decode(uint8_t byte)
{
	return byte & HAS_RARE_OPTS ? byte & ~HAS_RARE_OPTS : byte & ~RARE_OPTS;
}

static uint8_t opts_encode(uint8_t opts)
{
	return opts & RARE_OPTS ? opts | HAS_RARE_OPTS : opts;
}

/* How many times byte starts with a one bit: 0 in half of all bytes, 1 in a quarter, ... */
static unsigned place_depth(uint8_t byte)
{
	return byte < 0x80 ? 0 : byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : MAX_DEPTH;
}

static const uint8_t place_lead[MAX_DEPTH + 1] = { 0, 0x80, 0xc0, 0xe0 };

void op_decode(struct op *op, enum family family, const uint8_t in[OP_BYTES], unsigned max_depth)
{
	unsigned depth = place_depth(in[5]), operands;

	memset(op, 0, sizeof(*op));
	op->kind = kind_decode(family, in[0]);
	operands = op_info[op->kind].operands;
	operands_decode(op, in);
	if (operands & OP_ALLOCATES)
		op->refuse = plan_decode(in[4]);
	if (operands & OP_OWNER)
		op->owner = in[6] % OWNERS;
	if (operands & OP_FILE)
		op->file = in[6] / OWNERS % FILES;
	op->opts = opts_decode(in[7]) & op_opts(op);
	op->depth = depth < max_depth ? depth : max_depth;
	op->request = op->depth ? in[5] & 7 : 0;
}

void op_encode(const struct op *op, uint8_t out[OP_BYTES])
{
	unsigned operands = op_info[op->kind].operands;

	memset(out, 0, OP_BYTES);
	out[0] = op_info[op->kind].wire;
	if (operands & (OP_RANGE | OP_PAGE | OP_SIZE))
		out[1] = op->from;
	if (operands & OP_RANGE)
		out[2] = op->to;
	if (operands & OP_INTO)
		out[2] = 'a' + op->into;
	if (operands & OP_SLOT)
		out[3] = 'a' + op->slot;
	if (operands & OP_ALLOCATES)
		out[4] = plan_encode(op->refuse);
	if (op->depth)
		out[5] = place_lead[op->depth] | op->request;
	out[6] = op->owner | op->file * OWNERS;
	out[7] = opts_encode(op->opts);
}

static uint8_t at_most(uint8_t value, uint8_t most)
{
	return value < most ? value : most;
}

static void tidy_cells(struct op *op)
{
	uint8_t from = op->from, to = op->to;

	op->from = op->to = 0;
	if (op_takes(op, OP_RANGE)) {
		op->from = at_most(from < to ? from : to, CELLS);
		op->to = at_most(from < to ? to : from, op_takes(op, OP_TO_END) ? CELL_END : CELLS);
	} else if (op_takes(op, OP_PAGE)) {
		op->from = at_most(from, CELLS - 1);
	} else if (op_takes(op, OP_SIZE)) {
		op->from = at_most(from, CELLS);
	}
}

void op_tidy(struct op *op)
{
	unsigned operands = op_info[op->kind].operands;

	tidy_cells(op);
	op->slot = operands & OP_SLOT ? op->slot % SLOTS : 0;
	op->refuse = operands & OP_ALLOCATES ? op->refuse & PLAN_MASK : 0;
	op->owner = operands & OP_OWNER ? op->owner % OWNERS : 0;
	op->file = operands & OP_FILE ? op->file % FILES : 0;
	op->into = operands & OP_INTO ? op->into % SLOTS : 0;
	op->opts &= op_opts(op);
	op->request = op->depth ? op->request % 8 : 0;
}
