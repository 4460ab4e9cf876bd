// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines that are none of books.h's are passed over: a machine that dies may write half a line.
 */
#include "log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All of a file, with a 0 behind it, or NULL. */
static char *read_all(const char *path)
{
	FILE *in = fopen(path, "rb");
	size_t size = 0, room = 1 << 16, got;
	char *text = in ? malloc(room) : NULL;

	if (!text)
		return NULL;
	while ((got = fread(text + size, 1, room - size - 1, in))) {
		size += got;
		if (size == room - 1)
			text = realloc(text, room *= 2);
		if (!text)
			return NULL;
	}
	text[size] = '\0';
	fclose(in);
	return text;
}

/* The start of the next line, or NULL. */
static char *next_line(char *line)
{
	line = strchr(line, '\n');
	return line && line[1] ? line + 1 : NULL;
}

bool log_read(struct log *log, const char *path)
{
	unsigned number;

	log->path = path;
	log->text = read_all(path);
	if (!log->text) {
		fprintf(stderr, "%s: %s; name a report of this batch\n", path, strerror(errno));
		return false;
	}
	for (char *line = log->text; line; line = next_line(line))
		if (sscanf(line, "trace %u", &number) == 1 && number < BOOT_TRACES)
			log->section[number] = next_line(line);
	return true;
}

static void note_complaint(struct log_section *section, unsigned step, const char *line)
{
	size_t length = strcspn(line, "\r\n");

	if (section->complaint[0])
		return;
	if (length >= sizeof(section->complaint))
		length = sizeof(section->complaint) - 1;
	section->complained = step;
	memcpy(section->complaint, line, length);
	section->complaint[length] = '\0';
}

bool log_section(const struct log *log, unsigned number, struct log_section *section)
{
	char *line = log->section[number];
	struct boot_step step;
	int behind;

	memset(section, 0, sizeof(*section));
	for (; line && strncmp(line, "trace ", 6); line = next_line(line)) {
		unsigned at;

		if (boot_step_parse(line, &at, &step) && at == section->steps && at < BOOT_STEPS)
			section->step[section->steps++] = step;
		else if (sscanf(line, "log %u %n", &at, &behind) == 1)
			note_complaint(section, at, line + behind);
		else if (sscanf(line, "silent %u %15s", &at, section->why) == 2)
			section->silent = at;
		else if (!strncmp(line, "died ", 5) || !strncmp(line, "broke ", 6))
			note_complaint(section, section->steps, line);
		if (!strncmp(line, "end ", 4)) {
			section->ended = true;
			break;
		}
	}
	return log->section[number];
}
