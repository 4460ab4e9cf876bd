// SPDX-License-Identifier: GPL-2.0-only
/*
 * dictionary TARGET: prints the dictionary of a target, made from its table of ops.
 *
 * For the bytes: whole records, so that an engine can insert an op that means something in one
 * step.  For the text: its words.
 */
#include "fuzz/trace/trace.h"

#include <string.h>

static const struct target *target;

static bool takes(const struct op *op, unsigned operands)
{
	return op_takes(target, op, operands);
}

static void print_entry(const char *name, const uint8_t *bytes, size_t size)
{
	printf("%s=\"", name);
	for (size_t i = 0; i < size; i++) {
		if (bytes[i] == '"' || bytes[i] == '\\')
			printf("\\%c", bytes[i]);
		else if (bytes[i] >= ' ' && bytes[i] < 0x7f)
			putchar(bytes[i]);
		else
			printf("\\x%02x", bytes[i]);
	}
	printf("\"\n");
}

static void print_record(const char *variant, const struct op *op)
{
	uint8_t bytes[OP_BYTES];
	char name[32];

	op_encode(op, target, bytes);
	snprintf(name, sizeof(name), "%s_%s", target->op[op->kind].name, variant);
	print_entry(name, bytes, sizeof(bytes));
}

/* An op as it is most often, and as it is in the corners. */
static void print_op(unsigned kind)
{
	struct op plain = { .kind = kind, .from = 1, .to = 4 }, op;

	op_tidy(&plain, target);
	print_record("plain", &plain);
	op = plain;
	op.slot = 1;
	if (takes(&op, OP_ANY_SLOT))
		print_record("other_slot", &op);
	op = plain;
	op.to = takes(&op, OP_TO_END) ? CELL_END : CELLS;
	if (takes(&op, OP_RANGE))
		print_record("to_the_end", &op);
	op = plain;
	op.depth = 1;
	print_record("nested", &op);
	op = plain;
	op.refuse = 1;
	if (takes(&op, OP_ALLOCATES))
		print_record("refused_first", &op);
	op.refuse = PLAN_MASK & ~1;
	if (takes(&op, OP_ALLOCATES))
		print_record("refused_later", &op);
}

/* What only some ops have: a file, a second slot, switches. */
static void print_more_of(unsigned kind)
{
	const struct op plain = { .kind = kind, .from = 1, .to = 4 };
	struct op op = plain;
	char name[32];

	op.file = 1;
	op_tidy(&op, target);
	if (takes(&op, OP_FILE))
		print_record("other_file", &op);
	op = plain;
	op.into = 1;
	op_tidy(&op, target);
	if (takes(&op, OP_INTO))
		print_record("into_other", &op);
	for (int i = 0; i < OPTS; i++) {
		op = plain;
		op.opts = 1 << i;
		op_tidy(&op, target);
		snprintf(name, sizeof(name), "%s%s", op.opts & REFUSE_WORDS ? "refused_" : "",
		         opt_name[i]);
		if (op.opts)
			print_record(name, &op);
	}
}

static void print_head(const char *name, struct trace *trace)
{
	static uint8_t bytes[TRACE_BYTES];

	print_entry(name, bytes, trace_encode(trace, bytes));
}

static void print_heads(void)
{
	static struct trace trace;

	trace_begin(&trace, target);
	if (target->op[0].operands & OP_POOL) {
		print_head("pool", &trace);
		trace.head.surplus = 2;
		print_head("pool_surplus", &trace);
		trace.head.surplus = 0;
		trace.head.max = 5;
		trace.head.min = 3;
		print_head("pool_limits", &trace);
	}
	for (int board = 0; board < BOARDS && target->op[0].operands & OP_BOARD; board++) {
		trace_set_board(&trace, board);
		print_head(board_name[board], &trace);
	}
}

static void print_records(void)
{
	print_heads();
	for (unsigned kind = 1; kind < target->ops; kind++) {
		print_op(kind);
		print_more_of(kind);
	}
}

static void print_word(const char *word)
{
	print_entry(word, (const uint8_t *)word, strlen(word));
}

static void print_words(void)
{
	static const char *const words[] = {
		"board ",  " refuse 1", " refuse 2-", " owner 1",   "\n  in 1: ", "\n    in 1: ",
		" -> ",    " needs ",   "skipped",    "[1,4) a",    "[0,64)",     "end)",
		"#",       "> ",        "pool 8",     " surplus 2", " max 4",     " min 2",
		" page 3", " file 1",   " to 3",      ",pool",      "raw 5 9",
	};
	char name[32];

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		snprintf(name, sizeof(name), "word_%zu", i + 1);
		print_entry(name, (const uint8_t *)words[i], strlen(words[i]));
	}
	for (int board = 0; board < BOARDS; board++)
		print_word(board_name[board]);
	for (int i = 0; targets[i]; i++)
		for (unsigned kind = 1; kind < targets[i]->ops; kind++)
			if (target_is_first(i))
				print_word(targets[i]->op[kind].name);
	for (int i = 0; i < OPTS; i++)
		print_word(opt_name[i]);
	for (int i = 0; i < ERRNO_NAMES; i++)
		print_word(errno_name[i].name);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: dictionary TARGET\n");
		return 2;
	}
	target = target_find(argv[1]);
	if (!target) {
		fprintf(stderr, "dictionary: no target %s\n", argv[1]);
		return 2;
	}
	printf("# generated from ops.def by `make dictionaries`\n");
	if (target->check_text)
		print_words();
	else
		print_records();
	return 0;
}
