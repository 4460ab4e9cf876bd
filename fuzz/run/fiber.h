/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stacks to run on besides the program's own, one thread in all.  A fiber runs until it ends or gives the
 * processor back to whoever started or resumed it; it may start and resume others meanwhile.
 *
 * ASan and MSan are told of every switch.  Knows neither calls nor locks: tasks.h says who runs when.
 */
#ifndef FIBER_H
#define FIBER_H

#include <stdbool.h>
#include <stddef.h>

/* As many as can be under way at once. */
enum { FIBERS = 16 };

/* Run @run(@arg) on a fiber.  Returns its number once it has given the processor back; -1: all are in use. */
int fiber_start(void (*run)(size_t arg), size_t arg);

/* Go on with a fiber that has given the processor back. */
void fiber_resume(int fiber);

/* On a fiber: back to whoever started or resumed it.  Returns when it is resumed. */
void fiber_yield(void);

/* The number of the fiber that runs, -1: it is the program's own stack. */
extern int fiber_running;
static inline int fiber_current(void)
{
	return fiber_running;
}

/*
 * Leave every fiber, as longjmp() leaves functions: back on the program's own stack, in fiber_start() or
 * fiber_resume(), which calls @then there; @then does not return.  On that stack it is called at once.
 */
_Noreturn void fiber_leave(void (*then)(void));

#endif
