/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * check.c compiled in once more, with traits and owners that a case can choose: what some kernel
 * promises is judged too, though none is linked.  Its functions are judge_*() here.
 *
 * A case runs one of them and says which rule has to fire.  Which rules exist and where they are
 * tested is listed below, so that a new rule without a case is a failed test.
 */
#ifndef JUDGE_H
#define JUDGE_H

#include "tests/test.h"

#include "fuzz/check.h"

static struct target_traits traits;
static struct target_owner owners[TARGET_OWNERS];

static void owners_look(struct target_owner owner[TARGET_OWNERS])
{
	memcpy(owner, owners, sizeof(owners));
}

#define target_traits      traits
#define target_look_owners owners_look
#define check_chg          judge_chg
#define check_add          judge_add
#define check_del          judge_del
#define check_count        judge_count
#define check_map          judge_map
#define check_released     judge_released
#include "fuzz/check.c"
#undef target_traits
#undef target_look_owners

#define RULES_OF_CALLS \
	RULE_CHG_COUNT, RULE_ADD_COUNT, RULE_DEL_COUNT, RULE_COUNT_COUNT, \
		RULE_NEEDED_MATCHES_HOLES, RULE_ENOMEM_HONEST, RULE_ONE_PAGE_ADD, \
		RULE_UNDISTURBED_ADD, RULE_SPLIT_DEL
#define RULES_OF_MAPS \
	RULE_LINKS_SANE, RULE_MAP_ORDERED, RULE_MAP_MATCHES_MODEL, RULE_MAP_SHAPE, \
		RULE_TICKETS_COUNTED, RULE_CACHE_COUNTED, RULE_CACHE_COVERS_TICKETS, \
		RULE_ENOMEM_UNCHANGED, RULE_BAD_RANGE, RULE_CSS_BALANCED, RULE_UNCHARGE_EXACT
/* What others than check.c report: planted_test.c, report_test.c, diff.c, roundtrip.c. */
#define RULES_OF_OTHERS \
	RULE_LOCK_DISCIPLINE, RULE_CALL_ENDS, RULE_MEMORY_CLEAN, RULE_KERNEL_ASSERT, \
		RULE_SAME_AGAIN, RULE_EXPECTED_RESULT, RULE_SAME_ON_BOTH, RULE_UNDEFINED, \
		RULE_UNINITIALISED, RULE_PARSE_PRINT

/* Which rules have fired in this program. */
static bool fired[RULES];

#define GOOD RULES

static void assert_fired(enum rule rule, size_t i)
{
	enum rule is = report_verdict.failed ? report_verdict.rule : RULES;

	if (is != rule)
		fail_msg("case %zu: %s instead of %s (%s)", i, is == RULES ? "good" : rule_name[is],
		         rule == RULES ? "good" : rule_name[rule], report_verdict.what);
	if (rule < RULES)
		fired[rule] = true;
}

/* Run @statement, which must fail by @rule of case @i.  In a function of its own: it jumps. */
#define judge(i, rule, statement) \
	do { \
		memset(&report_verdict, 0, sizeof(report_verdict)); \
		if (!setjmp(report_catch)) \
			statement; \
		assert_fired(rule, i); \
	} while (0)

/* These have fired here and no others, and every rule is in one of the lists. */
static void assert_all_fired(const enum rule *rules, size_t count)
{
	static const enum rule all[] = { RULES_OF_CALLS, RULES_OF_MAPS, RULES_OF_OTHERS };
	size_t total = 0;

	for (size_t i = 0; i < count; i++)
		if (!fired[rules[i]])
			fail_msg("no case for %s", rule_name[rules[i]]);
	for (int rule = 0; rule < RULES; rule++) {
		bool listed = false;

		for (size_t i = 0; i < LEN(all); i++)
			listed |= all[i] == (enum rule)rule;
		if (!listed)
			fail_msg("%s: list it, and where it is tested", rule_name[rule]);
		total += fired[rule];
	}
	assert_int_equal(total, count);
}

#endif
