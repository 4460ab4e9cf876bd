// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two models are kept, for what may go either way: in one every open page counts as little as it can, in
 * the other as much as it can.  What an op came to is told to both; the books must lie between.
 *
 * What an op did is told in ops.c.  Where a kernel may or may not give a private page's reservation back
 * when the page goes (it does since 6.9), the page is open.
 */
#include "state.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct judge judge;

/* A rule does not hold; @excess: how much more there is than may be, below 0: how much less, 0: that is not it. */
static void beyond(unsigned step, const char *rule, long excess, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
static void beyond(unsigned step, const char *rule, long excess, const char *format, ...)
{
	va_list args;

	if (judge.judgement.rule)
		return;
	judge.judgement.rule = rule;
	judge.judgement.step = step;
	judge.judgement.excess = excess;
	va_start(args, format);
	vsnprintf(judge.judgement.what, sizeof(judge.judgement.what), format, args);
	va_end(args);
}

#define broken(step, rule, ...) beyond(step, rule, 0, __VA_ARGS__)

/* How far @value is out of [low, high]. */
static long excess_of(long value, long low, long high)
{
	return value > high ? value - high : value < low ? value - low : 0;
}

static long at_least_0(long value)
{
	return value > 0 ? value : 0;
}

static long min_of(const struct trace *trace)
{
	return trace->head.min - 1L;
}

static long max_of(const struct trace *trace)
{
	return trace->head.max - 1L;
}

/* The model with every open page decided so that the sums are least, or greatest. */
static struct reserve_model decided(bool most)
{
	struct reserve_model model = judge.model;

	for (int i = 0; i < MODEL_FILES; i++) {
		struct pages *pages = &model.file[i].reserved;

		pages->in = most ? pages->in | pages->open : pages->in & ~pages->open;
		pages->open = 0;
	}
	for (int i = 0; i < MODEL_MAPPINGS; i++) {
		struct pages *pages = &model.mapping[i].used_up;

		pages->in = most ? pages->in & ~pages->open : pages->in | pages->open;
		pages->open = 0;
	}
	return model;
}

/* Pages in use that are in no page cache. */
static long private_pages(const struct boot_books *books)
{
	long sum = books->pages - books->free;

	for (int i = 0; i < FILES; i++)
		if (judge.blocks_lie[i])
			sum -= __builtin_popcountll(judge.there[i]);
		else if (books->there[i] != BOOT_UNKNOWN)
			sum -= books->there[i];
	return sum;
}

/* --- the laws */

/* Surplus pages that were made for nothing may come and go; what is promised, used or charged may not. */
static void check_unchanged(unsigned number, const struct boot_books *now)
{
	static const char *const kept[] = { "resv", "used", "rsvd", "usage", "rsv" };

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (boot_books_more(now, &judge.before, kept[i]))
			broken(number, "failed-call-changes-nothing",
			       "a mapping failed, and %s has %ld more", kept[i],
			       boot_books_more(now, &judge.before, kept[i]));
}

static void check_failed_map(unsigned number, const struct op *op, const struct boot_step *step)
{
	const struct boot_books *before = &judge.before;
	struct reserve_model most = decided(
		false); /* fewest are there, so most are to be reserved */
	long pages = model_to_reserve(&most, op->file, op->from, op->to, op->opts & OPT_PRIVATE);
	long more = at_least_0(judge.trace->head.surplus - before->surplus);
	bool limited = LIMITED_FILES >> op->file & 1;

	check_unchanged(number, &step->books);
	if (op->opts & (OPT_NORESERVE | REFUSE_WORDS) || op->refuse)
		return;
	if (limited && max_of(judge.trace) >= 0 && before->used + pages > max_of(judge.trace))
		return;
	if (pages <= before->free - before->resv + more && before->resv <= before->free + more)
		broken(number, "failure-honest",
		       "a mapping of %ld pages failed; %ld are free, %ld promised, %ld more can be "
		       "had",
		       pages, before->free, before->resv, more);
}

static void check_failed_fault(unsigned number, const struct op *op)
{
	const struct model_mapping *mapping = &judge.model.mapping[op->slot];

	if (op->opts & (REFUSE_WORDS | FAILS_LATE) || op->refuse ||
	    op->from >= judge.size[mapping->file] || judge.lost)
		return;
	if (model_has_reservation(&judge.model, op->slot, op->from, judge.there[mapping->file]))
		broken(number, "reservation-honoured", "page %u is reserved, and there was none",
		       op->from);
}

static void check_used(unsigned number, const struct boot_books *books)
{
	struct reserve_model least = decided(false), most = decided(true);
	long private = private_pages(books), used = books->used;
	long low = model_used(&least, LIMITED_FILES) + (judge.private_elsewhere ? 0 : private);
	long high = model_used(&most, LIMITED_FILES) + private;

	if (used == BOOT_UNKNOWN)
		return;
	if (used < low || used > high)
		beyond(number, "subpool-used", excess_of(used, low, high),
		       "used_hpages %ld, reserved and in use are %ld to %ld", used, low, high);
	if (used > max_of(judge.trace))
		broken(number, "subpool-used", "used_hpages %ld of %ld", used, max_of(judge.trace));
}

static void check_promises(unsigned number, const struct boot_books *books)
{
	struct reserve_model least = decided(false), most = decided(true);
	long low = model_promised(&least, judge.there), high = model_promised(&most, judge.there);
	long used = model_used(&most, LIMITED_FILES) + private_pages(books);
	long min = judge.mounted ? min_of(judge.trace) : -1;
	long rsv_low = judge.unmounted ? 0 : at_least_0(min - used), rsv_high = at_least_0(min);
	long more = at_least_0(judge.trace->head.surplus - books->surplus);

	if (books->rsv != BOOT_UNKNOWN) {
		if (books->rsv < rsv_low || books->rsv > rsv_high)
			beyond(number, "subpool-rsv", excess_of(books->rsv, rsv_low, rsv_high),
			       "rsv_hpages %ld, a minimum of %ld lacks %ld", books->rsv, min,
			       rsv_low);
		rsv_low = rsv_high = books->rsv;
	}
	if (books->resv < low + rsv_low || books->resv > high + rsv_high)
		beyond(number, "resv-matches-promises",
		       excess_of(books->resv, low + rsv_low, high + rsv_high),
		       "resv_huge_pages %ld, promised are %ld to %ld and %ld to %ld of the minimum",
		       books->resv, low, high, rsv_low, rsv_high);
	if (books->resv > books->free + more)
		broken(number, "promises-backed",
		       "resv_huge_pages %ld, free %ld, %ld more can be had", books->resv,
		       books->free, more);
	/* What the books tell of open pages is so from now on. */
	if (low != high && rsv_low == rsv_high && books->resv == low + rsv_low)
		judge.model = least;
	else if (low != high && rsv_low == rsv_high && books->resv == high + rsv_low)
		judge.model = most;
}

static void check_there(unsigned number, const struct boot_books *books)
{
	for (int i = 0; i < FILES; i++)
		if (books->there[i] != BOOT_UNKNOWN && !judge.blocks_lie[i] &&
		    books->there[i] != __builtin_popcountll(judge.there[i]))
			broken(number, "page-cache-in-map",
			       "file %d has %ld pages, it should have %d", i, books->there[i],
			       __builtin_popcountll(judge.there[i]));
}

static bool is_charged(long pages)
{
	return pages && pages != BOOT_UNKNOWN;
}

/* Every file is gone; @unmounted: so are the mounts. */
static void check_end(unsigned number, const struct boot_books *books, bool unmounted)
{
	long min = judge.mounted && !unmounted && !judge.unmounted ? at_least_0(min_of(judge.trace))
	                                                           : 0;

	if (books->resv != min)
		beyond(number, "all-given-back", books->resv - min,
		       "%ld pages are still promised, not %ld", books->resv, min);
	if (books->free != books->pages)
		broken(number, "all-given-back", "%ld pages are still in use",
		       books->pages - books->free);
	if (books->used != BOOT_UNKNOWN && books->used)
		broken(number, "all-given-back", "used_hpages is still %ld", books->used);
	for (int i = 0; i < BOOT_CGROUPS; i++)
		if (is_charged(books->rsvd[i]) || is_charged(books->usage[i]))
			broken(number, "all-given-back", "cgroup %d is still charged %ld and %ld",
			       i + 1, books->rsvd[i], books->usage[i]);
}

/* Every page that is charged is charged on some node, also when its cgroup has gone. */
static void check_nodes(unsigned number, const struct boot_books *books)
{
	if (books->nodes != BOOT_UNKNOWN && books->nodes)
		beyond(number, "uncharge-exact", books->nodes,
		       "nodes say that %ld pages more are in use than cgroups are charged",
		       books->nodes);
}

void judge_begin(const struct trace *trace)
{
	memset(&judge, 0, sizeof(judge));
	judge.trace = trace;
}

static void judge_mount(const struct boot_step *step)
{
	long min = at_least_0(min_of(judge.trace));
	bool possible = min <= judge.trace->head.pages + judge.trace->head.surplus;
	bool wrong = judge.trace->head.max &&
	             min > max_of(judge.trace); /* a mount that kernels refuse */

	judge.mounted = step->outcome == BOOT_GOOD;
	if (judge.mounted != possible && !wrong)
		broken(0, "failure-honest", "the mount was %s, its minimum can%s be had",
		       judge.mounted ? "made" : "refused", possible ? "" : "not");
}

/* What an op of these wants is one page; of a second attempt to copy, one more that nobody has promised. */
static bool wants_one_page(const struct op *op)
{
	return op->kind == OP_fault || op->kind == OP_copy;
}

static void judge_op(unsigned number, const struct op *op, const struct boot_step *step)
{
	if (step->outcome == BOOT_DEAD)
		broken(number, "kernel-log", "the process of the op was killed");
	if (step->outcome == BOOT_SKIPPED)
		return;
	if (step->outcome == BOOT_FAILED && op->kind == OP_map)
		check_failed_map(number, op, step);
	if (step->outcome == BOOT_FAILED && wants_one_page(op) && strcmp(step->seen, "EEXIST"))
		check_failed_fault(number, op);
	judge_did(op, step);
}

void judge_step(unsigned number, const struct boot_step *step)
{
	size_t ops = judge.trace->count;

	if (number && number <= ops && trace_behind(judge.trace, number - 1) > number)
		judge.overtaken = true;
	if (judge.overtaken && number && number <= ops) {
		judge_unmounted(&judge.trace->op[number - 1], step);
		return;
	}
	if (!number)
		judge_mount(step);
	else if (number <= ops)
		judge_op(number, &judge.trace->op[number - 1], step);
	else
		check_end(number, &step->books, number > ops + 1);
	check_nodes(number, &step->books);
	if (number <= ops) {
		check_there(number, &step->books);
		check_used(number, &step->books);
		check_promises(number, &step->books);
	}
	judge.before = step->books;
}

void judge_log(unsigned number, const char *line)
{
	broken(number, "kernel-log", "%.150s", line);
}

const struct judgement *judge_end(void)
{
	return &judge.judgement;
}
