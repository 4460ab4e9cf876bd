/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One operation, with its operands, its refusals and the place it runs in: a call on a map, or one of
 * those who keep a map for each file.  Knows bytes and ops; never a map.
 *
 * Wire form: a record of 8 bytes.  Total: every record is some op, of the family that the reader says.
 * op_encode() is canonical: decoding its output gives the same op, and encoding that the same bytes.
 * A field that the op does not use is zero.
 *
 *	byte	field	canonical		any other value
 *	0	kind	the letter of ops.def	one of the family's first 6 or 9, modulo
 *	1, 2	range	from, to; from <= to	modulo 65 (to: 66 where "end" is allowed), put in order
 *	3	slot	'a' to 'h'		modulo 8
 *	4	refuse	0, or 0xc0 + plan	below 0xc0: nothing is refused
 *	5	place	0, or depth and request	leading one bits: depth (at most 3); low 3 bits: request
 *	6	owner	0 to 3			modulo 4
 *	7	-	0			ignored
 *
 * In the reserve family also:
 *
 *	1	page	0 to 63			modulo 64
 *	1	size	0 to 64			modulo 65
 *	2	into	'a' to 'h'		modulo 8
 *	6	owner	0 to 3, + 4 * file	modulo 16
 *	7	opts	bits 0 to 6, and bit 7	bits 3 to 6 count only with bit 7, which says no more;
 *			if any of 3 to 6 is set	what the kind does not take is dropped
 */
#ifndef OP_H
#define OP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OP_BYTES = 8, CELLS = 64, CELL_END = CELLS + 1, SLOTS = 8, OWNERS = 4, MAX_DEPTH = 3 };
enum { FILES = 4 };

/* Whose calls the ops of a trace are; a trace is of one family. */
enum family {
	FAMILY_REGION,  /* those of one map */
	FAMILY_RESERVE, /* those of its callers: files, mappings, faults */
	FAMILIES
};

/* Switches of an op: one bit each, and a word of the text. */
enum {
	OPT_PRIVATE = 1,     /* the mapping is private */
	OPT_NORESERVE = 2,   /* nothing is reserved for it */
	OPT_WRITE = 4,       /* the fault is one of a write */
	OPT_LATE = 8,        /* the fault fails late, when it has its page */
	REFUSE_POOL = 16,    /* the pool has no page to give */
	REFUSE_SUBPOOL = 32, /* the mount's limit says no */
	REFUSE_CGROUP = 64,  /* the owner's limit says no */
	OPTS = 7,            /* how many there are */
	REFUSALS = 3,        /* and the last of them: what can refuse */
	REFUSE_WORDS = REFUSE_POOL | REFUSE_SUBPOOL | REFUSE_CGROUP,
};

extern const char *const opt_name[OPTS];

/* What an op takes, and what its call may do. */
enum {
	OP_RANGE = 1,       /* a range of cells */
	OP_TO_END = 2,      /* whose end may be CELL_END: LONG_MAX, "to the end" */
	OP_SLOT = 4,        /* a slot, which holds a ticket or a mapping */
	OP_OWNER = 8,       /* a cgroup to charge, 0 for none */
	OP_ALLOCATES = 16,  /* may be refused memory, and other ops may run inside it */
	OP_FILE = 32,       /* a file */
	OP_PAGE = 64,       /* one cell, in from */
	OP_SIZE = 128,      /* a number of pages or cells, in from */
	OP_INTO = 256,      /* a second slot, for what comes out */
	OP_OPTS_SHIFT = 16, /* from this bit on: the switches it takes */
	OP_PRIVATE = OPT_PRIVATE << OP_OPTS_SHIFT,
	OP_NORESERVE = OPT_NORESERVE << OP_OPTS_SHIFT,
	OP_WRITE = OPT_WRITE << OP_OPTS_SHIFT,
	OP_LATE = OPT_LATE << OP_OPTS_SHIFT,
	OP_REFUSES = REFUSE_WORDS << OP_OPTS_SHIFT, /* may be refused pages too */
};

enum op_kind {
#define OP(wire, name, operands, doc) OP_##name,
#include "ops.def"
#undef OP
	OP_KINDS
};

/* The region family's kinds come first, so many; the reserve family's are those behind them. */
enum {
	REGION_KINDS = 0
#define OP(wire, name, operands, doc) +1
#define RESERVE_OP(wire, name, operands, doc)
#include "ops.def"
#undef RESERVE_OP
#undef OP
};

/* What ops.def says of one kind. */
struct op_info {
	char wire;
	const char *name;
	enum family family;
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
			  /* a page or size: from, and to is 0 */
	uint8_t slot;     /* 0 to SLOTS - 1 */
	uint8_t refuse;   /* fault plan */
	uint8_t depth;    /* 0: runs by itself; else inside the nearest op before it of depth - 1 */
	uint8_t request;  /* ... while that one waits for this request of its own, from 0 */
	uint8_t owner;    /* 0 to OWNERS - 1; 0 is none */
	uint8_t file;     /* 0 to FILES - 1 */
	uint8_t into;     /* 0 to SLOTS - 1 */
	uint8_t opts;     /* OPT_..., REFUSE_... */
};

static inline bool op_takes(const struct op *op, unsigned operands)
{
	return op_info[op->kind].operands & operands;
}

/* The switches that @op may have. */
static inline uint8_t op_opts(const struct op *op)
{
	return op_info[op->kind].operands >> OP_OPTS_SHIFT;
}

/* Does @plan refuse request @n, counted from 0? */
static inline bool plan_refuses(uint8_t plan, unsigned n)
{
	return plan >> (n < PLAN_BITS ? n : PLAN_BITS - 1) & 1;
}

/* The op of @family that the record @in stands for, at most @max_depth deep. */
void op_decode(struct op *op, enum family family, const uint8_t in[OP_BYTES], unsigned max_depth);

/* The canonical record of @op. */
void op_encode(const struct op *op, uint8_t out[OP_BYTES]);

/* Put the fields of @op in order and zero what its kind does not use, as if it had been decoded. */
void op_tidy(struct op *op);

/* The fault plan of a byte, and the canonical byte of a plan; the record before the ops has one too. */
uint8_t plan_decode(uint8_t byte);
uint8_t plan_encode(uint8_t plan);

#endif
