/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One operation: its operands, its refusals and the place it runs in.  Which kinds there are, and
 * what each takes, a target says (target.h); what an operand looks like in bytes and in text is one
 * table, op_field[], that decoding, encoding, printing, parsing and tidying walk.  Knows bytes and
 * ops; never a map.
 *
 * Wire form: a record of 8 bytes.  Total: every record is some op of the target.  op_encode() is
 * canonical: decoding its output gives the same op, and encoding that the same bytes.  A field that
 * the op does not take is zero.
 *
 *	byte	field	canonical		any other value
 *	0	kind	the letter of ops.def	one of the target's first kinds, modulo their number
 *	1, 2	range	from, to; from <= to	modulo 65 (to: 66 where "end" is allowed), put in order
 *	1	page	0 to 63			modulo 64
 *	1	size	0 to 64			modulo 65
 *	1	past	0 to 7			modulo 8
 *	2	into	'a' to 'h'		modulo 8
 *	3	slot	'a' to 'h'		modulo 8
 *	4	refuse	0, or 0xc0 + plan	below 0xc0: nothing is refused
 *	5	place	0, or depth and request	leading one bits: depth (at most 3); low 3 bits: request
 *	6	cgroup	0 to 3, + 4 * file	modulo 4, and modulo 16
 *		words	+ 16 * switches 7 to 10	(refuse memcg, node, vma, table) are read only when bit 7
 *						of byte 7 is set
 *	7	opts	bits 0 to 6, and bit 7	bits 3 to 6 (late, refuse pool, subpool, cgroup) are read
 *			if any of 3 to 11 is	only when bit 7 is set; bit 7 itself means nothing
 *			set
 *		latest	bit 0, of an op that	read only when bit 7 is set
 *			takes it: none of these
 *			takes private
 *
 * So a random byte rarely makes a call fail.  The record in front of the ops is one too, of the
 * target's kind 0; its letter is not read, its byte 1 is the format, and its fields are
 *
 *	0	board	'u', 'w', 'h', 'r'	modulo 4
 *	2	ends	0 to 64			modulo 65
 *	2	pages	0 to 64			modulo 65
 *	3	refuse	0, or 0xc0 + plan	below 0xc0: nothing is refused
 *	4	surplus	0 to 16			modulo 17
 *	5	max	0, or limit + 1		modulo 66
 *	6	min	0, or limit + 1		modulo 66
 */
#ifndef OP_H
#define OP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OP_BYTES = 8, CELLS = 64, CELL_END = CELLS + 1, SLOTS = 8, CGROUPS = 4, MAX_DEPTH = 3 };
enum { FILES = 4 };

/* Of the pool of huge pages; a limit is stored as limit + 1, 0 is none. */
enum { POOL_PAGES = 64, POOL_PLAIN = 8, POOL_SURPLUS = 16, POOL_LIMIT = 64 };

/* Switches of an op: one bit each, and a word of the text. */
enum {
	OPT_PRIVATE = 1,     /* the mapping is private */
	OPT_NORESERVE = 2,   /* nothing is reserved for it */
	OPT_WRITE = 4,       /* the fault is one of a write */
	OPT_LATE = 8,        /* the fault fails late, when it has its page */
	REFUSE_POOL = 16,    /* the pool has no page to give */
	REFUSE_SUBPOOL = 32, /* the mount's limit says no */
	REFUSE_CGROUP = 64,  /* the cgroup's limit says no */
	REFUSE_MEMCG = 128,  /* the limit of the cgroup of memory in general says no */
	REFUSE_NODE = 256,   /* no node that the task may use has a page */
	REFUSE_VMA = 512,    /* no memory for what belongs to a mapping */
	REFUSE_TABLE = 1024, /* no memory for a page table */
	OPT_LATEST = 2048,   /* what can fail behind what late is about does */
	OPTS = 12,           /* how many there are */
	REFUSALS = 7,        /* and of them: what can refuse, from REFUSE_POOL on */
	FAILS_LATE = OPT_LATE | OPT_LATEST,
	REFUSE_FIRST = REFUSE_POOL | REFUSE_SUBPOOL | REFUSE_CGROUP,
	REFUSE_LATER = REFUSE_MEMCG | REFUSE_NODE | REFUSE_VMA | REFUSE_TABLE,
	REFUSE_WORDS = REFUSE_FIRST | REFUSE_LATER,
};

extern const char *const opt_name[OPTS];

/* What an op takes, and what its call may do. */
enum {
	OP_RANGE = 1,      /* a range of cells */
	OP_TO_END = 2,     /* whose end may be CELL_END: LONG_MAX, "to the end" */
	OP_SLOT = 4,       /* a slot that holds a mapping, named first */
	OP_CGROUP = 8,     /* a cgroup to charge, 0 for none; "owner" in the text */
	OP_ALLOCATES = 16, /* may be refused memory, and other ops may run inside it */
	OP_FILE = 32,      /* a file */
	OP_PAGE = 64,      /* one cell, in from */
	OP_SIZE = 128,     /* a number of pages or cells, in from */
	OP_INTO = 256,     /* a second slot, for what comes out */
	OP_TICKET = 512,   /* a slot that holds a ticket, named last */
	OP_BOARD = 1024,   /* of a head: how cells lie on pages */
	OP_POOL = 2048,    /* of a head: the pool of huge pages and the limits of a mount */
	OP_PARKS = 4096,   /* the call in whose window it stands waits, and those around it go on */
	OP_RESUMES = 8192, /* one that waits goes on: past how many that wait longer, in from */
	OP_ORDER = OP_PARKS | OP_RESUMES,
	OP_REFUSED = 16384, /* may be refused something by words, and no memory by number */
	OP_HEAD = OP_BOARD | OP_POOL,
	OP_ANY_SLOT = OP_SLOT | OP_TICKET,
	OP_OPTS_SHIFT = 16, /* from this bit on: the switches it takes */
	OP_PRIVATE = OPT_PRIVATE << OP_OPTS_SHIFT,
	OP_NORESERVE = OPT_NORESERVE << OP_OPTS_SHIFT,
	OP_WRITE = OPT_WRITE << OP_OPTS_SHIFT,
	OP_LATE = OPT_LATE << OP_OPTS_SHIFT,
	OP_REFUSES = REFUSE_FIRST << OP_OPTS_SHIFT, /* may be refused pages too */
	OP_MEMCG = REFUSE_MEMCG << OP_OPTS_SHIFT,
	OP_NODE = REFUSE_NODE << OP_OPTS_SHIFT,
	OP_VMA = REFUSE_VMA << OP_OPTS_SHIFT,
	OP_TABLE = REFUSE_TABLE << OP_OPTS_SHIFT,
	OP_LATEST = OPT_LATEST << OP_OPTS_SHIFT, /* an op that is never private */
	OP_OPTS = ((1 << OPTS) - 1) << OP_OPTS_SHIFT,
};

/* One kind of op, as a line of a target's ops.def says. */
struct op_info {
	char wire; /* its letter, for good */
	const char *name;
	unsigned operands;
	const char *doc;
	unsigned fields; /* OP_FIELDS_OF(operands) */
};

/*
 * The refusals of one call: bit n set, its request n + 1 for memory is refused; the topmost bit
 * stands for that request and all later ones.
 */
enum { PLAN_BITS = 6, PLAN_MASK = (1 << PLAN_BITS) - 1 };

struct op {
	uint8_t kind;     /* index into the target's kinds; 0 is the head's */
	uint8_t from, to; /* cells, from inclusive, to exclusive; to may be CELL_END */
			  /* a page or size: from, and to is 0 */
	uint8_t slot;     /* 0 to SLOTS - 1 */
	uint8_t refuse;   /* refusals of memory */
	uint8_t depth;    /* 0: runs by itself; else inside the nearest op before it of depth - 1 */
	uint8_t request;  /* ... in this window of that one, from 0 */
	uint8_t cgroup;   /* 0 to CGROUPS - 1; 0 is none */
	uint8_t file;     /* 0 to FILES - 1 */
	uint8_t into;     /* 0 to SLOTS - 1 */
	uint16_t opts;    /* OPT_..., REFUSE_... */
	uint8_t board;    /* of a head: enum board, and how many ends of a raw one are chosen */
	uint8_t ends;
	uint8_t pages;    /* of a head: in the pool, 0 to POOL_PAGES */
	uint8_t surplus;  /* how many more can be had, 0 to POOL_SURPLUS */
	uint8_t max, min; /* limits of the mount */
};

/* How a field looks. */
enum form {
	FORM_LETTER, /* text: a letter */
	FORM_NUMBER, /* text: its key, if it has one, and a number */
	FORM_OPTION, /* the same, in any order behind what is no option, and left out if 0 */
	FORM_RANGE,  /* text: [3,8); two bytes */
	FORM_BOARD, /* text: its name, and of a raw one its ends; bytes: letter and number of ends */
	FORM_WORDS,   /* text: a word for each bit that is no refusal */
	FORM_REFUSALS /* text: refuse 1,3-; with the words of bits that are refusals */
};

/* One field of an op; those that take a place in the text stand in the order of the text. */
struct field {
	unsigned operand; /* an op has it that takes any of these */
	enum form form;
	uint8_t byte;   /* of the record */
	uint8_t step;   /* value = (byte - base) / step % count */
	uint8_t count;  /* how many values there are */
	uint8_t base;   /* the byte that means 0 */
	uint8_t offset; /* in struct op */
	uint8_t less;   /* in the text it is so much less, where 0 means none */
	const char *key;
};

/* Name, and what struct field has.  @F is called with @_ in front of each row. */
#define OP_FIELD_TABLE(F, _) \
	F(_, board, OP_BOARD, BOARD, 0, 1, BOARDS, 0, board, 0, NULL) \
	F(_, slot, OP_SLOT, LETTER, 3, 1, SLOTS, 'a', slot, 0, NULL) \
	F(_, into, OP_INTO, LETTER, 2, 1, SLOTS, 'a', into, 0, NULL) \
	F(_, page, OP_PAGE, NUMBER, 1, 1, CELLS, 0, from, 0, "page") \
	F(_, file, OP_FILE, NUMBER, 6, CGROUPS, FILES, 0, file, 0, "file") \
	F(_, range, OP_RANGE, RANGE, 1, 1, CELLS + 1, 0, from, 0, NULL) \
	F(_, size, OP_SIZE, NUMBER, 1, 1, CELLS + 1, 0, from, 0, "to") \
	F(_, ticket, OP_TICKET, LETTER, 3, 1, SLOTS, 'a', slot, 0, NULL) \
	F(_, pages, OP_POOL, NUMBER, 2, 1, POOL_PAGES + 1, 0, pages, 0, NULL) \
	F(_, opts, OP_OPTS, WORDS, 7, 1, 0, 0, opts, 0, NULL) \
	F(_, past, OP_RESUMES, OPTION, 1, 1, SLOTS, 0, from, 0, "past") \
	F(_, cgroup, OP_CGROUP, OPTION, 6, 1, CGROUPS, 0, cgroup, 0, "owner") \
	F(_, surplus, OP_POOL, OPTION, 4, 1, POOL_SURPLUS + 1, 0, surplus, 0, "surplus") \
	F(_, max, OP_POOL, OPTION, 5, 1, POOL_LIMIT + 2, 0, max, 1, "max") \
	F(_, min, OP_POOL, OPTION, 6, 1, POOL_LIMIT + 2, 0, min, 1, "min") \
	F(_, refuse, OP_ALLOCATES | OP_REFUSED, REFUSALS, 4, 1, 0, 0, refuse, 0, "refuse")

enum {
#define FIELD(_, name, ...) FIELD_##name,
	OP_FIELD_TABLE(FIELD, _)
#undef FIELD
		OP_FIELDS
};
extern const struct field op_field[OP_FIELDS];

/* The fields that an op with these operands has, a bit each: a constant. */
#define OP_FIELD_BIT(operands, name, operand, ...) \
	((operands) & (operand) ? 1u << FIELD_##name : 0) |
#define OP_FIELDS_OF(operands) (OP_FIELD_TABLE(OP_FIELD_BIT, operands) 0)

static inline uint8_t *op_at(struct op *op, const struct field *field)
{
	return (uint8_t *)op + field->offset;
}

static inline uint8_t op_value(const struct op *op, const struct field *field)
{
	return ((const uint8_t *)op)[field->offset];
}

/* The switches that an op of this kind may have. */
static inline uint16_t info_opts(const struct op_info *info)
{
	return info->operands >> OP_OPTS_SHIFT;
}

/* The bit of a plan that says of request @n, counted from 0, whether it is refused. */
static inline uint8_t plan_bit(unsigned n)
{
	return 1u << (n < PLAN_BITS ? n : PLAN_BITS - 1);
}

static inline bool plan_refuses(uint8_t plan, unsigned n)
{
	return plan & plan_bit(n);
}

struct target;

/* The op of @target that the record @in stands for, at most @max_depth deep. */
void op_decode(struct op *op, const struct target *target, const uint8_t in[OP_BYTES],
               unsigned max_depth);

/* The same of @count records, each at most as deep as the op in front of it lets it be. */
void op_decode_row(struct op *op, const struct target *target, const uint8_t *in, size_t count);

/* The cells [from, to) as a set. */
static inline uint64_t cell_set(unsigned from, unsigned to)
{
	return from >= to ? 0 : (~0ULL >> (CELLS - (to - from))) << from;
}

/* How deep an op behind @op may run, which takes @operands. */
static inline unsigned op_depth_behind(const struct op *op, unsigned operands)
{
	return operands & OP_ALLOCATES && op->depth < MAX_DEPTH ? op->depth + 1 : op->depth;
}

/* The head of @target that the record @in stands for. */
void op_decode_head(struct op *op, const struct target *target, const uint8_t in[OP_BYTES]);

/* The canonical record of @op. */
void op_encode(const struct op *op, const struct target *target, uint8_t out[OP_BYTES]);

/* Put the fields of @op in order and zero what its kind does not take, as if it had been decoded. */
void op_tidy(struct op *op, const struct target *target);

#endif
