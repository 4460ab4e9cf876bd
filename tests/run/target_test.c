// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every target that programs are linked with is whole: its table can be told apart in bytes and text,
 * it has what the machine asks of it, and each of its ops has a seed in which it is called.
 */
#include "tests/test.h"

#include "fuzz/mutate/mutate.h"
#include "fuzz/trace/file.h"

static void test_tables(void **state)
{
	(void)state;
	assert_non_null(targets[0]);
	for (int t = 0; targets[t]; t++) {
		const struct op_info *op = targets[t]->op;

		assert_ptr_equal(target_find(targets[t]->name), targets[t]);
		for (unsigned i = 0; i < targets[t]->ops; i++) {
			assert_non_null(op[i].name);
			assert_non_null(op[i].doc);
			assert_int_equal(!(op[i].operands & OP_HEAD), i > 0);
			/* No letter stands for two kinds; the head's is not read. */
			for (unsigned k = i ? i + 1 : i; i && k < targets[t]->ops; k++)
				assert_int_not_equal(op[k].wire, op[i].wire);
			for (unsigned k = i + 1; k < targets[t]->ops; k++)
				assert_string_not_equal(op[k].name, op[i].name);
		}
	}
	assert_null(target_find("no such target"));
}

/* Is there a kind about what another one has opened? */
static bool closes(const struct target *target)
{
	for (unsigned kind = 1; kind < target->ops; kind++)
		if (target->op[kind].operands & OP_ANY_SLOT &&
		    !(target->op[kind].operands & OP_RANGE))
			return true;
	return false;
}

static void test_what_the_machine_calls(void **state)
{
	(void)state;
	for (int t = 0; targets[t]; t++) {
		const struct target *target = targets[t];

		if (target->check_text)
			continue;
		assert_true(target->op && target->open && target->may_run && target->call);
		assert_true(target->close && target->print_state && target->open_slots);
		assert_in_range(target->first_ops, 1, target->ops - 1);
		assert_in_range(target->opens, 0, target->ops - 1);
		assert_true(!target->opens || closes(target));
		assert_in_range(target->rarely, 0, target->ops - 1);
		for (size_t kind = 0; mutation_of(target, kind); kind++)
			assert_true(mutation_of(target, kind)->name &&
			            mutation_of(target, kind)->run);
	}
}

static unsigned called, there; /* kinds of which one op was called, or is in a seed, a bit each */

static bool can(const struct target *target, unsigned kind)
{
	return !target->can || target->can(kind);
}

static void count_called(const char *path, bool alone)
{
	static struct trace trace;

	(void)alone;
	assert_true(file_read_trace(path, NULL, &trace, NULL));
	if (!run_trace(trace.target, &trace, NULL, RUN_ONCE))
		fail_msg("%s: %s: %s", path, rule_name[report_verdict.rule], report_verdict.what);
	for (size_t i = 0; i < trace.count; i++) {
		there |= 1u << trace.op[i].kind;
		if (run_results()[i].kind == RESULT_VALUE)
			called |= 1u << trace.op[i].kind;
	}
}

/* Each kind of op has a seed, in which it makes sense and is called, unless what is linked cannot do it. */
static void test_every_op_has_a_seed(void **state)
{
	(void)state;
	for (int t = 0; targets[t]; t++) {
		const struct target *target = targets[t];
		char folder[64];

		/* Another target has the same ops, and calls them all; or it has none. */
		if (!target->op || !target_is_first(t))
			continue;
		called = there = 0;
		snprintf(folder, sizeof(folder), "corpus/%s", target->name);
		assert_in_range(file_each(folder, count_called), 1, LONG_MAX);
		for (unsigned kind = 1; kind < target->ops; kind++)
			if (!(there >> kind & 1) || can(target, kind) != (called >> kind & 1))
				fail_msg("%s: %s %s", folder, target->op[kind].name,
				         called >> kind & 1
				                 ? "is called, though it cannot be"
				                 : "is called by no trace; put one there");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_what_the_machine_calls),
		cmocka_unit_test(test_every_op_has_a_seed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
