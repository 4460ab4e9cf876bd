// SPDX-License-Identifier: GPL-2.0-only
/*
 * What stands behind the name of an op: its operands, which it has to have, and options.
 */
#include "lex.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

/* Room for a list of words in a message. */
enum { WORDS = 96 };

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

/* One of the words for the bits @allowed; its bit goes to @opts. */
static bool accept_opt(struct parser *p, uint16_t allowed, uint16_t *opts)
{
	for (int i = 0; i < OPTS; i++) {
		if (allowed >> i & 1 && lex_accept_word(p, opt_name[i])) {
			*opts |= 1 << i;
			return true;
		}
	}
	return false;
}

static bool fail_refusal(struct parser *p, uint16_t words, bool by_number)
{
	char known[WORDS] = "";

	for (int i = 0; i < OPTS; i++)
		if (words >> i & 1)
			append(known, ", ", opt_name[i]);
	return lex_fail(p, by_number ? "expected a request such as 1, or%s" : "expected one of%s",
	                known + 1);
}

/* What is refused, behind the word "refuse"; of the words of @words bits go to op->opts. */
static bool parse_refusals(struct parser *p, struct op *op, uint16_t words, bool by_number)
{
	char word[WORD];

	do {
		if (accept_opt(p, words, &op->opts))
			continue;
		lex_peek_word(p, word);
		if ((words && *word) || !by_number)
			return fail_refusal(p, words, by_number);
		if (!parse_request(p, &op->refuse))
			return false;
	} while (lex_accept(p, ","));
	return true;
}

static bool parse_range(struct parser *p, struct op *op, bool to_end)
{
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

/* What stands behind the key, if the field has one. */
static bool parse_value(struct parser *p, const struct field *field, struct op *op)
{
	uint8_t *value = op_at(op, field);

	if (!parse_field(p, 0, field->count - 1 - field->less, value))
		return false;
	*value += field->less;
	return true;
}

static bool parse_number_field(struct parser *p, const struct field *field, struct op *op)
{
	if (field->key && !lex_accept_word(p, field->key))
		return lex_fail(p, "expected '%s' and a number, as in %s 1", field->key,
		                field->key);
	return parse_value(p, field, op);
}

static bool parse_raw_ends(struct parser *p, struct op *head)
{
	struct trace *trace = p->trace;

	trace->at[0] = 0;
	while (isdigit((unsigned char)lex_peek(p))) {
		int i = head->ends + 1;

		if (i > CELLS)
			return lex_fail(p, "a raw board has at most %d ends", CELLS);
		if (!parse_number(p, trace->at[i - 1] + 1, LONG_MAX - (CELLS - i), &trace->at[i]))
			return false;
		head->ends = i;
		lex_skip_blanks(p);
	}
	return true;
}

static bool parse_board(struct parser *p, struct op *head)
{
	while (head->board < BOARDS && !lex_accept_word(p, board_name[head->board]))
		head->board++;
	if (head->board == BOARDS)
		return lex_fail(p, "expected a board: unit, wide, high or raw");
	lex_skip_blanks(p);
	if (head->board == BOARD_RAW && !parse_raw_ends(p, head))
		return false;
	p->trace->head = *head;
	trace_set_board(p->trace, head->board);
	return true;
}

/* In the order in which they are printed. */
bool parse_operands(struct parser *p, struct op *op)
{
	unsigned operands = p->trace->target->op[op->kind].operands;

	for (int i = 0; i < OP_FIELDS; i++) {
		const struct field *field = &op_field[i];
		bool good = true;

		if (!(operands & field->operand))
			continue;
		if (field->form == FORM_LETTER)
			good = parse_slot(p, op_at(op, field));
		else if (field->form == FORM_NUMBER)
			good = parse_number_field(p, field, op);
		else if (field->form == FORM_RANGE)
			good = parse_range(p, op, operands & OP_TO_END);
		else if (field->form == FORM_BOARD)
			good = parse_board(p, op);
		if (!good)
			return false;
	}
	return true;
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

/* The words of what may follow, with @separator between them and @last in front of the last. */
static void list_options(const struct op_info *info, const char *separator, const char *last,
                         char words[WORDS])
{
	bool is_head = info->operands & OP_HEAD;
	const char *name[OPTS + OP_FIELDS];
	int count = 0;

	for (int i = 0; i < OPTS; i++)
		if (info_opts(info) & ~REFUSE_WORDS & 1 << i)
			name[count++] = opt_name[i];
	if (!is_head && info->operands & (OP_ALLOCATES | OP_REFUSED))
		name[count++] = "refuse";
	for (int i = 0; i < OP_FIELDS; i++)
		if (info->operands & op_field[i].operand && op_field[i].form == FORM_OPTION)
			name[count++] = op_field[i].key;
	if (is_head)
		name[count++] = "refuse";
	for (int i = 0; i < count; i++)
		append(words, i == 0 ? "" : i == count - 1 ? last : separator, name[i]);
}

static bool fail_option(struct parser *p, const struct op_info *info)
{
	char words[WORDS] = "";

	if (info->operands & OP_HEAD) {
		list_options(info, ", ", " and ", words);
		return lex_fail(p, "only %s may follow the %s", words, info->name);
	}
	list_options(info, " ", " ", words);
	return lex_fail(p, "%s does not take this here; it may take: %s%s->", info->name, words,
	                *words ? " " : "");
}

/* One option that is not there yet.  False: there is none, or, with the cursor moved, a wrong one. */
static bool accept_option(struct parser *p, const struct op_info *info, struct op *op)
{
	uint16_t words = info_opts(info) & REFUSE_WORDS;

	if (accept_opt(p, info_opts(info) & ~REFUSE_WORDS & ~op->opts, &op->opts))
		return true;
	for (int i = 0; i < OP_FIELDS; i++) {
		const struct field *field = &op_field[i];

		if (!(info->operands & field->operand) || op_value(op, field))
			continue;
		if (field->form == FORM_OPTION && lex_accept_word(p, field->key))
			return parse_value(p, field, op);
		if (field->form == FORM_REFUSALS && !(op->opts & REFUSE_WORDS) &&
		    lex_accept_word(p, field->key))
			return parse_refusals(p, op, words, info->operands & OP_ALLOCATES);
	}
	return false;
}

/* In any order but the result last, and none twice. */
bool parse_options(struct parser *p, struct op *op, struct result *expect)
{
	const struct op_info *info = &p->trace->target->op[op->kind];

	while (!lex_at_line_end(p)) {
		const char *at = p->at;

		if (accept_option(p, info, op))
			continue;
		if (p->at != at)
			return false;
		if (!expect || !lex_accept(p, "->"))
			return fail_option(p, info);
		return parse_expected(p, expect) &&
		       (lex_at_line_end(p) || lex_fail(p, "nothing may follow the result"));
	}
	return true;
}
