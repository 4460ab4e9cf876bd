// SPDX-License-Identifier: GPL-2.0-only
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The folder that this runs in, before a file of it, is taken out of @what. */
static void shorten(char *what)
{
	char here[4096];
	char *at;

	if (!getcwd(here, sizeof(here) - 3))
		return;
	strcat(here, "/");
	at = strstr(what, here);
	if (!at)
		return;
	memmove(at, at + strlen(here), strlen(at + strlen(here)) + 1);
	if (!strncmp(at, "./", 2))
		memmove(at, at + 2, strlen(at + 2) + 1);
}

const char *text_what(const struct failing *failing)
{
	static char what[sizeof(failing->verdict->what)];

	snprintf(what, sizeof(what), "%s", failing->verdict->what);
	if (failing->stopped) {
		what[strcspn(what, "(")] = '\0';
		shorten(what);
	}
	return what;
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
		fprintf(out, " * %s: %s\n", rule_name[failing->verdict->rule], text_what(failing));
	else
		fprintf(out, " * %s\n",
		        *failing->title ? failing->title : "A trace that keeps every rule.");
	fprintf(out, " *\n");
	if (!lines)
		return;
	trace_print(lines, story->trace, story->result, failed ? story->op : SIZE_MAX);
	fclose(lines);
	print_behind(out, " *\t", text);
	free(text);
}
