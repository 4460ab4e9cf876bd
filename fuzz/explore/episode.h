/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An episode: what happens from one state in which no call is under way to the next one.  A call begins;
 * whenever one asks for memory it waits, and then anything may happen next that may happen at all: one of
 * those that wait goes on, with memory or without, or another call begins.
 */
#ifndef EPISODE_H
#define EPISODE_H

#include "fuzz/trace/trace.h"
#include "tape.h"

struct limits {
	unsigned calls; /* under way at once, 1 to EPISODE_CALLS */
	unsigned ops;   /* begun in one episode */
	bool is_nested; /* only the call that waits since last goes on */
};

enum { EPISODE_CALLS = 8, EPISODE_OPS = 32, EPISODE_EVENTS = 96 };

/* What happened, one after the other; op numbers count from the episode's first. */
struct event {
	enum { EVENT_BEGIN, EVENT_RESUME } kind;
	uint8_t op;
	bool ended;     /* ... and did not wait again */
	uint8_t passed; /* windows before that in which nothing else could happen */
};

struct episode {
	unsigned begun;     /* ops, all of them in trace */
	struct trace trace; /* flat, with the refusals that there were */
	unsigned events;
	struct event event[EPISODE_EVENTS];
};

extern struct episode episode;

enum episode_end {
	EPISODE_SETTLED, /* no call is under way any more */
	EPISODE_SAME,    /* it came to where another episode from the same state has been */
	EPISODE_LOST, /* there were other choices than the last time: something else than the tape decides */
};

/* Open the target with the head @head; false: it was refused.  Leaves by report_catch. */
bool episode_open(const struct target *target, const struct op *head, const struct limits *limits);

/* All that there is besides blocks. */
void episode_own(void (*piece)(void *at, size_t size));

/* What follows are the episodes from another state. */
void episode_expand(void);

/*
 * From the state that there is, as @tape says, with at most @most_ops ops.  @is_told: the tape is one
 * of another state's expansion, to be run once.  Leaves by report_catch when a rule does not hold.
 */
enum episode_end episode_run(struct tape *tape, unsigned most_ops, bool is_told);

/* Calls that only looked, and changes of what is hidden by them. */
extern unsigned long episode_looks, episode_looks_that_change;

#endif
