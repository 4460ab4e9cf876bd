// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages out of a reservation or beside it: alloc_huge_page() in every way it succeeds and fails, and
 * restore_reserve_on_error(), which undoes it.
 */
#include "callers.h"

static void test_start(void **state)
{
	(void)state;
	begin_three(12, 0, 12);
	assert_books(THREE);
	end();
}

static const struct alloc_case {
	int mapping;
	long idx;
	int avoid_reserve;
	bool took; /* a promise */
	const char *books, *restored;
	unsigned refused[REFUSALS_IN_ALL]; /* how often it can be, where no page is free */
} allocs[] = {
	{ 0,
	  1,
	  0,
	  true,
	  "11 of 12 free, 5 promised; used 6 rsv 0; charged 4 8; [0,2) +0; c used up +0",
	  THREE,
	  { [MEMORY] = 1 } },
	/* none was reserved: now there is one */
	{ 1,
	  2,
	  0,
	  false,
	  "11 of 12 free, 6 promised; used 7 rsv 0; charged 6 8; [0,2) [2,3) +0; c used up +0",
	  "12 of 12 free, 7 promised; used 7 rsv 0; charged 6 8; [0,2) [2,3) +0; c used up +0",
	  { [MEMORY] = 1, [CGROUP] = 1, [POOL] = 1 } },
	{ 2,
	  2,
	  0,
	  true,
	  "11 of 12 free, 5 promised; used 6 rsv 0; charged 4 8; [0,2) +0; c used up [2,3) +0",
	  THREE,
	  { 0 } },
	{ 2,
	  2,
	  1,
	  false,
	  "11 of 12 free, 6 promised; used 7 rsv 0; charged 4 10; [0,2) +0; c used up +0",
	  THREE,
	  { [CGROUP] = 1, [POOL] = 1 } },
};

static const struct alloc_case *alloc_case;
static struct page *got;

static int alloc_it(void)
{
	int i = alloc_case->mapping;
	struct page *page = alloc_huge_page(&vma[i], address(i, alloc_case->idx),
	                                    alloc_case->avoid_reserve);

	if (IS_ERR(page))
		return PTR_ERR(page);
	got = page;
	assert_int_equal(page->refcount, 1);
	return 0;
}

static void give_back(void)
{
	int i = alloc_case->mapping;

	restore_reserve_on_error(pool, &vma[i], address(i, alloc_case->idx), got);
	put_page(got);
}

static void test_alloc(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(allocs); i++) {
		alloc_case = &allocs[i];
		begin_three(12, 0, 12);
		assert_int_equal(alloc_it(), 0);
		assert_int_equal(HPageRestoreReserve(got), allocs[i].took);
		assert_books(allocs[i].books);
		give_back();
		assert_books(allocs[i].restored);
		end();
	}
}

/* Every free page is promised, so one beside the reservations has to be a surplus one. */
static void test_alloc_is_refused(void **state)
{
	static const int error[] = { [MEMORY] = -ENOMEM, [CGROUP] = -ENOSPC, [POOL] = -ENOSPC };

	(void)state;
	for (size_t i = 0; i < LEN(allocs); i++) {
		for (int kind = 0; kind < REFUSALS_IN_ALL; kind++) {
			alloc_case = &allocs[i];
			begin_three(6, 4, 12);
			assert_int_equal(refuse_in_turn(kind, alloc_it, error[kind]),
			                 allocs[i].refused[kind]);
			give_back();
			end();
		}
	}
}

/* The mount is full, which is nothing to those that have a reservation. */
static void test_no_room(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(allocs); i++) {
		char *before;

		alloc_case = &allocs[i];
		begin_three(12, 0, 6);
		before = strdup(books());
		assert_int_equal(alloc_it(), allocs[i].took ? 0 : -ENOSPC);
		if (allocs[i].took)
			give_back();
		assert_books(before);
		free(before);
		end();
	}
}

/* What the minimum has at hand is promised to the mount: a page out of it takes that promise. */
static void test_out_of_the_minimum(void **state)
{
	static const vm_flags_t kind[] = { SHARED, PRIVATE };

	(void)state;
	for (size_t i = 0; i < LEN(kind); i++) {
		alloc_case = &(struct alloc_case){ .idx = 1 };
		begin(3, 0, -1, 3);
		assert_int_equal(map_pages(0, 0, 4, kind[i] | VM_NORESERVE), 0);
		assert_int_equal(alloc_it(), 0);
		assert_true(HPageRestoreReserve(got));
		assert_books(kind[i] ? "2 of 3 free, 2 promised; used 0 rsv 2; charged 2 0; "
		                       "[1,2) +0"
		                     : "2 of 3 free, 2 promised; used 0 rsv 2; charged 0 2; +0");
		give_back();
		/* the file's is a reservation now, the other one is the mount's again */
		assert_books(kind[i] ? "3 of 3 free, 3 promised; used 0 rsv 2; charged 2 0; "
		                       "[1,2) +0"
		                     : "3 of 3 free, 3 promised; used 0 rsv 3; charged 0 0; +0");
		end();
	}
}

static void reserve_2(void)
{
	driver.opens = 0;
	assert_int_equal(hugetlb_reserve_pages(&file, 2, 3, NULL, SHARED), 0);
}

/* Somebody reserves the page while it is being allocated: it counts once, whenever that is. */
static void test_counted_twice(void **state)
{
	unsigned opens;

	(void)state;
	alloc_case = &allocs[1];
	for (opens = 1;; opens++) {
		bool ran;

		begin_three(12, 0, 12);
		arm(opens, reserve_2);
		assert_int_equal(alloc_it(), 0);
		ran = !driver.opens;
		assert_books(alloc_case->books);
		give_back();
		end();
		if (!ran)
			break;
	}
	assert_true(opens > 2);
}

static void give_2_back(void)
{
	set_covered(vma_resv_map(&vma[2]), 2, false);
}

/* The same to an owner whose reservation was used up: it comes back meanwhile, and is taken. */
static void test_counted_twice_by_an_owner(void **state)
{
	(void)state;
	alloc_case = &allocs[2];
	begin_three(12, 0, 12);
	set_covered(vma_resv_map(&vma[2]), 2, true);
	arm(2, give_2_back);
	assert_int_equal(alloc_it(), 0);
	assert_null(hugetlb_cgroup_from_page_rsvd(got));
	assert_books(alloc_case->books);
	put_page(got);
	assert_books("12 of 12 free, 5 promised; used 5 rsv 0; charged 4 8; [0,2) +0; "
	             "c used up [2,3) +0");
	end();
}

/* A reservation that is there already needs not come back; its ticket is closed. */
static void test_restore_of_nothing(void **state)
{
	(void)state;
	alloc_case = &allocs[2];
	begin_three(12, 0, 12);
	assert_int_equal(alloc_it(), 0);
	give_2_back();
	give_back();
	assert_books(THREE);
	end();
}

/* An owner's reservation that cannot be given back counts as used up; a file's is never lost. */
static void test_restore_is_refused(void **state)
{
	static const char *const left[] = {
		"12 of 12 free, 6 promised; used 6 rsv 0; charged 4 8; [0,2) +0; c used up +0",
		"12 of 12 free, 7 promised; used 7 rsv 0; charged 6 8; [0,2) [2,3) +0; c used up "
		"+0",
		"12 of 12 free, 5 promised; used 5 rsv 0; charged 4 8; [0,2) +0; c used up [2,3) "
		"+0",
		THREE,
	};

	(void)state;
	for (size_t i = 0; i < LEN(allocs); i++) {
		alloc_case = &allocs[i];
		begin_three(12, 0, 12);
		assert_int_equal(alloc_it(), 0);
		arm(0, NULL);
		driver.refuse[MEMORY] = 1;
		give_back();
		assert_int_equal(driver.asked[MEMORY], i == 2);
		assert_books(left[i]);
		end();
	}
}

static void test_free_of_a_used_page(void **state)
{
	(void)state;
	alloc_case = &allocs[0];
	begin_three(12, 0, 12);
	assert_int_equal(alloc_it(), 0);
	driver.expects_breach = true;
	if (!setjmp(driver.breach_catch)) {
		free_huge_page(got);
		fail_msg("no alarm");
	}
	assert_string_equal(driver.breach, "VM_BUG_ON(page->refcount)");
	give_back();
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_start),
		cmocka_unit_test(test_alloc),
		cmocka_unit_test(test_alloc_is_refused),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_out_of_the_minimum),
		cmocka_unit_test(test_counted_twice),
		cmocka_unit_test(test_counted_twice_by_an_owner),
		cmocka_unit_test(test_restore_of_nothing),
		cmocka_unit_test(test_restore_is_refused),
		cmocka_unit_test(test_free_of_a_used_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
