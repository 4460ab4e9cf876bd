// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules on what a call of the reserve target returned: each held against facts made by hand, it
 * fires, by its own name, for what is wrong, and stays silent for what is right.
 */
#include "judge.h"

#include "fuzz/targets/reserve/ops.h"

#include <errno.h>

/* "map" without operands is one that the world of callers_judge.h would have as a. */
#define MAP       "map a file 0 [0,4) owner 1"
#define OWNER     "map b file 0 [0,3) private owner 2"
#define BACKWARDS "backwards e file 0 [1,3)"
#define FAULT     "fault a page 2"

static const struct {
	const char *op;
	struct reserve_facts facts;
	enum rule rule;
} calls[] = {
	/* a success, and it has nothing to be ashamed of */
	{ MAP, { 0 }, GOOD },
	{ MAP, { .no_memory = 1 }, RULE_FAILURE_HONEST },
	{ MAP, { .no_charge = 1 }, RULE_FAILURE_HONEST },
	{ MAP, { .no_page = 1 }, RULE_FAILURE_HONEST },
	{ MAP, { .no_page = 1, .overtaken = true }, GOOD }, /* somebody gave one back */
	{ MAP, { .no_charge = 1, .overtaken = true }, RULE_FAILURE_HONEST },
	{ MAP, { .no_memory = 1, .overtaken = true }, RULE_FAILURE_HONEST },
	{ MAP, { .limited = true }, GOOD },
	{ MAP, { .limited = true, .no_room = true }, RULE_FAILURE_HONEST },
	{ MAP, { .limited = true, .no_room = true, .overtaken = true }, GOOD },
	{ MAP, { .limited = true, .no_room = true, .inside = true }, GOOD },
	/* a failure, for a reason */
	{ MAP, { .ret = -ENOMEM, .no_memory = 1 }, GOOD },
	{ MAP, { .ret = -ENOMEM, .no_charge = 1 }, GOOD },
	{ MAP, { .ret = -ENOMEM, .no_page = 2 }, GOOD },
	{ MAP, { .ret = -ENOSPC, .limited = true, .no_room = true }, GOOD },
	{ MAP, { .ret = -ENOMEM }, RULE_FAILURE_HONEST },
	{ MAP, { .ret = -ENOSPC, .limited = true }, RULE_FAILURE_HONEST },
	{ MAP, { .ret = -ENOSPC, .limited = true, .overtaken = true }, GOOD },
	{ MAP, { .ret = -ENOSPC, .overtaken = true }, RULE_FAILURE_HONEST },
	{ MAP, { .ret = -ENOSPC, .limited = true, .inside = true }, GOOD },
	{ MAP, { .ret = -ENOSPC, .inside = true }, RULE_FAILURE_HONEST },
	{ BACKWARDS, { .ret = -EINVAL }, GOOD },
	{ BACKWARDS, { 0 }, RULE_FAILURE_HONEST },
	/* what came about is reserved */
	{ "map a file 0 [0,5)", { 0 }, RULE_SUCCESS_RESERVES },
	{ "map a file 0 [0,5) noreserve", { 0 }, GOOD },
	{ "map a file 0 [3,5)", { .overtaken = true }, RULE_SUCCESS_RESERVES },
	{ "map a file 2 [8,10)", { 0 }, GOOD },
	{ "map a file 2 [7,10)", { 0 }, RULE_SUCCESS_RESERVES },
	{ "map a file 0 [0,5)", { .ret = -ENOMEM, .no_memory = 1 }, GOOD },
	{ OWNER, { 0 }, GOOD },
	{ "map c file 0 [0,3) private", { 0 }, RULE_SUCCESS_RESERVES },
	{ "map a file 0 [0,3) private", { 0 }, RULE_SUCCESS_RESERVES },
	{ "map c file 0 [0,3) private noreserve", { 0 }, GOOD },
	/* faults: any reason will do */
	{ FAULT, { 0 }, GOOD },
	{ FAULT, { .no_memory = 1, .no_page = 1, .no_charge = 1 }, GOOD },
	{ FAULT, { .ret = -ENOMEM }, RULE_FAILURE_HONEST },
	{ FAULT, { .ret = -EAGAIN }, RULE_FAILURE_HONEST },
	{ FAULT, { .ret = -ENOMEM, .no_memory = 1 }, GOOD },
	{ FAULT, { .ret = -ENOSPC, .no_page = 1 }, GOOD },
	{ FAULT, { .ret = -ENOSPC, .no_charge = 1 }, GOOD },
	{ FAULT, { .ret = -ENOSPC, .no_room = true }, GOOD },
	{ FAULT, { .ret = -ENOSPC, .overtaken = true }, GOOD },
	{ FAULT, { .ret = -EFAULT }, RULE_FAILURE_HONEST },
	{ FAULT, { .ret = -EFAULT, .overtaken = true }, GOOD },
	{ "fault a page 9", { .ret = -EFAULT }, GOOD },
	{ FAULT " late", { .late = true }, RULE_FAILURE_HONEST },
	{ FAULT, { .ret = 1 }, RULE_FAILURE_HONEST },
	{ "copy a page 3", { .ret = -EEXIST }, RULE_FAILURE_HONEST },
	{ "copy a page 3", { .ret = -EEXIST, .there = 1 << 3 }, GOOD },
	{ FAULT, { .ret = -ENOMEM, .overtaken = true }, RULE_FAILURE_HONEST },
	{ FAULT, { .ret = -EINVAL, .no_memory = 1 }, RULE_FAILURE_HONEST },
	/* nobody asked userfaultfd for a signal */
	{ FAULT, { .ret = -EACCES }, RULE_FAILURE_HONEST },
	{ FAULT, { .ret = -EACCES, .overtaken = true }, GOOD },
	/* memory that has failed */
	{ FAULT, { .failed_memory = true }, RULE_FAILURE_HONEST },
	{ FAULT, { .ret = -EFAULT, .failed_memory = true, .inside = true }, GOOD },
	/* a page is there, and a marker is none */
	{ "copy a page 3", { .ret = -ENOMEM, .no_page = 1, .entry = 1 }, RULE_FAILURE_HONEST },
	{ "copy a page 3", { .ret = -EEXIST, .entry = 1 }, GOOD },
	{ "copy a page 3", { .ret = -ENOMEM, .no_page = 1, .entry = 8 }, GOOD },
	/* an owner that shares a page with a child */
	{ "fault b page 0 write",
	  { .ret = -ENOSPC, .no_page = 1, .copies = true },
	  RULE_RESERVED_FAULT },
	{ "fault c page 0 write", { .ret = -ENOSPC, .no_page = 1, .copies = true }, GOOD },
	{ "unmap a", { .ret = -EFAULT }, RULE_FAILURE_HONEST },
	{ FAULT " late", { .ret = -EAGAIN }, GOOD },
	/* who has a reservation has a page, unless he was told that there is none */
	{ FAULT, { .ret = -ENOSPC, .no_page = 1, .reserved = true }, RULE_RESERVED_FAULT },
	{ FAULT, { .ret = -ENOSPC, .no_room = true, .reserved = true }, RULE_RESERVED_FAULT },
	{ FAULT, { .ret = -ENOSPC, .overtaken = true, .reserved = true }, RULE_RESERVED_FAULT },
	{ FAULT, { .ret = -ENOSPC, .no_charge = 1, .reserved = true }, GOOD },
	{ FAULT " refuse pool", { .ret = -ENOSPC, .no_page = 1, .reserved = true }, GOOD },
	{ FAULT, { .ret = -ENOMEM, .no_memory = 1, .reserved = true }, GOOD },
	/* ... and nobody lacks one that was to be had */
	{ FAULT, { .ret = -ENOSPC, .no_page = 1, .to_be_had = true }, RULE_SIGNAL_HONEST },
	{ FAULT, { .ret = -ENOSPC, .overtaken = true, .to_be_had = true }, GOOD },
	{ FAULT, { .ret = -ENOSPC, .no_charge = 1, .to_be_had = true }, GOOD },
	{ FAULT, { .ret = -ENOSPC, .no_room = true, .to_be_had = true }, GOOD },
	{ FAULT " refuse pool", { .ret = -ENOSPC, .no_page = 1, .to_be_had = true }, GOOD },
	{ FAULT, { .to_be_had = true }, GOOD },
	/* a mapping that failed points to nothing: b has a map */
	{ "map b file 0 [0,3) private", { .ret = -ENOMEM, .no_memory = 1 }, RULE_POINTER_LEFT },
	{ "map b file 0 [0,3) private", { .ret = -ENOMEM, .no_memory = 1, .inside = true }, GOOD },
	/* the pool has as many pages as were asked for: 16 */
	{ "resize to 16", { 0 }, GOOD },
	{ "resize to 15", { 0 }, RULE_POOL_RESIZED },
	{ "resize to 17", { 0 }, RULE_POOL_RESIZED },
	{ "resize to 17", { .no_page = 1 }, GOOD },
	{ "resize to 15", { .no_page = 1 }, RULE_POOL_RESIZED },
	{ "resize to 15", { .disturbed = true }, GOOD },
	{ "resize to 15", { .inside = true }, GOOD },
	/* of the others nothing is known but the books */
	{ "unmap a", { .no_memory = 3 }, GOOD },
	{ "punch file 0 [0,1)", { .no_memory = 3 }, GOOD },
};

static void one_call(size_t i)
{
	static struct trace trace;
	struct reserve_facts facts = calls[i].facts;
	struct books before;

	begin();
	parse_text(&trace, NULL, calls[i].op);
	facts.op = &trace.op[0];
	books_look(&judged, &before);
	judge(i, calls[i].rule, reserve_check_call(&judged, &model, &facts, &before));
	forget();
}

static void test_calls(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(calls); i++)
		one_call(i);
}

/* What only a kernel's own text is asked for; the pool is as in judge.h: 16 pages, 13 of them free, 7 promised. */
#define NODE    "fault a page 2 refuse node"
#define PUNCH   "punch file 2 [8,9)"
#define MAP_NEW "map e file 2 [20,22)"
static const struct {
	const char *op;
	struct reserve_facts facts;
	enum rule rule;
} of_text[] = {
	{ NODE, { .pool.free = 13 }, GOOD },
	{ NODE, { .pool.free = 14 }, RULE_FAILURE_HONEST },
	{ NODE, { .pool.free = 14, .overtaken = true }, GOOD },
	{ NODE, { .pool.free = 14, .pool.surplus = 1 }, GOOD },
	{ "fault a page 2", { .pool.free = 14 }, GOOD },
	{ PUNCH, { .warned = true, .there = 1 << 8 }, RULE_FAILURE_HONEST },
	{ PUNCH, { .warned = true, .there = 1 << 8, .no_memory = 1 }, GOOD },
	{ PUNCH,
	  { .warned = true, .there = 1 << 8, .no_memory = 1, .pool.free = 1 },
	  RULE_FAILURE_HONEST },
	{ PUNCH,
	  { .warned = true, .there = 1 << 8, .no_memory = 1, .no_page = 1, .pool.free = 1 },
	  GOOD },
	{ PUNCH, { .warned = true, .there = 1 << 8, .inside = true }, GOOD },
	/* a mapping asks for what the pool lacks, and may have */
	{ MAP, { .asked = 1, .lacks = 1, .pool.overcommit = 1 }, GOOD },
	{ MAP, { .asked = 2, .lacks = 1, .pool.overcommit = 2 }, RULE_SURPLUS_NEEDED },
	{ MAP, { .asked = 1, .lacks = 1 }, RULE_SURPLUS_ALLOWED },
	{ MAP, { .asked = 1, .overtaken = true }, GOOD },
	/* ... and fails only for want of pages, unless others had some meanwhile */
	{ MAP, { .ret = -ENOMEM, .overtaken = true }, RULE_FAILURE_HONEST },
	{ MAP, { .ret = -ENOMEM, .overtaken = true, .others = true }, GOOD },
	/* a free page that leaves the pool is a surplus one, if there is any */
	{ "dissolve", { .pool.pages = 17 }, GOOD },
	{ "dissolve", { .pool.pages = 17, .pool.surplus = 1 }, GOOD },
	{ "dissolve", { .pool.pages = 17, .pool.surplus = 2 }, RULE_POOL_RESIZED },
	/* reasons of errors */
	{ FAULT, { .ret = -4096, .no_memory = 1 }, RULE_FAILURE_HONEST },
	{ "allocate file 0 [0,1)", { .ret = -ENOSPC, .no_page = 1 }, GOOD },
	{ "allocate file 0 [0,1)", { .ret = -EAGAIN, .no_page = 1 }, RULE_FAILURE_HONEST },
};

static void test_of_text(void **state)
{
	static struct trace trace;

	(void)state;
	for (size_t i = 0; i < LEN(of_text); i++) {
		struct reserve_facts facts = of_text[i].facts;
		struct books before;

		begin();
		judged.traits.waits = true;
		parse_text(&trace, NULL, of_text[i].op);
		facts.op = &trace.op[0];
		books_look(&judged, &before);
		judge(i, of_text[i].rule, reserve_check_call(&judged, &model, &facts, &before));
		forget();
	}
}

static struct books before;

#define SPOIL(name, how) \
	static void name(void) \
	{ \
		how; \
	} \
	struct world_state

SPOIL(nothing, );
SPOIL(resv, before.resv++);
SPOIL(used, before.subpool.used--);
SPOIL(rsv, before.subpool.rsv++);
SPOIL(map_0, before.map[0] |= 1ULL << 63);
SPOIL(map_2, before.map[2] = 0);
SPOIL(map_3, before.map[3] = 1);
SPOIL(charged_1, before.cgroup[1].charged--);
SPOIL(charged_3, before.cgroup[3].charged = 2);
SPOIL(charged_used, before.used[2]++);
SPOIL(referenced, before.cgroup[2].refs++);
/* not what a failed call leaves alone */
SPOIL(nobody, before.cgroup[0].charged = 1; before.cgroup[0].refs = 1);
SPOIL(limits, before.subpool.max = before.subpool.min = 1);

static const struct {
	void (*spoil)(void);
	bool matters;
} unchanged[] = {
	{ nothing, false },  { resv, true },         { used, true },       { rsv, true },
	{ map_0, true },     { map_2, true },        { map_3, true },      { charged_1, true },
	{ charged_3, true }, { charged_used, true }, { referenced, true }, { nobody, false },
	{ limits, false },
};

/* One number, that was another one before a call that failed; or succeeded, or was overtaken. */
static void one_unchanged(size_t i)
{
	struct reserve_facts failed = { .ret = -ENOMEM, .no_memory = 1 };
	static struct trace trace;

	begin();
	parse_text(&trace, NULL, MAP);
	failed.op = &trace.op[0];
	books_look(&judged, &before);
	unchanged[i].spoil();
	judge(i, unchanged[i].matters ? RULE_FAILED_CALL : GOOD,
	      reserve_check_call(&judged, &model, &failed, &before));
	failed.overtaken = true;
	judge(i, GOOD, reserve_check_call(&judged, &model, &failed, &before));
	failed = (struct reserve_facts){ .op = &trace.op[0] };
	judge(i, GOOD, reserve_check_call(&judged, &model, &failed, &before));
	parse_text(&trace, NULL, BACKWARDS);
	failed.ret = -EINVAL;
	judge(i, unchanged[i].matters ? RULE_FAILED_CALL : GOOD,
	      reserve_check_call(&judged, &model, &failed, &before));
	/* a fault that failed may leave a page reserved: the books say whether it all adds up */
	parse_text(&trace, NULL, FAULT);
	failed.ret = -ENOMEM;
	failed.no_memory = 1;
	judge(i, GOOD, reserve_check_call(&judged, &model, &failed, &before));
	forget();
}

static void test_unchanged(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(unchanged); i++)
		one_unchanged(i);
}

/* What is looked at: the numbers of the world that callers_judge.h makes. */
static void test_books(void **state)
{
	(void)state;
	begin();
	books_look(&judged, &before);
	assert_int_equal(before.resv, 7);
	assert_int_equal(before.subpool.used, 8);
	assert_int_equal(before.subpool.max, 12);
	assert_int_equal(before.subpool.min, 3);
	assert_int_equal(before.subpool.rsv, 0);
	assert_int_equal(before.map[0], 0xf);
	assert_int_equal(before.map[1], 0);
	assert_int_equal(before.map[2], 0x300);
	assert_int_equal(before.cgroup[1].charged, 7 * VM_HUGE_PAGES);
	assert_int_equal(before.cgroup[2].charged, 3 * VM_HUGE_PAGES);
	assert_int_equal(before.cgroup[3].charged, 0);
	assert_int_equal(before.used[1] + before.used[2] + before.cgroup[1].refs, 0);
	forget();
}

static void test_every_rule_fired(void **state)
{
	static const enum rule rules[] = { RULES_OF_RESERVING, RULE_SURPLUS_NEEDED,
		                           RULE_SURPLUS_ALLOWED };

	(void)state;
	assert_all_fired(rules, LEN(rules));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_of_text),
		cmocka_unit_test(test_unchanged),
		cmocka_unit_test(test_books),
		cmocka_unit_test(test_every_rule_fired),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
