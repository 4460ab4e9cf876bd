/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kinds of ops of the reserve target, and what the machine has to know of them.
 */
#ifndef RESERVE_OPS_H
#define RESERVE_OPS_H

#include "fuzz/trace/target.h"

enum reserve_op_kind {
#define OP(wire, name, operands, doc) OP_##name,
#define HEAD                          OP
#include "ops.def"
#undef HEAD
#undef OP
	RESERVE_OPS,
	RESERVE_FIRST_OPS = OP_backwards, /* those there were when bytes got their meaning */
};

extern const struct op_info reserve_op[RESERVE_OPS];
extern const uint8_t reserve_kind_of[256];
extern const struct mutation reserve_mutation[];

/*
 * What is called behind the last op of a trace: each mapping goes, then each file, then what is kept of their
 * pages.  @call skips an op that has nothing to do.
 */
void reserve_leftovers(void (*call)(struct op op));

/* The slots that hold a mapping in front of op @at, if every call before it succeeded. */
uint32_t reserve_mapped_slots(const struct trace *trace, size_t at);

/* Give an op that is to stand at @at a page or a size that means something there. */
void reserve_aim(struct mutating *m, struct op *op, size_t at);

/* Does thing @asked, from 0, of those in a call that can fail late do so? */
bool op_fails_late(const struct op *op, unsigned asked);

#endif
