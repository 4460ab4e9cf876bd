// SPDX-License-Identifier: GPL-2.0-only
/*
 * The model against one written without any cleverness: an array of 64 cells, each question a
 * loop.  Then a few cases that say in so many words what is meant.
 *
 * Knows no map.
 */
#include "tests/test.h"

#include "fuzz/targets/region/model.h"

enum { NOBODY = -1 };

/* Who owns each cell, and where regions begin. */
static struct naive {
	int cgroup[CELLS];
	bool start[CELLS];
} naive;

static struct model model;
static struct trace board;

static void both_open(const char *text, bool merges)
{
	parse_text(&board, NULL, text);
	model_open(&model, board.at, merges);
	for (int i = 0; i < CELLS; i++) {
		naive.cgroup[i] = NOBODY;
		naive.start[i] = false;
	}
}

static void both_add(unsigned from, unsigned to, int cgroup)
{
	bool before_was_there = true;

	model_add(&model, from, to, cgroup);
	for (unsigned i = from; i < to; i++) {
		bool is_there = naive.cgroup[i] != NOBODY;

		if (!is_there) {
			naive.cgroup[i] = cgroup;
			naive.start[i] = before_was_there;
		}
		before_was_there = is_there;
	}
	for (unsigned i = 1; model.merges && i < CELLS; i++)
		if (naive.cgroup[i] != NOBODY && naive.cgroup[i] == naive.cgroup[i - 1])
			naive.start[i] = false;
}

static void both_del(unsigned from, unsigned to)
{
	model_del(&model, from, to);
	for (unsigned i = from; i < to; i++) {
		naive.cgroup[i] = NOBODY;
		naive.start[i] = false;
	}
	if (from < to && to < CELLS && naive.cgroup[to] != NOBODY)
		naive.start[to] = true;
}

static void assert_same_counts(unsigned from, unsigned to)
{
	long covered = 0, missing = 0, holes = 0;
	bool splits = from < to && from > 0 && to < CELLS;

	for (unsigned i = from; i < to; i++) {
		long pages = board.at[i + 1] - board.at[i];

		if (naive.cgroup[i] != NOBODY) {
			covered += pages;
			continue;
		}
		missing += pages;
		holes += i == from || naive.cgroup[i - 1] != NOBODY;
	}
	for (unsigned i = from; splits && i <= to; i++)
		splits = naive.cgroup[i] != NOBODY && !naive.start[i];
	assert_true(model_covered(&model, from, to) == covered);
	assert_true(model_missing(&model, from, to) == missing);
	assert_true(model_holes(&model, from, to) == holes);
	assert_int_equal(model_splits(&model, from, to), splits);
}

/* The regions of both, beginning at any cell. */
static void assert_same_regions(unsigned cell)
{
	unsigned from, to = cell;

	for (unsigned i = cell; i < CELLS; i++) {
		unsigned end = i + 1;

		if (!naive.start[i])
			continue;
		while (end < CELLS && naive.cgroup[end] != NOBODY && !naive.start[end])
			end++;
		assert_true(model_region(&model, to, &from, &to));
		assert_int_equal(from, i);
		assert_int_equal(to, end);
	}
	assert_false(model_region(&model, to, &from, &to));
}

static void assert_same(unsigned from, unsigned to)
{
	assert_same_counts(from, to);
	assert_same_counts(0, CELLS);
	assert_same_regions(0);
	assert_same_regions(from);
	for (int i = 0; i < CELLS; i++)
		if (naive.cgroup[i] != NOBODY)
			assert_int_equal(model_cgroup(&model, i), naive.cgroup[i]);
}

/* Half of all ranges are short, so that boards fill up with many regions. */
static void random_range(uint64_t *seed, unsigned *from, unsigned *to)
{
	unsigned longest;

	*from = next_random(seed) % (CELLS + 1);
	longest = CELLS - *from;
	if (next_random(seed) % 2 && longest > 5)
		longest = 5;
	*to = *from + next_random(seed) % (longest + 1);
}

static void test_against_naive(void **state)
{
	static const char *const text[] = { "board unit", "board wide", "board high",
		                            "board raw 3 4 1000 9223372036854775000" };
	uint64_t seed = 5050;

	(void)state;
	for (int round = 0; round < 64; round++) {
		both_open(text[round % 4], round / 4 % 2);
		for (int op = 0; op < 200; op++) {
			unsigned from, to;

			random_range(&seed, &from, &to);
			if (next_random(&seed) % 3)
				both_add(from, to,
				         round % 8 < 6 ? next_random(&seed) % CGROUPS : 0);
			else
				both_del(from, to);
			random_range(&seed, &from, &to);
			assert_same(from, to);
		}
	}
}

/* Every range of a board whose every second cell is covered, and of a full one. */
static void test_every_range(void **state)
{
	(void)state;
	for (int full = 0; full < 2; full++) {
		both_open("board wide", false);
		for (unsigned i = 0; i < CELLS; i += 2)
			both_add(i, i + 1, i % CGROUPS);
		if (full)
			both_add(0, CELLS, 3);
		for (unsigned from = 0; from <= CELLS; from++)
			for (unsigned to = from; to <= CELLS; to++)
				assert_same_counts(from, to);
	}
}

static void assert_regions(const char *expected)
{
	struct printed printed;
	unsigned from, to = 0;

	print_begin(&printed);
	while (model_region(&model, to, &from, &to))
		fprintf(printed.out, "[%u,%u)%u ", from, to, model_cgroup(&model, from));
	assert_printed(&printed, expected);
}

/* The patch's own example, on both kinds of map. */
static void test_example(void **state)
{
	(void)state;
	for (int merges = 0; merges < 2; merges++) {
		both_open("board unit", merges);
		model_add(&model, 0, 1, 0);
		model_add(&model, 2, 3, 0);
		model_add(&model, 5, 6, 0);
		assert_int_equal(model_missing(&model, 0, 5), 3);
		assert_int_equal(model_holes(&model, 0, 5), 2);
		model_add(&model, 0, 5, 0);
		assert_regions(merges ? "[0,6)0 " : "[0,1)0 [1,2)0 [2,3)0 [3,5)0 [5,6)0 ");
	}
}

/* Regions of different owners never merge; what is covered keeps its owner. */
static void test_owners(void **state)
{
	(void)state;
	both_open("board unit", true);
	model_add(&model, 0, 2, 1);
	model_add(&model, 4, 6, 2);
	model_add(&model, 0, 6, 2);
	assert_regions("[0,2)1 [2,6)2 ");
	model_add(&model, 6, 7, 1);
	model_del(&model, 3, 4);
	assert_regions("[0,2)1 [2,3)2 [4,6)2 [6,7)1 ");
	model_add(&model, 3, 4, 1);
	assert_regions("[0,2)1 [2,3)2 [3,4)1 [4,6)2 [6,7)1 ");
}

static void test_splits(void **state)
{
	static const struct {
		unsigned from, to;
		bool splits;
	} del[] = {
		{ 3, 4, true },  { 2, 3, true },  { 1, 3, false }, { 3, 6, false }, { 2, 5, true },
		{ 3, 3, false }, { 0, 1, false }, { 7, 8, true },  { 5, 7, false }, { 1, 9, false },
	};

	(void)state;
	both_open("board unit", false);
	model_add(&model, 1, 6, 0);
	model_add(&model, 6, 9, 0);
	for (size_t i = 0; i < LEN(del); i++)
		assert_int_equal(model_splits(&model, del[i].from, del[i].to), del[i].splits);
}

/* Sums of pages go up to LONG_MAX and no further. */
static void test_pages(void **state)
{
	(void)state;
	both_open("board raw 9223372036854775744", false);
	both_add(0, CELLS, 0);
	assert_true(model_covered(&model, 0, CELLS) == LONG_MAX);
	assert_true(model_covered(&model, 0, 1) == LONG_MAX - 63);
	both_del(0, 1);
	assert_int_equal(model_covered(&model, 0, CELLS), 63);
	both_open("board wide", false);
	assert_true(model_missing(&model, 0, CELLS) == 1L << 62);
	assert_true(model_missing(&model, 1, 3) == 1L << 57);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_naive), cmocka_unit_test(test_every_range),
		cmocka_unit_test(test_example),       cmocka_unit_test(test_owners),
		cmocka_unit_test(test_splits),        cmocka_unit_test(test_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
