// SPDX-License-Identifier: GPL-2.0-only
/*
 * batch [--module] FOLDER FILE|FOLDER...: writes traces into FOLDER as 0.trace, 1.trace, ..., each without what
 * the executor cannot say, with the module or without, and a line for each into FOLDER/list: its number, how many ops it has lost, and
 * where it came from.  Prints what was left out, by name.
 *
 * Exit status: 0, or 2 when something could not be read or there is nothing.
 */
#include "sayable.h"

#include "fuzz/trace/file.h"

#include <errno.h>
#include <string.h>

static const char *folder;
static FILE *list;
static unsigned number, whole, unreadable;
static struct unsaid unsaid;
static bool module;
static struct trace trace;

static void take(const char *path, bool alone)
{
	char name[512];
	unsigned lost;
	FILE *out;

	(void)alone;
	if (!file_read_trace(path, targets[0], &trace, NULL)) {
		unreadable++;
		return;
	}
	lost = sayable_reduce(&trace, module, &unsaid);
	whole += !lost;
	snprintf(name, sizeof(name), "%s/%u.trace", folder, number);
	out = fopen(name, "w");
	if (!out) {
		fprintf(stderr, "%s: %s\n", name, strerror(errno));
		unreadable++;
		return;
	}
	trace_print(out, &trace, NULL, SIZE_MAX);
	fclose(out);
	fprintf(list, "%u %u %s\n", number++, lost, path);
}

int main(int argc, char **argv)
{
	char name[512];

	module = argc > 1 && !strcmp(argv[1], "--module");
	argc -= module;
	argv += module;
	if (argc < 3) {
		fprintf(stderr, "usage: batch [--module] FOLDER FILE|FOLDER...\n");
		return EXIT_UNUSABLE;
	}
	folder = argv[1];
	snprintf(name, sizeof(name), "%s/list", folder);
	list = fopen(name, "w");
	if (!list) {
		fprintf(stderr, "%s: %s\n", name, strerror(errno));
		return EXIT_UNUSABLE;
	}
	for (int i = 2; i < argc; i++)
		if (file_each(argv[i], take) < 0)
			return EXIT_UNUSABLE;
	if (fclose(list) || unreadable || !number)
		return EXIT_UNUSABLE;
	printf("%u traces, %u of them whole", number, whole);
	unsaid_print(stdout, &unsaid);
	printf("\n");
	return EXIT_GOOD;
}
