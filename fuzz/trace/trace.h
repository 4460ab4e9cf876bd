/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A trace: a head, which says what there is at first, and a sequence of ops of one target.  It is
 * complete: a run has no other input.  Three forms:
 *
 *	bytes	what engines mutate: one record of 8 bytes for the head, one for each long of a raw
 *		board, one for each op
 *	struct	what runs
 *	text	what people read, write, review and archive
 *
 * Knows nothing of maps.
 */
#ifndef TRACE_H
#define TRACE_H

#include "op.h"
#include "target.h"

#include <stdio.h>

/*
 * How cells lie on page indices.  A map's behaviour depends on the order of range ends and on
 * their differences only, so 64 cells are a board big enough for everything:
 *
 *	unit	cell i is page i
 *	wide	cells of 2^56 pages
 *	high	cells of one page, the last ends at LONG_MAX
 *	raw	ends chosen one by one: 0, then up to 64 ascending longs, then steps of one
 *
 * A target whose head has no board has the unit board.
 */
enum board { BOARD_UNIT, BOARD_WIDE, BOARD_HIGH, BOARD_RAW, BOARDS };

extern const char *const board_name[BOARDS];

enum { TRACE_OPS = 512 };

struct trace {
	const struct target *target; /* whose ops they are */
	struct op head;
	long at[CELLS + 1]; /* the page where cell i begins, where cell i - 1 ends */
	size_t count;
	struct op op[TRACE_OPS];
};

/* What an op came to, or is expected to come to. */
struct result {
	enum { RESULT_NONE, RESULT_SKIPPED, RESULT_VALUE } kind;
	bool has_needs;
	long value;      /* pages, or a negative errno */
	long needs;      /* regions_needed that a chg handed out */
	unsigned asked;  /* requests for memory that the call made; never part of the text */
	uint8_t refused; /* ... which of them were refused, as a plan says it */
};

/* Compute @trace->at from the head's board; a raw one's from the ends already in at[1..ends]. */
void trace_set_board(struct trace *trace, enum board board);

/* Make it a trace of @target that has no ops and the plainest head. */
void trace_begin(struct trace *trace, const struct target *target);

/* Make the nesting of every op possible: after ops were taken out or moved. */
void trace_settle(struct trace *trace);

/* Does any op run inside op @i? */
static inline bool trace_holds_others(const struct trace *trace, size_t i)
{
	return i + 1 < trace->count && trace->op[i + 1].depth > trace->op[i].depth;
}

/* The first op behind op @i that does not run inside it. */
static inline size_t trace_behind(const struct trace *trace, size_t i)
{
	size_t end = i + 1;

	while (end < trace->count && trace->op[end].depth > trace->op[i].depth)
		end++;
	return end;
}

/* Total: every byte string is some trace.  A short tail and all beyond TRACE_OPS is ignored. */
void trace_decode(struct trace *trace, const struct target *target, const uint8_t *data,
                  size_t size);

/* Longest output of trace_encode(). */
enum { TRACE_BYTES = (1 + CELLS + TRACE_OPS) * OP_BYTES };

/* The canonical bytes of @trace; returns their number. */
size_t trace_encode(const struct trace *trace, uint8_t out[TRACE_BYTES]);

/* The names of errors that a result may be; both directions of the text use them. */
struct errno_name {
	const char *name;
	int number;
};

enum { ERRNO_NAMES = 9 };
extern const struct errno_name errno_name[ERRNO_NAMES];

/* Where and why a text is no trace; line and column count from 1. */
struct trace_error {
	unsigned line, column;
	char what[256];
};

/**
 * trace_parse - read a trace from its text
 * @expect: NULL, or room for TRACE_OPS: what the text says each op comes to
 * @wanted: the target whose trace it is if that has the first word; NULL: the first that has it
 *
 * A text without any word is a trace of @wanted, or of the first target.
 *
 * Return: false, and @error says where and why; @trace is then of no use.  True, and @error says
 * where the text named its target, line 0 if nowhere.
 */
bool trace_parse(struct trace *trace, struct result *expect, const struct target *wanted,
                 const char *text, size_t size, struct trace_error *error);

/**
 * trace_print - write a trace as text that trace_parse() reads back
 * @result: NULL, or TRACE_OPS results to print behind the ops
 * @marked: the op to mark as the one that failed, or SIZE_MAX
 */
void trace_print(FILE *out, const struct trace *trace, const struct result *result, size_t marked);

/* What an op came to, as it stands behind it: " -> 5 needs 2". */
void trace_print_result(FILE *out, const struct result *result);

/* The head, as the text's first line has it. */
void trace_print_head(FILE *out, const struct trace *trace);

/* One op without result.  For messages. */
void trace_print_op(FILE *out, const struct target *target, const struct op *op);

#endif
