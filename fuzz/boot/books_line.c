// SPDX-License-Identifier: GPL-2.0-only
/*
 * One table of the numbers drives printing, reading and comparing: a number more is one line here.
 */
#include "books.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct number {
	const char *name;
	size_t at;
	unsigned count;
} number[] = {
	{ "pages", offsetof(struct boot_books, pages), 1 },
	{ "free", offsetof(struct boot_books, free), 1 },
	{ "resv", offsetof(struct boot_books, resv), 1 },
	{ "surplus", offsetof(struct boot_books, surplus), 1 },
	{ "used", offsetof(struct boot_books, used), 1 },
	{ "there", offsetof(struct boot_books, there), BOOT_FILES },
	{ "rsvd", offsetof(struct boot_books, rsvd), BOOT_CGROUPS },
	{ "usage", offsetof(struct boot_books, usage), BOOT_CGROUPS },
	{ "nodes", offsetof(struct boot_books, nodes), 1 },
	{ "rsv", offsetof(struct boot_books, rsv), 1 },
};

enum { NUMBERS = sizeof(number) / sizeof(number[0]) };

static const char *const outcome_name[BOOT_OUTCOMES] = { "good", "failed", "skipped", "dead" };

static long *value_of(const struct boot_books *books, const struct number *n, unsigned i)
{
	return (long *)((char *)books + n->at) + i;
}

void boot_books_unknown(struct boot_books *books)
{
	for (const struct number *n = number; n < number + NUMBERS; n++)
		for (unsigned i = 0; i < n->count; i++)
			((long *)((char *)books + n->at))[i] = BOOT_UNKNOWN;
}

size_t boot_step_print(char line[BOOT_LINE], unsigned step_number, const struct boot_step *step)
{
	size_t length = snprintf(line, BOOT_LINE, "step %u %s %s", step_number,
	                         outcome_name[step->outcome], step->seen);

	for (const struct number *n = number; n < number + NUMBERS; n++) {
		length += snprintf(line + length, BOOT_LINE - length, " %s", n->name);
		for (unsigned i = 0; i < n->count; i++) {
			long value = *value_of(&step->books, n, i);

			if (value == BOOT_UNKNOWN)
				length += snprintf(line + length, BOOT_LINE - length, " ?");
			else
				length += snprintf(line + length, BOOT_LINE - length, " %ld",
				                   value);
		}
	}
	length += snprintf(line + length, BOOT_LINE - length, "\n");
	return length;
}

/* The next word of *@at, or NULL at the end of the line. */
static const char *next_word(const char **at, char word[BOOT_SEEN * 2])
{
	size_t length;

	*at += strspn(*at, " ");
	length = strcspn(*at, " \r\n");
	if (!length || length >= BOOT_SEEN * 2)
		return NULL;
	memcpy(word, *at, length);
	word[length] = '\0';
	*at += length;
	return word;
}

static bool parse_value(const char **at, long *value)
{
	char word[BOOT_SEEN * 2], *end;

	if (!next_word(at, word))
		return false;
	if (!strcmp(word, "?")) {
		*value = BOOT_UNKNOWN;
		return true;
	}
	*value = strtol(word, &end, 10);
	return !*end;
}

static bool parse_outcome(const char **at, enum boot_outcome *outcome)
{
	char word[BOOT_SEEN * 2];

	if (!next_word(at, word))
		return false;
	for (*outcome = 0; *outcome < BOOT_OUTCOMES; ++*outcome)
		if (!strcmp(word, outcome_name[*outcome]))
			return true;
	return false;
}

bool boot_step_parse(const char *line, unsigned *step_number, struct boot_step *step)
{
	char word[BOOT_SEEN * 2];
	long value;

	if (strncmp(line, "step ", 5))
		return false;
	line += 5;
	if (!parse_value(&line, &value) || !parse_outcome(&line, &step->outcome) ||
	    !next_word(&line, word) || strlen(word) >= BOOT_SEEN)
		return false;
	*step_number = value;
	memcpy(step->seen, word, strlen(word) + 1);
	for (const struct number *n = number; n < number + NUMBERS; n++) {
		if (!next_word(&line, word) || strcmp(word, n->name))
			return false;
		for (unsigned i = 0; i < n->count; i++)
			if (!parse_value(&line, value_of(&step->books, n, i)))
				return false;
	}
	return true;
}

/* What the sides differ by in number @n; 0 where one does not keep it. */
static long difference(const struct boot_books *one, const struct boot_books *other,
                       const struct number *n)
{
	for (unsigned i = 0; i < n->count; i++) {
		long a = *value_of(one, n, i), b = *value_of(other, n, i);

		if (a != b && a != BOOT_UNKNOWN && b != BOOT_UNKNOWN)
			return a - b;
	}
	return 0;
}

const char *boot_books_differ(const struct boot_books *one, const struct boot_books *other)
{
	for (const struct number *n = number; n < number + NUMBERS; n++)
		if (difference(one, other, n))
			return n->name;
	return NULL;
}

long boot_books_more(const struct boot_books *one, const struct boot_books *other, const char *name)
{
	for (const struct number *n = number; n < number + NUMBERS; n++)
		if (!strcmp(n->name, name))
			return difference(one, other, n);
	return 0;
}
