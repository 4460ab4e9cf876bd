// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls that wait for each other: who goes on when, what is a task's own, and what is said when everybody
 * waits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fuzz/run/fiber.h"
#include "fuzz/run/report.h"
#include "fuzz/run/tasks.h"

/* Run @call, which must fail by @rule. */
static void fails_by(enum rule rule, void (*call)(void))
{
	memset(&report_verdict, 0, sizeof(report_verdict));
	if (!setjmp(report_catch))
		call();
	assert_true(report_verdict.failed);
	assert_int_equal(report_verdict.rule, rule);
}

static unsigned unlocked, holder, own;
static char said[64];

static void say(const char *what)
{
	strncat(said, what, sizeof(said) - strlen(said) - 1);
}

static void lock(void)
{
	while (holder)
		tasks_wait(1u << holder, "a lock", "tasks_test.c", 1);
	holder = tasks_current();
}

static void unlock(void)
{
	holder = 0;
	unlocked++;
}

static int begin(void **state)
{
	(void)state;
	unlocked = holder = own = 0;
	said[0] = '\0';
	tasks_reset(&unlocked);
	tasks_own(&own, sizeof(own));
	return 0;
}

/* Wants the lock, and says its letter when it has it. */
static void want(size_t letter)
{
	char word[2] = { (char)letter, '\0' };

	own = (unsigned)letter;
	lock();
	say(word);
	assert_int_equal(own, letter);
	unlock();
}

static void test_runs_at_once_if_nothing_is_held(void **state)
{
	(void)state;
	assert_true(tasks_run(want, 'a'));
	assert_string_equal(said, "a");
	assert_int_equal(tasks_waiting(), 0);
}

static void test_waits_and_goes_on_in_order(void **state)
{
	(void)state;
	lock();
	assert_true(tasks_run(want, 'a'));
	assert_true(tasks_run(want, 'b'));
	assert_int_equal(tasks_waiting(), 2);
	assert_false(tasks_moment()); /* nothing was given back */
	own = 7;
	unlock();
	assert_true(tasks_moment());
	assert_string_equal(said, "ab");
	assert_int_equal(own, 7);
}

static void test_finish_runs_who_is_left(void **state)
{
	(void)state;
	lock();
	assert_true(tasks_run(want, 'a'));
	unlock();
	tasks_finish();
	assert_string_equal(said, "a");
}

static void test_there_are_only_so_many(void **state)
{
	(void)state;
	lock();
	for (int i = 0; i < FIBERS; i++)
		assert_true(tasks_run(want, 'a' + (size_t)i));
	assert_false(tasks_run(want, 'z'));
	unlock();
	tasks_finish();
	assert_int_equal(strlen(said), FIBERS);
}

/* Has the lock, and wants what nobody gives back. */
static void hold_and_want(size_t arg)
{
	(void)arg;
	lock();
	tasks_wait(1u << 1, "another lock", "tasks_test.c", 2);
}

static void wait_for_each_other(void)
{
	assert_true(tasks_run(hold_and_want, 1));
	lock();
}

static void finish_with_a_lock(void)
{
	lock();
	assert_true(tasks_run(want, 'a'));
	tasks_finish();
}

static void fail_in_task(size_t arg)
{
	(void)arg;
	report_fail(RULE_KERNEL_ASSERT, "out of a task");
}

static void run_failing_task(void)
{
	tasks_run(fail_in_task, 0);
}

static void test_everybody_waits(void **state)
{
	(void)state;
	fails_by(RULE_CALL_ENDS, wait_for_each_other);
	assert_non_null(strstr(report_verdict.what, "deadlock: op 1 waits for a lock of op 2"));
	assert_non_null(strstr(report_verdict.what,
	                       "op 2 waits for another lock of op 1; at tasks_test.c"));
	begin(state);
	fails_by(RULE_CALL_ENDS, finish_with_a_lock);
}

/* Whoever was left by a failed rule is not met again. */
static void test_leaves_from_a_task(void **state)
{
	for (int i = 0; i < 3 * FIBERS; i++) {
		begin(state);
		fails_by(RULE_KERNEL_ASSERT, run_failing_task);
		assert_int_equal(fiber_current(), -1);
	}
	begin(state);
	assert_true(tasks_run(want, 'a'));
	assert_string_equal(said, "a");
}

/* Waits for no lock, and says its letter when somebody says that it goes on. */
static void park(size_t letter)
{
	char word[2] = { (char)letter, '\0' };

	own = (unsigned)letter;
	assert_true(tasks_park());
	assert_int_equal(own, letter);
	say(word);
}

static void test_goes_on_when_somebody_says_so(void **state)
{
	(void)state;
	assert_false(tasks_park()); /* nobody started this one */
	assert_false(tasks_go_on(0));
	assert_true(tasks_run(park, 'a'));
	assert_true(tasks_run(park, 'b'));
	assert_true(tasks_run(park, 'c'));
	unlock();
	assert_false(tasks_moment()); /* a lock is not what they wait for */
	tasks_finish();
	assert_string_equal(said, "");
	assert_false(tasks_go_on(3));
	assert_true(tasks_go_on(1));
	assert_true(tasks_go_on(0));
	assert_true(tasks_go_on(0));
	assert_false(tasks_go_on(0));
	assert_string_equal(said, "bac");
}

/* Nobody is left who could give the lock back but one who waits for its turn. */
static void hold_and_park(size_t letter)
{
	lock();
	park(letter);
	unlock();
}

static void test_whoever_has_the_lock_goes_on(void **state)
{
	(void)state;
	assert_true(tasks_run(hold_and_park, 'a'));
	lock();
	assert_string_equal(said, "a");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_runs_at_once_if_nothing_is_held, begin),
		cmocka_unit_test_setup(test_waits_and_goes_on_in_order, begin),
		cmocka_unit_test_setup(test_finish_runs_who_is_left, begin),
		cmocka_unit_test_setup(test_there_are_only_so_many, begin),
		cmocka_unit_test_setup(test_everybody_waits, begin),
		cmocka_unit_test_setup(test_leaves_from_a_task, begin),
		cmocka_unit_test_setup(test_goes_on_when_somebody_says_so, begin),
		cmocka_unit_test_setup(test_whoever_has_the_lock_goes_on, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
