// SPDX-License-Identifier: GPL-2.0-only
/*
 * shrink --by N FILE FOLDER: writes FOLDER/I.trace for every Nth op I of the trace FILE: the trace without it and the
 * N - 1 ops behind it.
 * shrink FILE OUT [I...]: writes the trace without the ops I... into OUT.
 *
 * The minimizer of booted kernels: a boot takes seconds, so all candidates of a round run in one batch.
 */
#include "fuzz/mutate/mutate.h"
#include "fuzz/trace/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct trace whole, part;

static bool write_part(const char *path)
{
	FILE *out = fopen(path, "w");

	if (!out) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return false;
	}
	trace_settle(&part);
	trace_print(out, &part, NULL, SIZE_MAX);
	return !fclose(out);
}

static bool write_candidates(const char *folder, size_t by)
{
	char path[512];

	for (size_t i = 0; i < whole.count; i += by) {
		part = whole;
		for (size_t n = 0; n < by && i < part.count; n++)
			mutate_cut(&part, i, 1);
		snprintf(path, sizeof(path), "%s/%zu.trace", folder, i);
		if (!write_part(path))
			return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	unsigned long by = argc == 5 && !strcmp(argv[1], "--by") ? strtoul(argv[2], NULL, 10) : 0;
	unsigned cut = 0;

	argv += by ? 2 : 0;
	argc -= by ? 2 : 0;
	if (by ? argc != 3 : argc < 3) {
		fprintf(stderr, "usage: shrink --by N FILE FOLDER | shrink FILE OUT [OP...]\n");
		return EXIT_UNUSABLE;
	}
	if (!file_read_trace(argv[1], targets[0], &whole, NULL))
		return EXIT_UNUSABLE;
	if (by)
		return write_candidates(argv[2], by) ? EXIT_GOOD : EXIT_UNUSABLE;
	part = whole;
	for (int i = 3; i < argc; i++, cut++) {
		size_t at = strtoul(argv[i], NULL, 10) - cut;

		if (at >= part.count) {
			fprintf(stderr, "shrink: give ops of the trace in ascending order\n");
			return EXIT_UNUSABLE;
		}
		mutate_cut(&part, at, 1);
	}
	return write_part(argv[2]) ? EXIT_GOOD : EXIT_UNUSABLE;
}
