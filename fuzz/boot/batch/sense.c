// SPDX-License-Identifier: GPL-2.0-only
/*
 * For each condition that fuzz/boot/ops.def names, a function here that makes an op meet it; guest/ops.c and
 * guest/admin.c have the functions of these names that ask whether it does.
 */
#include "sense.h"

#include "fuzz/mutate/mutate.h"
#include "fuzz/targets/reserve/ops.h"

#include <string.h>

/* Files 0 and 1 are on the mount with limits. */
enum { FIRST_UNLIMITED = 2 };

struct foretold_slot {
	bool mapped, keeps;
	unsigned file, from, to;
	uint64_t there, written; /* pages that were touched, and those that may be written */
	bool private;
};

static struct foretold {
	struct foretold_slot slot[SLOTS];
	bool exists[FILES];
	unsigned size[FILES];
	bool unmounted;
	unsigned gone; /* cgroups, a bit each */
} world;

/* The first of @count numbers from @first on, round and round, that @is; false: none is. */
static bool next(uint8_t *number, unsigned count, bool (*is)(unsigned))
{
	for (unsigned i = 0; i < count; i++) {
		unsigned candidate = (*number + i) % count;

		if (!is(candidate))
			continue;
		*number = candidate;
		return true;
	}
	return false;
}

/* --- slots */

static bool slot_is_mapped(unsigned slot)
{
	return world.slot[slot].mapped;
}

static bool slot_is_free(unsigned slot)
{
	return !world.slot[slot].mapped;
}

static bool slot_is_long(unsigned slot)
{
	return world.slot[slot].mapped && world.slot[slot].to > world.slot[slot].from + 1;
}

static bool slot_keeps(unsigned slot)
{
	return world.slot[slot].keeps;
}

static bool slot_may_keep(unsigned slot)
{
	return world.slot[slot].written && world.slot[slot].mapped && !world.slot[slot].keeps;
}

static bool slot_has_pages(unsigned slot)
{
	return world.slot[slot].mapped && world.slot[slot].there;
}

static bool is_mapped(struct op *op)
{
	return next(&op->slot, SLOTS, slot_is_mapped);
}

static bool keeps_page(struct op *op)
{
	return next(&op->slot, SLOTS, slot_keeps);
}

static bool may_fork(struct op *op)
{
	return is_mapped(op) && next(&op->into, SLOTS, slot_is_free);
}

/* The page of the op, or the next one out of @set, which is not empty. */
static void aim_into(struct op *op, uint64_t set)
{
	unsigned page = op->from % CELLS;

	while (!(set >> page & 1))
		page = (page + 1) % CELLS;
	op->from = page;
}

static bool has_page(struct op *op)
{
	const struct foretold_slot *slot;
	bool asks_for_one = op->kind == OP_migrate;

	if (!next(&op->slot, SLOTS, asks_for_one ? slot_has_pages : slot_is_mapped))
		return false;
	slot = &world.slot[op->slot];
	aim_into(op, asks_for_one ? slot->there : cell_set(slot->from, slot->to));
	return true;
}

static bool may_keep(struct op *op)
{
	if (!next(&op->slot, SLOTS, slot_may_keep))
		return false;
	aim_into(op, world.slot[op->slot].written);
	return true;
}

static bool may_split(struct op *op)
{
	if (!next(&op->slot, SLOTS, slot_is_long) || !next(&op->into, SLOTS, slot_is_free))
		return false;
	aim_into(op, cell_set(world.slot[op->slot].from + 1, world.slot[op->slot].to));
	return true;
}

/* --- files */

static bool file_may_be(unsigned file)
{
	return !world.unmounted || file >= FIRST_UNLIMITED;
}

static bool file_exists(unsigned file)
{
	return world.exists[file];
}

static bool file_is_long(unsigned file)
{
	return world.exists[file] && world.size[file];
}

static bool file_is_unmapped(unsigned file)
{
	for (int i = 0; i < SLOTS; i++)
		if (world.slot[i].mapped && world.slot[i].file == file)
			return false;
	return world.exists[file];
}

/* A range of one page at least. */
static void widen(struct op *op)
{
	if (op->from < op->to)
		return;
	op->from = op->from < CELLS ? op->from : CELLS - 1;
	op->to = op->from + 1;
}

static bool may_map(struct op *op)
{
	widen(op);
	return next(&op->slot, SLOTS, slot_is_free) && next(&op->file, FILES, file_may_be);
}

static bool has_file(struct op *op)
{
	widen(op);
	return next(&op->file, FILES, file_exists);
}

static bool is_in_file(struct op *op)
{
	if (!next(&op->file, FILES, file_is_long))
		return false;
	op->from %= world.size[op->file];
	return true;
}

static bool may_evict(struct op *op)
{
	return next(&op->file, FILES, file_is_unmapped);
}

static bool may_unmount(struct op *op)
{
	(void)op;
	for (int file = 0; file < FIRST_UNLIMITED; file++)
		if (world.exists[file])
			return false;
	return !world.unmounted;
}

/* --- others */

static bool always(struct op *op)
{
	(void)op;
	return true;
}

/* Who names no cgroup is in the first. */
static bool may_go_offline(struct op *op)
{
	return !(world.gone >> (op->cgroup ? op->cgroup : 1) & 1);
}

static bool (*const makes_sense[RESERVE_OPS])(struct op *op) = {
#define SAID(name, when, module) [OP_##name] = when,
#include "fuzz/boot/ops.def"
#undef SAID
};

/* --- what an op that succeeds leaves */

static void grow(unsigned file, unsigned size)
{
	if (world.size[file] < size)
		world.size[file] = size;
}

static void map_did(const struct op *op)
{
	world.exists[op->file] = true;
	grow(op->file, op->to);
	world.slot[op->slot] = (struct foretold_slot){
		.mapped = true,
		.keeps = world.slot[op->slot].keeps,
		.file = op->file,
		.from = op->from,
		.to = op->to,
		.private = op->opts & OPT_PRIVATE,
	};
}

static void unmap_did(const struct op *op)
{
	world.slot[op->slot].mapped = false;
}

static void fault_did(const struct op *op)
{
	struct foretold_slot *slot = &world.slot[op->slot];

	slot->there |= cell_set(op->from, op->from + 1);
	if (op->opts & OPT_WRITE || op->kind == OP_copy || op->kind == OP_recopy || !slot->private)
		slot->written |= cell_set(op->from, op->from + 1);
}

/* Neither side of a private mapping may write what both show. */
static void fork_did(const struct op *op)
{
	struct foretold_slot *slot = &world.slot[op->slot], *into = &world.slot[op->into];
	bool keeps = into->keeps;

	if (slot->private)
		slot->written = 0;
	*into = *slot;
	into->keeps = keeps;
}

static void split_did(const struct op *op)
{
	struct foretold_slot *slot = &world.slot[op->slot], *into = &world.slot[op->into];
	uint64_t behind = cell_set(op->from, CELLS);
	bool keeps = into->keeps;

	*into = *slot;
	into->keeps = keeps;
	slot->to = into->from = op->from;
	into->there &= behind;
	into->written &= behind;
	slot->there &= ~behind;
	slot->written &= ~behind;
}

static void zap_did(const struct op *op)
{
	world.slot[op->slot].there &= ~cell_set(op->from, op->from + 1);
	world.slot[op->slot].written &= ~cell_set(op->from, op->from + 1);
}

static void protect_did(const struct op *op)
{
	world.slot[op->slot].written &= ~cell_set(op->from, op->from + 1);
}

static void drop(unsigned file, uint64_t set)
{
	for (int i = 0; i < SLOTS; i++) {
		if (world.slot[i].file != file)
			continue;
		world.slot[i].there &= ~set;
		world.slot[i].written &= ~set;
	}
}

static void truncate_did(const struct op *op)
{
	world.size[op->file] = op->from;
	drop(op->file, cell_set(op->from, CELLS));
}

static void punch_did(const struct op *op)
{
	drop(op->file, cell_set(op->from, op->to));
}

static void allocate_did(const struct op *op)
{
	grow(op->file, op->to);
}

static void evict_did(const struct op *op)
{
	world.exists[op->file] = false;
	world.size[op->file] = 0;
}

static void pin_did(const struct op *op)
{
	world.slot[op->slot].keeps = true;
}

static void unpin_did(const struct op *op)
{
	world.slot[op->slot].keeps = false;
}

static void unmount_did(const struct op *op)
{
	(void)op;
	world.unmounted = true;
}

static void offline_did(const struct op *op)
{
	world.gone |= 1u << (op->cgroup ? op->cgroup : 1);
}

static void (*const did[RESERVE_OPS])(const struct op *op) = {
	[OP_map] = map_did,           [OP_unmap] = unmap_did,     [OP_fault] = fault_did,
	[OP_copy] = fault_did,        [OP_recopy] = fault_did,    [OP_fork] = fork_did,
	[OP_split] = split_did,       [OP_zap] = zap_did,         [OP_protect] = protect_did,
	[OP_truncate] = truncate_did, [OP_punch] = punch_did,     [OP_allocate] = allocate_did,
	[OP_evict] = evict_did,       [OP_pin] = pin_did,         [OP_poison] = pin_did,
	[OP_unpin] = unpin_did,       [OP_unmount] = unmount_did, [OP_offline] = offline_did,
};

/* A mount whose minimum cannot be had, or is above its maximum, is refused, and then every op is skipped. */
static void mend_head(struct op *head)
{
	unsigned most = head->pages + head->surplus;

	if (head->max && head->max - 1u < most)
		most = head->max - 1;
	if (head->min && head->min - 1u > most)
		head->min = 1 + (head->min - 1) % (most + 1);
}

void sense_make(struct trace *trace)
{
	mend_head(&trace->head);
	memset(&world, 0, sizeof(world));
	for (size_t i = 0; i < trace->count;) {
		struct op *op = &trace->op[i];

		if (!makes_sense[op->kind] || !makes_sense[op->kind](op)) {
			mutate_cut(trace, i, 1);
			continue;
		}
		if (did[op->kind] && !op->refuse && !(op->opts & (REFUSE_WORDS | FAILS_LATE)))
			did[op->kind](op);
		i++;
	}
	trace_settle(trace);
}
