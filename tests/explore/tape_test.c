// SPDX-License-Identifier: GPL-2.0-only
/*
 * A tape goes all ways, each once; a state is met once, and by its shortest way.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fuzz/explore/states.h"
#include "fuzz/explore/tape.h"

/* Three choices; whoever takes the second has two more, and then one. */
static unsigned walk(struct tape *tape)
{
	int first = tape_choose(tape, 3), second = 0;

	if (first == 1) {
		second = tape_choose(tape, 2);
		assert_int_equal(tape_choose(tape, 1), 0);
	}
	return first * 10 + second;
}

static void test_goes_all_ways(void **state)
{
	static const unsigned ways[] = { 0, 10, 11, 20 };
	struct tape tape = { 0 };
	unsigned way = 0;

	(void)state;
	do {
		tape_rewind(&tape);
		assert_true(way < 4);
		assert_int_equal(walk(&tape), ways[way++]);
	} while (tape_next(&tape));
	assert_int_equal(way, 4);
}

static void test_tells_when_choices_differ(void **state)
{
	struct tape tape = { 0 };

	(void)state;
	assert_int_equal(tape_choose(&tape, 3), 0);
	tape_rewind(&tape);
	assert_int_equal(tape_choose(&tape, 2), -1);
	assert_int_equal(tape_choose(&tape, 0), -1);
	assert_int_equal(tape_choose(&tape, 256), -1);
}

static void test_meets_a_state_once(void **state)
{
	struct tape way = { .at = 2, .length = 2, .choice = { 7, 9 } }, told;
	struct state_key key = { .state = 5, .hidden = 1 };
	bool hides;

	(void)state;
	assert_in_range(states_open(1 << 16), 100, 1 << 16);
	assert_int_equal(states_meet(&key, 0, 4, &way, &hides), MET_NEW);
	assert_false(hides);
	assert_int_equal(states_meet(&key, 3, 4, &way, &hides), MET_KNOWN);
	way.choice[1] = 8;
	assert_int_equal(states_meet(&key, 3, 2, &way, &hides), MET_CHEAPER);
	assert_int_equal(states_at(0)->parent, 3);
	assert_int_equal(states_at(0)->cost, 2);
	states_tape(0, &told);
	assert_int_equal(told.length, 2);
	assert_memory_equal(told.choice, "\7\10", 2);
	key.hidden = 2;
	assert_int_equal(states_meet(&key, 0, 1, &way, &hides), MET_NEW);
	assert_true(hides);
	assert_int_equal(states_count(), 2);
}

static void test_has_only_so_much_room(void **state)
{
	struct tape way = { 0 };
	size_t room = states_open(1 << 12);
	struct state_key key = { 0 };
	bool hides;

	(void)state;
	for (; key.state < room; key.state++)
		assert_int_equal(states_meet(&key, 0, 1, &way, &hides), MET_NEW);
	assert_int_equal(states_meet(&key, 0, 1, &way, &hides), MET_CUT);
	key.state = 0;
	assert_int_equal(states_meet(&key, 0, 1, &way, &hides), MET_KNOWN);
	assert_int_equal(states_meet(&key, 0, STATES_MOST_COST + 1, &way, &hides), MET_KNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_goes_all_ways),
		cmocka_unit_test(test_tells_when_choices_differ),
		cmocka_unit_test(test_meets_a_state_once),
		cmocka_unit_test(test_has_only_so_much_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
