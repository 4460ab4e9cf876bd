// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bytes to one op and back, by the table of fields.  The byte form is made for byte mutation: most
 * values of a byte mean the ordinary thing (no refusal, not nested), so that a random record is a
 * plain call, and every value means something.
 */
#include "op.h"

#include "trace.h"

#include <string.h>

const char *const opt_name[OPTS] = {
	"private", "noreserve", "write", "late", "pool",  "subpool",
	"cgroup",  "memcg",     "node",  "vma",  "table", "latest",
};

const struct field op_field[OP_FIELDS] = {
#define FIELD(_, name, operands, form, byte, step, count, base, member, ...) \
	{ \
		operands,   FORM_##form, byte, step, count, base, offsetof(struct op, member), \
		__VA_ARGS__ \
	},
	OP_FIELD_TABLE(FIELD, _)
#undef FIELD
};

/* A head's byte 4 is taken: its refusals are in byte 3. */
static unsigned byte_of(const struct field *field, unsigned operands)
{
	return field->form == FORM_REFUSALS && operands & OP_HEAD ? 3 : field->byte;
}

static uint8_t plan_decode(uint8_t byte)
{
	return byte >= 0xc0 ? byte & PLAN_MASK : 0;
}

static uint8_t plan_encode(uint8_t plan)
{
	return plan ? 0xc0 | plan : 0;
}

/* What most values of the byte leave out: what makes a call fail, or another one of it. */
enum { RARE_OPTS = FAILS_LATE | REFUSE_WORDS, HAS_RARE_OPTS = 0x80 };

/* The switches that came later are in the upper half of the byte in front. */
enum { LATER_OPTS_SHIFT = 7, LATER_OPTS_BIT = 4 };

/* And the last one has the bit of a switch that no op takes which takes it. */
enum { LATEST_BIT = OPT_PRIVATE };

/* @takes: the switches that the op may have. */
static uint16_t opts_decode(const uint8_t *byte, uint16_t takes)
{
	uint16_t later = (uint16_t)(byte[-1] >> LATER_OPTS_BIT << LATER_OPTS_SHIFT);

	if (!(*byte & HAS_RARE_OPTS))
		return *byte & ~RARE_OPTS & takes;
	if (*byte & LATEST_BIT)
		later |= OPT_LATEST;
	return ((*byte & ~HAS_RARE_OPTS) | later) & takes;
}

static void opts_encode(uint16_t opts, uint8_t *byte)
{
	*byte = opts & (HAS_RARE_OPTS - 1);
	if (opts & RARE_OPTS)
		*byte |= HAS_RARE_OPTS;
	if (opts & OPT_LATEST)
		*byte |= LATEST_BIT;
	byte[-1] |= (opts & REFUSE_LATER) >> LATER_OPTS_SHIFT << LATER_OPTS_BIT;
}

static const char board_letter[BOARDS + 1] = "uwhr";

static uint8_t board_decode(uint8_t byte)
{
	const char *letter = byte ? strchr(board_letter, byte) : NULL;

	return letter ? letter - board_letter : byte % BOARDS;
}

/* The end of a range: inclusive of CELL_END where the kind allows it. */
static unsigned most_to(unsigned operands)
{
	return operands & OP_TO_END ? CELL_END : CELLS;
}

static void put_in_order(struct op *op)
{
	uint8_t from = op->from;

	if (from > op->to) {
		op->from = op->to;
		op->to = from;
	}
}

/* (byte - base) / step % count, with no division where there is one by a power of two. */
static uint8_t number_decode(uint8_t byte, const struct field *field)
{
	byte -= field->base;
	if (field->step > 1)
		byte /= field->step;
	return field->count & (field->count - 1) ? byte % field->count : byte & (field->count - 1);
}

static inline __attribute__((always_inline)) void field_decode(struct op *op,
                                                               const struct field *field,
                                                               unsigned operands, const uint8_t *in)
{
	uint8_t byte = in[byte_of(field, operands)];

	switch (field->form) {
	case FORM_RANGE:
		op->from = byte % (CELLS + 1);
		op->to = in[field->byte + 1];
		op->to = operands & OP_TO_END ? op->to % (CELL_END + 1) : op->to % (CELLS + 1);
		put_in_order(op);
		break;
	case FORM_BOARD:
		op->board = board_decode(byte);
		op->ends = op->board == BOARD_RAW ? in[2] % (CELLS + 1) : 0;
		break;
	case FORM_WORDS:
		op->opts = opts_decode(&in[field->byte], operands >> OP_OPTS_SHIFT);
		break;
	case FORM_REFUSALS:
		op->refuse = operands & OP_ALLOCATES ? plan_decode(byte) : 0;
		break;
	default:
		*op_at(op, field) = number_decode(byte, field);
	}
}

static void field_encode(const struct op *op, const struct field *field, unsigned operands,
                         uint8_t *out)
{
	uint8_t value = op_value(op, field), *byte = &out[byte_of(field, operands)];

	switch (field->form) {
	case FORM_RANGE:
		*byte = op->from;
		out[field->byte + 1] = op->to;
		break;
	case FORM_BOARD:
		*byte = board_letter[op->board];
		out[2] = op->ends;
		break;
	case FORM_WORDS:
		opts_encode(op->opts, byte);
		break;
	case FORM_REFUSALS:
		*byte = plan_encode(value);
		break;
	default:
		*byte += field->base + value * field->step;
	}
}

static uint8_t at_most(uint8_t value, uint8_t most)
{
	return value < most ? value : most;
}

static void field_tidy(struct op *op, const struct field *field, unsigned operands)
{
	switch (field->form) {
	case FORM_RANGE:
		put_in_order(op);
		op->from = at_most(op->from, CELLS);
		op->to = at_most(op->to, most_to(operands));
		break;
	case FORM_BOARD:
		op->board %= BOARDS;
		op->ends = op->board == BOARD_RAW ? at_most(op->ends, CELLS) : 0;
		break;
	case FORM_WORDS:
		op->opts &= operands >> OP_OPTS_SHIFT;
		break;
	case FORM_REFUSALS:
		op->refuse &= operands & OP_ALLOCATES ? PLAN_MASK : 0;
		break;
	case FORM_LETTER:
		*op_at(op, field) %= field->count;
		break;
	default:
		*op_at(op, field) = at_most(op_value(op, field), field->count - 1);
	}
}

/* A byte that is no letter of the target means one of the kinds there were at first. */
static uint8_t kind_decode(const struct target *target, uint8_t byte)
{
	uint8_t kind = target->kind_of[byte];

	return kind ? kind : 1 + byte % target->first_ops;
}

/* How many times byte starts with a one bit: 0 in half of all bytes, 1 in a quarter, ... */
static unsigned place_depth(uint8_t byte)
{
	return byte < 0x80 ? 0 : byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : MAX_DEPTH;
}

static const uint8_t place_lead[MAX_DEPTH + 1] = { 0, 0x80, 0xc0, 0xe0 };

/* What only heads have: of an op it is not even asked. */
enum { OF_HEADS = OP_FIELDS_OF(OP_BOARD | OP_POOL), ALL_FIELDS = (1 << OP_FIELDS) - 1 };

/*
 * Not in a loop: so the compiler knows of each field what it is, and every byte is decoded for every input.  @may: fields
 * that there may be, a constant.
 */
static inline __attribute__((always_inline)) void fields_decode(struct op *op,
                                                                const struct op_info *info,
                                                                const uint8_t *in, unsigned may)
{
#define FIELD(_, name, ...) \
	if (info->fields & may & 1u << FIELD_##name) \
		field_decode(op, &op_field[FIELD_##name], info->operands, in);
	OP_FIELD_TABLE(FIELD, _)
#undef FIELD
}

void op_decode_head(struct op *op, const struct target *target, const uint8_t in[OP_BYTES])
{
	memset(op, 0, sizeof(*op));
	fields_decode(op, &target->op[0], in, ALL_FIELDS);
}

static inline __attribute__((always_inline)) void decode(struct op *op, const struct target *target,
                                                         const uint8_t in[OP_BYTES],
                                                         unsigned max_depth)
{
	unsigned depth = place_depth(in[5]);

	memset(op, 0, sizeof(*op));
	op->kind = kind_decode(target, in[0]);
	fields_decode(op, &target->op[op->kind], in, ALL_FIELDS & ~OF_HEADS);
	op->depth = depth < max_depth ? depth : max_depth;
	op->request = op->depth ? in[5] & 7 : 0;
}

void op_decode(struct op *op, const struct target *target, const uint8_t in[OP_BYTES],
               unsigned max_depth)
{
	decode(op, target, in, max_depth);
}

void op_decode_row(struct op *op, const struct target *target, const uint8_t *in, size_t count)
{
	unsigned max_depth = 0;

	for (const uint8_t *end = in + count * OP_BYTES; in < end; in += OP_BYTES, op++) {
		decode(op, target, in, max_depth);
		max_depth = op_depth_behind(op, target->op[op->kind].operands);
	}
}

/* Byte 1 of a head.  A later format announces itself there. */
enum { FORMAT = '1' };

void op_encode(const struct op *op, const struct target *target, uint8_t out[OP_BYTES])
{
	const struct op_info *info = &target->op[op->kind];

	memset(out, 0, OP_BYTES);
	out[0] = info->wire;
	for (int i = 0; i < OP_FIELDS; i++)
		if (info->operands & op_field[i].operand)
			field_encode(op, &op_field[i], info->operands, out);
	if (info->operands & OP_HEAD)
		out[1] = FORMAT;
	if (op->depth)
		out[5] = place_lead[op->depth] | op->request;
}

void op_tidy(struct op *op, const struct target *target)
{
	unsigned operands = target->op[op->kind].operands;
	struct op tidy = { .kind = op->kind, .depth = op->depth };

	tidy.request = op->depth ? op->request % 8 : 0;
	for (int i = 0; i < OP_FIELDS; i++) {
		const struct field *field = &op_field[i];

		if (!(operands & field->operand))
			continue;
		field_tidy(op, field, operands);
		*op_at(&tidy, field) = op_value(op, field);
		if (field->form == FORM_RANGE)
			tidy.to = op->to;
		if (field->form == FORM_WORDS)
			tidy.opts = op->opts;
		if (field->form == FORM_BOARD)
			tidy.ends = op->ends;
	}
	*op = tidy;
}
