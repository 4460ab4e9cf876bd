// SPDX-License-Identifier: GPL-2.0-only
#include "terminal.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum color { NONE, BOLD = 1, DIM = 2, RED = 31, GREEN = 32, YELLOW = 33, CYAN = 36 };

static struct {
	FILE *out, *text;
	char *all;
	size_t size;
	bool has_colors;
} to;

/* A wider op than this does not move the results of all others. */
enum { WIDEST = 56 };

static bool wants_colors(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no && *no) && term && strcmp(term, "dumb");
}

FILE *terminal_begin(FILE *out)
{
	to.out = out;
	to.text = isatty(fileno(out)) ? open_memstream(&to.all, &to.size) : NULL;
	to.has_colors = wants_colors();
	return to.text ? to.text : out;
}

static void put(enum color color, const char *text, size_t length)
{
	bool colored = to.has_colors && color != NONE;

	if (colored)
		fprintf(to.out, "\033[%dm", color);
	fwrite(text, 1, length, to.out);
	if (colored)
		fputs("\033[0m", to.out);
}

/* Where the result of an op begins in a line, or its end. */
static size_t result_at(const char *line, size_t length)
{
	static const char *const begins[] = { " -> ", "  # returned " };

	for (size_t i = 0; i < length; i++)
		for (int j = 0; j < 2; j++)
			if (!strncmp(line + i, begins[j], strlen(begins[j])))
				return i;
	return length;
}

static size_t widest_op(void)
{
	size_t widest = 0, length;

	for (const char *line = to.all; *line; line += length + (line[length] == '\n')) {
		size_t op;

		length = strcspn(line, "\n");
		op = result_at(line, length);
		if (op < length && op > widest && op <= WIDEST)
			widest = op;
	}
	return widest;
}

static enum color result_color(const char *result, size_t length)
{
	if (length > 4 && !strncmp(result, " -> E", 5))
		return RED;
	return length > 4 && !strncmp(result, " -> s", 5) ? DIM : GREEN;
}

/* Behind the margin, the mark of an op and the place where it runs: "> ", "    in 2: ". */
static const char *behind_place(const char *line)
{
	const char *at = line + strspn(line, " >");
	int length = 0;

	sscanf(at, "in %*d: %n", &length);
	return at + length;
}

static bool begins(const char *line, const char *with)
{
	return !strncmp(line, with, strlen(with));
}

/* The words of an op: its name, its ranges, and all from `refuse` on. */
static void put_op(const char *line, const char *end)
{
	const char *at = behind_place(line);
	enum color color = BOLD;

	put(NONE, line, at - line);
	while (at < end) {
		size_t length = begins(at, "refuse") ? (size_t)(end - at) : strcspn(at, " \n");

		if (begins(at, "refuse"))
			color = YELLOW;
		else if (*at == '[')
			color = CYAN;
		put(color, at, length);
		at += length;
		color = NONE;
		for (; at < end && *at == ' '; at++)
			put(NONE, at, 1);
	}
}

/* An op's first word is followed by no colon, as that of a report's lines is. */
static bool is_op(const char *line)
{
	const char *at = behind_place(line);

	return at[strspn(at, "abcdefghijklmnopqrstuvwxyz")] != ':' && !begins(at, "trace (");
}

static void put_line(const char *line, size_t length, size_t widest)
{
	size_t op = result_at(line, length);

	if (begins(line, "FAIL ") || begins(line, "KNOWN "))
		put(RED, line, length);
	else if (is_op(line))
		put_op(line, line + op);
	else
		put(NONE, line, op);
	if (op < length && is_op(line)) {
		fprintf(to.out, "%*s", op < widest ? (int)(widest - op) : 0, "");
		put(result_color(line + op, length - op), line + op, length - op);
	}
	fputc('\n', to.out);
}

void terminal_end(void)
{
	size_t length, widest;

	if (!to.text || fclose(to.text))
		return;
	widest = widest_op();
	for (const char *line = to.all; *line; line += length + (line[length] == '\n')) {
		length = strcspn(line, "\n");
		put_line(line, length, widest);
	}
	free(to.all);
}
