// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules of a single call that are about what userfaultfd was asked for, and what an entry of a page table is: as
 * check_call.c, which calls them.
 */
#include "check.h"

#include "fuzz/run/report.h"
#include "ops.h"

#include <errno.h>

/* Who writes what userfaultfd protects, or touches what it watches and is not there, gets a signal, and nobody else. */
static void check_watched(const struct world *world, const struct reserve_model *model,
                          const struct reserve_facts *call)
{
	const struct model_mapping *mapping = &model->mapping[call->op->slot];
	unsigned page = call->op->from;
	bool write = call->op->opts & OPT_WRITE, missing = mapping->watched && !call->page;

	if (call->overtaken || call->inside || call->op->kind != OP_fault)
		return;
	CHECK(FAILURE_HONEST,
	      call->ret != -EACCES || missing || (write && model_may_have(&mapping->guarded, page)),
	      "page %u got a signal by userfaultfd, and is %s", page,
	      call->page ? "there" : "not watched");
	CHECK(FAILURE_HONEST,
	      call->ret || !missing || (call->there >> page & 1 && !world->can(OP_continue)),
	      "page %u was not there, and its mapping is watched", page);
	CHECK(FAILURE_HONEST, call->ret || !write || !model_has(&mapping->guarded, page),
	      "page %u is protected, and was written", page);
	CHECK(FAILURE_HONEST, call->ret || !model_has(&mapping->ruined, page),
	      "page %u is ruined, and was touched", page);
}

/* Is a page there, or one that migrates just now or has failed? */
static bool has_page(unsigned entry)
{
	return entry && entry != ENTRY_MARKER;
}

static bool may_be_written(unsigned entry)
{
	return entry & ENTRY_PAGE ? entry & ENTRY_WRITABLE : entry == ENTRY_AWAY_WRITABLE;
}

/* A copy where a page is comes to nothing, and a page that has failed is mapped by nobody; a marker is no page. */
static void check_what_was_there(const struct reserve_facts *call)
{
	const struct op *op = call->op;
	bool copy = reserve_copies(op);

	if (call->overtaken || call->inside)
		return;
	CHECK(FAILURE_HONEST,
	      !copy || call->ret == -EEXIST || !has_page(call->entry) || call->no_other ||
	              call->ret == -EFAULT,
	      "returned %d, and page %u was there", call->ret, op->from);
	CHECK(FAILURE_HONEST, copy || call->ret || !call->failed_memory || call->page,
	      "the memory of page %u has failed, and it is mapped", op->from);
}

/* No page is left there, also none that migrates: only a marker of what is protected. */
static void check_zap(const struct world *world, const struct reserve_model *model,
                      const struct reserve_facts *call)
{
	const struct op *op = call->op;
	unsigned entry;

	if (call->overtaken || !world->traits.waits || call->ret)
		return;
	entry = world->look_entry(world->state, op->slot, op->from);
	CHECK(CONTENT_KEPT,
	      !entry || (entry == ENTRY_MARKER &&
	                 model_may_have(&model->mapping[op->slot].guarded, op->from)),
	      "page %u was dropped, and is there", op->from);
}

/* UFFDIO_POISON: where nothing is, and nothing becomes of it that is a page. */
static void check_ruin(const struct world *world, const struct reserve_facts *call)
{
	const struct op *op = call->op;

	if (call->overtaken || call->inside)
		return;
	CHECK(FAILURE_HONEST,
	      call->ret || (!call->entry && world->look_entry(world->state, op->slot, op->from)),
	      "page %u is ruined, and there was %s entry", op->from,
	      call->entry ? "an" : "and is no");
	CHECK(FAILURE_HONEST, !call->ret || call->no_other || (call->ret == -EEXIST && call->entry),
	      "failed with %d, and there was %s entry", call->ret, call->entry ? "an" : "no");
}

/* The right to write is gone, whatever the entry was: also one of a page that migrates just now. */
static void check_protect(const struct world *world, const struct reserve_facts *call)
{
	unsigned entry;

	if (call->overtaken || (call->inside && call->ret))
		return;
	entry = world->look_entry(world->state, call->op->slot, call->op->from);
	CHECK(FAILURE_HONEST, !call->ret && !may_be_written(entry),
	      "it returned %d, and page %u may be written", call->ret, call->op->from);
}

/*
 * UFFDIO_CONTINUE: the file's page is mapped where nothing was, and nothing else happens.  A marker of what was write
 * protected is nothing that is there.
 */
static void check_continue(const struct world *world, const struct reserve_facts *call)
{
	const struct op *op = call->op;
	bool there = call->there & page_set(op->from, op->from + 1u), own;
	const void *page;

	if (call->overtaken || call->inside)
		return;
	page = world->page_at(world->state, op->slot, op->from, &own);
	CHECK(MAPS_FILE, call->ret ? page == call->page : page && !own && !call->page,
	      "it returned %d, and page %u of mapping %c is %s", call->ret, op->from,
	      'a' + op->slot,
	      !page                ? "missing"
	      : page == call->page ? "the same"
	                           : "another one");
	CHECK(FAILURE_HONEST, call->ret || !call->failed_memory,
	      "the memory of page %u has failed, and it is mapped", op->from);
	CHECK(FAILURE_HONEST,
	      !call->ret || call->no_memory || call->no_other ||
	              (call->ret == -EFAULT &&
	               (!there || op->from >= world->file_pages(world->state, call->file))) ||
	              (call->ret == -EEXIST && there && call->entry) ||
	              (call->ret == -EIO && call->failed_memory),
	      "failed with %d: the file has %s page %u, and there is %s entry", call->ret,
	      there ? "a" : "no", op->from, call->entry ? "an" : "no");
}

void reserve_check_watch(const struct world *world, const struct reserve_model *model,
                         const struct reserve_facts *call)
{
	switch (call->op->kind) {
	case OP_fault:
	case OP_copy:
	case OP_recopy:
		check_what_was_there(call);
		check_watched(world, model, call);
		break;
	case OP_protect:
		check_protect(world, call);
		break;
	case OP_continue:
		check_continue(world, call);
		break;
	case OP_zap:
		check_zap(world, model, call);
		break;
	case OP_ruin:
		check_ruin(world, call);
		break;
	case OP_watch:
	case OP_guard:
		CHECK(FAILURE_HONEST,
		      !call->ret || call->no_other || call->overtaken || call->inside,
		      "failed with %d, and nothing was refused", call->ret);
		break;
	default:
		break;
	}
}
