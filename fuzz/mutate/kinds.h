/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mutations, for mutate.c's table, and what they share.  Each changes the trace in one respect
 * and says whether it found anything to change; none has to care for nesting or unused fields,
 * mutate.c puts them in order.
 *
 *	mutate_pick.c	what chance decides
 *	mutate_ops.c	which ops there are, in which order, inside of which
 *	mutate_fields.c	what an op's fields say, ranges apart
 *	mutate_ranges.c	ranges, and what else stands for cells
 *	mutate_reserve.c	what only the reserve family has
 *	mutate_board.c	the board and what goes with it
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

/* A number below @n, which is not 0. */
unsigned pick(struct mutating *m, size_t n);

/*
 * A kind of the trace's family: any; one that takes all of @operands; one that opens a slot (a ticket
 * or a mapping), and one that is about what another has opened.
 */
unsigned pick_any_kind(struct mutating *m);
unsigned pick_kind(struct mutating *m, unsigned operands);
unsigned pick_opening(struct mutating *m);
unsigned pick_closing(struct mutating *m);

/* What a nested op waits for: mostly the first request. */
unsigned pick_request(struct mutating *m);

/* What is said in cells, or in numbers like them. */
enum { OP_CELLS = OP_RANGE | OP_PAGE | OP_SIZE };

/* An op that takes any of @operands, or NO_OP. */
int pick_op(struct mutating *m, unsigned operands);

/* mutate_fields.c: fill an op that is to stand at @at, its kind and place are set. */
void fill_operands(struct mutating *m, struct op *op, size_t at);

/* mutate_fields.c: a slot that is likely free in front of @at. */
unsigned pick_free_slot(struct mutating *m, size_t at);

/*
 * mutate_reserve.c: slots that hold a mapping in front of op @at, if every call before it succeeded;
 * the operands that no region's op has; a page or size that means something where @op stands; a file.
 */
unsigned mapped_slots(const struct trace *trace, size_t at);
void fill_reserve(struct mutating *m, struct op *op, size_t at);
void aim(struct mutating *m, struct op *op, size_t at);
uint8_t pick_file(struct mutating *m);

/*
 * mutate_ranges.c: give @op a range, put in order and cut to the board; one that has to do with the
 * one of @to; any.
 */
void set_range(struct op *op, int from, int to);
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
bool change_owner(struct mutating *m);
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

/* mutate_reserve.c: the last two, where there is a pool instead of a board. */
bool change_pool(struct mutating *m);
bool nudge_pool(struct mutating *m);

#endif
