// SPDX-License-Identifier: GPL-2.0-only
#include "place.h"

#include "fuzz/targets/reserve/ops.h"

#include <stdio.h>
#include <string.h>

static struct {
	bool mapped, private, owner, child, noreserve;
	unsigned file;
} slot[SLOTS];

/* A call that came about: who maps what behind it. */
static void follow(const struct op *op)
{
	switch (op->kind) {
	case OP_map:
		slot[op->slot].mapped = true;
		slot[op->slot].private = op->opts & OPT_PRIVATE;
		slot[op->slot].owner = op->opts & OPT_PRIVATE && !(op->opts & OPT_NORESERVE);
		slot[op->slot].child = false;
		slot[op->slot].noreserve = op->opts & OPT_NORESERVE;
		slot[op->slot].file = op->file;
		break;
	case OP_fork:
		slot[op->into] = slot[op->slot];
		slot[op->into].child = true;
		slot[op->into].owner = false;
		break;
	case OP_split:
		slot[op->into] = slot[op->slot];
		break;
	case OP_unmap:
		slot[op->slot].mapped = false;
		break;
	default:
		break;
	}
}

static void say(struct place *place, const char *word, bool holds)
{
	size_t length = strlen(place->words);

	if (holds)
		snprintf(place->words + length, sizeof(place->words) - length, "+%s", word);
}

static void name_op(const struct op *op, struct place *place)
{
	snprintf(place->op, sizeof(place->op), "%s", reserve_op[op->kind].name);
	for (int i = 0; i < OPTS; i++) {
		size_t length = strlen(place->op);

		if (op->opts & (FAILS_LATE | REFUSE_WORDS) & 1 << i)
			snprintf(place->op + length, sizeof(place->op) - length, "/%s",
			         opt_name[i]);
	}
}

/* Its own mapping if it has one, else all those of its file. */
static bool is_about(const struct op *op, int number)
{
	unsigned operands = reserve_op[op->kind].operands;

	if (operands & OP_SLOT && op->kind != OP_map)
		return number == op->slot;
	return operands & OP_FILE && slot[number].mapped && slot[number].file == op->file;
}

static void name_mappings(const struct op *op, struct place *place)
{
	unsigned operands = reserve_op[op->kind].operands;
	bool private = op->kind == OP_map && op->opts & OPT_PRIVATE, owner = false, child = false;
	unsigned file = operands & OP_FILE                            ? op->file
	                : operands & OP_SLOT && slot[op->slot].mapped ? slot[op->slot].file
	                                                              : FILES;

	for (int i = 0; i < SLOTS; i++) {
		if (!is_about(op, i))
			continue;
		private |= slot[i].private;
		owner |= slot[i].owner;
		child |= slot[i].child;
	}
	say(place, "private", private);
	say(place, "owner", owner);
	say(place, "child", child);
	say(place, "limited", file < 2);
	say(place, "noreserve", operands & OP_SLOT && slot[op->slot].noreserve);
}

void place_of(const struct trace *trace, const struct log_section *booted, unsigned step,
              struct place *place)
{
	const struct op *head = &trace->head;

	memset(place, 0, sizeof(*place));
	memset(slot, 0, sizeof(slot));
	for (unsigned i = 1; i < step && i <= trace->count && i < booted->steps; i++)
		if (booted->step[i].outcome == BOOT_GOOD)
			follow(&trace->op[i - 1]);
	if (step && step <= trace->count) {
		name_op(&trace->op[step - 1], place);
		name_mappings(&trace->op[step - 1], place);
	} else {
		strcpy(place->op, step ? "end" : "mount");
	}
	say(place, "failed", step < booted->steps && booted->step[step].outcome == BOOT_FAILED);
	say(place, "min", head->min);
	say(place, "max", head->max);
	say(place, "surplus", head->surplus);
	say(place, "crossed", head->max && head->min > head->max);
}
