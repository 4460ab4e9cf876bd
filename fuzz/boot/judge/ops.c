// SPDX-License-Identifier: GPL-2.0-only
/*
 * What each op of fuzz/boot/ops.def did, as the model is told: a function an op.  Which pages are in a page cache and
 * which private ones a mapping has is worked out from the ops that succeeded, and, where one may have done a part of
 * its work, from the books behind it.
 */
#include "state.h"

#include <string.h>

static void map_did(const struct op *op, const struct boot_step *step)
{
	bool private = op->opts & OPT_PRIVATE, reserves = !(op->opts & OPT_NORESERVE);
	struct model_mapping mapping = {
		.file = op->file,
		.from = op->from,
		.to = op->to,
		.shared = !private,
		.owns = private && reserves,
	};

	if (step->outcome != BOOT_GOOD)
		return;
	model_map(&judge.model, op->slot, mapping, reserves);
	judge.private_elsewhere |= private && !(LIMITED_FILES >> op->file & 1);
	if (judge.size[op->file] < op->to)
		judge.size[op->file] = op->to;
}

static void fault_did(const struct op *op, const struct boot_step *step)
{
	const struct model_mapping *mapping = &judge.model.mapping[op->slot];
	uint64_t page = page_set(op->from, op->from + 1);
	bool copies = judge.own[op->slot] & page;

	if (step->outcome != BOOT_GOOD || (copies && op->opts & OPT_WRITE)) {
		model_fault_failed(&judge.model, op->slot, op->from, mapping->shared,
		                   copies || op->refuse);
	} else if (mapping->shared) {
		model_allocated(&judge.model, op->slot, op->from, true);
		judge.there[mapping->file] |= page;
	} else if (!copies && (op->kind == OP_copy || op->kind == OP_recopy ||
	                       op->opts & OPT_WRITE || !(judge.there[mapping->file] & page))) {
		model_allocated(&judge.model, op->slot, op->from, false);
		judge.own[op->slot] |= page;
	}
}

/* As a fault; a page that is there stays as it is. */
static void copy_did(const struct op *op, const struct boot_step *step)
{
	if (strcmp(step->seen, "EEXIST"))
		fault_did(op, step);
}

static void recopy_did(const struct op *op, const struct boot_step *step)
{
	copy_did(op, step);
}

static void unmap_did(const struct op *op, const struct boot_step *step)
{
	(void)step;
	model_unmap(&judge.model, op->slot);
	judge.own[op->slot] = 0;
}

static void fork_did(const struct op *op, const struct boot_step *step)
{
	if (step->outcome != BOOT_GOOD)
		return;
	model_fork(&judge.model, op->slot, op->into);
	judge.own[op->into] = judge.own[op->slot];
}

/* These pages of a file are gone from every mapping too. */
static void pages_went(unsigned file, uint64_t set)
{
	judge.there[file] &= ~set;
	for (int slot = 0; slot < SLOTS; slot++) {
		struct model_mapping *mapping = &judge.model.mapping[slot];
		uint64_t lost = judge.own[slot] & set;

		if (!mapping->exists || mapping->file != file)
			continue;
		judge.own[slot] &= ~lost;
		if (mapping->owns)
			mapping->used_up.open |= lost & mapping->used_up.in;
	}
}

static void truncate_did(const struct op *op, const struct boot_step *step)
{
	if (step->outcome != BOOT_GOOD)
		return;
	judge.blocks_lie[op->file] |= !!op->refuse;
	model_truncate(&judge.model, op->file, op->from);
	pages_went(op->file, page_set(op->from, CELLS));
	judge.size[op->file] = op->from;
}

static void punch_did(const struct op *op, const struct boot_step *step)
{
	uint64_t set = page_set(op->from, op->to);

	if (step->outcome != BOOT_GOOD)
		return;
	judge.blocks_lie[op->file] |= !!op->refuse;
	model_punch(&judge.model, op->file, judge.there[op->file] & set, op->refuse);
	pages_went(op->file, set);
}

static void evict_did(const struct op *op, const struct boot_step *step)
{
	(void)step;
	judge.model.file[op->file] = (struct model_file){ 0 };
	judge.there[op->file] = 0;
	judge.blocks_lie[op->file] = false;
	judge.size[op->file] = 0;
}

static void zap_did(const struct op *op, const struct boot_step *step)
{
	struct model_mapping *mapping = &judge.model.mapping[op->slot];
	uint64_t lost = judge.own[op->slot] & page_set(op->from, op->from + 1);

	if (step->outcome != BOOT_GOOD)
		return;
	judge.own[op->slot] &= ~lost;
	if (mapping->owns)
		mapping->used_up.open |= lost & mapping->used_up.in;
}

static void split_did(const struct op *op, const struct boot_step *step)
{
	uint64_t behind = page_set(op->from, CELLS);

	if (step->outcome != BOOT_GOOD)
		return;
	model_split(&judge.model, op->slot, op->from, op->into);
	judge.own[op->into] = judge.own[op->slot] & behind;
	judge.own[op->slot] &= ~behind;
}

/* A page that is kept may outlive its file: then it is in no page cache, and counts in its mount still. */
static void pin_did(const struct op *op, const struct boot_step *step)
{
	if (step->outcome == BOOT_GOOD)
		judge.private_elsewhere |= !(LIMITED_FILES >> judge.model.mapping[op->slot].file &
		                             1);
}

static void unmount_did(const struct op *op, const struct boot_step *step)
{
	judge_unmounted(op, step);
}

/* How many pages of a file the books have that are not known of yet; fewer is below 0. */
static int more_there(unsigned file, const struct boot_step *step)
{
	if (step->books.there[file] == BOOT_UNKNOWN)
		return 0;
	return (int)step->books.there[file] - __builtin_popcountll(judge.there[file]);
}

/* The pages of [from, to) come one after the other, until one cannot be had. */
static void pages_came(unsigned file, unsigned from, unsigned to, const struct boot_step *step)
{
	int more = more_there(file, step);

	for (unsigned page = from; page < to && more > 0; page++) {
		more -= !(judge.there[file] >> page & 1);
		judge.there[file] |= page_set(page, page + 1);
	}
	model_allocate(&judge.model, file, judge.there[file], step->outcome != BOOT_GOOD, from, to);
}

static void allocate_did(const struct op *op, const struct boot_step *step)
{
	pages_came(op->file, op->from, op->to, step);
	if (step->outcome == BOOT_GOOD && judge.size[op->file] < op->to)
		judge.size[op->file] = op->to;
}

static void memfd_did(const struct op *op, const struct boot_step *step)
{
	if (strcmp(step->seen, "EEXIST"))
		pages_came(op->file, op->from, op->from + 1u, step);
}

/*
 * Some kernels take a file's page that has failed out of the file, as if it were punched; a private one is
 * gone.  Where it cannot leave the pool, it stays among the free ones, or will be one of them when the last
 * reference goes.
 */
static void poison_did(const struct op *op, const struct boot_step *step)
{
	const struct model_mapping *mapping = &judge.model.mapping[op->slot];
	uint64_t page = page_set(op->from, op->from + 1);
	long more = judge.trace->head.surplus - step->books.surplus;

	/* What is said of it differs: 5.10 says that all is well, 5.15 and later EBUSY. */
	judge.lost |= step->books.free > judge.before.free &&
	              step->books.resv >= step->books.free + more;
	pin_did(op, step);
	if (judge.own[op->slot] & page) {
		judge.own[op->slot] &= ~page;
	} else if (judge.there[mapping->file] & page && more_there(mapping->file, step) < 0) {
		model_punch(&judge.model, mapping->file, page, op->refuse);
		judge.there[mapping->file] &= ~page;
	}
}

/* What these do leaves what is reserved as it is. */
static void nothing_did(const struct op *op, const struct boot_step *step)
{
	(void)op;
	(void)step;
}

#define resize_did   nothing_did
#define unpin_did    nothing_did
#define mremap_did   nothing_did
#define protect_did  nothing_did
#define offline_did  nothing_did
#define move_did     nothing_did
#define dissolve_did nothing_did
#define migrate_did  nothing_did
#define continue_did nothing_did

static void (*const did[RESERVE_OPS])(const struct op *op, const struct boot_step *step) = {
#define SAID(name, when, module) [OP_##name] = name##_did,
#include "fuzz/boot/ops.def"
#undef SAID
};

void judge_did(const struct op *op, const struct boot_step *step)
{
	did[op->kind](op, step);
}

void judge_unmounted(const struct op *op, const struct boot_step *step)
{
	judge.unmounted |= op->kind == OP_unmount && step->outcome == BOOT_GOOD;
}
