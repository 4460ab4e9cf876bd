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
 * and of the reserve family, which knows no board:
 *
 *	pool 8 surplus 2 max 6 min 2	pages, how many more can be had, limits of the mount
 *	map a file 0 [0,4) private	a mapping has a slot; also: noreserve, owner 1
 *	fault a page 3 write late refuse 1,pool,cgroup
 *	fork a b			and: unmap b
 *	truncate file 0 to 3		and: punch file 0 [2,5), evict file 0, resize to 12
 *
 * Ranges are cells, from inclusive, to exclusive.  Requests count from 1.  Deeper indentation
 * nests.  '#' starts a comment; a '>' at the start of a line (the mark of a report) is a space.
 */
#include "lex.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

static bool parse_raw_ends(struct parser *p, struct trace *trace)
{
	trace->at[0] = 0;
	while (isdigit((unsigned char)lex_peek(p))) {
		int i = trace->longs + 1;

		if (i > CELLS)
			return lex_fail(p, "a raw board has at most %d ends", CELLS);
		if (!parse_number(p, trace->at[i - 1] + 1, LONG_MAX - (CELLS - i), &trace->at[i]))
			return false;
		trace->longs = i;
		lex_skip_blanks(p);
	}
	return true;
}

/* What the cursor is at, called @word, belongs to @family; does the trace? */
static bool settle_family(struct parser *p, enum family family, const char *word)
{
	if (!p->has_family) {
		trace_begin(p->trace, family);
		p->has_family = true;
		p->error->line = p->line;
		p->error->column = p->at - p->line_start + 1;
	}
	if (p->trace->family == family)
		return true;
	return lex_fail(p, "%s belongs to the %s target, but this trace %s", word,
	                family_name[family],
	                p->has_head ? family == FAMILY_REGION ? "has a pool" : "has a board"
	                            : "begins with an op that does not");
}

/* The word that begins the first line, if @family's traces begin with @word. */
static bool begin_head(struct parser *p, enum family family, const char *word)
{
	if (!settle_family(p, family, word))
		return false;
	lex_accept_word(p, word);
	if (p->has_head || p->trace->count)
		return lex_fail(p, "the %s comes once, before the first op", word);
	p->has_head = true;
	return true;
}

static bool parse_board(struct parser *p)
{
	struct trace *trace = p->trace;
	int board = 0;

	if (!begin_head(p, FAMILY_REGION, "board"))
		return false;
	while (board < BOARDS && !lex_accept_word(p, board_name[board]))
		board++;
	if (board == BOARDS)
		return lex_fail(p, "expected a board: unit, wide, high or raw");
	lex_skip_blanks(p);
	if (board == BOARD_RAW && !parse_raw_ends(p, trace))
		return false;
	trace_set_board(trace, board);
	if (lex_accept_word(p, "refuse") && !parse_refusals(p, &trace->open_refuse, 0, NULL))
		return false;
	return lex_at_line_end(p) || lex_fail(p, "only refuse may follow the board");
}

/* A limit, which is stored as one more. */
static bool parse_limit(struct parser *p, uint8_t *limit)
{
	if (!parse_field(p, 0, POOL_LIMIT, limit))
		return false;
	++*limit;
	return true;
}

static bool parse_pool(struct parser *p)
{
	struct trace *trace = p->trace;
	bool good = begin_head(p, FAMILY_RESERVE, "pool") &&
	            parse_field(p, 0, POOL_PAGES, &trace->pages);

	while (good && !lex_at_line_end(p)) {
		if (!trace->surplus && lex_accept_word(p, "surplus"))
			good = parse_field(p, 0, POOL_SURPLUS, &trace->surplus);
		else if (!trace->max && lex_accept_word(p, "max"))
			good = parse_limit(p, &trace->max);
		else if (!trace->min && lex_accept_word(p, "min"))
			good = parse_limit(p, &trace->min);
		else if (!trace->open_refuse && lex_accept_word(p, "refuse"))
			good = parse_refusals(p, &trace->open_refuse, 0, NULL);
		else
			return lex_fail(p, "only surplus, max, min and refuse may follow the pool");
	}
	return good;
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
		return lex_fail(p, "this indentation matches no line above");
	if (depth > MAX_DEPTH)
		return lex_fail(p, "ops nest at most %d deep", MAX_DEPTH);
	if (depth > p->depth && depth > 0 &&
	    !op_takes(&p->trace->op[p->trace->count - 1], OP_ALLOCATES))
		return lex_fail(p,
		                "the op above never waits for memory: nothing can run inside it");
	p->indent[depth] = column;
	p->depth = depth;
	op->depth = depth;
	if (!depth)
		return true;
	if (!lex_accept_word(p, "in"))
		return lex_fail(p, "a nested op starts with the request it runs in: in 1:");
	if (!parse_number(p, 1, 8, &request))
		return false;
	op->request = request - 1;
	return lex_accept(p, ":") || lex_fail(p, "expected ':' behind the request");
}

static bool fail_unknown(struct parser *p, const char *word)
{
	static const char *const known[FAMILIES] = {
		[FAMILY_REGION] = "board"
#define OP(wire, name, operands, doc) " " #name
#define RESERVE_OP(wire, name, operands, doc)
#include "ops.def"
#undef RESERVE_OP
#undef OP
		,
		[FAMILY_RESERVE] = "pool"
#define OP(wire, name, operands, doc)
#define RESERVE_OP(wire, name, operands, doc) " " #name
#include "ops.def"
#undef RESERVE_OP
#undef OP
		,
	};

	return lex_fail(p, "unknown word '%s'; known are %s", word, known[p->trace->family]);
}

static bool parse_kind(struct parser *p, struct op *op)
{
	char word[WORD];

	lex_peek_word(p, word);
	for (op->kind = 0; op->kind < OP_KINDS; op->kind++) {
		if (!strcmp(word, op_info[op->kind].name)) {
			if (!settle_family(p, op_info[op->kind].family, word))
				return false;
			p->at += strlen(word);
			return true;
		}
	}
	return fail_unknown(p, word);
}

static bool parse_op(struct parser *p, unsigned column)
{
	struct op op = { 0 };
	struct result expect = { 0 };

	if (p->trace->count == TRACE_OPS)
		return lex_fail(p, "a trace has at most %d ops", TRACE_OPS);
	if (!parse_depth(p, column, &op) || !parse_kind(p, &op))
		return false;
	if (!parse_operands(p, &op) || !parse_options(p, &op, &expect))
		return false;
	if (p->expect)
		p->expect[p->trace->count] = expect;
	p->trace->op[p->trace->count++] = op;
	return true;
}

static bool parse_line(struct parser *p)
{
	char word[WORD];

	if (lex_peek(p) == '>')
		p->at++;
	if (lex_at_line_end(p))
		return true;
	lex_peek_word(p, word);
	if (!strcmp(word, "board"))
		return parse_board(p);
	if (!strcmp(word, "pool"))
		return parse_pool(p);
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

	trace_begin(trace, program_family);
	error->line = 0;
	while (p.at < p.end) {
		p.line++;
		p.line_start = p.at;
		if (!parse_line(&p))
			return false;
		while (lex_peek(&p) != '\n')
			p.at++;
		if (p.at < p.end)
			p.at++;
	}
	return true;
}
