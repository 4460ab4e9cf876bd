// SPDX-License-Identifier: GPL-2.0-only
/*
 * What stands behind the name of an op: its operands, which it has to have, and options.
 */
#include "lex.h"

#include <limits.h>
#include <string.h>

/* Room for a list of words in a message. */
enum { WORDS = 64 };

static void append(char words[WORDS], const char *separator, const char *word)
{
	size_t length = strlen(words);

	snprintf(words + length, WORDS - length, "%s%s", separator, word);
}

/* The '-' that means "and all later ones"; that of "->" is none. */
static bool accept_later(struct parser *p)
{
	lex_skip_blanks(p);
	return !(p->end - p->at > 1 && p->at[1] == '>') && lex_accept(p, "-");
}

/* 3 or 3-: a request that is refused, or that one and all later ones. */
static bool parse_request(struct parser *p, uint8_t *plan)
{
	long request;

	if (*plan >> (PLAN_BITS - 1) & 1)
		return lex_fail(p, "all later requests are refused already");
	if (!parse_number(p, 1, PLAN_BITS, &request))
		return false;
	if (accept_later(p)) {
		*plan |= PLAN_MASK & ~((1 << (request - 1)) - 1);
		return true;
	}
	if (request == PLAN_BITS)
		return lex_fail(p, "write %d-: request %d stands for all later ones too", PLAN_BITS,
		                PLAN_BITS);
	*plan |= 1 << (request - 1);
	return true;
}

/* One of the words for @allowed; its bit goes to @opts. */
static bool accept_opt(struct parser *p, uint8_t allowed, uint8_t *opts)
{
	for (int i = 0; i < OPTS; i++) {
		if (allowed >> i & 1 && lex_accept_word(p, opt_name[i])) {
			*opts |= 1 << i;
			return true;
		}
	}
	return false;
}

bool parse_refusals(struct parser *p, uint8_t *plan, uint8_t words, uint8_t *opts)
{
	char word[WORD];

	do {
		if (accept_opt(p, words, opts))
			continue;
		lex_peek_word(p, word);
		if (words && *word)
			return lex_fail(p,
			                "expected a request such as 1, or pool, subpool, cgroup");
		if (!parse_request(p, plan))
			return false;
	} while (lex_accept(p, ","));
	return true;
}

static bool parse_range(struct parser *p, struct op *op)
{
	bool to_end = op_takes(op, OP_TO_END);

	if (!lex_accept(p, "["))
		return lex_fail(p, "expected a range of cells such as [3,8)");
	if (!parse_field(p, 0, CELLS, &op->from))
		return false;
	if (!lex_accept(p, ","))
		return lex_fail(p, "expected ',' and the end of the range, as in [3,8)");
	if (to_end && lex_accept_word(p, "end"))
		op->to = CELL_END;
	else if (!parse_field(p, op->from, CELLS, &op->to))
		return false;
	return lex_accept(p, ")") ||
	       lex_fail(p, "expected ')': a range's end is exclusive, as in [3,8)");
}

static bool parse_slot(struct parser *p, uint8_t *slot)
{
	char word[WORD];

	lex_peek_word(p, word);
	if (strlen(word) != 1 || word[0] < 'a' || word[0] >= 'a' + SLOTS)
		return lex_fail(p, "expected a slot, a to %c", 'a' + SLOTS - 1);
	*slot = word[0] - 'a';
	p->at++;
	return true;
}

static bool parse_named(struct parser *p, const char *name, uint8_t most, uint8_t *field)
{
	if (!lex_accept_word(p, name))
		return lex_fail(p, "expected '%s' and a number, as in %s 1", name, name);
	return parse_field(p, 0, most, field);
}

/* In the order in which they are printed. */
static bool parse_reserve_operands(struct parser *p, struct op *op)
{
	if (op_takes(op, OP_SLOT) && !parse_slot(p, &op->slot))
		return false;
	if (op_takes(op, OP_INTO) && !parse_slot(p, &op->into))
		return false;
	if (op_takes(op, OP_PAGE) && !parse_named(p, "page", CELLS - 1, &op->from))
		return false;
	if (op_takes(op, OP_FILE) && !parse_named(p, "file", FILES - 1, &op->file))
		return false;
	if (op_takes(op, OP_RANGE) && !parse_range(p, op))
		return false;
	return !op_takes(op, OP_SIZE) || parse_named(p, "to", CELLS, &op->from);
}

bool parse_operands(struct parser *p, struct op *op)
{
	if (op_info[op->kind].family == FAMILY_RESERVE)
		return parse_reserve_operands(p, op);
	if (op_takes(op, OP_RANGE) && !parse_range(p, op))
		return false;
	return !op_takes(op, OP_SLOT) || parse_slot(p, &op->slot);
}

static bool accept_errno(struct parser *p, long *value)
{
	for (int i = 0; i < ERRNO_NAMES; i++) {
		if (lex_accept_word(p, errno_name[i].name)) {
			*value = -errno_name[i].number;
			return true;
		}
	}
	return false;
}

static bool fail_result(struct parser *p)
{
	char names[WORDS] = "";

	for (int i = 0; i < ERRNO_NAMES; i++)
		append(names, ", ", errno_name[i].name);
	return lex_fail(p, "expected a result: a number%s or skipped", names);
}

static bool parse_expected(struct parser *p, struct result *expect)
{
	if (lex_accept_word(p, "skipped")) {
		expect->kind = RESULT_SKIPPED;
		return true;
	}
	expect->kind = RESULT_VALUE;
	if (accept_errno(p, &expect->value))
		return true;
	if (!parse_number(p, 0, LONG_MAX, &expect->value))
		return fail_result(p);
	expect->has_needs = lex_accept_word(p, "needs");
	return !expect->has_needs || parse_number(p, 1, LONG_MAX, &expect->needs);
}

static bool fail_option(struct parser *p, const struct op *op)
{
	uint8_t opts = op_opts(op) & ~REFUSE_WORDS;
	char words[WORDS] = "";

	for (int i = 0; i < OPTS; i++)
		if (opts >> i & 1)
			append(words, " ", opt_name[i]);
	return lex_fail(p, "%s does not take this here; it may take:%s%s%s ->",
	                op_info[op->kind].name, words, op_takes(op, OP_ALLOCATES) ? " refuse" : "",
	                op_takes(op, OP_OWNER) ? " owner" : "");
}

/* In any order but the result last, and none twice. */
bool parse_options(struct parser *p, struct op *op, struct result *expect)
{
	while (!lex_at_line_end(p)) {
		uint8_t words = op_opts(op) & REFUSE_WORDS;
		bool refuses = op->refuse || op->opts & REFUSE_WORDS;

		if (accept_opt(p, op_opts(op) & ~REFUSE_WORDS & ~op->opts, &op->opts))
			continue;
		if (op_takes(op, OP_ALLOCATES) && !refuses && lex_accept_word(p, "refuse")) {
			if (!parse_refusals(p, &op->refuse, words, &op->opts))
				return false;
		} else if (op_takes(op, OP_OWNER) && !op->owner && lex_accept_word(p, "owner")) {
			if (!parse_field(p, 0, OWNERS - 1, &op->owner))
				return false;
		} else if (lex_accept(p, "->")) {
			return parse_expected(p, expect) &&
			       (lex_at_line_end(p) || lex_fail(p, "nothing may follow the result"));
		} else {
			return fail_option(p, op);
		}
	}
	return true;
}
