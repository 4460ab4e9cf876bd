// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list is short and asked once for each departure: it is walked from its start, and the first line that
 * fits is the reason.
 */
#include "known.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { KNOWN = 64, NAME = 16, PLACE = 64, REASON = 160 };

static struct known {
	char side[NAME], place[PLACE], number[NAME], more[NAME], reason[REASON];
} known[KNOWN];

static unsigned count;

static bool parse(const char *line, struct known *entry)
{
	if (sscanf(line, "%15s %63s %15s %15s %159[^\n]", entry->side, entry->place, entry->number,
	           entry->more, entry->reason) != 5)
		return false;
	return !strcmp(entry->more, "more") || !strcmp(entry->more, "less") ||
	       !strcmp(entry->more, "other");
}

bool known_read(const char *path)
{
	char line[NAME * 3 + PLACE + REASON + 8];
	unsigned number = 0;
	FILE *in = fopen(path, "r");

	if (!in) {
		fprintf(stderr, "%s: %s; name the list of known departures\n", path,
		        strerror(errno));
		return false;
	}
	while (fgets(line, sizeof(line), in)) {
		number++;
		if (line[0] == '#' || line[0] == '\n')
			continue;
		if (count == KNOWN || !parse(line, &known[count])) {
			fprintf(stderr,
			        "%s:%u: write SIDE OP[+WORD]... NUMBER more|less|other REASON\n",
			        path, number);
			fclose(in);
			return false;
		}
		count++;
	}
	fclose(in);
	return true;
}

/* Is the word of @length bytes, with its / or +, among @words? */
static bool holds(const char *words, const char *word, size_t length)
{
	for (const char *at = words; (at = strchr(at, *word)); at++)
		if (!strncmp(at, word, length) && strchr("/+", at[length]))
			return true;
	return false;
}

/* Parts begin with / or +; each has to be one of the place's, and where the place has a /, so has the pattern. */
static bool fits_place(const char *pattern, const struct place *place)
{
	size_t length = strcspn(pattern, "/+");

	if (strcspn(place->op, "/") != length || strncmp(pattern, place->op, length) ||
	    (place->op[length] && pattern[length] != '/'))
		return false;
	for (pattern += length; *pattern; pattern += length) {
		length = 1 + strcspn(pattern + 1, "/+");
		if (!holds(*pattern == '/' ? place->op : place->words, pattern, length))
			return false;
	}
	return true;
}

static bool fits(const struct known *entry, const char *side, const struct place *place,
                 const char *number)
{
	return (!strcmp(entry->side, side) || !strcmp(entry->side, "any")) &&
	       fits_place(entry->place, place) && !strcmp(entry->number, number);
}

const char *known_reason(const char *side, const struct place *place, const char *number,
                         const struct boot_step *booted, const struct boot_step *ours)
{
	long more = 0;
	const char *word;

	if (!ours)
		return NULL;
	if (!strcmp(number, "outcome"))
		more = (booted->outcome == BOOT_GOOD) - (ours->outcome == BOOT_GOOD);
	else
		more = boot_books_more(&booted->books, &ours->books, number);
	word = more > 0 ? "more" : more < 0 ? "less" : "other";
	for (unsigned i = 0; i < count; i++)
		if (fits(&known[i], side, place, number) &&
		    (!strcmp(known[i].more, word) || !strcmp(known[i].more, "other")))
			return known[i].reason;
	return NULL;
}
