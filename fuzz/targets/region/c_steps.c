// SPDX-License-Identifier: GPL-2.0-only
/*
 * The steps of a run as C: each call with the value that it should return, and what is looked at behind it.
 */
#include "c.h"

#include "fuzz/map/ops.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

bool region_c_failed_by(enum rule rule)
{
	return region_c.failing->verdict->failed && region_c.failing->verdict->rule == rule;
}

/* The rule is about what a list holds, and holds whenever no lock is held. */
bool region_c_walks_lists(void)
{
	return region_c_failed_by(RULE_LINKS_SANE) || region_c_failed_by(RULE_CACHE_COUNTED);
}

bool region_c_minds_regions(void)
{
	return region_c_failed_by(RULE_MAP_MATCHES_MODEL) || region_c_failed_by(RULE_MAP_SHAPE) ||
	       region_c_failed_by(RULE_MAP_ORDERED) || region_c_failed_by(RULE_ENOMEM_UNCHANGED) ||
	       region_c_failed_by(RULE_BAD_RANGE) || region_c_failed_by(RULE_UNINITIALISED);
}

bool region_c_minds_books(void)
{
	return region_c_failed_by(RULE_TICKETS_COUNTED) ||
	       region_c_failed_by(RULE_CACHE_COVERS_TICKETS);
}

bool region_c_minds_requests(void)
{
	return region_c_failed_by(RULE_ONE_PAGE_ADD) || region_c_failed_by(RULE_UNDISTURBED_ADD) ||
	       region_c_failed_by(RULE_SPLIT_DEL);
}

bool region_c_minds_blocks(void)
{
	return !region_c.failing->stopped &&
	       (region_c_failed_by(RULE_MEMORY_CLEAN) || region_c_failed_by(RULE_LINKS_SANE));
}

bool region_c_minds_breaches(void)
{
	return region_c_failed_by(RULE_KERNEL_ASSERT) || region_c_failed_by(RULE_LOCK_DISCIPLINE) ||
	       region_c_failed_by(RULE_CALL_ENDS);
}

bool region_c_is_kernel(void)
{
	return strcmp(region_c.facts->of->name, "port") &&
	       strcmp(region_c.facts->of->name, "coalescing");
}

/* The op was run, or never came back, since it failed or one inside of it did. */
bool region_c_ran(size_t at)
{
	return region_c.result[at].kind == RESULT_VALUE ||
	       (region_c.bad < region_c.trace->count && at <= region_c.bad &&
	        trace_behind(region_c.trace, at) > region_c.bad);
}

bool region_c_never_came_back(size_t at)
{
	return at != region_c.bad && region_c.result[at].kind != RESULT_VALUE;
}

bool region_c_ran_any(void)
{
	for (size_t i = 0; i < region_c.trace->count; i++)
		if (region_c_ran(i))
			return true;
	return false;
}

/* What a page number is in C. */
static void print_page(long page)
{
	fprintf(region_c.out, page == LONG_MAX ? "LONG_MAX" : "%ld", page);
}

static long page_of(unsigned cell)
{
	return cell == CELL_END ? LONG_MAX : region_c.trace->at[cell];
}

const char *region_c_call_name(const char *call)
{
	static char name[32];

	snprintf(name, sizeof(name), "%s%s", region_c_is_kernel() ? "map_kernel." : "region_",
	         call);
	return name;
}

/* --- the steps */

/* The chg that opened the ticket which op @at closes. */
static const struct op *opened_by(size_t at)
{
	unsigned slot = region_c.trace->op[at].slot;

	while (at--)
		if (region_c.trace->op[at].kind == OP_chg && region_c.trace->op[at].slot == slot &&
		    region_c.result[at].kind == RESULT_VALUE && region_c.result[at].value >= 0)
			break;
	return &region_c.trace->op[at];
}

void region_c_print_range(const struct op *op)
{
	fprintf(region_c.out, "(resv, ");
	print_page(page_of(op->from));
	fprintf(region_c.out, ", ");
	print_page(page_of(op->to));
}

static void print_call(size_t at)
{
	const struct op *op = &region_c.trace->op[at];
	char slot = 'a' + op->slot;

	switch (op->kind) {
	case OP_chg:
		fprintf(region_c.out, "%s", region_c_call_name("chg"));
		region_c_print_range(op);
		fprintf(region_c.out, ", &needed_%c)", slot);
		break;
	case OP_add:
		fprintf(region_c.out, "%s", region_c_call_name("add"));
		region_c_print_range(opened_by(at));
		fprintf(region_c.out, ", needed_%c", slot);
		if (region_c_is_kernel())
			fprintf(region_c.out, ", %u", op->cgroup);
		fprintf(region_c.out, ")");
		break;
	case OP_abort:
		fprintf(region_c.out, "(%s", region_c_call_name("abort"));
		region_c_print_range(opened_by(at));
		fprintf(region_c.out, ", needed_%c), 0L)", slot);
		break;
	default:
		fprintf(region_c.out, "%s", region_c_call_name(map_op[op->kind].name));
		region_c_print_range(op);
		fprintf(region_c.out, ")");
	}
}

bool region_c_was_refused(size_t at)
{
	for (unsigned i = 0; i < region_c.result[at].asked; i++)
		if (plan_refuses(region_c.trace->op[at].refuse, i))
			return true;
	return false;
}

static void print_number(long value)
{
	if (value == -ENOMEM)
		fprintf(region_c.out, "-ENOMEM");
	else if (value == -EINVAL)
		fprintf(region_c.out, "-EINVAL");
	else
		fprintf(region_c.out, "%ld", value);
}

/* What the step should return: before the failure what it did, at the failure what it should have. */
static void print_wanted(size_t at)
{
	const struct region_wanted *wanted = &region_c.facts->wanted[at];
	const struct op *op = &region_c.trace->op[at];

	if (region_c_never_came_back(at))
		fprintf(region_c.out, "ANY");
	else if (at != region_c.bad)
		print_number(region_c.result[at].value);
	else if (op->kind == OP_bad)
		print_number(-EINVAL);
	else if (region_c_was_refused(at))
		print_number(-ENOMEM);
	else if (op->kind == OP_abort)
		print_number(0);
	else if (wanted->known)
		print_number(wanted->pages);
	else
		fprintf(region_c.out, "ANY");
}

static void indent(unsigned depth)
{
	while (depth--)
		fputc('\t', region_c.out);
}

/* The regions that there should be. */
static void print_regions(unsigned depth)
{
	unsigned from, to = 0, count = 0;

	indent(depth);
	fprintf(region_c.out, "regions_are((const long[][2]){");
	while (model_region(region_c.facts->model, to, &from, &to)) {
		fprintf(region_c.out, "%s{ ", count++ ? ", " : " ");
		print_page(page_of(from));
		fprintf(region_c.out, ", ");
		print_page(page_of(to));
		fprintf(region_c.out, " }");
	}
	fprintf(region_c.out, "%s }, %u);\n", count ? "" : " { 0, 0 }", count);
}

/* Look at the rule, where it failed. */
void region_c_print_look(unsigned depth)
{
	if (region_c_minds_regions())
		print_regions(depth);
	if (region_c_minds_books()) {
		indent(depth);
		fprintf(region_c.out, "books_are(%ld);\n", region_c.facts->tickets);
	}
}

/* Every call with a range that no caller may pass, as the target makes them: backwards, and negative. */
static void print_bad(size_t at, unsigned depth)
{
	const struct op *op = &region_c.trace->op[at];
	long to = page_of(op->to), from = page_of(op->from);

	for (int i = 0; i < 2; i++) {
		long first = i ? -to : to;

		indent(depth);
		fprintf(region_c.out, "STEP(%s(resv, %ld, %ld, &needed_bad), -EINVAL);\n",
		        region_c_call_name("chg"), first, from);
		indent(depth);
		fprintf(region_c.out, "STEP(%s(resv, %ld, %ld, needed_bad%s), -EINVAL);\n",
		        region_c_call_name("add"), first, from, region_c_is_kernel() ? ", 0" : "");
		indent(depth);
		fprintf(region_c.out, "STEP(%s(resv, %ld, %ld), -EINVAL);\n",
		        region_c_call_name("del"), first, from);
		indent(depth);
		fprintf(region_c.out, "STEP(%s(resv, %ld, %ld), -EINVAL);\n",
		        region_c_call_name("count"), first, from);
	}
}

bool region_c_has_steps_inside(size_t at)
{
	for (size_t i = at + 1; i < trace_behind(region_c.trace, at); i++)
		if (region_c_ran(i))
			return true;
	return at == region_c.bad && region_c.facts->window &&
	       (region_c_minds_regions() || region_c_minds_books());
}

void region_c_print_step(size_t at, unsigned depth)
{
	const struct op *op = &region_c.trace->op[at];

	if (at == region_c.bad) {
		indent(depth);
		fprintf(region_c.out, "rule = \"%s\"; /* it fails here */\n",
		        rule_name[region_c.failing->verdict->rule]);
	}
	if (op->kind == OP_bad) {
		print_bad(at, depth);
		if (at == region_c.bad)
			region_c_print_look(depth);
		return;
	}
	indent(depth);
	fprintf(region_c.out, "STEP(");
	print_call(at);
	fprintf(region_c.out, ", ");
	print_wanted(at);
	if (op->refuse)
		fprintf(region_c.out, ", .refuse = 0x%x", op->refuse);
	if (region_c_has_steps_inside(at))
		fprintf(region_c.out, ", .during = during_%zu", at + 1);
	fprintf(region_c.out, ");\n");
	if (op->kind == OP_chg && at == region_c.bad &&
	    region_c_failed_by(RULE_NEEDED_MATCHES_HOLES)) {
		indent(depth);
		fprintf(region_c.out, "handed_out(needed_%c, %ld);\n", 'a' + op->slot,
		        region_c.facts->wanted[at].needs);
	}
	if (at == region_c.bad &&
	    (region_c_minds_requests() || region_c_failed_by(RULE_COUNT_COUNT))) {
		indent(depth);
		fprintf(region_c.out, "asked_nothing();\n");
	}
	if (at == region_c.bad && !region_c.facts->window)
		region_c_print_look(depth);
}

/* The ops that run in window @request of op @at, from 1. */
static void print_inside(size_t at, unsigned request)
{
	bool looks = at == region_c.bad && region_c.facts->window == request;
	bool begun = false;

	for (size_t i = at + 1; i < trace_behind(region_c.trace, at);
	     i = trace_behind(region_c.trace, i)) {
		if (!region_c_ran(i) || region_c.trace->op[i].request + 1u != request)
			continue;
		if (!begun)
			fprintf(region_c.out, "\tif (request == %u) {\n", request);
		if (!begun && looks)
			region_c_print_look(2);
		begun = true;
		region_c_print_step(i, 2);
	}
	if (!begun && looks) {
		fprintf(region_c.out, "\tif (request == %u) {\n", request);
		region_c_print_look(2);
		begun = true;
	}
	if (begun)
		fprintf(region_c.out, "\t}\n");
}

/* A function for every call inside of which others ran, the inner ones first. */
void region_c_print_windows(size_t at)
{
	if (!region_c_ran(at) || !region_c_has_steps_inside(at))
		return;
	for (size_t i = at + 1; i < trace_behind(region_c.trace, at);
	     i = trace_behind(region_c.trace, i))
		region_c_print_windows(i);
	fprintf(region_c.out, "\n/* While \"");
	trace_print_op(region_c.out, region_c.trace->target,
	               &(struct op){ .kind = region_c.trace->op[at].kind,
	                             .from = region_c.trace->op[at].from,
	                             .to = region_c.trace->op[at].to,
	                             .slot = region_c.trace->op[at].slot });
	fprintf(region_c.out,
	        "\" waits for memory, the lock dropped. */\n"
	        "static void during_%zu(unsigned request)\n{\n",
	        at + 1);
	for (unsigned request = 1; request <= 8; request++)
		print_inside(at, request);
	fprintf(region_c.out, "}\n");
}
