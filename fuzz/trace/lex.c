// SPDX-License-Identifier: GPL-2.0-only
/*
 * From characters to words and numbers; what they mean is the parser's business.
 */
#include "lex.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>

bool lex_fail(struct parser *p, const char *format, ...)
{
	va_list args;

	p->error->line = p->line;
	p->error->column = p->at - p->line_start + 1;
	va_start(args, format);
	vsnprintf(p->error->what, sizeof(p->error->what), format, args);
	va_end(args);
	return false;
}

char lex_peek(const struct parser *p)
{
	return p->at < p->end ? *p->at : '\n';
}

void lex_skip_blanks(struct parser *p)
{
	while (lex_peek(p) == ' ' || lex_peek(p) == '\t' || lex_peek(p) == '\r')
		p->at++;
}

bool lex_at_line_end(struct parser *p)
{
	lex_skip_blanks(p);
	return lex_peek(p) == '\n' || lex_peek(p) == '#';
}

bool lex_accept(struct parser *p, const char *token)
{
	size_t len = strlen(token);

	lex_skip_blanks(p);
	if ((size_t)(p->end - p->at) < len || memcmp(p->at, token, len))
		return false;
	p->at += len;
	return true;
}

void lex_peek_word(struct parser *p, char word[WORD])
{
	size_t len = 0;

	lex_skip_blanks(p);
	while (len < WORD - 1 && p->at + len < p->end && isalpha((unsigned char)p->at[len])) {
		word[len] = p->at[len];
		len++;
	}
	word[len] = '\0';
}

bool lex_accept_word(struct parser *p, const char *expected)
{
	char word[WORD];

	lex_peek_word(p, word);
	if (strcmp(word, expected))
		return false;
	p->at += strlen(word);
	return true;
}

bool parse_number(struct parser *p, long least, long most, long *number)
{
	const char *start;
	long value = 0;
	bool fits = true;

	lex_skip_blanks(p);
	start = p->at;
	while (isdigit((unsigned char)lex_peek(p))) {
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
	return lex_fail(p, "expected a number from %ld to %ld", least, most);
}

bool parse_field(struct parser *p, uint8_t least, uint8_t most, uint8_t *field)
{
	long number;

	if (!parse_number(p, least, most, &number))
		return false;
	*field = number;
	return true;
}
