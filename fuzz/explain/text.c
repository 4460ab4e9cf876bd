// SPDX-License-Identifier: GPL-2.0-only
#include "text.h"

#include <stdlib.h>
#include <string.h>

int text_length(const struct failing *failing)
{
	const char *what = failing->verdict->what;

	return failing->stopped ? strcspn(what, "(") : strlen(what);
}

/* Every line of @text behind @margin. */
static void print_behind(FILE *out, const char *margin, const char *text)
{
	while (*text) {
		int length = strcspn(text, "\n");

		fprintf(out, "%s%.*s\n", margin, length, text);
		text += length + (text[length] == '\n');
	}
}

void text_comment(FILE *out, const struct failing *failing)
{
	const struct story *story = &report_story;
	bool failed = failing->verdict->failed;
	size_t size;
	char *text;
	FILE *lines = open_memstream(&text, &size);

	if (failed)
		fprintf(out, " * %s: %.*s\n", rule_name[failing->verdict->rule],
		        text_length(failing), failing->verdict->what);
	else
		fprintf(out, " * A trace that keeps every rule.\n");
	fprintf(out, " *\n");
	if (!lines)
		return;
	trace_print(lines, story->trace, story->result, failed ? story->op : SIZE_MAX);
	fclose(lines);
	print_behind(out, " *\t", text);
	free(text);
}
