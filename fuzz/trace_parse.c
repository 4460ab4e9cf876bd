// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text to trace: one op a line, in the order of the bytes.
 *
 *	board unit refuse 2		unit, wide, high, or raw and its ends: board raw 5 9 4096
 *	chg [3,8) c refuse 1,3-		the first request of the call fails, the third and all later
 *	  in 2: chg [20,21) d		runs inside the call above, while its second request waits
 *	add c owner 1 -> 5		expected result; also: -> 5 needs 2, -> ENOMEM, -> skipped
 *	del [5,end)			to LONG_MAX
 *
 * Ranges are cells, from inclusive, to exclusive.  Requests count from 1.  Deeper indentation
 * nests.  '#' starts a comment; a '>' at the start of a line (the mark of a report) is a space.
 */
#include "trace.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>

enum { WORD = 16 };

struct parser {
	const char *at, *end; /* what is not read yet */
	const char *line_start;
	unsigned line;
	unsigned indent[MAX_DEPTH + 1]; /* columns of the open nesting levels */
	int depth;                      /* of the op before, -1 before the first */
	bool has_board;
	struct trace *trace;
	struct result *expect;
	struct trace_error *error;
};

static bool __attribute__((format(printf, 2, 3))) fail(struct parser *p, const char *format, ...)
{
	va_list args;

	p->error->line = p->line;
	p->error->column = p->at - p->line_start + 1;
	va_start(args, format);
	vsnprintf(p->error->what, sizeof(p->error->what), format, args);
	va_end(args);
	return false;
}

/* The next character, or a newline where the text ends. */
static char peek(const struct parser *p)
{
	return p->at < p->end ? *p->at : '\n';
}

static void skip_blanks(struct parser *p)
{
	while (peek(p) == ' ' || peek(p) == '\t' || peek(p) == '\r')
		p->at++;
}

static bool at_line_end(struct parser *p)
{
	skip_blanks(p);
	return peek(p) == '\n' || peek(p) == '#';
}

static bool accept(struct parser *p, const char *token)
{
	size_t len = strlen(token);

	skip_blanks(p);
	if ((size_t)(p->end - p->at) < len || memcmp(p->at, token, len))
		return false;
	p->at += len;
	return true;
}

/* The word at the cursor, which stays; empty if there is none. */
static void peek_word(struct parser *p, char word[WORD])
{
	size_t len = 0;

	skip_blanks(p);
	while (len < WORD - 1 && p->at + len < p->end && isalpha((unsigned char)p->at[len])) {
		word[len] = p->at[len];
		len++;
	}
	word[len] = '\0';
}

static bool accept_word(struct parser *p, const char *expected)
{
	char word[WORD];

	peek_word(p, word);
	if (strcmp(word, expected))
		return false;
	p->at += strlen(word);
	return true;
}

static bool parse_number(struct parser *p, long least, long most, long *number)
{
	const char *start;
	long value = 0;
	bool fits = true;

	skip_blanks(p);
	start = p->at;
	while (isdigit((unsigned char)peek(p))) {
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, *p->at - '0', &value))
			fits = false;
		p->at++;
	}
	if (p->at > start && fits && value >= least && value <= most) {
		*number = value;
		return true;
	}
	p->at = start;
	return fail(p, "expected a number from %ld to %ld", least, most);
}

/* The '-' that means "and all later ones"; that of "->" is none. */
static bool accept_later(struct parser *p)
{
	skip_blanks(p);
	return !(p->end - p->at > 1 && p->at[1] == '>') && accept(p, "-");
}

/* 1,3-  requests that are refused, the last one and all later ones if '-' follows it. */
static bool parse_plan(struct parser *p, uint8_t *plan)
{
	long request;

	do {
		if (!parse_number(p, 1, PLAN_BITS, &request))
			return false;
		if (accept_later(p)) {
			*plan |= PLAN_MASK & ~((1 << (request - 1)) - 1);
			return true;
		}
		if (request == PLAN_BITS)
			return fail(p, "write %d-: request %d stands for all later ones too",
			            PLAN_BITS, PLAN_BITS);
		*plan |= 1 << (request - 1);
	} while (accept(p, ","));
	return true;
}

static bool parse_range(struct parser *p, struct op *op)
{
	bool to_end = op_takes(op, OP_TO_END);
	long from, to = CELL_END;

	if (!accept(p, "["))
		return fail(p, "expected a range of cells such as [3,8)");
	if (!parse_number(p, 0, CELLS, &from))
		return false;
	if (!accept(p, ","))
		return fail(p, "expected ',' and the end of the range, as in [3,8)");
	if (!(to_end && accept_word(p, "end")) && !parse_number(p, from, CELLS, &to))
		return false;
	if (!accept(p, ")"))
		return fail(p, "expected ')': a range's end is exclusive, as in [3,8)");
	op->from = from;
	op->to = to;
	return true;
}

static bool parse_slot(struct parser *p, struct op *op)
{
	char word[WORD];

	peek_word(p, word);
	if (strlen(word) != 1 || word[0] < 'a' || word[0] >= 'a' + SLOTS)
		return fail(p, "expected a slot, a to %c", 'a' + SLOTS - 1);
	op->slot = word[0] - 'a';
	p->at++;
	return true;
}

static bool parse_expected(struct parser *p, struct result *expect)
{
	if (accept_word(p, "skipped")) {
		expect->kind = RESULT_SKIPPED;
		return true;
	}
	expect->kind = RESULT_VALUE;
	if (accept_word(p, "ENOMEM")) {
		expect->value = -ENOMEM;
		return true;
	}
	if (accept_word(p, "EINVAL")) {
		expect->value = -EINVAL;
		return true;
	}
	if (!parse_number(p, 0, LONG_MAX, &expect->value))
		return fail(p, "expected a result: a number, ENOMEM, EINVAL or skipped");
	expect->has_needs = accept_word(p, "needs");
	return !expect->has_needs || parse_number(p, 1, LONG_MAX, &expect->needs);
}

/* What may follow an op's own operands, in any order but the result last. */
static bool parse_options(struct parser *p, struct op *op, struct result *expect)
{
	long owner;

	while (!at_line_end(p)) {
		if (op_takes(op, OP_ALLOCATES) && !op->refuse && accept_word(p, "refuse")) {
			if (!parse_plan(p, &op->refuse))
				return false;
		} else if (op_takes(op, OP_OWNER) && !op->owner && accept_word(p, "owner")) {
			if (!parse_number(p, 0, OWNERS - 1, &owner))
				return false;
			op->owner = owner;
		} else if (accept(p, "->")) {
			return parse_expected(p, expect) &&
			       (at_line_end(p) || fail(p, "nothing may follow the result"));
		} else {
			return fail(p, "%s does not take this here; it may take:%s%s ->",
			            op_info[op->kind].name,
			            op_takes(op, OP_ALLOCATES) ? " refuse" : "",
			            op_takes(op, OP_OWNER) ? " owner" : "");
		}
	}
	return true;
}

static bool parse_raw_ends(struct parser *p, struct trace *trace)
{
	trace->at[0] = 0;
	while (isdigit((unsigned char)peek(p))) {
		int i = trace->longs + 1;

		if (i > CELLS)
			return fail(p, "a raw board has at most %d ends", CELLS);
		if (!parse_number(p, trace->at[i - 1] + 1, LONG_MAX - (CELLS - i), &trace->at[i]))
			return false;
		trace->longs = i;
		skip_blanks(p);
	}
	return true;
}

static bool parse_board(struct parser *p)
{
	struct trace *trace = p->trace;
	int board = 0;

	if (p->has_board || trace->count)
		return fail(p, "the board comes once, before the first op");
	while (board < BOARDS && !accept_word(p, board_name[board]))
		board++;
	if (board == BOARDS)
		return fail(p, "expected a board: unit, wide, high or raw");
	skip_blanks(p);
	if (board == BOARD_RAW && !parse_raw_ends(p, trace))
		return false;
	trace_set_board(trace, board);
	p->has_board = true;
	if (accept_word(p, "refuse") && !parse_plan(p, &trace->open_refuse))
		return false;
	return at_line_end(p) || fail(p, "only refuse may follow the board");
}

/* Which nesting level a line belongs to, from its indentation. */
static bool parse_depth(struct parser *p, unsigned column, struct op *op)
{
	int depth = p->depth;
	bool back = depth >= 0 && column < p->indent[depth];
	long request = 1;

	while (depth >= 0 && column < p->indent[depth])
		depth--;
	if (depth < 0 || column > p->indent[depth])
		depth++;
	if (back && column != p->indent[depth])
		return fail(p, "this indentation matches no line above");
	if (depth > MAX_DEPTH)
		return fail(p, "ops nest at most %d deep", MAX_DEPTH);
	if (depth > p->depth && depth > 0 &&
	    !op_takes(&p->trace->op[p->trace->count - 1], OP_ALLOCATES))
		return fail(p, "the op above never waits for memory: nothing can run inside it");
	p->indent[depth] = column;
	p->depth = depth;
	op->depth = depth;
	if (!depth)
		return true;
	if (!accept_word(p, "in"))
		return fail(p, "a nested op starts with the request it runs in: in 1:");
	if (!parse_number(p, 1, 8, &request))
		return false;
	op->request = request - 1;
	return accept(p, ":") || fail(p, "expected ':' behind the request");
}

static bool parse_kind(struct parser *p, struct op *op)
{
	char word[WORD];

	peek_word(p, word);
	for (op->kind = 0; op->kind < OP_KINDS; op->kind++) {
		if (!strcmp(word, op_info[op->kind].name)) {
			p->at += strlen(word);
			return true;
		}
	}
	return fail(p, "unknown word '%s'; known are board"
#define OP(wire, name, operands, doc) " " #name
#include "ops.def"
#undef OP
	            ,
	            word);
}

static bool parse_op(struct parser *p, unsigned column)
{
	struct op op = { 0 };
	struct result expect = { 0 };

	if (p->trace->count == TRACE_OPS)
		return fail(p, "a trace has at most %d ops", TRACE_OPS);
	if (!parse_depth(p, column, &op) || !parse_kind(p, &op))
		return false;
	if (op_takes(&op, OP_RANGE) && !parse_range(p, &op))
		return false;
	if (op_takes(&op, OP_SLOT) && !parse_slot(p, &op))
		return false;
	if (!parse_options(p, &op, &expect))
		return false;
	if (p->expect)
		p->expect[p->trace->count] = expect;
	p->trace->op[p->trace->count++] = op;
	return true;
}

static bool parse_line(struct parser *p)
{
	if (peek(p) == '>')
		p->at++;
	if (at_line_end(p))
		return true;
	if (accept_word(p, "board"))
		return parse_board(p);
	return parse_op(p, p->at - p->line_start);
}

bool trace_parse(struct trace *trace, struct result *expect, const char *text, size_t size,
                 struct trace_error *error)
{
	struct parser p = {
		.at = text,
		.end = text + size,
		.depth = -1,
		.trace = trace,
		.expect = expect,
		.error = error,
	};

	trace->count = 0;
	trace->longs = 0;
	trace->open_refuse = 0;
	trace_set_board(trace, BOARD_UNIT);
	while (p.at < p.end) {
		p.line++;
		p.line_start = p.at;
		if (!parse_line(&p))
			return false;
		while (peek(&p) != '\n')
			p.at++;
		if (p.at < p.end)
			p.at++;
	}
	return true;
}
