// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tickets of one page: what vma_needs_reservation() says, and the three ways to close what it opened,
 * for a file's mapping, an owner, and one that has no reservations at all.
 */
#include "callers.h"

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

	begin_three(12, 0, 12);
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
	begin_three(12, 0, 12);
	driver.refuse[MEMORY] = 1;
	assert_int_equal(vma_needs_reservation(pool, &vma[1], address(1, 2), &needed), -ENOMEM);
	assert_books(THREE);
	end();
}

/* A mapping without a map has no reservations, and its tickets are nothing. */
static void test_no_map(void **state)
{
	long needed = 7;

	(void)state;
	begin_three(12, 0, 12);
	unmap(0);
	fork_into(0, 2);
	assert_int_equal(vma_needs_reservation(pool, &vma[0], address(0, 1), &needed), 1);
	for (int how = 0; how < CLOSINGS; how++)
		assert_int_equal(close_ticket(how, 0, 1, needed), how != END);
	assert_int_equal(driver.asked[MEMORY], 0);
	assert_books(THREE);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tickets),
		cmocka_unit_test(test_ticket_is_refused),
		cmocka_unit_test(test_no_map),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
