// SPDX-License-Identifier: GPL-2.0-only
#include "file.h"

#include "kind.h"
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

/* Text that is a trace, but of another target than was wanted. */
static bool is_of_wanted(const char *path, const struct target *wanted, const struct trace *trace,
                         const struct trace_error *where)
{
	const char *is = trace->target->name;

	if (!wanted || !wanted->op || wanted->op == trace->target->op)
		return true;
	fprintf(stderr, "%s:%u:%u: a trace of the %s target: replay it with TARGET=%s\n", path,
	        where->line, where->column, is, is);
	return false;
}

/* The target whose canonical head the bytes begin with, or NULL. */
static const struct target *target_of_head(const uint8_t *bytes, size_t size)
{
	for (int i = 0; size >= OP_BYTES && targets[i]; i++) {
		uint8_t again[OP_BYTES];
		struct op head;

		if (!targets[i]->op)
			continue;
		op_decode_head(&head, targets[i], bytes);
		op_encode(&head, targets[i], again);
		if (!memcmp(again, bytes, OP_BYTES))
			return targets[i];
	}
	return NULL;
}

static bool decode_bytes(const char *path, const struct target *wanted, struct trace *trace,
                         struct result *expect, long size)
{
	const struct target *target = wanted;

	if (!target || !target->op)
		target = target_of_head((const uint8_t *)content, size);
	if (!target) {
		fprintf(stderr, "%s: bytes that begin with no target's head; say TARGET=\n", path);
		return false;
	}
	trace_decode(trace, target, (const uint8_t *)content, size);
	trace_without(trace);
	if (expect)
		memset(expect, 0, trace->count * sizeof(*expect));
	return true;
}

static bool refuse(const char *path, const char *is)
{
	fprintf(stderr, "%s: %s\n", path, is);
	return false;
}

/*
 * Contents without a byte that only bytes have: text, unless it is no trace and its name says that
 * an engine wrote it.
 */
static bool read_text(const char *path, const struct target *wanted, struct trace *trace,
                      struct result *expect, long size)
{
	struct trace_error error;
	bool is_trace = trace_parse(trace, expect, wanted, content, size, &error);

	if (kind_is_named(path, ".bytes")) {
		if (!is_trace || !trace->count)
			return decode_bytes(path, wanted, trace, expect, size);
		return refuse(path, "holds a trace's text, and its name says bytes; "
		                    "let the name end in .trace");
	}
	if (is_trace)
		return is_of_wanted(path, wanted, trace, &error);
	fprintf(stderr, "%s:%u:%u: %s%s\n", path, error.line, error.column, error.what,
	        kind_is_named(path, ".trace") ? ""
	                                      : "; bytes of an engine? let the name end in .bytes");
	return false;
}

bool file_read_trace(const char *path, const struct target *wanted, struct trace *trace,
                     struct result *expect)
{
	long size = read_file(path);

	if (size < 0)
		return false;
	if (!kind_is_bytes((const uint8_t *)content, size))
		return read_text(path, wanted, trace, expect, size);
	if (!kind_is_named(path, ".trace"))
		return decode_bytes(path, wanted, trace, expect, size);
	/* The text parser's own inputs may hold anything. */
	if (wanted && wanted->check_text)
		return read_text(path, wanted, trace, expect, size);
	return refuse(path, "holds bytes that no text has, and its name says text; "
	                    "an engine's input has no .trace at its end");
}

/* A folder's README.md says what its traces show.  Whatever else lies there has to be a trace. */
static int is_to_read(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && !kind_is_named(entry->d_name, ".md");
}

static long each_in_folder(const char *path, void (*each)(const char *path, bool alone))
{
	struct dirent **entry = NULL;
	long count = scandir(path, &entry, is_to_read, alphasort);

	if (count < 0)
		fprintf(stderr, "%s: %s; name a readable folder of traces\n", path,
		        strerror(errno));
	else if (!count)
		fprintf(stderr, "%s: no trace is in this folder; put a .trace file into it\n", path);
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
