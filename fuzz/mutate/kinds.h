/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generic mutations, for mutate.c's table, and what they share; targets take from here for
 * mutations of their own.  Each changes the trace in one respect and says whether it found anything
 * to change; none has to care for nesting or unused fields, mutate.c puts them in order.
 *
 *	pick.c		what chance decides
 *	ops.c		which ops there are, in which order, inside of which
 *	fields.c	what an op's fields say, ranges apart
 *	ranges.c	ranges, and what else stands for cells
 *	board.c		the head: the board, and refusals
 */
#ifndef MUTATE_KINDS_H
#define MUTATE_KINDS_H

#include "mutate.h"

/* A mutation under way. */
struct mutating {
	struct trace *trace;
	size_t most;     /* ops that the trace may have */
	size_t grow;     /* ops that it may have after growing */
	uint64_t random; /* the generator's state */
};

enum { NO_OP = -1 };

static inline bool takes(const struct mutating *m, const struct op *op, unsigned operands)
{
	return op_takes(m->trace->target, op, operands);
}

/* The switches that @op may have. */
static inline uint16_t opts_of(const struct mutating *m, const struct op *op)
{
	return info_opts(&m->trace->target->op[op->kind]);
}

/* A number below @n, which is not 0. */
unsigned pick(struct mutating *m, size_t n);

/*
 * A kind of the trace's target: any; one that has something to show; the one that opens a slot (a
 * ticket or a mapping), or 0; and one that is about what another has opened, where there is one.
 */
unsigned pick_any_kind(struct mutating *m);
unsigned pick_kind(struct mutating *m);
unsigned pick_opening(struct mutating *m);
unsigned pick_closing(struct mutating *m);

/* What a nested op waits for: mostly the first request. */
unsigned pick_request(struct mutating *m);

/* What is said in cells, or in numbers like them. */
enum { OP_CELLS = OP_RANGE | OP_PAGE | OP_SIZE };

/* An op that takes any of @operands, or NO_OP. */
int pick_op(struct mutating *m, unsigned operands);

/* fields.c: fill an op that is to stand at @at, its kind and place are set. */
void fill_operands(struct mutating *m, struct op *op, size_t at);

/* fields.c: a slot that is likely free in front of @at; a file. */
unsigned pick_free_slot(struct mutating *m, size_t at);
uint8_t pick_file(struct mutating *m);

/* fields.c: what only some ops have, where @op stands: switches, a second slot, what its target aims. */
void fill_options(struct mutating *m, struct op *op, size_t at);
void aim(struct mutating *m, struct op *op, size_t at);

/*
 * ranges.c: give @op a range, put in order and cut to the board; one that has to do with the one of
 * @to; any.
 */
void set_range(struct mutating *m, struct op *op, int from, int to);
void relate_range(struct mutating *m, struct op *op, const struct op *to);
void random_range(struct mutating *m, struct op *op);

bool insert_op(struct mutating *m);
bool insert_ticket(struct mutating *m);
bool insert_inside(struct mutating *m);
bool delete_op(struct mutating *m);
bool delete_row(struct mutating *m);
bool keep_row(struct mutating *m);
bool duplicate_row(struct mutating *m);
bool swap_ops(struct mutating *m);
bool move_op(struct mutating *m);
bool move_inside(struct mutating *m);
bool nest_op(struct mutating *m);
bool unnest_op(struct mutating *m);

bool change_kind(struct mutating *m);
bool change_request(struct mutating *m);
bool change_slot(struct mutating *m);
bool change_cgroup(struct mutating *m);
bool change_file(struct mutating *m);
bool flip_opt(struct mutating *m);
bool pull_range(struct mutating *m);
bool bridge_ranges(struct mutating *m);
bool nudge_range(struct mutating *m);
bool extreme_range(struct mutating *m);
bool set_refusal(struct mutating *m);
bool clear_refusal(struct mutating *m);
bool move_refusal(struct mutating *m);
bool refuse_open(struct mutating *m);
bool change_board(struct mutating *m);
bool change_end(struct mutating *m);

#endif
