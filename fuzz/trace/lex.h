/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The text parser's cursor, and the words and numbers at it.  parse.c reads lines with it,
 * parse_op.c what stands behind the name of an op.
 *
 * What begins with lex_accept says whether the thing was there.  What begins with parse has to find
 * its thing; if it does not, the error is written and it returns false.
 */
#ifndef TRACE_LEX_H
#define TRACE_LEX_H

#include "trace.h"

enum { WORD = 16 };

struct parser {
	const char *at, *end; /* what is not read yet */
	const char *line_start;
	unsigned line;
	unsigned indent[MAX_DEPTH + 1]; /* columns of the open nesting levels */
	int depth;                      /* of the op before, -1 before the first */
	bool has_target;                /* the text has said it; till then it is trace->target */
	bool has_head;                  /* there was a head */
	const struct target *wanted; /* whose the trace is, where its words allow that, or NULL */
	struct trace *trace;
	struct result *expect;
	struct trace_error *error;
};

/* The error of this place; returns false. */
bool lex_fail(struct parser *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The next character, or a newline where the text ends. */
char lex_peek(const struct parser *p);

/* The word at the cursor, which stays; empty if there is none. */
void lex_peek_word(struct parser *p, char word[WORD]);

void lex_skip_blanks(struct parser *p);

/* Behind blanks: is nothing left in the line, but for a comment? */
bool lex_at_line_end(struct parser *p);

bool lex_accept(struct parser *p, const char *token);
bool lex_accept_word(struct parser *p, const char *expected);

bool parse_number(struct parser *p, long least, long most, long *number);

/* A number that a field of a record holds. */
bool parse_field(struct parser *p, uint8_t least, uint8_t most, uint8_t *field);

/*
 * parse_op.c: what stands behind the name of an op or head.  First what it has to have, then what it
 * may have, in any order; an op's expected result comes last.
 */
bool parse_operands(struct parser *p, struct op *op);
bool parse_options(struct parser *p, struct op *op, struct result *expect);

#endif
