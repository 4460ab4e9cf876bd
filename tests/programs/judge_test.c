// SPDX-License-Identifier: GPL-2.0-only
/*
 * From how a run ended to an exit status.  What a sanitizer stops is really stopped by it, in a child
 * process: that exits with 1 because a report was printed, and with 2 where memory was used up.
 */
#include "tests/test.h"

#include "fuzz/programs/judge.h"
#include "fuzz/trace/file.h"

#include <sys/wait.h>
#include <unistd.h>

#ifndef __has_feature
#define __has_feature(x) 0
#endif

static int status_before;

/* The exit status of a child that has asked for @rule (NULL: for any) and then does @what. */
static int status_of(const char *rule, int before, void (*what)(void))
{
	int status;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (!child) {
		if (!freopen("/dev/null", "w", stderr) || (rule && judge_option(rule) != 1))
			_exit(99);
		status_before = before;
		judge_stops(NULL, &status_before);
		what();
		_exit(98);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void fail_links_sane(void)
{
	const struct verdict verdict = { .failed = true, .rule = RULE_LINKS_SANE };

	_exit(judge_failed(&verdict));
}

static void test_failed(void **state)
{
	(void)state;
	assert_int_equal(status_of(NULL, 0, fail_links_sane), EXIT_RULE_FAILED);
	assert_int_equal(status_of("--rule=links-sane", 0, fail_links_sane), EXIT_RULE_FAILED);
	assert_int_equal(status_of("--rule=map-shape", 0, fail_links_sane), EXIT_CANNOT_SAY);
}

static void test_both(void **state)
{
	static const int better[] = { EXIT_GOOD, EXIT_CANNOT_SAY, EXIT_RULE_FAILED, EXIT_UNUSABLE };

	(void)state;
	for (int i = 0; i < 4; i++)
		for (int j = 0; j <= i; j++) {
			assert_int_equal(judge_both(better[i], better[j]), better[i]);
			assert_int_equal(judge_both(better[j], better[i]), better[i]);
		}
}

#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
static void read_badly(void)
{
	char *volatile block = malloc(1);
#if __has_feature(address_sanitizer)
	free(block);
#endif
	if (*block)
		_exit(97);
	_exit(96);
}

static void use_up_memory(void)
{
	char *volatile block = malloc(SIZE_MAX / 2);

	_exit(block ? 95 : 94);
}

static void test_sanitizer(void **state)
{
	const bool is_asan = __has_feature(address_sanitizer);
	const char *its = is_asan ? "--rule=memory-clean" : "--rule=uninitialised-read";

	(void)state;
	assert_int_equal(status_of(NULL, EXIT_GOOD, read_badly), EXIT_RULE_FAILED);
	assert_int_equal(status_of(its, EXIT_GOOD, read_badly), EXIT_RULE_FAILED);
	assert_int_equal(status_of("--rule=map-shape", EXIT_GOOD, read_badly), EXIT_CANNOT_SAY);
	/* A trace before it failed by the rule, or could not be read. */
	assert_int_equal(status_of("--rule=map-shape", EXIT_RULE_FAILED, read_badly),
	                 EXIT_RULE_FAILED);
	assert_int_equal(status_of(NULL, EXIT_UNUSABLE, read_badly), EXIT_UNUSABLE);
	assert_int_equal(status_of(NULL, EXIT_GOOD, use_up_memory), EXIT_UNUSABLE);
}
#else
static void test_sanitizer(void **state)
{
	(void)state;
	skip();
}
#endif

static void test_looked(void **state)
{
	struct trace trace;

	(void)state;
	parse_text(&trace, NULL, "board unit refuse 1");
	assert_true(judge_looked(&trace, "some.trace"));
	parse_text(&trace, NULL, "add a");
	assert_true(judge_looked(&trace, "some.trace"));
	parse_text(&trace, NULL, "board wide");
	assert_false(judge_looked(&trace, "no-op.trace, as the test wants"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_failed),
		cmocka_unit_test(test_both),
		cmocka_unit_test(test_sanitizer),
		cmocka_unit_test(test_looked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
