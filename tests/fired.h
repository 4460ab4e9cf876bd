/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of rules: a case runs a check and says which rule has to fire.  Which rules exist and where
 * they are tested is listed here, so that a new rule without a case is a failed test.
 */
#ifndef FIRED_H
#define FIRED_H

#include "test.h"

/* Tested in call_rules_test.c, map_rules_test.c ... */
#define RULES_OF_CALLS \
	RULE_CHG_COUNT, RULE_ADD_COUNT, RULE_DEL_COUNT, RULE_COUNT_COUNT, \
		RULE_NEEDED_MATCHES_HOLES, RULE_ENOMEM_HONEST, RULE_ONE_PAGE_ADD, \
		RULE_UNDISTURBED_ADD, RULE_SPLIT_DEL, RULE_SPARE_FIRST
#define RULES_OF_MAPS \
	RULE_LINKS_SANE, RULE_MAP_ORDERED, RULE_MAP_MATCHES_MODEL, RULE_MAP_SHAPE, \
		RULE_TICKETS_COUNTED, RULE_CACHE_COUNTED, RULE_CACHE_COVERS_TICKETS, \
		RULE_ENOMEM_UNCHANGED, RULE_BAD_RANGE, RULE_CSS_BALANCED, RULE_UNCHARGE_EXACT
/* ... callers_call_rules_test.c and callers_book_rules_test.c, and those of maps there again. */
#define RULES_OF_RESERVING \
	RULE_FAILURE_HONEST, RULE_FAILED_CALL, RULE_SUCCESS_RESERVES, RULE_RESERVED_FAULT, \
		RULE_POINTER_LEFT, RULE_SIGNAL_HONEST, RULE_POOL_RESIZED
#define RULES_OF_BOOKS \
	RULE_CACHE_IN_MAP, RULE_RESV_EXACT, RULE_RESV_BACKED, RULE_SUBPOOL_USED, RULE_SUBPOOL_RSV, \
		RULE_ALL_BACK, RULE_BEHIND_END, RULE_BLOCKS_COUNTED, RULE_FREE_CLEAN, \
		RULE_FILE_LENGTH
/* ... and page_rules_test.c. */
#define RULES_OF_PAGES \
	RULE_POOL_COUNTED, RULE_SURPLUS_NEEDED, RULE_SURPLUS_ALLOWED, RULE_REFS_COUNTED, \
		RULE_USAGE_COUNTED, RULE_MAPS_FILE, RULE_WRITTEN_ALONE, RULE_CONTENT_KEPT
/* What others than checks report: planted_test.c, report_test.c, diff.c, roundtrip.c, counters.c (tests/bugs/). */
#define RULES_OF_OTHERS \
	RULE_LOCK_DISCIPLINE, RULE_COUNTER_LOCK, RULE_CALL_ENDS, RULE_MEMORY_CLEAN, \
		RULE_KERNEL_ASSERT, RULE_SAME_AGAIN, RULE_EXPECTED_RESULT, RULE_SAME_ON_BOTH, \
		RULE_UNDEFINED, RULE_UNINITIALISED, RULE_PARSE_PRINT

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
	static const enum rule all[] = { RULES_OF_CALLS, RULES_OF_MAPS,  RULES_OF_RESERVING,
		                         RULES_OF_BOOKS, RULES_OF_PAGES, RULES_OF_OTHERS };
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
