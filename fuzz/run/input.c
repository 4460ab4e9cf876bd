// SPDX-License-Identifier: GPL-2.0-only
#include "input.h"

#include "base.h"
#include "known.h"
#include "fuzz/trace/kind.h"
#include "fuzz/trace/without.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bytes that an engine wrote which MSan did not instrument. */
#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#define is_written(data, size) __msan_unpoison(data, size)
#endif
#endif
#ifndef is_written
#define is_written(data, size) ((void)0)
#endif

static struct trace trace;

static _Noreturn void refuse(const char *path, const char *why)
{
	fprintf(stderr, "%s: %s\n", path, why);
	exit(2);
}

/* Is it a trace's text?  By what it holds; text that is malformed, by its name. */
static bool is_text(const char *path)
{
	static char content[1 << 16];
	struct trace_error error;
	FILE *in = fopen(path, "rb");
	size_t size;

	if (!in)
		return false;
	size = fread(content, 1, sizeof(content), in);
	fclose(in);
	if (!size || kind_is_bytes((const uint8_t *)content, size))
		return false;
	return kind_is_named(path, ".trace") ||
	       (trace_parse(&trace, NULL, NULL, content, size, &error) && trace.count);
}

/* A folder of inputs has them by the thousand; the first are enough to see what it is. */
enum { LOOKED_AT = 64 };

static bool holds_text(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	bool found = false;
	char file[4096];

	for (int i = 0; folder && !found && i < LOOKED_AT && (entry = readdir(folder)); i++) {
		struct stat stat_of;

		snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
		found = !stat(file, &stat_of) && S_ISREG(stat_of.st_mode) && is_text(file);
	}
	if (folder)
		closedir(folder);
	return found;
}

static bool is_same_folder(const char *one, const char *other)
{
	struct stat a, b;

	return !stat(one, &a) && !stat(other, &b) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* Is it corpus/ of a checkout of this project, or a folder in it? */
static bool is_checked_in(const char *path)
{
	static const char *const up[] = { ".", ".." };
	char corpus[4096], named[4096], mark[4096];

	for (int i = 0; i < 2; i++) {
		snprintf(corpus, sizeof(corpus), "%s/%s", path, up[i]);
		snprintf(named, sizeof(named), "%s/%s/../corpus", path, up[i]);
		snprintf(mark, sizeof(mark), "%s/%s/../fuzz/trace/op.h", path, up[i]);
		if (is_same_folder(corpus, named) && !access(mark, F_OK))
			return true;
	}
	return false;
}

void input_begin(int argc, char **argv)
{
	bool are_bytes = !targets[0]->check_text;
	bool is_first = true;

	stats_begin();
	base_begin(targets[0]);
	for (int i = 1; i < argc; i++) {
		struct stat stat_of;

		if (argv[i][0] == '-' || stat(argv[i], &stat_of))
			continue;
		if (!S_ISDIR(stat_of.st_mode)) {
			if (are_bytes && is_text(argv[i]))
				refuse(argv[i], "a trace's text, and inputs here are bytes; "
				                "run it with make replay TRACE=...");
			continue;
		}
		if (is_first && is_checked_in(argv[i]))
			refuse(argv[i], "the checked-in corpus, which an engine would write into; "
			                "make seeds fills build/seeds/ with it");
		if (are_bytes && holds_text(argv[i]))
			refuse(argv[i], "a folder of traces as text, and inputs here are bytes; "
			                "make seeds fills build/seeds/ with them");
		is_first = false;
	}
}

static void run_or_abort(enum run_times times)
{
	struct ending ending;
	enum judged judged = base_judge(targets[0], &trace, times, &ending, known_count);

	stats_count(&run_totals);
	if (judged != JUDGED_FAILED)
		return;
	base_tell(targets[0], &trace, NULL, times);
	report_print(stderr, &report_verdict, NULL);
	abort();
}

static void run_bytes(const uint8_t *data, size_t size)
{
	uint8_t sum = 0;

	trace_decode(&trace, targets[0], data, size);
	trace_without(&trace);
	for (size_t i = 0; i < size; i++)
		sum += data[i];
	run_or_abort(sum % 16 ? RUN_ONCE : RUN_TWICE);
}

static void run_text(const char *text, size_t size)
{
	struct trace_error error;

	if (trace_parse(&trace, NULL, NULL, text, size, &error))
		run_or_abort(RUN_ONCE);
}

void input_run(const uint8_t *data, size_t size)
{
	is_written(data, size);
	if (targets[0]->check_text)
		run_text((const char *)data, size);
	else
		run_bytes(data, size);
}
