// SPDX-License-Identifier: GPL-2.0-only
#include "without.h"

#include <stdlib.h>
#include <string.h>

enum { MEMORY, WINDOWS, LIMITS, SURPLUS, OTHERS };
static const char *const other_name[OTHERS] = { "memory", "windows", "limits", "surplus" };

/* Read once: what is left out.  Names of ops are asked for when a trace has one. */
static struct {
	bool read, any;
	const char *words;
	bool other[OTHERS];
	uint16_t opts;
	const struct target *target; /* whose kinds these are */
	bool leaves_out[UINT8_MAX + 1];
} without;

static void print_names(void)
{
	for (int t = 0; targets[t]; t++)
		for (unsigned kind = 1; kind < targets[t]->ops; kind++)
			if (target_is_first(t))
				fprintf(stderr, " %s", targets[t]->op[kind].name);
	for (int i = 0; i < OPTS; i++)
		fprintf(stderr, " %s", opt_name[i]);
	for (int i = 0; i < OTHERS; i++)
		fprintf(stderr, " %s", other_name[i]);
}

static _Noreturn void fail(const char *word, size_t length)
{
	fprintf(stderr, "RESVMAP_WITHOUT: unknown word '%.*s'; known are", (int)length, word);
	print_names();
	fputc('\n', stderr);
	exit(2);
}

static bool is(const char *name, const char *word, size_t length)
{
	return strlen(name) == length && !memcmp(name, word, length);
}

static bool is_op(const char *word, size_t length)
{
	for (int t = 0; targets[t]; t++)
		for (unsigned kind = 1; kind < targets[t]->ops; kind++)
			if (is(targets[t]->op[kind].name, word, length))
				return true;
	return false;
}

static void read_word(const char *word, size_t length)
{
	bool known = is_op(word, length);

	for (int i = 0; i < OTHERS; i++)
		if (is(other_name[i], word, length))
			known = without.other[i] = true;
	for (int i = 0; i < OPTS; i++) {
		if (!is(opt_name[i], word, length))
			continue;
		without.opts |= 1 << i;
		known = true;
	}
	if (!known)
		fail(word, length);
	without.any = true;
}

/* Is the op called @name among the words? */
static bool is_named(const char *name)
{
	size_t length;

	for (const char *word = without.words; word && *word; word += length ? length : 1) {
		length = strcspn(word, " ,");
		if (is(name, word, length))
			return true;
	}
	return false;
}

static void read_words(void)
{
	const char *words = getenv("RESVMAP_WITHOUT");
	size_t length;

	without.read = true;
	without.words = words;
	for (; words && *words; words += length) {
		length = strcspn(words, " ,");
		if (length)
			read_word(words, length);
		else
			length = 1;
	}
}

/* Which kinds of @target are left out; asked for once a trace, so it is kept. */
static void look_up_kinds(const struct target *target)
{
	if (without.target == target)
		return;
	without.target = target;
	for (unsigned kind = 0; kind < target->ops; kind++)
		without.leaves_out[kind] = is_named(target->op[kind].name);
}

void trace_without(struct trace *trace)
{
	size_t kept = 0;

	if (!without.read)
		read_words();
	if (!without.any)
		return;
	look_up_kinds(trace->target);
	if (without.other[LIMITS])
		trace->head.max = trace->head.min = 0;
	if (without.other[SURPLUS])
		trace->head.surplus = 0;
	if (without.other[MEMORY])
		trace->head.refuse = 0;
	for (size_t i = 0; i < trace->count; i++) {
		struct op op = trace->op[i];

		if (without.leaves_out[op.kind] || (op.depth && without.other[WINDOWS]))
			continue;
		op.opts &= ~without.opts;
		if (without.other[MEMORY])
			op.refuse = 0;
		trace->op[kept++] = op;
	}
	trace->count = kept;
	trace_settle(trace);
}
