// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages out of a reservation or beside it: tickets of one page, alloc_huge_page() in every way it
 * succeeds and fails, and restore_reserve_on_error(), which undoes it.
 */
#include "tests/callers.h"

/* Mappings of [0,4): a reserved the file's first two pages, b none, c owns all four. */
static void start(unsigned long pages, unsigned long surplus, long max)
{
	begin(pages, surplus, max, 3);
	assert_int_equal(map_pages(0, 0, 2, SHARED), 0);
	assert_int_equal(map_pages(1, 0, 4, SHARED | VM_NORESERVE), 0);
	assert_int_equal(map_pages(2, 0, 4, PRIVATE), 0);
	arm(0, NULL);
}

#define FRESH "12 of 12 free, 6 promised; used 6 rsv 0; charged 4 8; [0,2) +0; c used up +0"

static void test_start(void **state)
{
	(void)state;
	start(12, 0, 12);
	assert_books(FRESH);
	end();
}

/* Page @idx of a map becomes covered, or not. */
static void set_covered(struct resv_map *map, long idx, bool covered)
{
	long needed;

	if (!covered) {
		region_del(map, idx, idx + 1);
	} else {
		region_chg(map, idx, idx + 1, &needed);
		region_add(map, idx, idx + 1, needed);
	}
}

enum { COMMIT, END, ADD, CLOSINGS };

static long close_ticket(int how, int i, long idx, long needed)
{
	if (how == COMMIT)
		return vma_commit_reservation(pool, &vma[i], address(i, idx), needed);
	if (how == ADD)
		return vma_add_reservation(pool, &vma[i], address(i, idx), needed);
	vma_end_reservation(pool, &vma[i], address(i, idx), needed);
	return 0;
}

/* Reservation 3 of the owner is used up; which page of which map is covered behind each closing. */
static const struct {
	int mapping;
	long idx, needs;
	bool covered[CLOSINGS];
} tickets[] = {
	{ 0, 1, 0, { true, true, true } },
	{ 1, 2, 1, { true, false, true } },
	/* in an owner's map a page that is covered is one whose reservation is used up */
	{ 2, 2, 0, { true, false, false } },
	{ 2, 3, 1, { true, true, false } },
};

static void one_ticket(size_t i, int how)
{
	long idx = tickets[i].idx, needed, ret;
	struct resv_map *map;

	start(12, 0, 12);
	map = vma_resv_map(&vma[tickets[i].mapping]);
	set_covered(vma_resv_map(&vma[2]), 3, true);
	ret = vma_needs_reservation(pool, &vma[tickets[i].mapping],
	                            address(tickets[i].mapping, idx), &needed);
	assert_int_equal(ret, tickets[i].needs);
	assert_int_equal(map->adds_in_progress, needed);
	arm(0, NULL);
	ret = close_ticket(how, tickets[i].mapping, idx, needed);
	assert_true(how == COMMIT ? ret == tickets[i].needs : ret >= 0);
	assert_int_equal(map->adds_in_progress, 0);
	assert_int_equal(region_count(map, idx, idx + 1), tickets[i].covered[how]);
	/* An add of one page is sure of its entry, and no page of an owner's map is ever split. */
	assert_int_equal(driver.asked[MEMORY], 0);
	set_covered(file.i_data.private_data, 2, false);
	set_covered(vma_resv_map(&vma[2]), 2, false);
	set_covered(vma_resv_map(&vma[2]), 3, false);
	end();
}

static void test_tickets(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(tickets); i++)
		for (int how = 0; how < CLOSINGS; how++)
			one_ticket(i, how);
}

static void test_ticket_is_refused(void **state)
{
	long needed;

	(void)state;
	start(12, 0, 12);
	driver.refuse[MEMORY] = 1;
	assert_int_equal(vma_needs_reservation(pool, &vma[1], address(1, 2), &needed), -ENOMEM);
	assert_books(FRESH);
	end();
}

/* A mapping without a map has no reservations, and its tickets are nothing. */
static void test_no_map(void **state)
{
	long needed = 7;

	(void)state;
	start(12, 0, 12);
	unmap(0);
	fork_into(0, 2);
	assert_int_equal(vma_needs_reservation(pool, &vma[0], address(0, 1), &needed), 1);
	for (int how = 0; how < CLOSINGS; how++)
		assert_int_equal(close_ticket(how, 0, 1, needed), how != END);
	assert_int_equal(driver.asked[MEMORY], 0);
	assert_books(FRESH);
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
	  FRESH,
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
	  FRESH,
	  { 0 } },
	{ 2,
	  2,
	  1,
	  false,
	  "11 of 12 free, 6 promised; used 7 rsv 0; charged 4 10; [0,2) +0; c used up +0",
	  FRESH,
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
		start(12, 0, 12);
		assert_int_equal(alloc_it(), 0);
		assert_int_equal(got->restore_reserve, allocs[i].took);
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
			start(6, 4, 12);
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
		start(12, 0, 6);
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
		assert_true(got->restore_reserve);
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

		start(12, 0, 12);
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

/* An owner's reservation that cannot be given back counts as used up; a file's is never lost. */
static void test_restore_is_refused(void **state)
{
	static const char *const left[] = {
		"12 of 12 free, 6 promised; used 6 rsv 0; charged 4 8; [0,2) +0; c used up +0",
		"12 of 12 free, 7 promised; used 7 rsv 0; charged 6 8; [0,2) [2,3) +0; c used up "
		"+0",
		"12 of 12 free, 5 promised; used 5 rsv 0; charged 4 8; [0,2) +0; c used up [2,3) "
		"+0",
		FRESH,
	};

	(void)state;
	for (size_t i = 0; i < LEN(allocs); i++) {
		alloc_case = &allocs[i];
		start(12, 0, 12);
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
	start(12, 0, 12);
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
		cmocka_unit_test(test_tickets),
		cmocka_unit_test(test_ticket_is_refused),
		cmocka_unit_test(test_no_map),
		cmocka_unit_test(test_alloc),
		cmocka_unit_test(test_alloc_is_refused),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_out_of_the_minimum),
		cmocka_unit_test(test_counted_twice),
		cmocka_unit_test(test_restore_is_refused),
		cmocka_unit_test(test_free_of_a_used_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
