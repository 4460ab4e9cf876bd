/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One operation: a call on the map, with its range, its slot, its refused allocations and the
 * place it runs in.  Knows bytes and ops; never a map.
 *
 * Wire form: a record of 8 bytes, one for each field of struct op.  Total: every record is some
 * op.  op_encode() is canonical: decoding its output gives the same op, and encoding that the same
 * bytes.  A field that the op does not use is zero.
 *
 *	byte	field	canonical		any other value
 *	0	kind	the letter of ops.def	one of the first 6, modulo
 *	1, 2	range	from, to; from <= to	modulo 65 (to: 66 where "end" is allowed), put in order
 *	3	slot	'a' to 'h'		modulo 8
 *	4	refuse	0, or 0xc0 + plan	below 0xc0: nothing is refused
 *	5	place	0, or depth and request	leading one bits: depth (at most 3); low 3 bits: request
 *	6	owner	0 to 3			modulo 4
 *	7	-	0			ignored
 */
#ifndef OP_H
#define OP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OP_BYTES = 8, CELLS = 64, CELL_END = CELLS + 1, SLOTS = 8, OWNERS = 4, MAX_DEPTH = 3 };

/* What an op takes, and what its call may do. */
enum {
	OP_RANGE = 1,      /* a range of cells */
	OP_TO_END = 2,     /* whose end may be CELL_END: LONG_MAX, "to the end" */
	OP_SLOT = 4,       /* a slot, which holds a ticket */
	OP_OWNER = 8,      /* a cgroup to charge, 0 for none */
	OP_ALLOCATES = 16, /* may be refused memory, and other ops may run inside it */
};

enum op_kind {
#define OP(wire, name, operands, doc) OP_##name,
#include "ops.def"
#undef OP
	OP_KINDS
};

/* What ops.def says of one kind. */
struct op_info {
	char wire;
	const char *name;
	unsigned operands;
	const char *doc;
};

extern const struct op_info op_info[OP_KINDS];

/*
 * A fault plan: bit n set, the call's request n + 1 is refused; the topmost bit stands for that
 * request and all later ones.
 */
enum { PLAN_BITS = 6, PLAN_MASK = (1 << PLAN_BITS) - 1 };

struct op {
	uint8_t kind;     /* enum op_kind */
	uint8_t from, to; /* cells, from inclusive, to exclusive; to may be CELL_END */
	uint8_t slot;     /* 0 to SLOTS - 1 */
	uint8_t refuse;   /* fault plan */
	uint8_t depth;    /* 0: runs by itself; else inside the nearest op before it of depth - 1 */
	uint8_t request;  /* ... while that one waits for this request of its own, from 0 */
	uint8_t owner;    /* 0 to OWNERS - 1; 0 is none */
};

static inline bool op_takes(const struct op *op, unsigned operands)
{
	return op_info[op->kind].operands & operands;
}

/* Does @plan refuse request @n, counted from 0? */
static inline bool plan_refuses(uint8_t plan, unsigned n)
{
	return plan >> (n < PLAN_BITS ? n : PLAN_BITS - 1) & 1;
}

/* The op that the record @in stands for, at most @max_depth deep. */
void op_decode(struct op *op, const uint8_t in[OP_BYTES], unsigned max_depth);

/* The canonical record of @op. */
void op_encode(const struct op *op, uint8_t out[OP_BYTES]);

/* Put the fields of @op in order and zero what its kind does not use, as if it had been decoded. */
void op_tidy(struct op *op);

/* The fault plan of a byte, and the canonical byte of a plan; the board's record has one too. */
uint8_t plan_decode(uint8_t byte);
uint8_t plan_encode(uint8_t plan);

#endif
