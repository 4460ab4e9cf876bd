// SPDX-License-Identifier: GPL-2.0-only
/*
 * The model of what is reserved, each function on sets small enough to see through.
 */
#include "tests/test.h"

#include "fuzz/targets/reserve/model.h"

static struct reserve_model model;

/* Sets are written as their pages: {1,4} is 0x12. */
enum { P0 = 1, P1 = 2, P2 = 4, P3 = 8, P4 = 16, P5 = 32 };

enum { A, B, C, D };

#define assert_pages(pages, is, may_be) \
	do { \
		assert_int_equal((pages).in, is); \
		assert_int_equal((pages).open, may_be); \
	} while (0)

/* File 0 has [0,2) and [4,6) reserved; b is an owner of its [1,4), c of file 2's [0,2). */
static int start(void **state)
{
	(void)state;
	model = (struct reserve_model){ 0 };
	model_map(&model, A, (struct model_mapping){ .shared = true, .to = 2 }, true);
	model_map(&model, D, (struct model_mapping){ .shared = true, .from = 4, .to = 6 }, true);
	model_map(&model, B, (struct model_mapping){ .owns = true, .from = 1, .to = 4 }, true);
	model_map(&model, C, (struct model_mapping){ .owns = true, .file = 2, .to = 2 }, true);
	return 0;
}

static void test_page_set(void **state)
{
	(void)state;
	assert_int_equal(page_set(1, 4), P1 | P2 | P3);
	assert_int_equal(page_set(3, 3), 0);
	assert_int_equal(page_set(4, 2), 0);
	assert_true(page_set(0, 64) == ~0ULL);
	assert_true(page_set(63, 64) == 1ULL << 63);
	assert_int_equal(page_set(64, 64), 0);
}

static void test_map(void **state)
{
	(void)state;
	assert_pages(model.file[0].reserved, P0 | P1 | P4 | P5, 0);
	assert_pages(model.file[2].reserved, 0, 0);
	assert_true(model.mapping[B].exists && model.mapping[B].owns);
	assert_pages(model.mapping[B].used_up, 0, 0);
	/* what reserves nothing, and what was open */
	model_map(&model, 5, (struct model_mapping){ .shared = true, .from = 2, .to = 4 }, false);
	assert_pages(model.file[0].reserved, P0 | P1 | P4 | P5, 0);
	model.file[0].reserved.open = P3;
	model_map(&model, 6, (struct model_mapping){ .shared = true, .from = 2, .to = 4 }, true);
	assert_pages(model.file[0].reserved, 0x3f, 0);
	model_unmap(&model, B);
	assert_false(model.mapping[B].exists || model.mapping[B].owns);
	assert_pages(model.file[0].reserved, 0x3f, 0);
}

static void test_fork(void **state)
{
	(void)state;
	model_allocated(&model, B, 2, false);
	model_fork(&model, B, 6);
	assert_true(model.mapping[6].exists);
	assert_false(model.mapping[6].owns);
	assert_int_equal(model.mapping[6].from, 1);
	assert_pages(model.mapping[6].used_up, 0, 0);
	assert_pages(model.mapping[B].used_up, P2, 0);
}

static void test_truncate_and_punch(void **state)
{
	(void)state;
	model.file[0].reserved.open = P3 | P2;
	model_truncate(&model, 0, 3);
	assert_pages(model.file[0].reserved, P0 | P1, P2);
	start(NULL);
	model_truncate(&model, 0, 64);
	assert_pages(model.file[0].reserved, P0 | P1 | P4 | P5, 0);
	model_punch(&model, 0, P1 | P4, false);
	assert_pages(model.file[0].reserved, P0 | P5, 0);
	/* where memory was refused they may have stayed; one that was not in the map has not */
	model_punch(&model, 0, P5 | P2, true);
	assert_pages(model.file[0].reserved, P0 | P5, P5);
}

static void test_allocated(void **state)
{
	(void)state;
	model.file[0].reserved.open = P2;
	model_allocated(&model, A, 2, true);
	assert_pages(model.file[0].reserved, P0 | P1 | P2 | P4 | P5, 0);
	model.mapping[B].used_up.open = P3;
	model_allocated(&model, B, 3, false);
	assert_pages(model.mapping[B].used_up, P3, 0);
	/* who has no reservations cannot use them up */
	model_allocated(&model, A, 3, false);
	assert_pages(model.mapping[A].used_up, 0, 0);
	assert_pages(model.file[0].reserved, P0 | P1 | P2 | P4 | P5, 0);
}

static void test_fault_failed(void **state)
{
	(void)state;
	model_fault_failed(&model, A, 1, true, true); /* it is reserved, and stays so */
	assert_pages(model.file[0].reserved, P0 | P1 | P4 | P5, 0);
	model_fault_failed(&model, A, 2, true, false);
	assert_pages(model.file[0].reserved, P0 | P1 | P4 | P5, P2);
	model_fault_failed(&model, B, 2, false, false); /* it is given back */
	assert_pages(model.mapping[B].used_up, 0, 0);
	model_fault_failed(&model, B, 2, false, true); /* or cannot be */
	assert_pages(model.mapping[B].used_up, 0, P2);
	model.mapping[B].used_up = (struct pages){ .in = P3 };
	model_fault_failed(&model, B, 3, false, false);
	assert_pages(model.mapping[B].used_up, P3, P3);
	model_fault_failed(&model, A, 3, false, true);
	assert_pages(model.mapping[A].used_up, 0, 0);
}

static void test_has_reservation(void **state)
{
	(void)state;
	assert_true(model_has_reservation(&model, A, 1, 0));
	assert_false(model_has_reservation(&model, A, 1, P1));
	assert_false(model_has_reservation(&model, A, 2, 0));
	model.file[0].reserved.open = P1;
	assert_false(model_has_reservation(&model, A, 1, 0));
	/* an owner's is its own, whatever is in the file */
	assert_true(model_has_reservation(&model, B, 2, P2));
	model.mapping[B].used_up = (struct pages){ .in = P2, .open = P3 };
	assert_false(model_has_reservation(&model, B, 2, 0));
	assert_false(model_has_reservation(&model, B, 3, 0));
	model_fork(&model, B, 6);
	assert_false(model_has_reservation(&model, 6, 1, 0));
}

static void test_to_reserve(void **state)
{
	(void)state;
	assert_int_equal(model_to_reserve(&model, 0, 0, 6, false), 2);
	assert_int_equal(model_to_reserve(&model, 0, 1, 5, false), 2);
	assert_int_equal(model_to_reserve(&model, 0, 1, 5, true), 4);
	assert_int_equal(model_to_reserve(&model, 1, 0, 64, false), 64);
	assert_int_equal(model_to_reserve(&model, 0, 0, 2, false), 0);
}

static void test_settle(void **state)
{
	static const struct {
		struct pages pages;
		uint64_t map, differ, in;
	} settle[] = {
		{ { P0 | P1, 0 }, P0 | P1, 0, P0 | P1 },
		{ { P0 | P1, 0 }, P0, P1, P0 | P1 },
		{ { P0, 0 }, P0 | P2, P2, P0 },
		{ { P0 | P1, P1 }, P0, 0, P0 },
		{ { P0 | P1, P1 }, P0 | P1, 0, P0 | P1 },
		{ { P0, P2 }, P0 | P2, 0, P0 | P2 },
		{ { P0, P2 }, P2 | P3, P0 | P3, P0 | P2 },
	};

	(void)state;
	for (size_t i = 0; i < LEN(settle); i++) {
		struct pages pages = settle[i].pages;

		assert_int_equal(model_settle(&pages, settle[i].map), settle[i].differ);
		assert_pages(pages, settle[i].in, 0);
	}
}

/* Four of file 0, three of b and two of c; what is there is promised no more, but used. */
static void test_sums(void **state)
{
	uint64_t there[MODEL_FILES] = { 0 };

	(void)state;
	assert_int_equal(model_promised(&model, there), 9);
	there[0] = P1 | P3; /* page 3 is there and not reserved: no promise less for that */
	assert_int_equal(model_promised(&model, there), 8);
	model_allocated(&model, B, 2, false);
	assert_int_equal(model_promised(&model, there), 7);
	assert_int_equal(model_used(&model, 1), 6);
	assert_int_equal(model_used(&model, 3), 6);
	assert_int_equal(model_used(&model, 4), 2);
	assert_int_equal(model_used(&model, 15), 8);
	assert_int_equal(model_used(&model, 0), 0);
	model_unmap(&model, B);
	assert_int_equal(model_promised(&model, there), 5);
	assert_int_equal(model_used(&model, 1), 4);
}

#define model_test(test) cmocka_unit_test_setup(test, start)

/* Both halves of a mapping have what was used up in them, and promise the rest. */
static void test_split(void **state)
{
	static const uint64_t nothing[MODEL_FILES];
	struct reserve_model m = { 0 };
	struct model_mapping owner = { .owns = true, .from = 2, .to = 8 };

	(void)state;
	model_map(&m, 0, owner, true);
	model_allocated(&m, 0, 3, false);
	model_allocated(&m, 0, 6, false);
	model_split(&m, 0, 5, 1);
	assert_int_equal(m.mapping[0].to, 5);
	assert_int_equal(m.mapping[1].from, 5);
	assert_int_equal(m.mapping[1].to, 8);
	assert_true(m.mapping[0].used_up.in == page_set(3, 4));
	assert_true(m.mapping[1].used_up.in == page_set(6, 7));
	assert_int_equal(model_promised(&m, nothing), 4);
	model_unmap(&m, 0);
	assert_int_equal(model_promised(&m, nothing), 2);
}

/* Pages that are there are in the file's map; one that failed may be or not. */
static void test_allocate(void **state)
{
	struct reserve_model m = { 0 };
	struct pages *reserved = &m.file[1].reserved;

	(void)state;
	model_allocate(&m, 1, page_set(0, 8), false, 2, 4);
	assert_true(reserved->in == page_set(2, 4) && !reserved->open);
	model_allocate(&m, 1, page_set(2, 5), true, 3, 7);
	assert_true(reserved->in == page_set(2, 5) && reserved->open == page_set(5, 7));
}

static void test_unbacked(void **state)
{
	struct reserve_model m = { 0 };

	(void)state;
	assert_int_equal(model_unbacked(&m, 0, -2), 0);
	assert_int_equal(model_unbacked(&m, 0, 1), 1);
	assert_int_equal(model_unbacked(&m, 1, 1), 0); /* a failure took the page of that promise */
	assert_int_equal(model_unbacked(&m, 1, 2), 1); /* and nobody may promise one more */
	assert_int_equal(model_unbacked(&m, 1, -1), 0); /* room came */
	assert_int_equal(model_unbacked(&m, 1, 1), 1);
	assert_int_equal(model_unbacked(&m, 2, 2), 0);
	assert_int_equal(model_unbacked(&m, 1, 2), 1); /* one of them is good again */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		model_test(test_page_set),
		model_test(test_map),
		model_test(test_fork),
		model_test(test_truncate_and_punch),
		model_test(test_allocated),
		model_test(test_fault_failed),
		model_test(test_has_reservation),
		model_test(test_to_reserve),
		model_test(test_settle),
		model_test(test_sums),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_allocate),
		cmocka_unit_test(test_unbacked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
