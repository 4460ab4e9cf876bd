// SPDX-License-Identifier: GPL-2.0-only
#include "without.h"

#include <stdlib.h>
#include <string.h>

enum { MEMORY, WINDOWS, LIMITS, SURPLUS, OTHERS };
static const char *const other_name[OTHERS] = { "memory", "windows", "limits", "surplus" };

/* Read once: what is left out. */
static struct {
	bool read, any;
	bool kind[OP_KINDS], other[OTHERS];
	uint8_t opts;
} without;

static _Noreturn void fail(const char *word, size_t length)
{
	fprintf(stderr, "RESVMAP_WITHOUT: unknown word '%.*s'; known are", (int)length, word);
	for (int i = 0; i < OP_KINDS; i++)
		fprintf(stderr, " %s", op_info[i].name);
	for (int i = 0; i < OPTS; i++)
		fprintf(stderr, " %s", opt_name[i]);
	for (int i = 0; i < OTHERS; i++)
		fprintf(stderr, " %s", other_name[i]);
	fputc('\n', stderr);
	exit(2);
}

static bool is(const char *name, const char *word, size_t length)
{
	return strlen(name) == length && !memcmp(name, word, length);
}

static void read_word(const char *word, size_t length)
{
	bool known = false;

	for (int i = 0; i < OP_KINDS; i++)
		if (is(op_info[i].name, word, length))
			known = without.kind[i] = true;
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

static void read_words(void)
{
	const char *words = getenv("RESVMAP_WITHOUT");
	size_t length;

	without.read = true;
	for (; words && *words; words += length) {
		length = strcspn(words, " ,");
		if (length)
			read_word(words, length);
		else
			length = 1;
	}
}

void trace_without(struct trace *trace)
{
	size_t kept = 0;

	if (!without.read)
		read_words();
	if (!without.any)
		return;
	if (without.other[LIMITS])
		trace->max = trace->min = 0;
	if (without.other[SURPLUS])
		trace->surplus = 0;
	if (without.other[MEMORY])
		trace->open_refuse = 0;
	for (size_t i = 0; i < trace->count; i++) {
		struct op op = trace->op[i];

		if (without.kind[op.kind] || (op.depth && without.other[WINDOWS]))
			continue;
		op.opts &= ~without.opts;
		if (without.other[MEMORY])
			op.refuse = 0;
		trace->op[kept++] = op;
	}
	trace->count = kept;
	trace_settle(trace);
}
