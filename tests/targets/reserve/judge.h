/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The world under test with traits that a case can choose: what some kernel promises is judged too,
 * though none is linked.  And something in every book of it, which a case then spoils.
 */
#ifndef CALLERS_JUDGE_H
#define CALLERS_JUDGE_H

#include "tests/fired.h"

#include "fuzz/run/refuse.h"
#include "fuzz/run/blocks.h"
#include "fuzz/targets/reserve/check.h"
#include "fuzz/targets/reserve/port/state.h"
#include "src/callers/subpool.h"
#include "src/map/resv_map.h"

static struct world judged;
static struct reserve_model model;

/* Run an op that succeeds. */
static void run(const char *text)
{
	static struct trace trace;

	parse_text(&trace, NULL, text);
	vm_task_in(op_cgroup(&trace.op[0]));
	assert_int_equal(world_run(&port_state, &trace.op[0]), 0);
}

/*
 * File 0, on the mount, is owner 1's: [0,4) is reserved, page 1 is there.  b is a private mapping of
 * its [0,3), owner 2's, with page 0 used up; its child c has made a copy of that, for which owner 1
 * pays.  File 2 is not on the mount: [8,10) is reserved.
 */
static void begin(void)
{
	refuse_drive_shim(block_alloc);
	world_begin(&port_state, 16, 3);
	assert_true(world_mount(&port_state, 12, 3));
	for (int file = 0; file < 4; file += 2) {
		hugetlbfs_new_inode(&port_state.inode[file], &port_state.file[file],
		                    file ? &port_state.unlimited : &port_state.limited,
		                    &vm_cgroup[1]);
		port_state.file_exists[file] = true;
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
	model_map(&model, 1, (struct model_mapping){ .owns = true, .to = 3 }, true);
	model_lengthen(&model, 0, 4);
	model_lengthen(&model, 2, 10);
	model_allocated(&model, 1, 0, false);
	model_fork(&model, 1, 2);
	model_map(&model, 3,
	          (struct model_mapping){ .shared = true, .file = 2, .from = 8, .to = 10 }, true);
	judged = *world_under_test;
	judged.traits = (struct world_traits){
		.charges_reserved = true,
		.exact_minimum = true,
		.charge = judged.traits.charge,
	};
}

/* Everything goes; what a case has spoilt is not looked at. */
static void forget(void)
{
	blocks_reset();
	shim_warned = 0;
}

#endif
