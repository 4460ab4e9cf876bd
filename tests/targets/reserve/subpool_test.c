// SPDX-License-Identifier: GPL-2.0-only
/*
 * A mount's limits: every number by hand.  What is used is counted only where there is a maximum;
 * what the minimum lacks comes back to it before anything goes to the pool.
 */
#include "callers.h"

static struct hugepage_subpool *spool;

/* One call on a subpool, and what it is to return. */
struct step {
	enum { GET, PUT, UNDO } call;
	long pages, from_pool; /* UNDO: what the get had returned */
	long ret;              /* UNDO: promises that the pool is left with */
	long used, rsv;        /* behind it */
};

enum { STEPS = 6 };

static const struct {
	long max, min;
	struct step step[STEPS];
} limits[] = {
	/* none at all, of which nobody makes a subpool: everything is the pool's */
	{ -1, -1, { { GET, 5, 0, 5, 0, 0 }, { PUT, 5, 0, 5, 0, 0 } } },
	/* a maximum alone */
	{ 4,
	  -1,
	  { { GET, 3, 0, 3, 3, 0 },
	    { GET, 2, 0, -ENOMEM, 3, 0 },
	    { GET, 1, 0, 1, 4, 0 },
	    { GET, 1, 0, -ENOMEM, 4, 0 },
	    { PUT, 4, 0, 4, 0, 0 } } },
	{ 0, -1, { { GET, 1, 0, -ENOMEM, 0, 0 }, { GET, 0, 0, 0, 0, 0 }, { PUT, 0, 0, 0, 0, 0 } } },
	/* a minimum alone: used pages are not counted, so it fills up first whatever goes back */
	{ -1,
	  3,
	  { { GET, 2, 0, 0, 0, 1 },
	    { GET, 2, 0, 1, 0, 0 },
	    { GET, 1, 0, 1, 0, 0 },
	    { PUT, 2, 0, 0, 0, 2 },
	    { PUT, 3, 0, 2, 0, 3 } } },
	{ -1, 0, { { GET, 2, 0, 2, 0, 0 }, { PUT, 2, 0, 2, 0, 0 } } },
	/* both: only what the minimum lacks goes back to it */
	{ 5,
	  3,
	  { { GET, 2, 0, 0, 2, 1 },
	    { GET, 3, 0, 2, 5, 0 },
	    { GET, 1, 0, -ENOMEM, 5, 0 },
	    { PUT, 2, 0, 2, 3, 0 },
	    { PUT, 2, 0, 0, 1, 2 },
	    { PUT, 1, 0, 0, 0, 3 } } },
	{ 5, 3, { { GET, 5, 0, 2, 5, 0 }, { PUT, 5, 0, 2, 0, 3 } } },
	{ 3, 3, { { GET, 3, 0, 0, 3, 0 }, { PUT, 1, 0, 0, 2, 1 }, { PUT, 2, 0, 0, 0, 3 } } },
	/* a get undone: what was the pool's is no promise of anybody, and cannot fill the minimum */
	{ 5, 3, { { GET, 4, 0, 1, 4, 0 }, { UNDO, 4, 1, 3, 0, 3 } } },
	{ 9,
	  3,
	  { { GET, 4, 0, 1, 4, 0 },
	    { GET, 2, 0, 2, 6, 0 },
	    { UNDO, 2, 2, 4, 4, 0 },
	    { PUT, 4, 0, 1, 0, 3 } } },
	/* others gave pages back between a get and its undoing, so the minimum has what it needs */
	{ 5,
	  2,
	  { { GET, 2, 0, 0, 2, 0 },
	    { GET, 2, 0, 2, 4, 0 },
	    { PUT, 2, 0, 2, 2, 0 },
	    { UNDO, 2, 0, 0, 0, 2 } } },
	{ -1,
	  2,
	  { { GET, 2, 0, 0, 0, 0 },
	    { GET, 2, 0, 2, 0, 0 },
	    { PUT, 2, 0, 0, 0, 2 },
	    { UNDO, 2, 0, 2, 0, 2 } } },
	{ -1, 2, { { GET, 1, 0, 0, 0, 1 }, { UNDO, 1, 0, 0, 0, 2 } } },
	{ 4, -1, { { GET, 3, 0, 3, 3, 0 }, { UNDO, 3, 3, 0, 0, 0 } } },
};

/* What the pool has promised, kept as those who call do it. */
static void one_step(const struct step *step)
{
	long ret = 0;

	if (step->call == GET)
		ret = hugepage_subpool_get_pages(spool, step->pages);
	else if (step->call == PUT)
		ret = hugepage_subpool_put_pages(spool, step->pages);
	else
		hugepage_subpool_undo_get(pool, spool, step->pages, step->from_pool);
	if (step->call != UNDO)
		assert_int_equal(ret, step->ret);
	if (step->call == GET && ret > 0)
		assert_int_equal(hugetlb_acct_memory(pool, ret), 0);
	if (step->call == PUT)
		assert_int_equal(hugetlb_acct_memory(pool, -ret), 0);
	assert_int_equal(spool->used_hpages, step->used);
	assert_int_equal(spool->rsv_hpages, step->rsv);
	assert_int_equal(shim_locks_held, 0);
}

static void test_limits(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(limits); i++) {
		begin_pool(20, 0);
		spool = hugepage_new_subpool(pool, limits[i].max, limits[i].min);
		assert_int_equal(pool->resv_huge_pages, max(limits[i].min, 0L));
		for (size_t k = 0; k < STEPS; k++) {
			const struct step *step = &limits[i].step[k];

			if (!step->pages && !step->ret && !step->used && !step->rsv)
				continue;
			one_step(step);
		}
		assert_int_equal(spool->used_hpages, 0);
		hugepage_put_subpool(spool);
		assert_int_equal(driver.live, 0);
	}
}

/* An undone get takes back the promises that are not needed any more, and no others. */
static void test_undo_gives_to_the_pool(void **state)
{
	(void)state;
	begin_pool(20, 0);
	spool = hugepage_new_subpool(pool, -1, 2);
	assert_int_equal(hugepage_subpool_get_pages(spool, 2), 0);
	/* meanwhile somebody gave two back to the minimum */
	assert_int_equal(hugepage_subpool_put_pages(spool, 2), 0);
	assert_int_equal(pool->resv_huge_pages, 2);
	assert_int_equal(hugetlb_acct_memory(pool, 2), 0); /* theirs had been promised too */
	hugepage_subpool_undo_get(pool, spool, 2, 0);
	assert_int_equal(spool->rsv_hpages, 2);
	assert_int_equal(pool->resv_huge_pages, 2);
	hugepage_put_subpool(spool);
	assert_int_equal(pool->resv_huge_pages, 0);
	/* without limits there is nothing to undo but the caller's own promise */
	hugepage_subpool_undo_get(pool, NULL, 3, 3);
	assert_int_equal(pool->resv_huge_pages, 0);
	assert_int_equal(hugepage_subpool_get_pages(NULL, 3), 3);
	assert_int_equal(hugepage_subpool_put_pages(NULL, 3), 3);
}

static int make_one(void)
{
	spool = hugepage_new_subpool(pool, 9, 3);
	return spool ? 0 : -1;
}

/* Memory, and each page that has to be made for the minimum. */
static void test_new_is_refused(void **state)
{
	static const struct {
		int kind;
		unsigned times;
	} refused[] = { { MEMORY, 1 }, { POOL, 3 } };

	(void)state;
	for (size_t i = 0; i < LEN(refused); i++) {
		unsigned n = 0;

		for (;;) {
			begin_pool(1, 2);
			driver.refuse[refused[i].kind] = ++n;
			if (!make_one())
				break;
			assert_int_equal(driver.live, 0);
			assert_int_equal(pool->resv_huge_pages, 0);
			assert_int_equal(pool->nr_huge_pages, 1);
		}
		assert_int_equal(n - 1, refused[i].times);
		assert_int_equal(pool->resv_huge_pages, 3);
		assert_int_equal(pool->nr_huge_pages, 3);
		hugepage_put_subpool(spool);
		assert_int_equal(driver.live, 0);
		assert_int_equal(pool->nr_huge_pages, 1);
	}
	begin_pool(2, 0);
	assert_int_equal(make_one(), -1);
	assert_int_equal(driver.live, 0);
	assert_int_equal(pool->resv_huge_pages, 0);
}

static void test_acct(void **state)
{
	(void)state;
	begin_pool(3, 1);
	assert_int_equal(hugetlb_acct_memory(pool, 0), 0);
	assert_int_equal(driver.asked[POOL], 0);
	assert_int_equal(hugetlb_acct_memory(pool, 4), 0);
	assert_int_equal(pool->resv_huge_pages, 4);
	assert_int_equal(hugetlb_acct_memory(pool, 1), -ENOMEM);
	assert_int_equal(pool->resv_huge_pages, 4);
	assert_int_equal(hugetlb_acct_memory(pool, -4), 0);
	assert_int_equal(pool->resv_huge_pages, 0);
	assert_int_equal(pool->nr_huge_pages, 3);
}

/* The mount is gone, and pages of it are still in use: limits go with the last of them. */
static void test_unmount(void **state)
{
	static const struct {
		long max, min, promised; /* by the pool, while the last page is used */
	} unmount[] = { { 4, 2, 2 }, { 4, -1, 0 }, { -1, 2, 2 } };

	(void)state;
	for (size_t i = 0; i < LEN(unmount); i++) {
		bool has_min = unmount[i].min > 0;

		begin_pool(8, 0);
		spool = hugepage_new_subpool(pool, unmount[i].max, unmount[i].min);
		assert_int_equal(hugepage_subpool_get_pages(spool, 2), has_min ? 0 : 2);
		hugepage_put_subpool(spool);
		assert_int_equal(driver.live, 1);
		assert_int_equal(pool->resv_huge_pages, unmount[i].promised);
		assert_int_equal(hugepage_subpool_put_pages(spool, 1), has_min ? 0 : 1);
		assert_int_equal(driver.live, 1);
		assert_int_equal(hugepage_subpool_put_pages(spool, 1), has_min ? 0 : 1);
		assert_int_equal(driver.live, 0);
		assert_int_equal(pool->resv_huge_pages, 0);
	}
}

static void test_unmounted_twice(void **state)
{
	(void)state;
	begin_pool(8, 0);
	spool = hugepage_new_subpool(pool, 4, -1);
	hugepage_subpool_get_pages(spool, 1);
	hugepage_put_subpool(spool);
	driver.expects_breach = true;
	if (!setjmp(driver.breach_catch)) {
		hugepage_put_subpool(spool);
		fail_msg("no alarm");
	}
	assert_string_equal(driver.breach, "VM_BUG_ON(!spool->count)");
	free(spool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_undo_gives_to_the_pool),
		cmocka_unit_test(test_new_is_refused),
		cmocka_unit_test(test_acct),
		cmocka_unit_test(test_unmount),
		cmocka_unit_test(test_unmounted_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
