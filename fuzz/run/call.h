/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A call under way: what a target's call() brackets the code under test with.  The code asks for
 * memory and lets go of its locks; each time the call's next window opens, and the ops that the trace
 * has put there run inside.  Everything that a call has of its own is in struct call, so calls nest.
 */
#ifndef CALL_H
#define CALL_H

#include "refuse.h"
#include "fuzz/trace/trace.h"

struct call {
	size_t at; /* its op's place in the trace; trace->count: it is none of the trace's ops */
	struct refusals refusals; /* requests for memory, asked and refused */
	unsigned windows;         /* that have opened so far */
	bool has_windows;         /* something is to run inside of it */
	bool overtaken;           /* other ops ran inside it */
	struct call *outer;       /* the call in whose window it began, or NULL */
	uint16_t wanted;          /* step by step: switches that were asked for */
	bool is_task;             /* it may wait, and end behind the outer one */
};

/*
 * From here to call_end() the code under test runs on behalf of @op: an op of the trace, the head, or
 * what is made up at the end; NULL: a call of nobody's, whose requests are never refused.  Only an op
 * of the trace has windows.
 */
void call_begin(struct call *call, const struct op *op);

/* The call has returned; by report_fail() if it holds a lock. */
void call_end(struct call *call);

/* The call that runs now, or NULL; and is any under way, also one that waits? */
struct call *call_innermost(void);
bool call_any_under_way(void);

/* Was any call of this run overtaken so far? */
bool call_any_overtaken(void);

/*
 * Hooks for the shim.  A request for memory comes out of the plan and opens a window, which
 * shim_hooks.alloc does already; call_window() is for a target that has windows elsewhere too, and
 * call_spare() hands out memory that no plan refuses.
 */
void call_window(void);
void *call_spare(size_t size);

/**
 * struct steps - who decides as a run goes what happens next (fuzz/explore)
 * @refuses: a call asks for memory; others may run before it is answered, true: it is refused
 * @moment: a call may be overtaken though it asks for no memory
 * @wants: has op @at the switch @opt, a word that refuses it something?  Asked once for each that matters, and
 *	answered in the op too
 */
struct steps {
	bool (*refuses)(void);
	void (*moment)(void);
	bool (*wants)(size_t at, uint16_t opt);
};

/*
 * A run step by step.  The caller has called setjmp() on report_catch.  No window of the trace opens, and
 * a plan of an op counts for nothing: @steps are asked.
 *
 * call_steps_open() begins, and opens the target; false: it was refused.  call_step() makes the call of op
 * @at of the trace, to which ops may have been added; false: it makes no sense where it stands.
 */
bool call_steps_open(const struct target *target, const struct trace *trace,
                     const struct steps *steps);
bool call_step(size_t at);

/* Has @op, for which @call was begun, the switch @opt?  It is one that refuses it something. */
bool call_wants(struct call *call, const struct op *op, uint16_t opt);

/* What of a run there is besides results; the same at any time. */
void call_own(void (*piece)(void *at, size_t size));

/* Meanwhile no call is under way, and nothing is refused or counted: to make what a call needs. */
struct call *call_pause(void);
void call_go_on(struct call *paused);

#endif
