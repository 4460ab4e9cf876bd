/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the operations of ops.def are to the machine: for every target whose ops they are.
 */
#ifndef MAP_OPS_H
#define MAP_OPS_H

#include "fuzz/trace/target.h"

enum map_op_kind {
#define OP(wire, name, operands, doc) OP_##name,
#define HEAD                          OP
#define ORDER                         OP
#include "ops.def"
#undef ORDER
#undef HEAD
#undef OP
	MAP_OPS,
	MAP_FIRST_OPS = OP_bad, /* those there were when bytes got their meaning */
};

extern const struct op_info map_op[MAP_OPS];
extern const uint8_t map_kind_of[256];
extern const struct mutation map_mutation[];

/* The tickets that are open in front of op @at, if every call before it succeeded. */
uint32_t map_open_tickets(const struct trace *trace, size_t at);

#endif
