// SPDX-License-Identifier: GPL-2.0-only
/*
 * The blocks that the map's memory comes from: what it refuses to take back, in which order it hands
 * out, what it counts and what it poisons.
 */
#include "tests/test.h"

#include "fuzz/run/blocks.h"

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

static char *block[BLOCKS];

static int setup(void **state)
{
	(void)state;
	blocks_reset();
	return 0;
}

static void take_all(void)
{
	for (int i = 0; i < BLOCKS; i++) {
		block[i] = block_alloc(BLOCK_SIZE);
		assert_non_null(block[i]);
		assert_int_equal(blocks_count(), i + 1);
	}
}

static void test_bad_frees(void **state)
{
	static char foreign[BLOCK_SIZE];
	char *one = block_alloc(48), *two = block_alloc(48);

	(void)state;
	assert_false(block_free(NULL));
	assert_false(block_free(foreign));
	assert_false(block_free(one + 1));
	assert_false(block_free(one + BLOCK_SIZE - 1));
	assert_false(block_free(one - 1));
	assert_false(block_free(two + BLOCK_SIZE)); /* one of ours, never handed out */
	assert_int_equal(blocks_count(), 2);
	assert_true(block_free(one));
	assert_false(block_free(one));
	assert_true(block_live(two));
	assert_true(block_free(two));
	assert_int_equal(blocks_count(), 0);
}

static void test_sizes(void **state)
{
	static const struct {
		size_t size;
		bool given;
	} size[] = { { 1, true },
		     { 48, true },
		     { BLOCK_SIZE, true },
		     { BLOCK_SIZE + 1, false },
		     { SIZE_MAX, false } };
	size_t live = 0;

	(void)state;
	for (size_t i = 0; i < LEN(size); i++) {
		void *got = block_alloc(size[i].size);

		assert_int_equal(got != NULL, size[i].given);
		assert_int_equal(blocks_count(), live += size[i].given);
		assert_int_equal((uintptr_t)got % 16, 0);
	}
}

static void test_exhaustion(void **state)
{
	(void)state;
	take_all();
	assert_null(block_alloc(1));
	assert_null(block_alloc(1));
	assert_int_equal(blocks_count(), BLOCKS);
	assert_false(block_live(block[0] - 1));
	assert_false(block_live(block[BLOCKS - 1] + BLOCK_SIZE));
	assert_false(block_free(block[BLOCKS - 1] + BLOCK_SIZE));
	assert_true(block_free(block[1234]));
	assert_ptr_equal(block_alloc(1), block[1234]);
	assert_null(block_alloc(1));
}

/* A freed block rests as long as there is a fresh one, and then the longest rested comes first. */
static void test_reuse_is_first_in_first_out(void **state)
{
	static const int order[] = { 7, 3, 4095, 0, 3000 };
	char *early = block_alloc(8);

	(void)state;
	assert_true(block_free(early));
	for (int i = 1; i < BLOCKS; i++) {
		block[i] = block_alloc(8);
		assert_ptr_not_equal(block[i], early);
	}
	block[0] = block_alloc(8);
	assert_ptr_equal(block[0], early);
	/* More than once around the ring. */
	for (int round = 0; round < 2000; round++) {
		for (size_t i = 0; i < LEN(order); i++)
			assert_true(block_free(block[order[i]]));
		for (size_t i = 0; i < LEN(order); i++)
			assert_ptr_equal(block_alloc(8), block[order[i]]);
	}
}

static void test_live(void **state)
{
	char *one = block_alloc(48);
	int here = 0;

	(void)state;
	assert_true(block_live(one));
	assert_true(block_live(one + 47));
	assert_false(block_live(one - 1));
	assert_false(block_live(one + BLOCK_SIZE));
	assert_false(block_live(&here));
	assert_false(block_live(NULL));
	block_free(one);
	assert_false(block_live(one));
}

static void test_reset(void **state)
{
	char *first;

	(void)state;
	take_all();
	first = block[0];
	block_free(block[5]);
	blocks_reset();
	assert_int_equal(blocks_count(), 0);
	for (int i = 0; i < BLOCKS; i++)
		assert_false(block_live(block[i]));
	assert_false(block_free(block[1]));
	assert_ptr_equal(block_alloc(1), first);
	blocks_reset();
	assert_ptr_equal(block_alloc(1), first);
}

static void test_poison(void **state)
{
	(void)state;
#ifdef is_poisoned
	for (int round = 0; round < 2; round++) {
		char *one = block_alloc(48);

		assert_int_equal(!is_poisoned(one), OPEN_AT_FIRST);
		assert_int_equal(!is_poisoned(one + 47), OPEN_AT_FIRST);
		assert_true(is_poisoned(one + 48));
		assert_true(is_poisoned(one + BLOCK_SIZE - 1));
		memset(one, 1, 48);
		assert_false(is_poisoned(one));
		if (round)
			blocks_reset();
		else
			block_free(one);
		assert_true(is_poisoned(one));
		assert_true(is_poisoned(one + 47));
	}
#else
	skip();
#endif
}

static void test_comes_back_to_what_was_saved(void **state)
{
	char *kept = block_alloc(3), *gone = block_alloc(BLOCK_SIZE), *later;
	struct blocks_saved *saved;

	(void)state;
	memcpy(kept, "ab", 3);
	memset(gone, 0, BLOCK_SIZE);
	block_free(gone);
	saved = blocks_save(NULL);
	assert_non_null(saved);
	for (int round = 0; round < 2; round++) {
		memcpy(kept, "xy", 3);
		later = block_alloc(1);
		block_free(kept);
		blocks_restore(saved);
		assert_string_equal(kept, "ab");
		assert_int_equal(block_size(kept), 3);
		assert_int_equal(block_size(kept + 1), 0);
		assert_false(block_live(gone));
		assert_false(block_live(later));
		assert_int_equal(blocks_count(), 1);
#ifdef is_poisoned
		assert_true(is_poisoned(kept + 3));
		assert_true(is_poisoned(later));
		assert_true(is_poisoned(gone));
#endif
	}
	/* A fresh block is the one that was the next then. */
	assert_ptr_equal(block_alloc(1), later);
	assert_ptr_equal(blocks_save(saved), saved);
	free(saved);
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
		cmocka_unit_test_setup(test_comes_back_to_what_was_saved, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
