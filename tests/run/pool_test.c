// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pool that the map's memory comes from: what it refuses to take back, in which order it hands
 * out, what it counts and what it poisons.
 */
#include "tests/test.h"

#include "fuzz/run/pool.h"

#ifndef __has_feature
#define __has_feature(x) 0
#endif

#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#define is_poisoned(p) __asan_address_is_poisoned(p)
#define OPEN_AT_FIRST  true
#elif __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#define is_poisoned(p) (__msan_test_shadow(p, 1) != -1)
#define OPEN_AT_FIRST  false /* nobody has written to it yet */
#endif

static char *block[POOL_BLOCKS];

static int setup(void **state)
{
	(void)state;
	pool_reset();
	return 0;
}

static void take_all(void)
{
	for (int i = 0; i < POOL_BLOCKS; i++) {
		block[i] = pool_alloc(POOL_BLOCK);
		assert_non_null(block[i]);
		assert_int_equal(pool_count(), i + 1);
	}
}

static void test_bad_frees(void **state)
{
	static char foreign[POOL_BLOCK];
	char *one = pool_alloc(48), *two = pool_alloc(48);

	(void)state;
	assert_false(pool_free(NULL));
	assert_false(pool_free(foreign));
	assert_false(pool_free(one + 1));
	assert_false(pool_free(one + POOL_BLOCK - 1));
	assert_false(pool_free(one - 1));
	assert_false(pool_free(two + POOL_BLOCK)); /* in the pool, never handed out */
	assert_int_equal(pool_count(), 2);
	assert_true(pool_free(one));
	assert_false(pool_free(one));
	assert_true(pool_live(two));
	assert_true(pool_free(two));
	assert_int_equal(pool_count(), 0);
}

static void test_sizes(void **state)
{
	static const struct {
		size_t size;
		bool given;
	} size[] = { { 1, true },
		     { 48, true },
		     { POOL_BLOCK, true },
		     { POOL_BLOCK + 1, false },
		     { SIZE_MAX, false } };
	size_t live = 0;

	(void)state;
	for (size_t i = 0; i < LEN(size); i++) {
		void *got = pool_alloc(size[i].size);

		assert_int_equal(got != NULL, size[i].given);
		assert_int_equal(pool_count(), live += size[i].given);
		assert_int_equal((uintptr_t)got % 16, 0);
	}
}

static void test_exhaustion(void **state)
{
	(void)state;
	take_all();
	assert_null(pool_alloc(1));
	assert_null(pool_alloc(1));
	assert_int_equal(pool_count(), POOL_BLOCKS);
	assert_false(pool_live(block[0] - 1));
	assert_false(pool_live(block[POOL_BLOCKS - 1] + POOL_BLOCK));
	assert_false(pool_free(block[POOL_BLOCKS - 1] + POOL_BLOCK));
	assert_true(pool_free(block[1234]));
	assert_ptr_equal(pool_alloc(1), block[1234]);
	assert_null(pool_alloc(1));
}

/* A freed block rests as long as there is a fresh one, and then the longest rested comes first. */
static void test_reuse_is_first_in_first_out(void **state)
{
	static const int order[] = { 7, 3, 4095, 0, 3000 };
	char *early = pool_alloc(8);

	(void)state;
	assert_true(pool_free(early));
	for (int i = 1; i < POOL_BLOCKS; i++) {
		block[i] = pool_alloc(8);
		assert_ptr_not_equal(block[i], early);
	}
	block[0] = pool_alloc(8);
	assert_ptr_equal(block[0], early);
	/* More than once around the ring. */
	for (int round = 0; round < 2000; round++) {
		for (size_t i = 0; i < LEN(order); i++)
			assert_true(pool_free(block[order[i]]));
		for (size_t i = 0; i < LEN(order); i++)
			assert_ptr_equal(pool_alloc(8), block[order[i]]);
	}
}

static void test_live(void **state)
{
	char *one = pool_alloc(48);
	int here = 0;

	(void)state;
	assert_true(pool_live(one));
	assert_true(pool_live(one + 47));
	assert_false(pool_live(one - 1));
	assert_false(pool_live(one + POOL_BLOCK));
	assert_false(pool_live(&here));
	assert_false(pool_live(NULL));
	pool_free(one);
	assert_false(pool_live(one));
}

static void test_reset(void **state)
{
	char *first;

	(void)state;
	take_all();
	first = block[0];
	pool_free(block[5]);
	pool_reset();
	assert_int_equal(pool_count(), 0);
	for (int i = 0; i < POOL_BLOCKS; i++)
		assert_false(pool_live(block[i]));
	assert_false(pool_free(block[1]));
	assert_ptr_equal(pool_alloc(1), first);
	pool_reset();
	assert_ptr_equal(pool_alloc(1), first);
}

static void test_poison(void **state)
{
	(void)state;
#ifdef is_poisoned
	for (int round = 0; round < 2; round++) {
		char *one = pool_alloc(48);

		assert_int_equal(!is_poisoned(one), OPEN_AT_FIRST);
		assert_int_equal(!is_poisoned(one + 47), OPEN_AT_FIRST);
		assert_true(is_poisoned(one + 48));
		assert_true(is_poisoned(one + POOL_BLOCK - 1));
		memset(one, 1, 48);
		assert_false(is_poisoned(one));
		if (round)
			pool_reset();
		else
			pool_free(one);
		assert_true(is_poisoned(one));
		assert_true(is_poisoned(one + 47));
	}
#else
	skip();
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_bad_frees, setup),
		cmocka_unit_test_setup(test_sizes, setup),
		cmocka_unit_test_setup(test_exhaustion, setup),
		cmocka_unit_test_setup(test_reuse_is_first_in_first_out, setup),
		cmocka_unit_test_setup(test_live, setup),
		cmocka_unit_test_setup(test_reset, setup),
		cmocka_unit_test_setup(test_poison, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
