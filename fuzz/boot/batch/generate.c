// SPDX-License-Identifier: GPL-2.0-only
/*
 * generate [--module] [--only NAMES] FOLDER COUNT SEED [FILE...]: writes COUNT traces into FOLDER, each the outcome of some dozens of
 * mutations of the plainest trace, or of one of the FILEs.  The same arguments give the same traces.
 *
 * Ops that the executor cannot say are not made, and ops in a form that it cannot say are taken out here already, so
 * that what is left is mutated further; a trace with few ops is passed over.  NAMES, with blanks between them, are those
 * of the ops that are made; ops of the FILEs that are others are taken out too.
 */
#include "form.h"
#include "sayable.h"

#include "fuzz/mutate/mutate.h"
#include "fuzz/trace/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 6, MUTATIONS = 8, LEAST_OPS = 4, MOST_BYTES = 48 * OP_BYTES };

static bool module;
static const char *only;
static struct trace trace;

static bool is_made(unsigned kind)
{
	const char *name = reserve_op[kind].name, *at = only;
	size_t length = strlen(name);

	if (!sayable_kind(kind, module))
		return false;
	while (at && (at = strstr(at, name))) {
		if ((at == only || at[-1] == ' ') && strchr(" ", at[length]))
			return true;
		at += length;
	}
	return !only;
}

static void leave_out_others(void)
{
	for (size_t i = trace.count; i-- > 0;)
		if (i < trace.count && !is_made(trace.op[i].kind))
			mutate_cut(&trace, i, 1);
}

/* Numbers that differ in little give seeds that differ in much. */
static uint64_t mixed(uint64_t seed)
{
	seed = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9ULL;
	seed = (seed ^ (seed >> 27)) * 0x94d049bb133111ebULL;
	return seed ^ (seed >> 31);
}

static void make(uint64_t seed, const char *from)
{
	struct unsaid unsaid = { 0 };

	if (!from || !file_read_trace(from, targets[0], &trace, NULL))
		trace_begin(&trace, targets[0]);
	leave_out_others();
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < MUTATIONS; i++)
			mutate(&trace, mixed(seed * ROUNDS * MUTATIONS + round * MUTATIONS + i),
			       MOST_BYTES);
		sayable_reduce(&trace, module, &unsaid);
	}
}

static bool write_trace(const char *folder, unsigned number)
{
	char path[512];
	FILE *out;

	snprintf(path, sizeof(path), "%s/generated-%05u.trace", folder, number);
	out = fopen(path, "w");
	if (!out) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return false;
	}
	trace_print(out, &trace, NULL, SIZE_MAX);
	return !fclose(out);
}

int main(int argc, char **argv)
{
	unsigned count, made = 0;
	uint64_t seed;

	module = argc > 1 && !strcmp(argv[1], "--module");
	argc -= module;
	argv += module;
	if (argc > 2 && !strcmp(argv[1], "--only")) {
		only = argv[2];
		argc -= 2;
		argv += 2;
	}
	count = argc > 3 ? strtoul(argv[2], NULL, 10) : 0;
	seed = argc > 3 ? strtoull(argv[3], NULL, 10) : 0;
	if (!count) {
		fprintf(stderr,
		        "usage: generate [--module] [--only NAMES] FOLDER COUNT SEED [FILE...]\n");
		return EXIT_UNUSABLE;
	}
	form_can = is_made;
	for (uint64_t i = 0; made < count; i++) {
		uint64_t own = mixed(seed + 1) + i;

		make(own, argc > 4 ? argv[4 + own % (argc - 4)] : NULL);
		if (trace.count >= LEAST_OPS && !write_trace(argv[1], made++))
			return EXIT_UNUSABLE;
	}
	return EXIT_GOOD;
}
