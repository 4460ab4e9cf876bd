/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls that wait for each other's locks.  The outermost call is on the program's own stack; one that runs
 * in a window of another is a task, on a fiber.  A task that finds a lock held waits, and the call in whose
 * window it is goes on; it looks again when some lock has been given back, at a later moment of any
 * call, or at the outermost one's end.  When everybody waits, that is a deadlock.
 *
 * Deterministic: tasks go on in the order in which they began to wait.  Knows no call and no kind of lock.
 */
#ifndef TASKS_H
#define TASKS_H

#include "fiber.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No task, and nothing that is a task's own.  *@unlocked counts the locks that were given back. */
void tasks_reset(const unsigned *unlocked);

/* @size bytes at @what are each task's own: swapped when another one goes on. */
void tasks_own(void *what, size_t size);

/*
 * Run @run(@at) as a task.  Returns when it has ended or waits; false: there are too many, and it
 * has not begun.
 */
bool tasks_run(void (*run)(size_t at), size_t at);

/* The number of who runs: 1 for the outermost call, tasks from 2 on.  Every call asks, so it is no call itself. */
static inline unsigned tasks_current(void)
{
	return (unsigned)(fiber_current() + 2);
}

/* How many wait.  It is asked at every moment of every call, so it is no call itself. */
extern unsigned tasks_in_queue;
static inline unsigned tasks_waiting(void)
{
	return tasks_in_queue;
}

/* A moment: those who wait and may look again, go on.  True: somebody did. */
bool tasks_moment(void);

/*
 * Whoever calls has to wait for @what, which tasks with the bits @holders have.  Returns when it should
 * look again; fails the rule call-ends if that can never be.
 */
void tasks_wait(unsigned holders, const char *what, const char *file, int line);

/*
 * A task waits until somebody says that it goes on, and for no lock.  False, and nothing was done: the
 * outermost call has nobody to give the processor to.
 */
bool tasks_park(void);

/* Of those that tasks_park() made wait, the one goes on that is behind @past others.  False: there is none. */
bool tasks_go_on(unsigned past);

/* At the end of the outermost call: until nobody waits for a lock. */
void tasks_finish(void);

#endif
