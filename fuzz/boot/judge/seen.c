// SPDX-License-Identifier: GPL-2.0-only
/*
 * Behaviours are lines of text in one table, found by walking it from a hash on.  A full table takes no more, and
 * then nothing is new.
 */
#include "seen.h"

#include "place.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { PLACES = 1 << 14, LINE = 224 };

static char seen[PLACES][LINE];
static unsigned count;
static const char *file;

static bool add(const char *line)
{
	uint64_t hash = 14695981039346656037ULL;

	for (const char *c = line; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 1099511628211ULL;
	for (unsigned i = hash % PLACES;; i = (i + 1) % PLACES) {
		if (!strcmp(seen[i], line))
			return false;
		if (seen[i][0])
			continue;
		if (count == PLACES - 1)
			return false;
		snprintf(seen[i], LINE, "%s", line);
		count++;
		return true;
	}
}

bool seen_read(const char *path)
{
	char line[LINE];
	FILE *in;

	file = path;
	in = fopen(path, "a+");
	if (!in) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return false;
	}
	rewind(in);
	while (fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0])
			add(line);
	}
	fclose(in);
	return true;
}

bool seen_write(void)
{
	FILE *out = fopen(file, "w");
	bool good = out;

	for (unsigned i = 0; good && i < PLACES; i++)
		if (seen[i][0])
			good = fprintf(out, "%s\n", seen[i]) > 0;
	if (out && fclose(out))
		good = false;
	if (!good)
		fprintf(stderr, "%s: %s\n", file, strerror(errno));
	return good;
}

static void behaviour(const struct trace *trace, const struct log_section *booted, unsigned step,
                      char line[LINE])
{
	static const char *const numbers[] = { "pages", "free",  "resv", "surplus",
		                               "used",  "there", "rsvd", "usage" };
	const struct boot_books *now = &booted->step[step].books;
	const struct boot_books *before = &booted->step[step - 1].books;
	struct place place;
	size_t length;

	place_of(trace, booted, step, &place);
	length = snprintf(line, LINE, "%s%s %s", place.op, place.words, booted->step[step].seen);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		long more = boot_books_more(now, before, numbers[i]);

		if (more && length < LINE)
			length += snprintf(line + length, LINE - length, " %s%c", numbers[i],
			                   more > 0 ? '+' : '-');
	}
}

bool seen_new(const struct trace *trace, const struct log_section *booted)
{
	char line[LINE];
	bool new = false;

	for (unsigned i = 1; i < booted->steps && i <= trace->count; i++) {
		if (booted->step[i].outcome == BOOT_SKIPPED)
			continue;
		behaviour(trace, booted, i, line);
		new |= add(line);
	}
	return new;
}
