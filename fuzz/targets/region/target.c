// SPDX-License-Identifier: GPL-2.0-only
/*
 * The region target: byte strings become calls on one map, in any order the contract allows, with
 * refused requests for memory and calls inside each other; a model judges every one.
 *
 * A harness that calls one after the other cannot reach the map's worst bugs: they need a second call
 * while the first one has dropped its lock to allocate.
 */
#include "calls.h"

#include "fuzz/map/map.h"
#include "fuzz/map/ops.h"

extern const struct target region_target;
extern const struct explored region_explored; /* explored.c */

const struct target region_target = {
	.name = "region",
	.op = map_op,
	.ops = MAP_OPS,
	.first_ops = MAP_FIRST_OPS,
	.kind_of = map_kind_of,
	.mutation = map_mutation,
	.open_slots = map_open_tickets,
	.opens = OP_chg,
	.open = region_open,
	.may_run = region_may_run,
	.call = region_call,
	.look = region_look,
	.close = region_close,
	.print_state = region_print_state,
	.show = region_show,
	.write_c = region_write_c,
	.use_base = map_use_base,
	.explored = &region_explored,
};
