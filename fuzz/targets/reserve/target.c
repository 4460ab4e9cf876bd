// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reserve target: the callers of the map, that is files, mappings, faults, and the books of pool,
 * subpool and cgroups.
 *
 * Most real bugs of reservations sat there: an abort too many, a count that drifts by one on an
 * error path.  So the laws that tie all books together are held against them after every call, with
 * everything refused that can be, and calls inside each other where no lock forbids it.
 */
#include "calls.h"
#include "ops.h"
#include "world.h"

extern const struct target reserve_target;
extern const struct explored reserve_explored; /* explored.c */

const struct target reserve_target = {
	.name = "reserve",
	.op = reserve_op,
	.ops = RESERVE_OPS,
	.first_ops = RESERVE_FIRST_OPS,
	.kind_of = reserve_kind_of,
	.mutation = reserve_mutation,
	.open_slots = reserve_mapped_slots,
	.opens = OP_map,
	.rarely = OP_backwards,
	.aim = reserve_aim,
	.open = reserve_open,
	.can = reserve_can,
	.may_run = reserve_may_run,
	.call = reserve_call,
	.close = reserve_close,
	.write_c = reserve_write_c,
	.show = reserve_show,
	.print_state = reserve_print_state,
	.waits = reserve_waits,
	.use_base = world_use_base,
	.explored = &reserve_explored,
};
