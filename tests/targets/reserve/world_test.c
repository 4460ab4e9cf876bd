// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may run in whose window: each pair of ops, held against a table that gives the reason.  One
 * op is taken to be under way, as world_may_run() describes it, and it is asked for the other.
 */
#include "tests/test.h"

#include "fuzz/run/refuse.h"
#include "fuzz/run/blocks.h"
#include "fuzz/targets/reserve/port/state.h"

/*
 * Files 0 and 1 are mapped: file 0 by a, shared, and b, private; file 1 by c.  File 2 is there, and
 * nobody has mapped it.  d to h are free.
 */
static int start(void **state)
{
	static const struct op map[] = {
		{ .kind = OP_map, .to = 8 },
		{ .kind = OP_map, .slot = 1, .to = 8, .opts = OPT_PRIVATE },
		{ .kind = OP_map, .slot = 2, .file = 1, .to = 8 },
	};

	(void)state;
	refuse_drive_shim(block_alloc);
	world_begin(&port_state, 32, 0);
	for (int file = 0; file < 3; file++) {
		assert_int_equal(hugetlbfs_new_inode(&port_state.inode[file],
		                                     &port_state.file[file], &port_state.unlimited,
		                                     &vm_cgroup[1]),
		                 0);
		port_state.file_exists[file] = true;
	}
	port_state.inode[2].i_size = 8 * PMD_SIZE;
	for (size_t i = 0; i < LEN(map); i++)
		assert_int_equal(world_run(&port_state, &map[i]), 0);
	return 0;
}

static struct op op_of(const char *text)
{
	static struct trace trace;

	parse_text(&trace, NULL, text);
	assert_int_equal(trace.count, 1);
	return trace.op[0];
}

/* May @inner run while @outer, if any, is under way? */
static bool may_run(const char *outer, const char *inner)
{
	struct op out, in = op_of(inner);
	struct under_way outer_call, inner_call;
	bool may;

	port_state.under_way = NULL;
	if (outer) {
		out = op_of(outer);
		if (!world_may_run(&port_state, &out, &outer_call))
			fail_msg("cannot run at all: %s", outer);
		port_state.under_way = &outer_call;
	}
	may = world_may_run(&port_state, &in, &inner_call);
	if (may)
		assert_ptr_equal(inner_call.outer, port_state.under_way);
	port_state.under_way = NULL;
	return may;
}

enum { KINDS = 9 };

/*
 * What keeps the op of a column out of a window of the op of a row: the inode lock, a fault mutex,
 * the mmap lock of a slot; x, that a file is given up while it is in use; - is nothing.
 */
static const struct table {
	const char *outer[KINDS], *inner[KINDS];
	const char *why[KINDS];
} tables[] = {
	/* one file, other mappings of it, the same pages */
	{ { "map d file 0 [0,4)", "fault a page 2", "unmap a", "fork a d", "truncate file 0 to 1",
	    "punch file 0 [2,3)", "evict file 2", "resize to 9", "backwards d file 0 [1,3)" },
	  { "map e file 0 [0,4)", "fault b page 2", "unmap b", "fork b e", "truncate file 0 to 2",
	    "punch file 0 [1,4)", "evict file 2", "resize to 9", "backwards e file 0 [1,3)" },
	  {
		  "i---ii--i", /* map */
		  "-f--ff---", /* fault */
		  "---------", /* unmap */
		  "---------", /* fork */
		  "if--ii--i", /* truncate */
		  "if--ii--i", /* punch */
		  "------x--", /* evict */
		  "---------", /* resize */
		  "i---ii--i", /* backwards */
	  } },
	/* the same mapping, other pages */
	{ { "map d file 0 [0,4)", "fault a page 2", "unmap a", "fork a d", "truncate file 0 to 5",
	    "punch file 0 [2,5)", "evict file 2", "resize to 9", "backwards d file 0 [1,3)" },
	  { "map d file 1 [0,4)", "fault a page 1", "unmap a", "fork a e", "truncate file 0 to 3",
	    "punch file 0 [5,9)", "evict file 2", "resize to 9", "backwards d file 1 [1,3)" },
	  {
		  "m---ii--m",
		  "--mm-----",
		  "-mmm-----",
		  "-mmm-----",
		  "----ii---",
		  "----ii---",
		  "------x--",
		  "---------",
		  "m---ii--m",
	  } },
	/* another file, another mapping, the same pages */
	{ { "map d file 0 [0,4)", "fault a page 2", "unmap a", "fork a d", "truncate file 0 to 1",
	    "punch file 0 [2,3)", "evict file 2", "resize to 9", "backwards d file 0 [1,3)" },
	  { "map e file 1 [0,4)", "fault c page 2", "unmap c", "fork c e", "truncate file 1 to 2",
	    "punch file 1 [1,4)", "evict file 2", "resize to 9", "backwards e file 1 [1,3)" },
	  {
		  "---------",
		  "---------",
		  "---------",
		  "---------",
		  "---------",
		  "---------",
		  "------x--",
		  "---------",
		  "---------",
	  } },
	/* a file that nobody has mapped yet */
	{ { "map d file 2 [0,4)", "fault a page 2", "unmap a", "fork a d", "truncate file 2 to 1",
	    "punch file 2 [2,3)", "evict file 2", "resize to 9", "backwards d file 2 [1,3)" },
	  { "map e file 2 [0,4)", "fault c page 2", "unmap c", "fork c e", "truncate file 2 to 2",
	    "punch file 2 [5,9)", "evict file 2", "resize to 9", "backwards e file 2 [1,3)" },
	  {
		  "i---iix-i",
		  "---------",
		  "---------",
		  "---------",
		  "i---iix-i",
		  "i---iix-i",
		  "x---xxx-x",
		  "---------",
		  "i---iix-i",
	  } },
};

static void test_pairs(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(tables) * KINDS * KINDS; i++) {
		const struct table *t = &tables[i / (KINDS * KINDS)];
		const char *outer = t->outer[i / KINDS % KINDS], *inner = t->inner[i % KINDS];
		char why = t->why[i / KINDS % KINDS][i % KINDS];

		if (may_run(outer, inner) != (why == '-'))
			fail_msg("in a window of '%s': '%s' (%c)", outer, inner, why);
	}
}

/* What is no sense by itself, and what is. */
static void test_sense(void **state)
{
	static const struct {
		const char *op;
		bool may;
	} sense[] = {
		{ "map a file 0 [0,1)", false },
		{ "map d file 3 [0,1)", true },
		{ "map d file 0 [1,1)", false },
		{ "backwards d file 0 [1,1)", false },
		{ "backwards d file 0 [1,2)", true },
		{ "backwards b file 0 [1,2)", false },
		{ "fault a page 7", true },
		{ "fault a page 8", false },
		{ "fault d page 0", false },
		{ "unmap d", false },
		{ "fork a d", true },
		{ "fork a b", false },
		{ "fork a a", false },
		{ "fork d e", false },
		{ "truncate file 0 to 8", false },
		{ "truncate file 0 to 7", true },
		{ "truncate file 3 to 0", false },
		{ "punch file 3 [0,1)", false },
		{ "punch file 0 [3,3)", false },
		{ "punch file 0 [60,64)", true },
		{ "evict file 0", false },
		{ "evict file 2", true },
		{ "evict file 3", false },
		{ "resize to 0", true },
	};

	(void)state;
	for (size_t i = 0; i < LEN(sense); i++)
		if (may_run(NULL, sense[i].op) != sense[i].may)
			fail_msg("%s", sense[i].op);
}

/* A mapping that does not begin at the file's first page has its own pages only. */
static void test_pages_of_a_mapping(void **state)
{
	const struct op map = { .kind = OP_map, .slot = 5, .file = 1, .from = 3, .to = 5 };

	(void)state;
	assert_int_equal(world_run(&port_state, &map), 0);
	assert_false(may_run(NULL, "fault f page 2"));
	assert_true(may_run(NULL, "fault f page 3"));
	assert_true(may_run(NULL, "fault f page 4"));
	assert_false(may_run(NULL, "fault f page 5"));
}

/* While a file's mappings are walked none of that file comes or goes. */
static void test_i_mmap_rwsem(void **state)
{
	static const char *const moves[] = { "map d file 0 [0,4)",
		                             "map d file 0 [0,4) private",
		                             "backwards d file 0 [0,4)",
		                             "unmap a",
		                             "unmap b",
		                             "fork a d" };
	static const char *const others[] = {
		"map d file 1 [0,4)",  "unmap c",     "fork c d",
		"fault a page 0",      "resize to 3", "map d file 2 [0,1)",
		"truncate file 0 to 0"
	};

	(void)state;
	hugetlb_walk_mappings(&port_state.inode[0].i_data);
	for (size_t i = 0; i < LEN(moves); i++)
		assert_false(may_run(NULL, moves[i]));
	for (size_t i = 0; i < LEN(others); i++)
		assert_true(may_run(NULL, others[i]));
	hugetlb_walked_mappings(&port_state.inode[0].i_data);
	for (size_t i = 0; i < LEN(moves); i++)
		assert_true(may_run(NULL, moves[i]));
}

/* A slot that is being filled is not free, though nothing is mapped there yet. */
static void test_busy_slots(void **state)
{
	(void)state;
	assert_false(may_run("map d file 1 [0,4)", "fork a d"));
	assert_true(may_run("map d file 1 [0,4)", "fork a e"));
	assert_false(may_run("fork c d", "fork a d"));
	assert_false(may_run("backwards d file 1 [0,4)", "fork a d"));
	/* nor is one that is being emptied */
	port_state.mapped[2] = false;
	assert_true(may_run(NULL, "fork a c"));
	port_state.mapped[2] = true;
	assert_false(may_run("unmap c", "map c file 0 [0,1)"));
}

/* The one that keeps it out may be any number of windows away. */
static void test_all_calls_count(void **state)
{
	struct op out = op_of("truncate file 0 to 1"), between = op_of("unmap c"),
		  in = op_of("fault a page 3");
	struct under_way call[3];

	(void)state;
	assert_true(world_may_run(&port_state, &out, &call[0]));
	port_state.under_way = &call[0];
	assert_true(world_may_run(&port_state, &between, &call[1]));
	port_state.under_way = &call[1];
	assert_false(world_may_run(&port_state, &in, &call[2]));
	in.from = 0;
	assert_true(world_may_run(&port_state, &in, &call[2]));
	assert_ptr_equal(call[2].outer, &call[1]);
	port_state.under_way = NULL;
}

/* Limits are the mount's of files 0 and 1. */
static void test_mount(void **state)
{
	(void)state;
	assert_true(file_is_limited(0) && file_is_limited(1));
	assert_false(file_is_limited(2) || file_is_limited(3));
	world_begin(&port_state, 4, 0);
	assert_true(world_mount(&port_state, -1, -1));
	assert_null(port_state.spool);
	world_unmount(&port_state);
	assert_false(world_mount(&port_state, -1, 5));
	assert_null(port_state.spool);
	assert_true(world_mount(&port_state, 5, 2));
	assert_ptr_equal(port_state.info_limited.spool, port_state.spool);
	assert_null(port_state.info_unlimited.spool);
	assert_int_equal(hstates[0].resv_huge_pages, 2);
	world_unmount(&port_state);
	assert_int_equal(hstates[0].resv_huge_pages, 0);
}

#define world_test(test) cmocka_unit_test_setup(test, start)

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(test_pairs),
		world_test(test_sense),
		world_test(test_pages_of_a_mapping),
		world_test(test_i_mmap_rwsem),
		world_test(test_busy_slots),
		world_test(test_all_calls_count),
		world_test(test_mount),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
