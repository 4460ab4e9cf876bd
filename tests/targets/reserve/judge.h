/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reserve_check.c compiled in once more, with traits that a case can choose: what some kernel
 * promises is judged too, though none is linked.  Its functions are judge_*() here.
 *
 * And a world with something in every book, which a case then spoils.
 */
#ifndef CALLERS_JUDGE_H
#define CALLERS_JUDGE_H

#include "tests/fired.h"

#include "fuzz/run/fault.h"
#include "fuzz/run/pool.h"
#include "fuzz/targets/reserve/check.h"
#include "src/map/resv_map.h"

static struct target_traits map_traits;
static struct reserve_traits traits;

#define target_traits        map_traits
#define reserve_traits       traits
#define books_look           judge_books
#define reserve_check_call   judge_call
#define reserve_check_state  judge_state
#define reserve_check_closed judge_closed
#define reserve_check_gone   judge_gone
#include "fuzz/targets/reserve/check.c"
#undef target_traits
#undef reserve_traits

static struct world world;
static struct reserve_model model;

/* Run an op that succeeds. */
static void run(const char *text)
{
	static struct trace trace;

	parse_text(&trace, NULL, text);
	shim_current_cgroup = &shim_cgroup[op_cgroup(&trace.op[0])];
	assert_int_equal(world_run(&world, &trace.op[0]), 0);
}

/*
 * File 0, on the mount, is owner 1's: [0,4) is reserved, page 1 is there.  b is a private mapping of
 * its [0,3), owner 2's, with page 0 used up; its child c has made a copy of that, for which owner 1
 * pays.  File 2 is not on the mount: [8,10) is reserved.
 */
static void begin(void)
{
	fault_drive_shim(pool_alloc);
	world_begin(&world, 16, 3);
	assert_true(world_mount(&world, 12, 3));
	for (int file = 0; file < 4; file += 2) {
		hugetlbfs_new_inode(&world.inode[file], file ? &world.unlimited : &world.limited,
		                    &shim_cgroup[1]);
		world.file_exists[file] = true;
	}
	run("map a file 0 [0,4) owner 1");
	run("fault a page 1");
	run("map b file 0 [0,3) private owner 2");
	run("fault b page 0 write");
	run("fork b c");
	run("fault c page 0 write");
	run("map d file 2 [8,10) owner 1");
	model = (struct reserve_model){ 0 };
	model_map(&model, 0, (struct model_mapping){ .shared = true, .to = 4 }, true);
	model_map(&model, 1, (struct model_mapping){ .owner = true, .to = 3 }, true);
	model_allocated(&model, 1, 0, false);
	model_fork(&model, 1, 2);
	model_map(&model, 3,
	          (struct model_mapping){ .shared = true, .file = 2, .from = 8, .to = 10 }, true);
	map_traits = (struct target_traits){ 0 };
	traits = (struct reserve_traits){ .charges_reserved = true, .exact_minimum = true };
}

/* Everything goes; what a case has spoilt is not looked at. */
static void forget(void)
{
	pool_reset();
	shim_warned = 0;
}

#endif
