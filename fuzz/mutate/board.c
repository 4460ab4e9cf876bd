// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mutations of what stands before the ops: how cells lie on pages, and the refusal of the map's own
 * memory.
 */
#include "kinds.h"

#include <limits.h>

bool refuse_open(struct mutating *m)
{
	m->trace->head.refuse = m->trace->head.refuse ? 0 : 1u << pick(m, 3);
	return true;
}

/* A page that arithmetic may stumble over: near 0, a power of two, or LONG_MAX. */
static long pick_page(struct mutating *m)
{
	long power = (long)(1ul << pick(m, sizeof(long) * CHAR_BIT - 1));

	switch (pick(m, 3)) {
	case 0:
		return 1 + pick(m, 256);
	case 1:
		return power + pick(m, 3);
	default:
		return LONG_MAX - pick(m, 256);
	}
}

bool change_board(struct mutating *m)
{
	struct trace *t = m->trace;

	t->head.ends = 0;
	trace_set_board(t, pick(m, BOARDS));
	return true;
}

/* One of a raw board's ends: set it anew, or choose one more. */
bool change_end(struct mutating *m)
{
	struct trace *t = m->trace;
	unsigned end;

	if (t->head.board != BOARD_RAW || (t->head.ends == 0 && t->count >= m->most))
		return false;
	end = 1 + pick(m, t->head.ends + 1u);
	if (end > t->head.ends && (t->head.ends == CELLS || t->count >= m->most))
		end = t->head.ends;
	if (end > t->head.ends)
		t->head.ends = end;
	t->at[end] = pick(m, 4) ? pick_page(m) : t->at[end - 1] + 1 + pick(m, 16);
	trace_set_board(t, t->head.board);
	return true;
}
