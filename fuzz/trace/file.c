// SPDX-License-Identifier: GPL-2.0-only
#include "file.h"

#include "without.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Longer inputs hold nothing that a trace can have, comments apart. */
enum { FILE_BYTES = 1 << 20 };

static char content[FILE_BYTES];

/* Its size, or -1. */
static long read_file(const char *path)
{
	FILE *in = fopen(path, "rb");
	size_t size;
	int error;

	if (!in) {
		fprintf(stderr, "%s: %s; name a readable trace\n", path, strerror(errno));
		return -1;
	}
	size = fread(content, 1, sizeof(content), in);
	error = ferror(in) ? errno : size == sizeof(content) ? EFBIG : 0;
	fclose(in);
	if (!error)
		return size;
	fprintf(stderr, "%s: %s; name a readable trace of less than %d bytes\n", path,
	        strerror(error), FILE_BYTES);
	return -1;
}

static bool is_text(const char *path)
{
	size_t len = strlen(path);

	return len > 6 && !strcmp(path + len - 6, ".trace");
}

/* Text that is a trace, but of another target than this program's. */
static bool is_of_program(const char *path, const struct trace *trace,
                          const struct trace_error *where)
{
	const char *family = family_name[trace->family];

	if (program_runs_all || trace->family == program_family)
		return true;
	fprintf(stderr, "%s:%u:%u: a trace of the %s target: replay it with TARGET=%s\n", path,
	        where->line, where->column, family, family);
	return false;
}

bool file_read_trace(const char *path, struct trace *trace, struct result *expect)
{
	struct trace_error error;
	long size = read_file(path);

	if (size < 0)
		return false;
	if (!is_text(path)) {
		trace_decode(trace, (const uint8_t *)content, size);
		trace_without(trace);
		if (expect)
			memset(expect, 0, trace->count * sizeof(*expect));
		return true;
	}
	if (trace_parse(trace, expect, content, size, &error))
		return is_of_program(path, trace, &error);
	fprintf(stderr, "%s:%u:%u: %s\n", path, error.line, error.column, error.what);
	return false;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static long each_in_folder(const char *path, void (*each)(const char *path, bool alone))
{
	struct dirent **entry = NULL;
	long count = scandir(path, &entry, is_visible, alphasort);

	if (count < 0)
		fprintf(stderr, "%s: %s; name a readable folder of traces\n", path,
		        strerror(errno));
	else if (!count)
		fprintf(stderr, "%s: the folder is empty; put a .trace file into it\n", path);
	for (long i = 0; i < count; i++) {
		char file[4096];

		snprintf(file, sizeof(file), "%s/%s", path, entry[i]->d_name);
		each(file, false);
		free(entry[i]);
	}
	if (count >= 0)
		free(entry);
	return count ? count : -1;
}

long file_each(const char *path, void (*each)(const char *path, bool alone))
{
	struct stat stat_of;

	if (stat(path, &stat_of)) {
		fprintf(stderr, "%s: %s; name a trace or a folder of traces\n", path,
		        strerror(errno));
		return -1;
	}
	if (S_ISDIR(stat_of.st_mode))
		return each_in_folder(path, each);
	each(path, true);
	return 1;
}
