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
 * and of files and mappings, which know no board:
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

#include <string.h>

/* The first target with a kind of op called @word, the wanted one before others; its kind, or none. */
static const struct target *target_with(const struct parser *p, const char *word, unsigned *kind)
{
	for (int i = -1; i < 0 || targets[i]; i++) {
		const struct target *target = i < 0 ? p->wanted : targets[i];

		for (*kind = 0; target && *kind < target->ops; ++*kind)
			if (!strcmp(word, target->op[*kind].name))
				return target;
	}
	return NULL;
}

/* A target that is the text itself has no ops. */
static const struct target *first_with_ops(void)
{
	int i = 0;

	while (!targets[i]->op)
		i++;
	return targets[i];
}

static bool fail_unknown(struct parser *p, const char *word)
{
	const struct target *target = p->trace->target;
	char known[256] = "";

	for (unsigned i = 0; i < target->ops; i++)
		snprintf(known + strlen(known), sizeof(known) - strlen(known), " %s",
		         target->op[i].name);
	return lex_fail(p, "unknown word '%s'; known are%s", word, known);
}

/* What the cursor is at is called @word: a kind of which target's op?  Does the trace agree? */
static bool parse_kind(struct parser *p, const char *word, struct op *op)
{
	const struct trace *trace = p->trace;
	const struct target *target;
	unsigned kind;

	if (!p->has_target && (target = target_with(p, word, &kind))) {
		trace_begin(p->trace, target);
		p->has_target = true;
		p->error->line = p->line;
		p->error->column = p->at - p->line_start + 1;
	}
	for (kind = 0; kind < trace->target->ops; kind++)
		if (!strcmp(word, trace->target->op[kind].name))
			break;
	op->kind = kind;
	if (kind < trace->target->ops)
		return true;
	target = target_with(p, word, &kind);
	if (!target)
		return fail_unknown(p, word);
	return lex_fail(p, "%s belongs to the %s target, but this trace %s%s", word, target->name,
	                p->has_head ? "has a " : "begins with an op that does not",
	                p->has_head ? trace->target->op[0].name : "");
}

/* The line in front of the ops. */
static bool parse_head(struct parser *p)
{
	const char *word = p->trace->target->op[0].name;
	struct op head = { 0 };

	if (p->has_head || p->trace->count)
		return lex_fail(p, "the %s comes once, before the first op", word);
	p->has_head = true;
	if (!parse_operands(p, &head) || !parse_options(p, &head, NULL))
		return false;
	p->trace->head = head;
	return true;
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
	    !op_takes(p->trace->target, &p->trace->op[p->trace->count - 1], OP_ALLOCATES))
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

static bool parse_op(struct parser *p, unsigned column)
{
	struct op op = { 0 };
	struct result expect = { 0 };
	char word[WORD];

	if (p->trace->count == TRACE_OPS)
		return lex_fail(p, "a trace has at most %d ops", TRACE_OPS);
	if (!parse_depth(p, column, &op))
		return false;
	lex_peek_word(p, word);
	if (!parse_kind(p, word, &op))
		return false;
	p->at += strlen(word);
	if (!parse_operands(p, &op) || !parse_options(p, &op, &expect))
		return false;
	if (p->expect)
		p->expect[p->trace->count] = expect;
	p->trace->op[p->trace->count++] = op;
	return true;
}

static bool is_head(const struct parser *p, const char *word)
{
	unsigned kind;

	return target_with(p, word, &kind) && !kind;
}

static bool parse_line(struct parser *p)
{
	struct op head = { 0 };
	char word[WORD];

	if (lex_peek(p) == '>')
		p->at++;
	if (lex_at_line_end(p))
		return true;
	lex_peek_word(p, word);
	if (!is_head(p, word))
		return parse_op(p, p->at - p->line_start);
	if (!parse_kind(p, word, &head))
		return false;
	p->at += strlen(word);
	return parse_head(p);
}

bool trace_parse(struct trace *trace, struct result *expect, const struct target *wanted,
                 const char *text, size_t size, struct trace_error *error)
{
	struct parser p = {
		.at = text,
		.end = text + size,
		.depth = -1,
		.wanted = wanted && wanted->op ? wanted : NULL,
		.trace = trace,
		.expect = expect,
		.error = error,
	};

	trace_begin(trace, p.wanted ? p.wanted : first_with_ops());
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
