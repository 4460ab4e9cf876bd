// SPDX-License-Identifier: GPL-2.0-only
/*
 * Refused requests and the ops that run while a request waits: which ones, in which order, and what
 * a whole run makes of them.
 */
#include "tests/test.h"

#include "fuzz/run/refuse.h"
#include "fuzz/run/window.h"

static void test_fault_plans(void **state)
{
	static const struct {
		uint8_t plan;
		const char *refused; /* request by request */
	} plan[] = {
		{ 0x00, "........" }, { 0x01, "x......." }, { 0x06, ".xx....." },
		{ 0x20, ".....xxx" }, { 0x3e, ".xxxxxxx" }, { 0x3f, "xxxxxxxx" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(plan); i++) {
		struct refusals refusals = { .plan = plan[i].plan };
		unsigned refused = 0;

		for (unsigned n = 0; n < 8; n++) {
			bool refuse = plan[i].refused[n] == 'x';

			assert_int_equal(request_is_refused(&refusals), refuse);
			assert_int_equal(refusals.asked, n + 1);
			assert_int_equal(refusals.refused, refused += refuse);
		}
	}
}

static char ran[64];

static struct trace trace;

static size_t note(size_t op)
{
	snprintf(ran + strlen(ran), sizeof(ran) - strlen(ran), "%zu ", op);
	return trace_behind(&trace, op);
}

/* Only the ops right inside are called, in the order of the text; deeper ones are their affair. */
static void test_window_order(void **state)
{
	static const char text[] = "chg [0,1) a\n"             /* 0 */
				   "chg [1,2) b\n"             /* 1 */
				   "  in 1: chg [2,3) c\n"     /* 2 */
				   "    in 1: chg [3,4) d\n"   /* 3 */
				   "      in 8: count [0,1)\n" /* 4 */
				   "    in 2: abort d\n"       /* 5 */
				   "  in 2: del [0,1)\n"       /* 6 */
				   "  in 1: add c\n"           /* 7 */
				   "add b\n"                   /* 8 */
				   "  in 3: abort b\n";        /* 9 */
	static const struct {
		size_t op;
		unsigned request;
		const char *runs;
		size_t behind;
	} window[] = {
		{ 0, 0, "", 1 },   { 1, 0, "2 7 ", 8 }, { 1, 1, "6 ", 8 }, { 1, 2, "", 8 },
		{ 2, 0, "3 ", 6 }, { 2, 1, "5 ", 6 },   { 3, 7, "4 ", 5 }, { 3, 0, "", 5 },
		{ 4, 0, "", 5 },   { 8, 2, "9 ", 10 },  { 9, 0, "", 10 },
	};

	(void)state;
	parse_text(&trace, NULL, text);
	for (size_t i = 0; i < LEN(window); i++) {
		ran[0] = '\0';
		window_run(&trace, window[i].op, window[i].request, note);
		assert_string_equal(ran, window[i].runs);
		assert_int_equal(trace_behind(&trace, window[i].op), window[i].behind);
	}
}

/* Runs that come out the same on every map; each line's result is what it expects. */
static void test_runs(void **state)
{
	static const char *const text[] = {
		/* three deep: each waits for the one inside it */
		"board unit\n"
		"chg [0,1) a -> 1 needs 1\n"
		"chg [2,3) b -> 1 needs 1\n"
		"  in 1: chg [4,5) c -> 1 needs 1\n"
		"    in 1: chg [6,7) d -> 1 needs 1\n"
		"      in 1: chg [8,9) e -> 1 needs 1\n"
		"      in 1: abort e -> 0\n"
		"    in 1: add d -> 1\n"
		"  in 1: count [0,end) -> 1\n"
		"add b -> 1\n"
		"count [0,end) -> 2\n",
		/* a request that never comes, and what stands inside of it */
		"board unit\n"
		"chg [0,1) a -> 1 needs 1\n"
		"  in 1: chg [2,3) b -> skipped\n"
		"    in 1: chg [4,5) c -> skipped\n"
		"chg [6,7) d -> 1 needs 1\n"
		"  in 2: del [0,1) -> skipped\n"
		"count [0,end) -> 0\n",
		/* inside of a skipped op nothing runs */
		"board unit\n"
		"add a -> skipped\n"
		"  in 1: chg [2,3) b -> skipped\n",
		/* the slot of a call under way is neither free nor filled */
		"board unit\n"
		"chg [0,1) a -> 1 needs 1\n"
		"chg [2,3) b -> 1 needs 1\n"
		"  in 1: chg [4,5) b -> skipped\n"
		"  in 1: add b -> skipped\n"
		"  in 1: abort b -> skipped\n"
		"  in 1: abort a -> 0\n"
		"add a -> skipped\n"
		"add b -> 1\n",
		/* what is refused has its window all the same */
		"board unit\n"
		"chg [0,1) a -> 1 needs 1\n"
		"chg [2,3) b refuse 1 -> ENOMEM\n"
		"  in 1: chg [4,5) c refuse 1 -> ENOMEM\n"
		"    in 1: add a -> 1\n"
		"chg [2,3) b -> 1 needs 1\n",
		/* del inside del: the inner one takes the whole region away */
		"board unit\n"
		"chg [0,9) a -> 9 needs 1\n"
		"add a -> 9\n"
		"del [3,4) -> 0\n"
		"  in 1: del [2,5) -> 3\n"
		"    in 1: count [0,end) -> 9\n"
		"count [0,end) -> 6\n",
	};

	(void)state;
	for (size_t i = 0; i < LEN(text); i++)
		assert_transcript(text[i], text[i]);
}

/* A map whose tickets need one entry for each hole asks more often, and so do its adds. */
static void test_runs_of_many_requests(void **state)
{
	static const char *const text[] = {
		/* plans reach every request: the third of four is refused, then none */
		"board unit\n"
		"chg [1,2) a -> 1 needs 1\n"
		"add a -> 1\n"
		"chg [3,4) a -> 1 needs 1\n"
		"add a -> 1\n"
		"chg [5,6) a -> 1 needs 1\n"
		"add a -> 1\n"
		"chg [0,7) a refuse 3 -> ENOMEM\n"
		"  in 1: count [0,1) -> 0\n"
		"  in 3: count [1,2) -> 1\n"
		"  in 4: count [1,2) -> skipped\n"
		"chg [0,7) a -> 4 needs 4\n"
		"add a -> 4\n",
		/* two windows of one call, written in the other order */
		"board unit\n"
		"chg [1,2) a -> 1 needs 1\n"
		"add a -> 1\n"
		"chg [0,3) a -> 2 needs 2\n"
		"  in 2: count [1,2) -> 0\n"
		"  in 1: del [1,2) -> 1\n"
		"add a -> 3\n",
		/* an add that is cut to pieces and refused keeps its ticket, busy while it waits */
		"board unit\n"
		"chg [0,9) a -> 9 needs 1\n"
		"chg [4,5) b -> 1 needs 1\n"
		"add b -> 1\n"
		"add a refuse 1 -> ENOMEM\n"
		"  in 1: add a -> skipped\n"
		"  in 1: abort a -> skipped\n"
		"  in 1: chg [0,1) a -> skipped\n"
		"add a -> 9\n"
		"  in 1: del [0,end) -> 1\n",
	};

	(void)state;
	for (size_t i = 0; map_under_test->traits.needs_holes && i < LEN(text); i++)
		assert_transcript(text[i], text[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fault_plans),
		cmocka_unit_test(test_window_order),
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_runs_of_many_requests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
