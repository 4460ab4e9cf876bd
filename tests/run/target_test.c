// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every target that programs are linked with is whole: its table can be told apart in bytes and text,
 * it has what the machine asks of it, and each op of a text's own target has a call that is made.
 */
#include "tests/test.h"

#include "fuzz/mutate/mutate.h"

/* Each kind of op, in a place where it makes sense.  A new op of a target comes here too. */
static const char *const every_op[] = {
	"board unit\nchg [0,9) a\nadd a\nchg [20,22) a\nabort a\ndel [0,1)\ncount [0,9)\nbad "
	"[1,2)\n",
	"pool 8\nmap a file 0 [0,4)\ncopy a page 2\nfault a page 1 write\nzap a page 1\nfork a "
	"b\nunmap a\nunmap b\n"
	"punch file 0 [0,1)\ntruncate file 0 to 1\nevict file 0\nresize to 9\n"
	"backwards c file 1 [1,2)\n",
};

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
		assert_in_range(target->opens, 1, target->ops - 1);
		assert_in_range(target->rarely, 0, target->ops - 1);
		for (size_t kind = 0; mutation_of(target, kind); kind++)
			assert_true(mutation_of(target, kind)->name &&
			            mutation_of(target, kind)->run);
	}
}

/* The kinds of which one op was called, a bit each. */
static unsigned called_by(const struct target *target, const char *text)
{
	static struct trace trace;
	struct trace_error error;
	unsigned called = 0;

	assert_true(trace_parse(&trace, NULL, target, text, strlen(text), &error));
	if (trace.target != target)
		return 0;
	if (!run_trace(target, &trace, NULL, RUN_TWICE))
		fail_msg("%s: %s", rule_name[report_verdict.rule], report_verdict.what);
	for (size_t i = 0; i < trace.count; i++)
		if (run_results()[i].kind == RESULT_VALUE)
			called |= 1u << trace.op[i].kind;
	return called;
}

static void test_every_op_is_called(void **state)
{
	(void)state;
	for (int t = 0; targets[t]; t++) {
		unsigned called = 0;

		/* Another target has the same ops, and calls them all. */
		if (!target_is_first(t))
			continue;
		for (size_t i = 0; targets[t]->op && i < LEN(every_op); i++)
			called |= called_by(targets[t], every_op[i]);
		for (unsigned kind = 1; kind < targets[t]->ops; kind++)
			if (!(called >> kind & 1))
				fail_msg("%s: %s is not called by any of every_op[]",
				         targets[t]->name, targets[t]->op[kind].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_what_the_machine_calls),
		cmocka_unit_test(test_every_op_is_called),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
