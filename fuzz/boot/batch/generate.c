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
#include "sense.h"

#include "fuzz/mutate/kinds.h"
#include "fuzz/trace/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	GROWN = 2,
	GROWN_OPS = 14,
	SHORT = 3,
	FEW = 3,
	SPLICED = 4,
	LEAST_OPS = 3,
	MOST_OPS = 48,
	MOST_BYTES = MOST_OPS * OP_BYTES
};

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

static uint64_t next(uint64_t *seed)
{
	return mixed(++*seed);
}

/* What cannot be said goes, and what is left gets operands with which it makes sense. */
static void mend(void)
{
	struct unsaid unsaid = { 0 };

	sayable_reduce(&trace, module, &unsaid);
	sense_make(&trace);
}

/* How often a kind is made, where it is not 2: what takes and uses promises, and what takes away what others need. */
static const uint8_t weight[RESERVE_OPS] = {
	[OP_map] = 6,     [OP_fault] = 8,  [OP_fork] = 4,     [OP_copy] = 3,
	[OP_unmap] = 3,   [OP_resize] = 1, [OP_evict] = 1,    [OP_offline] = 1,
	[OP_unmount] = 1, [OP_move] = 1,   [OP_dissolve] = 1,
};

static unsigned weight_of(unsigned kind)
{
	if (!is_made(kind))
		return 0;
	return weight[kind] ? weight[kind] : 2;
}

static unsigned pick_weighted(struct mutating *m)
{
	unsigned sum = 0, chosen, kind = 1;

	for (unsigned i = 1; i < RESERVE_OPS; i++)
		sum += weight_of(i);
	for (chosen = pick(m, sum); chosen >= weight_of(kind); kind++)
		chosen -= weight_of(kind);
	return kind;
}

/* The mutation of the name, which there is. */
static size_t mutation_named(const char *name)
{
	size_t kind = 0;

	while (strcmp(mutation_of(targets[0], kind)->name, name))
		kind++;
	return kind;
}

static void append(uint64_t seed)
{
	struct mutating m = { &trace, MOST_OPS, MOST_OPS, seed };
	struct op *op = &trace.op[trace.count];

	*op = (struct op){ .kind = pick_weighted(&m) };
	fill_operands(&m, op, trace.count);
	/* Huge pages are cleared one by one, and pools are small. */
	if (takes(&m, op, OP_RANGE) && op->to > op->from + SHORT && pick(&m, 32))
		op->to = op->from + 1 + pick(&m, SHORT);
	trace.count++;
	mutate_tidy(&trace);
}

/* A few numbers of the pool, and then op behind op: most of them stay, for each meets what is there. */
static void grow(uint64_t *seed)
{
	unsigned ops = LEAST_OPS + next(seed) % (GROWN_OPS - LEAST_OPS + 1);

	trace_begin(&trace, targets[0]);
	for (unsigned i = next(seed) % (2 * FEW + 2); i; i--)
		mutate_by(mutation_named("change_pool"), &trace, next(seed), MOST_BYTES);
	for (unsigned tries = 0; trace.count < ops && tries < 4 * GROWN_OPS; tries++) {
		append(next(seed));
		mend();
	}
}

/* Few mutations leave most of what the trace does as it is, and sometimes it goes on with what another does. */
static void change(uint64_t *seed, char **from, unsigned count)
{
	static struct trace other;

	if (!(next(seed) % SPLICED) &&
	    file_read_trace(from[next(seed) % count], targets[0], &other, NULL))
		mutate_splice(&trace, &other, next(seed), MOST_BYTES);
	for (unsigned i = 1 + next(seed) % FEW; i; i--) {
		mutate(&trace, next(seed), MOST_BYTES);
		mend();
	}
}

/* One in GROWN grows from nothing, or all do where there is no FILE. */
static void make(uint64_t seed, char **from, unsigned count)
{
	if (!count || !(next(&seed) % GROWN) ||
	    !file_read_trace(from[next(&seed) % count], targets[0], &trace, NULL)) {
		grow(&seed);
		return;
	}
	leave_out_others();
	mend();
	change(&seed, from, count);
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
		make(mixed(mixed(seed + 1) + i), argv + 4, argc - 4);
		if (trace.count >= LEAST_OPS && !write_trace(argv[1], made++))
			return EXIT_UNUSABLE;
	}
	return EXIT_GOOD;
}
