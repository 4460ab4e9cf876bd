// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pool of huge pages of who brings none: every number by hand.
 *
 * A pool is written as "free/exist+surplus promised", so "2/3+1 1" has three pages, one of them
 * beyond its own size, one in use, and one of the free ones promised.
 */
#include "callers.h"

static struct page *in_use[VM_FOLIOS];
static unsigned used;

static void start(unsigned long own, unsigned long overcommit)
{
	begin_pool(own, overcommit);
	used = 0;
}

static const char *numbers(void)
{
	static char text[64];
	unsigned long listed = 0;
	struct list_head *at;

	for (at = pool->hugepage_freelists[0].next; at != &pool->hugepage_freelists[0];
	     at = at->next)
		listed++;
	assert_int_equal(listed, pool->free_huge_pages);
	assert_int_equal(pool->free_huge_pages_node[0], pool->free_huge_pages);
	assert_int_equal(pool->surplus_huge_pages_node[0], pool->surplus_huge_pages);
	assert_int_equal(pool->nr_huge_pages_node[0], pool->nr_huge_pages);
	assert_int_equal(shim_locks_held, 0);
	snprintf(text, sizeof(text), "%lu/%lu+%lu %lu", pool->free_huge_pages, pool->nr_huge_pages,
	         pool->surplus_huge_pages, pool->resv_huge_pages);
	return text;
}

#define assert_pool(expected) assert_string_equal(numbers(), expected)

static void use(unsigned pages)
{
	spin_lock(&hugetlb_lock);
	while (pages--) {
		in_use[used] = vm_pool_dequeue(pool);
		assert_non_null(in_use[used++]);
	}
	spin_unlock(&hugetlb_lock);
}

/* Give one back, the last or the first. */
static void give_back(unsigned i)
{
	struct page *page = in_use[i];

	in_use[i] = in_use[--used];
	page->refcount = 0;
	spin_lock(&hugetlb_lock);
	vm_pool_free(pool, page);
	spin_unlock(&hugetlb_lock);
}

static int promise(long pages)
{
	int ret;

	spin_lock(&hugetlb_lock);
	ret = gather_surplus_pages(pool, pages);
	spin_unlock(&hugetlb_lock);
	return ret;
}

static void take_back(unsigned long pages)
{
	spin_lock(&hugetlb_lock);
	return_unused_surplus_pages(pool, pages);
	spin_unlock(&hugetlb_lock);
}

static void test_reset(void **state)
{
	(void)state;
	start(0, 0);
	assert_pool("0/0+0 0");
	spin_lock(&hugetlb_lock);
	assert_null(vm_pool_dequeue(pool));
	spin_unlock(&hugetlb_lock);
	start(5, 3);
	vm_cgroup[3].rsvd_hugepage[0].usage = 9;
	vm_cgroup[3].css.refs = 1;
	shim_warned = 1;
	assert_int_equal(promise(2), 0);
	use(2);
	/* nothing of that is left */
	start(VM_FOLIOS, 7);
	assert_pool("128/128+0 0");
	assert_int_equal(pool->nr_overcommit_huge_pages, 7);
	assert_true(list_empty(&pool->hugepage_activelist));
	assert_int_equal(vm_cgroup[3].rsvd_hugepage[0].usage, 0);
	assert_int_equal(vm_cgroup[3].css.refs, 0);
	assert_int_equal(shim_warned, 0);
}

/* Every page once, new, in use and with one reference. */
static void test_dequeue(void **state)
{
	(void)state;
	start(3, 0);
	use(3);
	assert_pool("0/3+0 0");
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(in_use[i]->refcount, 1);
		assert_null(in_use[i]->mapping);
		assert_null(hugetlb_cgroup_from_page_rsvd(in_use[i]));
		assert_false(HPageRestoreReserve(in_use[i]));
		for (unsigned k = 0; k < i; k++)
			assert_ptr_not_equal(in_use[i], in_use[k]);
	}
	spin_lock(&hugetlb_lock);
	assert_null(vm_pool_dequeue(pool));
	spin_unlock(&hugetlb_lock);
	give_back(0);
	assert_pool("1/3+0 0");
}

/* What is in use or promised stays, as surplus; a pool that grows takes surplus in first. */
static void test_resize(void **state)
{
	static const struct {
		unsigned own, in_use, promised, to;
		const char *numbers;
	} resize[] = {
		{ 4, 0, 0, 4, "4/4+0 0" },    { 4, 0, 0, 9, "9/9+0 0" },
		{ 4, 0, 0, 1, "1/1+0 0" },    { 4, 0, 0, 0, "0/0+0 0" },
		{ 4, 3, 0, 0, "0/3+3 0" },    { 4, 3, 0, 2, "0/3+1 0" },
		{ 4, 0, 3, 1, "3/3+2 3" },    { 4, 0, 3, 3, "3/3+0 3" },
		{ 6, 2, 1, 2, "1/3+1 1" },    { 6, 2, 1, 0, "1/3+3 1" },
		{ 6, 2, 4, 1, "4/6+5 4" },    { 6, 2, 1, 5, "3/5+0 1" },
		{ 6, 0, 0, 64, "64/64+0 0" }, { 128, 0, 0, 200, "128/128+0 0" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(resize); i++) {
		start(resize[i].own, 0);
		use(resize[i].in_use);
		assert_int_equal(promise(resize[i].promised), 0);
		vm_pool_resize(pool, resize[i].to);
		assert_pool(resize[i].numbers);
	}
	/* down and up again: surplus is the pool's own before there is anything new */
	start(4, 0);
	use(3);
	vm_pool_resize(pool, 0);
	vm_pool_resize(pool, 2);
	assert_pool("0/3+1 0");
	vm_pool_resize(pool, 5);
	assert_pool("2/5+0 0");
}

static void test_gather(void **state)
{
	static const struct {
		unsigned own, surplus, promised, refuse; /* the charge to refuse */
		long delta;
		int ret;
		const char *numbers;
	} gather[] = {
		{ 4, 0, 0, 0, 4, 0, "4/4+0 4" },
		{ 4, 0, 0, 0, 5, -ENOMEM, "4/4+0 0" },
		{ 4, 0, 3, 0, 1, 0, "4/4+0 4" },
		{ 4, 0, 3, 0, 2, -ENOMEM, "4/4+0 3" },
		/* surplus is made, as much as is missing and no more */
		{ 4, 3, 0, 0, 4, 0, "4/4+0 4" },
		{ 4, 3, 0, 0, 5, 0, "5/5+1 5" },
		{ 4, 3, 2, 0, 5, 0, "7/7+3 7" },
		{ 0, 3, 0, 0, 3, 0, "3/3+3 3" },
		/* it does not suffice: what was made goes again */
		{ 4, 3, 0, 0, 8, -ENOMEM, "4/4+0 0" },
		{ 4, 3, 2, 0, 6, -ENOMEM, "4/4+0 2" },
		/* refused: at once, or at the first or second surplus page */
		{ 4, 0, 0, 1, 2, -ENOMEM, "4/4+0 0" },
		{ 1, 3, 0, 2, 3, -ENOMEM, "1/1+0 0" },
		{ 1, 3, 0, 3, 3, -ENOMEM, "1/1+0 0" },
		{ 1, 3, 0, 4, 3, 0, "3/3+2 3" },
		/* no page exists that could be made */
		{ 126, 16, 0, 0, 129, -ENOMEM, "126/126+0 0" },
		{ 126, 16, 0, 0, 128, 0, "128/128+2 128" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(gather); i++) {
		start(gather[i].own, gather[i].surplus);
		assert_int_equal(promise(gather[i].promised), 0);
		arm(0, NULL);
		driver.refuse[POOL] = gather[i].refuse;
		assert_int_equal(promise(gather[i].delta), gather[i].ret);
		assert_pool(gather[i].numbers);
	}
}

static void promise_two(void)
{
	arm(0, NULL);
	assert_int_equal(promise(2), 0);
}

static void free_two(void)
{
	give_back(0);
	give_back(0);
}

/* While surplus is made others may promise pages, or free some: it is counted again. */
static void test_gather_overtaken(void **state)
{
	(void)state;
	start(2, 4);
	arm(1, promise_two);
	assert_int_equal(promise(3), 0);
	assert_pool("5/5+3 5");
	start(2, 2);
	arm(1, promise_two);
	assert_int_equal(promise(3), -ENOMEM);
	assert_pool("2/2+0 2");
	/* two come back and one was made: one is too many, and goes away */
	start(3, 4);
	use(3);
	arm(1, free_two);
	assert_int_equal(promise(2), 0);
	assert_pool("2/3+0 2");
}

static void test_return(void **state)
{
	static const struct {
		unsigned own, surplus, promised, in_use, unused;
		const char *numbers;
	} give[] = {
		{ 4, 0, 3, 0, 2, "4/4+0 1" },
		{ 4, 2, 6, 0, 0, "6/6+2 6" },
		{ 4, 2, 6, 0, 1, "5/5+1 5" },
		{ 4, 2, 6, 0, 2, "4/4+0 4" },
		{ 4, 2, 6, 0, 5, "4/4+0 1" },
		/* surplus pages are as good as others: whichever is free goes */
		{ 4, 2, 6, 4, 2, "0/4+0 4" },
		{ 4, 2, 6, 5, 2, "0/5+1 4" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(give); i++) {
		start(give[i].own, give[i].surplus);
		assert_int_equal(promise(give[i].promised), 0);
		use(give[i].in_use);
		take_back(give[i].unused);
		assert_pool(give[i].numbers);
	}
}

/* A page that comes back goes away if it is surplus and nobody was promised it. */
static void test_page_free(void **state)
{
	(void)state;
	start(2, 2);
	assert_int_equal(promise(3), 0);
	assert_pool("3/3+1 3");
	use(2);
	assert_pool("1/3+1 3"); /* the promises are still to be taken back: not by the pool */
	give_back(1);
	assert_pool("2/3+1 3");
	take_back(1);
	assert_pool("1/2+0 2");
	give_back(0);
	assert_pool("2/2+0 2");
	/* the pool was made smaller while its pages were in use */
	start(3, 0);
	use(3);
	vm_pool_resize(pool, 1);
	assert_pool("0/3+2 0");
	for (int i = 0; i < 3; i++)
		give_back(0);
	assert_pool("1/1+0 0");
}

static void test_surplus_page(void **state)
{
	(void)state;
	start(1, 2);
	in_use[used++] = vm_pool_surplus(pool);
	in_use[used++] = vm_pool_surplus(pool);
	assert_non_null(in_use[0]);
	assert_non_null(in_use[1]);
	assert_int_equal(in_use[1]->refcount, 1);
	assert_pool("1/3+2 0");
	assert_null(vm_pool_surplus(pool));
	assert_pool("1/3+2 0");
	give_back(0);
	assert_pool("1/2+1 0");
	arm(0, NULL);
	driver.refuse[POOL] = 1;
	assert_null(vm_pool_surplus(pool));
	assert_pool("1/2+1 0");
}

/* The free list may stand in any order; numbers do not know it. */
static void test_any_order(void **state)
{
	const char *first;
	char kept[64];

	(void)state;
	for (unsigned order = 0; order < 2; order++) {
		start(4, 2);
		assert_int_equal(promise(5), 0);
		use(3);
		for (int i = 0; i < 3; i++)
			give_back(order ? used - 1 : 0);
		take_back(2);
		first = numbers();
		if (!order)
			strcpy(kept, first);
		assert_string_equal(first, kept);
	}
	assert_string_equal(kept, "4/4+0 3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reset),
		cmocka_unit_test(test_dequeue),
		cmocka_unit_test(test_resize),
		cmocka_unit_test(test_gather),
		cmocka_unit_test(test_gather_overtaken),
		cmocka_unit_test(test_return),
		cmocka_unit_test(test_page_free),
		cmocka_unit_test(test_surplus_page),
		cmocka_unit_test(test_any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
