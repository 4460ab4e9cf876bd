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
	"cgroup",  "memcg",     "node",  "vma",  "table",
};

#define AT(member) offsetof(struct op, member)
const struct field op_field[OP_FIELDS] = {
	{ OP_BOARD, FORM_BOARD, 0, 1, BOARDS, 0, AT(board), 0, NULL },
	{ OP_SLOT, FORM_LETTER, 3, 1, SLOTS, 'a', AT(slot), 0, NULL },
	{ OP_INTO, FORM_LETTER, 2, 1, SLOTS, 'a', AT(into), 0, NULL },
	{ OP_PAGE, FORM_NUMBER, 1, 1, CELLS, 0, AT(from), 0, "page" },
	{ OP_FILE, FORM_NUMBER, 6, CGROUPS, FILES, 0, AT(file), 0, "file" },
	{ OP_RANGE, FORM_RANGE, 1, 1, CELLS + 1, 0, AT(from), 0, NULL },
	{ OP_SIZE, FORM_NUMBER, 1, 1, CELLS + 1, 0, AT(from), 0, "to" },
	{ OP_TICKET, FORM_LETTER, 3, 1, SLOTS, 'a', AT(slot), 0, NULL },
	{ OP_POOL, FORM_NUMBER, 2, 1, POOL_PAGES + 1, 0, AT(pages), 0, NULL },
	{ OP_OPTS, FORM_WORDS, 7, 1, 0, 0, AT(opts), 0, NULL },
	{ OP_RESUMES, FORM_OPTION, 1, 1, SLOTS, 0, AT(from), 0, "past" },
	{ OP_CGROUP, FORM_OPTION, 6, 1, CGROUPS, 0, AT(cgroup), 0, "owner" },
	{ OP_POOL, FORM_OPTION, 4, 1, POOL_SURPLUS + 1, 0, AT(surplus), 0, "surplus" },
	{ OP_POOL, FORM_OPTION, 5, 1, POOL_LIMIT + 2, 0, AT(max), 1, "max" },
	{ OP_POOL, FORM_OPTION, 6, 1, POOL_LIMIT + 2, 0, AT(min), 1, "min" },
	{ OP_ALLOCATES | OP_REFUSED, FORM_REFUSALS, 4, 1, 0, 0, AT(refuse), 0, "refuse" },
};
#undef AT

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
enum { RARE_OPTS = OPT_LATE | REFUSE_WORDS, HAS_RARE_OPTS = 0x80 };

/* The switches that came later are in the upper half of the byte in front. */
enum { LATER_OPTS_SHIFT = 7, LATER_OPTS_BIT = 4 };

static uint16_t opts_decode(const uint8_t *byte)
{
	uint16_t later = (uint16_t)(byte[-1] >> LATER_OPTS_BIT << LATER_OPTS_SHIFT);

	return *byte & HAS_RARE_OPTS ? (*byte & ~HAS_RARE_OPTS) | later : *byte & ~RARE_OPTS;
}

static void opts_encode(uint16_t opts, uint8_t *byte)
{
	*byte = opts & (HAS_RARE_OPTS - 1);
	if (opts & RARE_OPTS)
		*byte |= HAS_RARE_OPTS;
	byte[-1] |= opts >> LATER_OPTS_SHIFT << LATER_OPTS_BIT;
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

static void field_decode(struct op *op, const struct field *field, unsigned operands,
                         const uint8_t *in)
{
	uint8_t byte = in[byte_of(field, operands)];

	switch (field->form) {
	case FORM_RANGE:
		op->from = byte % field->count;
		op->to = in[field->byte + 1] % (most_to(operands) + 1);
		put_in_order(op);
		break;
	case FORM_BOARD:
		op->board = board_decode(byte);
		op->ends = op->board == BOARD_RAW ? in[2] % (CELLS + 1) : 0;
		break;
	case FORM_WORDS:
		op->opts = opts_decode(&in[field->byte]) & operands >> OP_OPTS_SHIFT;
		break;
	case FORM_REFUSALS:
		op->refuse = operands & OP_ALLOCATES ? plan_decode(byte) : 0;
		break;
	default:
		*op_at(op, field) = (uint8_t)(byte - field->base) / field->step % field->count;
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
	for (unsigned kind = 1; kind < target->ops; kind++)
		if ((uint8_t)target->op[kind].wire == byte)
			return kind;
	return 1 + byte % target->first_ops;
}

/* How many times byte starts with a one bit: 0 in half of all bytes, 1 in a quarter, ... */
static unsigned place_depth(uint8_t byte)
{
	return byte < 0x80 ? 0 : byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : MAX_DEPTH;
}

static const uint8_t place_lead[MAX_DEPTH + 1] = { 0, 0x80, 0xc0, 0xe0 };

static void fields_decode(struct op *op, unsigned operands, const uint8_t *in)
{
	for (int i = 0; i < OP_FIELDS; i++)
		if (operands & op_field[i].operand)
			field_decode(op, &op_field[i], operands, in);
}

void op_decode_head(struct op *op, const struct target *target, const uint8_t in[OP_BYTES])
{
	memset(op, 0, sizeof(*op));
	fields_decode(op, target->op[0].operands, in);
}

void op_decode(struct op *op, const struct target *target, const uint8_t in[OP_BYTES],
               unsigned max_depth)
{
	unsigned depth = place_depth(in[5]);

	memset(op, 0, sizeof(*op));
	op->kind = kind_decode(target, in[0]);
	fields_decode(op, target->op[op->kind].operands, in);
	op->depth = depth < max_depth ? depth : max_depth;
	op->request = op->depth ? in[5] & 7 : 0;
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
