// SPDX-License-Identifier: GPL-2.0
/*
 * A KUnit suite for the reservation map, included at the end of a copy of mm/hugetlb.c as mm/damon includes
 * its tests.  A case is a trace: calls of the map, requests for memory that are refused, and calls that run
 * in the unlocked moment in which another one asks for memory.
 *
 * No result is written down beforehand.  A model of the contract, one bit for each cell of a board of 64, says what each
 * call has to return, and the books of the map are held against the tickets that are open.
 *
 * A case that fails may leave a kernel behind in which nothing can be trusted.  So it is the last one of its machine,
 * and who reads the results boots again with hugetlb.resvmap_first= for the cases behind it.
 */
#include "resvmap_traces.h"

#include <kunit/test.h>
#include <linux/bitops.h>
#include <linux/moduleparam.h>
#include <linux/panic.h>
#include <linux/timer.h>
#include <linux/version.h>

enum { SLOTS = 8, DEPTHS = 4, MOST_ENTRIES = 4096, LAST_REFUSAL = 5, MOST_SECONDS = 20 };

static unsigned int resvmap_first;
module_param(resvmap_first, uint, 0);

static struct {
	struct kunit *test;
	const struct resvmap_trace *trace;
	struct resv_map *map;
	u64 covered; /* the model: cells whose pages are reserved */
	struct {
		bool open, busy;
		u8 from, to;
		long needed;
	} ticket[SLOTS];
	struct frame {
		unsigned int at, asked, refused;
	} frame[DEPTHS];
	unsigned int frames;
	unsigned int asked; /* for the map itself */
	bool broken;
} run;

#define SAY(cond, fmt, ...) \
	do { \
		if (!(cond) && !run.broken) { \
			run.broken = true; \
			KUNIT_FAIL(run.test, "%s: " fmt, run.trace->name, ##__VA_ARGS__); \
		} \
	} while (0)

/* --- cells and pages */

static long page_of(unsigned int cell)
{
	if (cell > RESVMAP_CELLS)
		return LONG_MAX;
	return run.trace->at ? run.trace->at[cell] : cell;
}

static u64 cells(unsigned int from, unsigned int to)
{
	if (to > RESVMAP_CELLS)
		to = RESVMAP_CELLS;
	return from >= to ? 0 : (~0ULL >> (RESVMAP_CELLS - (to - from))) << from;
}

static long pages_in(u64 set)
{
	long pages = 0;

	for (unsigned int cell = 0; cell < RESVMAP_CELLS; cell++)
		if (set >> cell & 1)
			pages += page_of(cell + 1) - page_of(cell);
	return pages;
}

/* How many runs of cells without a page there are in [from, to). */
static long holes_in(unsigned int from, unsigned int to)
{
	u64 missing = cells(from, to) & ~run.covered;

	return hweight64(missing & ~(missing << 1));
}

/* --- the map's own books */

static u64 covered_by_map(void)
{
	struct file_region *rg;
	unsigned int steps = 0;
	u64 set = 0;

	list_for_each_entry(rg, &run.map->regions, link) {
		unsigned int from = 0, to = 0;

		while (from < RESVMAP_CELLS && page_of(from) < rg->from)
			from++;
		while (to < RESVMAP_CELLS && page_of(to) < rg->to)
			to++;
		SAY(page_of(from) == rg->from && page_of(to) == rg->to,
		    "a region [%ld,%ld) that nobody asked for", rg->from, rg->to);
		SAY(!(set & cells(from, to)), "regions overlap at %ld", rg->from);
		set |= cells(from, to);
		if (++steps > MOST_ENTRIES)
			break;
	}
	SAY(steps <= MOST_ENTRIES, "the list of regions has no end");
	return set;
}

static void check_books(void)
{
	long spare = 0, booked = 0;
	struct list_head *entry;
	u64 set = covered_by_map();

	list_for_each(entry, &run.map->region_cache) if (++spare > MOST_ENTRIES) break;
	for (int i = 0; i < SLOTS; i++)
		booked += run.ticket[i].open ? run.ticket[i].needed : 0;
	SAY(set == run.covered, "map-matches-model: cells %llx, should be %llx", set, run.covered);
	SAY(spare == run.map->region_cache_count, "cache-counted: %ld entries, the map says %ld",
	    spare, run.map->region_cache_count);
	SAY(booked == run.map->adds_in_progress, "tickets-counted: %ld, the map says %ld", booked,
	    run.map->adds_in_progress);
	SAY(run.map->region_cache_count >= booked, "cache-covers-tickets: %ld entries for %ld",
	    run.map->region_cache_count, booked);
}

/* --- calls */

static void check_memory(const struct frame *frame, long ret)
{
	SAY((ret == -ENOMEM) == !!frame->refused,
	    "enomem-honest: returned %ld, %u of %u requests refused", ret, frame->refused,
	    frame->asked);
}

static void call_chg(const struct resvmap_op *op, struct frame *frame)
{
	long missing = pages_in(cells(op->from, op->to) & ~run.covered);
	long holes = max(holes_in(op->from, op->to), 1L), needed = 0, ret;

	if (run.ticket[op->slot].open || run.ticket[op->slot].busy || op->from >= op->to ||
	    op->to > RESVMAP_CELLS || page_of(op->to) == LONG_MAX)
		return;
	run.ticket[op->slot].busy = true;
	ret = region_chg(run.map, page_of(op->from), page_of(op->to), &needed);
	run.ticket[op->slot].busy = false;
	check_memory(frame, ret);
	if (ret < 0)
		return;
	SAY(ret == missing, "chg-count: returned %ld, missing are %ld", ret, missing);
	SAY(needed == holes, "needed-matches-holes: %ld, holes are %ld", needed, holes);
	run.ticket[op->slot].open = true;
	run.ticket[op->slot].from = op->from;
	run.ticket[op->slot].to = op->to;
	run.ticket[op->slot].needed = needed;
}

static bool has_ticket(const struct resvmap_op *op)
{
	return run.ticket[op->slot].open && !run.ticket[op->slot].busy;
}

static void call_add(const struct resvmap_op *op, struct frame *frame)
{
	unsigned int from = run.ticket[op->slot].from, to = run.ticket[op->slot].to;
	long ret, missing;

	if (!has_ticket(op))
		return;
	run.ticket[op->slot].busy = true;
	ret = region_add(run.map, page_of(from), page_of(to), run.ticket[op->slot].needed, NULL,
	                 NULL);
	run.ticket[op->slot].busy = false;
	check_memory(frame, ret);
	if (ret < 0)
		return;
	missing = pages_in(cells(from, to) & ~run.covered);
	SAY(ret == missing, "add-count: returned %ld, missing were %ld", ret, missing);
	run.covered |= cells(from, to);
	run.ticket[op->slot].open = false;
}

static void call_abort(const struct resvmap_op *op, struct frame *frame)
{
	if (!has_ticket(op))
		return;
	region_abort(run.map, page_of(run.ticket[op->slot].from), page_of(run.ticket[op->slot].to),
	             run.ticket[op->slot].needed);
	run.ticket[op->slot].open = false;
}

static void call_del(const struct resvmap_op *op, struct frame *frame)
{
	long ret, pages;

	if (op->from >= op->to)
		return;
	ret = region_del(run.map, page_of(op->from), page_of(op->to));
	check_memory(frame, ret);
	if (ret < 0)
		return;
	pages = pages_in(cells(op->from, op->to) & run.covered);
	SAY(ret == pages, "del-count: returned %ld, there were %ld", ret, pages);
	run.covered &= ~cells(op->from, op->to);
}

static void call_count(const struct resvmap_op *op, struct frame *frame)
{
	long pages = pages_in(cells(op->from, op->to) & run.covered), ret;

	if (op->from >= op->to)
		return;
	ret = region_count(run.map, page_of(op->from), page_of(op->to));
	SAY(ret == pages, "count-count: returned %ld, there are %ld", ret, pages);
}

/* What no caller may ask for ("bad") is not asked of a kernel. */
static const struct {
	const char *name;
	void (*call)(const struct resvmap_op *op, struct frame *frame);
} calls[] = {
	{ "chg", call_chg }, { "add", call_add },     { "abort", call_abort },
	{ "del", call_del }, { "count", call_count },
};

static void run_op(unsigned int at)
{
	const struct resvmap_op *op = &run.trace->op[at];
	struct frame *frame = &run.frame[run.frames];

	*frame = (struct frame){ .at = at };
	run.frames++;
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		if (!strcmp(op->name, calls[i].name) && !run.broken)
			calls[i].call(op, frame);
	run.frames--;
}

/* The first op behind @at that does not run inside it. */
static unsigned int behind(unsigned int at)
{
	unsigned int i = at + 1;

	while (i < run.trace->ops && run.trace->op[i].depth > run.trace->op[at].depth)
		i++;
	return i;
}

/* A request of the call under way: others run in this moment, and then it is refused or not. */
static void *resvmap_kunit_request(size_t size, gfp_t flags)
{
	struct frame *frame = run.frames ? &run.frame[run.frames - 1] : NULL;
	u8 refuse = run.frames ? run.trace->op[frame->at].refuse : run.trace->refuse;
	unsigned int number = run.frames ? frame->asked++ : run.asked++;
	bool refused = refuse >> min_t(unsigned int, number, LAST_REFUSAL) & 1;

	if (run.frames && run.frames < DEPTHS)
		for (unsigned int i = frame->at + 1, end = behind(frame->at); i < end;
		     i = behind(i))
			if (run.trace->op[i].request == number)
				run_op(i);
	if (run.frames)
		frame->refused += refused;
	return refused ? NULL : resvmap_kunit_memory(size, flags);
}

static void run_ops(void)
{
	run.map = resv_map_alloc();
	if (!run.map) {
		SAY(run.trace->refuse, "there is no map");
		return;
	}
	for (unsigned int i = 0; i < run.trace->ops && !run.broken; i = behind(i)) {
		run_op(i);
		check_books();
	}
}

/* What is broken is left as it is: to walk it could go wrong. */
static void release(void)
{
	if (!run.map || run.broken)
		return;
	for (int i = 0; i < SLOTS; i++)
		if (run.ticket[i].open)
			region_abort(run.map, page_of(run.ticket[i].from),
			             page_of(run.ticket[i].to), run.ticket[i].needed);
	kref_put(&run.map->refs, resv_map_release);
}

/* --- one case */

/* What the kernel has complained of since it was booted. */
static unsigned long complaints(void)
{
	return get_taint() & (1UL << TAINT_WARN | 1UL << TAINT_DIE | 1UL << TAINT_BAD_PAGE);
}

static void has_no_end(struct timer_list *timer)
{
	panic("resvmap: %s has no end", run.trace->name);
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define timer_delete_sync del_timer_sync
#endif

static struct timer_list limit;
static bool spoilt;

static void run_trace(struct kunit *test)
{
	const struct resvmap_trace *trace = test->param_value;
	unsigned long before = complaints();

	if (trace < resvmap_traces + resvmap_first)
		kunit_skip(test, "it is in front of the first one");
	if (spoilt)
		panic("resvmap: %s wants a new machine", trace->name);
	memset(&run, 0, sizeof(run));
	run.test = test;
	run.trace = trace;
	spoilt = true;
	timer_setup(&limit, has_no_end, 0);
	mod_timer(&limit, jiffies + MOST_SECONDS * HZ);
	resvmap_kunit_task = current;
	run_ops();
	resvmap_kunit_task = NULL;
	release();
	timer_delete_sync(&limit);
	SAY(complaints() == before, "kernel-log: the kernel complained");
	spoilt = run.broken;
}

static void name_of(const struct resvmap_trace *trace, char *name)
{
	strscpy(name, trace->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(resvmap, resvmap_traces, name_of);

static struct kunit_case resvmap_cases[] = {
	KUNIT_CASE_PARAM(run_trace, resvmap_gen_params),
	{},
};

static struct kunit_suite resvmap_suite = {
	.name = "hugetlb-resvmap",
	.test_cases = resvmap_cases,
};
kunit_test_suite(resvmap_suite);
