// SPDX-License-Identifier: GPL-2.0-only
#include "known.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { KNOWN = 64, NAME = 16, REASON = 160 };

static struct known {
	char op[NAME], number[NAME], side[NAME], reason[REASON];
} known[KNOWN];

static unsigned count;

static bool parse(const char *line, struct known *entry)
{
	if (sscanf(line, "%15s %15s %15s %159[^\n]", entry->op, entry->number, entry->side,
	           entry->reason) != 4)
		return false;
	return !strcmp(entry->side, "more") || !strcmp(entry->side, "less") ||
	       !strcmp(entry->side, "other");
}

bool known_read(const char *path)
{
	char line[NAME * 3 + REASON + 8];
	unsigned number = 0;
	FILE *in = fopen(path, "r");

	if (!in) {
		fprintf(stderr, "%s: %s; name the list of known departures\n", path, strerror(errno));
		return false;
	}
	while (fgets(line, sizeof(line), in)) {
		number++;
		if (line[0] == '#' || line[0] == '\n')
			continue;
		if (count == KNOWN || !parse(line, &known[count])) {
			fprintf(stderr, "%s:%u: write OP NUMBER more|less|other REASON\n", path, number);
			fclose(in);
			return false;
		}
		count++;
	}
	fclose(in);
	return true;
}

const char *known_reason(const char *op, const char *number, const struct boot_step *booted,
                         const struct boot_step *ours)
{
	long more = 0;

	if (!ours)
		return NULL;
	if (strcmp(number, "outcome"))
		more = boot_books_more(&booted->books, &ours->books, number);
	for (unsigned i = 0; i < count; i++) {
		const struct known *entry = &known[i];
		const char *side = more > 0 ? "more" : more < 0 ? "less" : "other";

		if (!strcmp(entry->op, op) && !strcmp(entry->number, number) &&
		    !strcmp(entry->side, side))
			return entry->reason;
	}
	return NULL;
}
