// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an op that has returned did to what is reserved: the model learns it, by the op's law.
 */
#include "check.h"

#include "ops.h"

#include <errno.h>

static bool was_refused(const struct reserve_facts *call)
{
	return call->no_memory || call->no_other;
}

/* What the op did to what is reserved; a line of ops.def without one is a link error. */
static void settle_map(const struct world *world, struct reserve_model *model,
                       const struct reserve_facts *call)
{
	const struct op *op = call->op;
	bool reserves = !(op->opts & OPT_NORESERVE);
	struct model_mapping mapping = {
		.file = op->file,
		.from = op->from,
		.to = op->to,
		.shared = !(op->opts & OPT_PRIVATE),
		.owns = reserves && op->opts & OPT_PRIVATE,
		.lockless = was_refused(call),
	};

	/* Where pages were dropped meanwhile, they may have been before or afterwards. */
	if (reserves && mapping.shared && call->drops == model->file[op->file].drops)
		mapping.promised = page_set(op->from, op->to);

	(void)world;
	if (call->ret)
		return;
	model_map(model, op->slot, mapping, reserves);
	model_lengthen(model, op->file, op->to);
}

/* A page that was allocated is another one than before; one copied from its own may be either. */
static void settle_fault(const struct world *world, struct reserve_model *model,
                         const struct reserve_facts *call)
{
	const struct op *op = call->op;
	bool own, for_file = world->shares(world->state, op->slot);
	const void *page = world->page_at(world->state, op->slot, op->from, &own);

	/* A page that is protected may be there since, and not written. */
	if (call->ret == -EACCES && page == call->page)
		return;
	if ((call->ret && call->ret != -EACCES) || (call->copies && page != call->page))
		model_fault_failed(model, op->slot, op->from, for_file,
		                   call->no_memory || call->copies);
	else if (for_file || (page != call->page && own))
		model_allocated(model, op->slot, op->from, for_file);
}

static void settle_unmap(const struct world *world, struct reserve_model *model,
                         const struct reserve_facts *call)
{
	(void)world;
	model_unmap(model, call->op->slot);
}

/* What its parent has of its own a child has too: also a page that migrates, which is seen behind that again. */
static void settle_fork(const struct world *world, struct reserve_model *model,
                        const struct reserve_facts *call)
{
	const struct op *op = call->op;
	uint64_t had = model->mapping[op->slot].seen_there, has = 0;

	if (call->ret)
		return;
	for (; had && !(world->lost_pages(world->state) >> op->slot & 1); had &= had - 1) {
		unsigned page = (unsigned)__builtin_ctzll(had);

		if (world->look_entry(world->state, op->slot, page))
			has |= page_set(page, page + 1);
	}
	model_fork(model, op->slot, op->into);
	model->mapping[op->into].lockless = was_refused(call);
	model->mapping[op->into].seen_there = has;
}

static void settle_truncate(const struct world *world, struct reserve_model *model,
                            const struct reserve_facts *call)
{
	if (world->traits.restores)
		model_private_unmapped(model, call->op->file, call->op->from, MODEL_PAGES);
	model_truncate(model, call->op->file, call->op->from);
	model->file[call->op->file].length = call->op->from;
	/* A copy that was made meanwhile may have come behind it. */
	for (unsigned slot = 0; slot < SLOTS && !call->overtaken && !call->inside; slot++)
		if (model->mapping[slot].file == call->op->file) {
			model->mapping[slot].copied &= page_set(0, call->op->from);
			model_end_watch(model, slot, page_set(call->op->from, MODEL_PAGES));
		}
}

static void settle_punch(const struct world *world, struct reserve_model *model,
                         const struct reserve_facts *call)
{
	if (world->traits.restores)
		model_private_unmapped(model, call->op->file, call->op->from, call->op->to);
	model_punch(model, call->op->file, call->there & page_set(call->op->from, call->op->to),
	            call->no_memory);
	model_drop(model, call->op->file, page_set(call->op->from, call->op->to));
}

static void settle_evict(const struct world *world, struct reserve_model *model,
                         const struct reserve_facts *call)
{
	(void)world;
	model->file[call->op->file] = (struct model_file){ 0 };
}

/* As a fault; a page that is there stays as it is. */
static void settle_copy(const struct world *world, struct reserve_model *model,
                        const struct reserve_facts *call)
{
	const struct op *op = call->op;

	/* What the process has lost it may be given again. */
	if (!call->ret) {
		model->mapping[op->slot].copied |= page_set(op->from, op->from + 1u);
		model_forget(model, call->file, op->slot, op->from);
		model_filled(model, op->slot, op->from, true);
	}
	if (call->ret != -EEXIST)
		settle_fault(world, model, call);
}

#define settle_recopy settle_copy

/* No page is allocated; what the process has lost, the file's page is there for now. */
static void settle_continue(const struct world *world, struct reserve_model *model,
                            const struct reserve_facts *call)
{
	(void)world;
	if (call->ret)
		return;
	model_forget(model, call->file, call->op->slot, call->op->from);
	model_filled(model, call->op->slot, call->op->from, false);
}

/* A file's page stays in the file; one of its own is gone. */
static void settle_zap(const struct world *world, struct reserve_model *model,
                       const struct reserve_facts *call)
{
	if (world->traits.restores)
		model_page_unmapped(model, call->op->slot, call->op->from);
	model->mapping[call->op->slot].ruined.in &= ~page_set(call->op->from, call->op->from + 1u);
	if (call->file < FILES)
		model_forget(model, call->file, call->op->slot, call->op->from);
}

static void settle_resize(const struct world *world, struct reserve_model *model,
                          const struct reserve_facts *call)
{
	(void)world;
	model->resized = true;
	model->resize_overlapped |= call->overtaken || call->inside;
}

static void settle_split(const struct world *world, struct reserve_model *model,
                         const struct reserve_facts *call)
{
	(void)world;
	if (call->ret)
		return;
	model_split(model, call->op->slot, call->op->from, call->op->into);
	model->mapping[call->op->into].lockless = was_refused(call);
	/* Whoever was about to ask for protection may have done so in front of the cut. */
	model->mapping[call->op->into].unsure |= call->overtaken || call->inside;
}

static void settle_allocate(const struct world *world, struct reserve_model *model,
                            const struct reserve_facts *call)
{
	model_allocate(model, call->op->file, world->cached(world->state, call->op->file),
	               call->ret, call->op->from, call->op->to);
	if (!call->ret)
		model_lengthen(model, call->op->file, call->op->to);
}

static void settle_memfd(const struct world *world, struct reserve_model *model,
                         const struct reserve_facts *call)
{
	model_allocate(model, call->op->file, world->cached(world->state, call->op->file),
	               call->ret, call->op->from, call->op->from + 1u);
}

/* Some kernels take a file's page that has failed out of the file: it is as if it were punched. */
static void settle_poison(const struct world *world, struct reserve_model *model,
                          const struct reserve_facts *call)
{
	uint64_t page = page_set(call->op->from, call->op->from + 1u);

	model->poisoned = true;
	if (call->file < FILES && world->has_file(world->state, call->file) &&
	    call->there & page & ~world->cached(world->state, call->file))
		model_punch(model, call->file, page, call->no_memory);
	if (call->file >= FILES)
		return;
	model_drop(model, call->file, page);
	model_forget(model, call->file, SLOTS, call->op->from);
	/* Who had it mapped has it failed, until it is unmapped. */
	if (!call->overtaken && !call->inside &&
	    world->look_entry(world->state, call->op->slot, call->op->from) == ENTRY_AWAY)
		model_ruin(model, call->op->slot, call->op->from);
}

/* Userfaultfd does not follow; where the move fails it may have let go already. */
static void settle_mremap(const struct world *world, struct reserve_model *model,
                          const struct reserve_facts *call)
{
	(void)world;
	if (call->ret) {
		model_unwatch(model, call->op->slot, ~0ULL);
		return;
	}
	model_moved(model, call->op->slot);
	model->mapping[call->op->slot].lockless = was_refused(call);
}

static void settle_watch(const struct world *world, struct reserve_model *model,
                         const struct reserve_facts *call)
{
	(void)world;
	model->mapping[call->op->slot].watched |= !call->ret;
}

/* One that failed protects what is copied later, unless the mapping was not there any more. */
static void settle_guard(const struct world *world, struct reserve_model *model,
                         const struct reserve_facts *call)
{
	struct model_mapping *mapping = &model->mapping[call->op->slot];

	(void)world;
	mapping->unsure |= call->ret == -EFAULT;
	mapping->protects |= call->ret != -EFAULT;
	if (!call->ret)
		model_guard(model, call->op->slot, call->op->from,
		            !call->overtaken && !call->inside);
}

static void settle_protect(const struct world *world, struct reserve_model *model,
                           const struct reserve_facts *call)
{
	uint64_t page = page_set(call->op->from, call->op->from + 1u);
	struct pages *guarded = &model->mapping[call->op->slot].guarded;

	(void)world;
	if (call->ret)
		return;
	guarded->in &= ~page;
	guarded->open &= ~page;
}

static void settle_ruin(const struct world *world, struct reserve_model *model,
                        const struct reserve_facts *call)
{
	(void)world;
	if (!call->ret)
		model_ruin(model, call->op->slot, call->op->from);
}

/* What these do leaves what is reserved as it is. */
static void settle_nothing(const struct world *world, struct reserve_model *model,
                           const struct reserve_facts *call)
{
	(void)world, (void)model, (void)call;
}

#define settle_backwards settle_nothing
#define settle_pin       settle_nothing
#define settle_unpin     settle_nothing
#define settle_unmount   settle_nothing
#define settle_offline   settle_nothing
#define settle_move      settle_nothing
#define settle_dissolve  settle_nothing
#define settle_migrate   settle_nothing

static void (*const settle[RESERVE_OPS])(const struct world *world, struct reserve_model *model,
                                         const struct reserve_facts *call) = {
#define HEAD(wire, name, operands, doc)
#define OP(wire, name, operands, doc) [OP_##name] = settle_##name,
#include "ops.def"
#undef OP
#undef HEAD
};

/* Does it take away what userfaultfd was asked for of a page?  The others come to the same in any order. */
static bool unwatches(const struct op *op)
{
	switch (op->kind) {
	case OP_protect:
	case OP_copy:
	case OP_recopy:
	case OP_continue:
	case OP_ruin:
	case OP_zap:
	case OP_truncate:
	case OP_punch:
	case OP_poison:
		return true;
	default:
		return false;
	}
}

static bool takes(const struct op *op, unsigned operands)
{
	return reserve_op[op->kind].operands & operands;
}

/* Which pages of its file a call may have changed: all, unless its op says which. */
static void settle_overlapped(struct reserve_model *model, const struct reserve_facts *call)
{
	const struct op *op = call->op;
	unsigned from = 0, to = MODEL_PAGES;

	if (call->file >= FILES)
		return;
	model->file[call->file].length_open |= takes(op, OP_FILE);
	if (takes(op, OP_PAGE) || takes(op, OP_RANGE) || takes(op, OP_SIZE))
		from = op->from;
	if (takes(op, OP_PAGE))
		to = from + 1;
	else if (takes(op, OP_RANGE))
		to = op->to;
	model_overlapped(model, call->file, from, to);
	if (unwatches(op))
		model_unwatch_file(model, call->file, page_set(from, to));
}

void reserve_settle(const struct world *world, struct reserve_model *model,
                    const struct reserve_facts *call)
{
	settle[call->op->kind](world, model, call);
	model->no_node |= call->op->opts & REFUSE_NODE;
	if (call->no_memory && call->file < FILES)
		model->file[call->file].refused = true;
	/* Some kernels make the file longer before they know that the mapping comes about. */
	if (call->ret && call->op->kind == OP_map)
		model->file[call->file].length_open = true;
	if (world->traits.waits && (call->overtaken || call->inside))
		settle_overlapped(model, call);
}
