/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of all states that were seen: what tells each apart, and how it was reached first with the
 * fewest ops.  Its memory is asked for once; a state that has no room in it is cut.
 */
#ifndef STATES_H
#define STATES_H

#include "fuzz/trace/target.h"
#include "tape.h"

struct state {
	uint64_t key;
	uint32_t hidden;
	uint32_t parent;  /* the state that the last episode began in */
	uint32_t tape;    /* where the choices of that episode are kept */
	uint8_t choices;  /* how many they are */
	uint8_t cost;     /* ops from the first state to here */
	bool is_expanded; /* all episodes from here have been gone through */
};

enum { STATES_MOST_COST = 255 };

/* Empty, with room for as many states as @bytes are good for; returns their number, 0: there is no such memory. */
size_t states_open(size_t bytes);

size_t states_count(void);
struct state *states_at(size_t i);

/* Found: what states_meet() did with the state. */
enum met { MET_NEW, MET_CHEAPER, MET_KNOWN, MET_CUT };

/*
 * A state was reached with @cost ops, by the choices of @tape from state @parent.  Sets *@hides, if
 * there is another state with the same key that is not the same in what is hidden.
 */
enum met states_meet(const struct state_key *key, uint32_t parent, unsigned cost,
                     const struct tape *tape, bool *hides);

/* The choices that led to state @i from its parent, to be run again. */
void states_tape(size_t i, struct tape *tape);

#endif
