// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fibers by ucontext.  ASan's own swapcontext() says on stderr that it does not know what it does; libc's
 * is asked for instead, and the sanitizers are told by hand.
 */
#define _GNU_SOURCE
#include "fiber.h"

#include <dlfcn.h>
#include <ucontext.h>

#ifndef __has_feature
#define __has_feature(x) 0
#endif

#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#define start_switch(fake, to) ((void)(fake), __msan_start_switch_fiber((to)->stack, (to)->size))
#define finish_switch(fake, from) \
	((void)(fake), __msan_finish_switch_fiber((const void **)&(from)->stack, &(from)->size))
#elif __has_feature(address_sanitizer) || defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#define start_switch(fake, to) __sanitizer_start_switch_fiber(fake, (to)->stack, (to)->size)
#define finish_switch(fake, from) \
	__sanitizer_finish_switch_fiber(fake, (const void **)&(from)->stack, &(from)->size)
#else
#define start_switch(fake, to)    ((void)(fake))
#define finish_switch(fake, from) ((void)(fake), (void)(from))
#endif

#if __has_feature(address_sanitizer) || defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define unpoison(p, bytes) __asan_unpoison_memory_region(p, bytes)
#else
#define unpoison(p, bytes) ((void)(p))
#endif

enum { STACK = 256 << 10 };

/*
 * Where clang can, a switch is __builtin_setjmp() and __builtin_longjmp(): no system call, and nothing that a
 * sanitizer takes for an end of functions.
 */
#if defined(__clang__) && defined(__x86_64__)
#define SWITCHES_BY_JUMP 1
#else
#define SWITCHES_BY_JUMP 0
#endif

/* Somewhere to run; the last one is the program's own stack. */
static struct context {
	ucontext_t registers;
	void *jump[5];
	const void *stack;
	size_t size;
	void *fake; /* ASan's */
	struct context *back;
	bool made;  /* it has begun, and waits for something to run */
	bool used;  /* it has something to run */
	bool ended; /* ... and is through */
	void (*run)(size_t arg);
	size_t arg;
} context[FIBERS + 1], *current = &context[FIBERS];

static char memory[FIBERS][STACK] __attribute__((aligned(64)));
static void (*leave)(void);
static int (*real_swap)(ucontext_t *from, const ucontext_t *to);

#if SWITCHES_BY_JUMP
/* ASan holds a jump for the end of functions, and would unpoison the stack that is jumped from. */
#define BY_HAND __attribute__((noinline, no_sanitize("address")))

static BY_HAND __attribute__((noreturn)) void jump_to(struct context *to)
{
	__builtin_longjmp(to->jump, 1);
}

static BY_HAND void swap(struct context *from, struct context *to)
{
	if (!__builtin_setjmp(from->jump))
		jump_to(to);
}
#else
#define BY_HAND
static void swap(struct context *from, struct context *to)
{
	real_swap(&from->registers, &to->registers);
}
#endif

static void switch_to(struct context *to)
{
	struct context *from = current, other;

	(void)other;
	start_switch(&from->fake, to);
	current = to;
	swap(from, to);
	finish_switch(from->fake, &other);
}

/* What every fiber does: run what it is given, and give the processor back. */
static void serve(void)
{
	struct context *self = current, from = { 0 };

	/* Whoever begins the first fiber is on the program's own stack, which nobody else tells of. */
	finish_switch(NULL, &from);
	if (self->back == &context[FIBERS]) {
		context[FIBERS].stack = from.stack;
		context[FIBERS].size = from.size;
	}
	for (;;) {
		self->run(self->arg);
		self->ended = true;
		switch_to(self->back);
	}
}

/* Begin a fiber.  It is on the program's own stack, or on that of another fiber. */
static BY_HAND void begin(struct context *fiber, char *stack)
{
	struct context *from = current, other;

	(void)other;
	if (!real_swap)
		real_swap = (int (*)(ucontext_t *, const ucontext_t *))dlsym(RTLD_NEXT,
		                                                             "swapcontext");
	unpoison(stack, STACK);
	fiber->stack = stack;
	fiber->size = STACK;
	fiber->made = true;
	getcontext(&fiber->registers);
	fiber->registers.uc_stack.ss_sp = stack;
	fiber->registers.uc_stack.ss_size = STACK;
	makecontext(&fiber->registers, serve, 0);
	start_switch(&from->fake, fiber);
	current = fiber;
#if SWITCHES_BY_JUMP
	if (!__builtin_setjmp(from->jump))
		real_swap(&from->registers, &fiber->registers);
#else
	real_swap(&from->registers, &fiber->registers);
#endif
	finish_switch(from->fake, &other);
}

/* On the program's own stack: whatever fibers were doing, they do it no more. */
static void forget_fibers(void)
{
	leave = NULL;
	for (int i = 0; i < FIBERS; i++) {
		if (context[i].used)
			context[i].made = false;
		context[i].used = false;
	}
}

/* Somebody has come back to whoever is here; if all fibers were left, so is this function. */
static void come_back(struct context *from)
{
	void (*then)(void) = leave;

	if (then && current == &context[FIBERS]) {
		forget_fibers();
		then();
	}
	if (from->ended)
		from->used = false;
}

int fiber_start(void (*run)(size_t arg), size_t arg)
{
	struct context *fiber;
	int i = 0;

	while (i < FIBERS && context[i].used)
		i++;
	if (i == FIBERS)
		return -1;
	fiber = &context[i];
	fiber->used = true;
	fiber->ended = false;
	fiber->run = run;
	fiber->arg = arg;
	fiber->back = current;
	if (fiber->made)
		switch_to(fiber);
	else
		begin(fiber, memory[i]);
	come_back(fiber);
	return i;
}

void fiber_resume(int fiber)
{
	context[fiber].back = current;
	switch_to(&context[fiber]);
	come_back(&context[fiber]);
}

void fiber_yield(void)
{
	switch_to(current->back);
}

int fiber_current(void)
{
	return current == &context[FIBERS] ? -1 : (int)(current - context);
}

_Noreturn void fiber_leave(void (*then)(void))
{
	if (current != &context[FIBERS]) {
		leave = then;
		switch_to(&context[FIBERS]);
	}
	forget_fibers();
	then();
	__builtin_unreachable();
}
