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

#if __has_feature(address_sanitizer) || defined(__SANITIZE_ADDRESS__) || \
	__has_feature(memory_sanitizer)
#include <sanitizer/common_interface_defs.h>
#define start_switch(fake, to) __sanitizer_start_switch_fiber(fake, (to)->stack, (to)->size)
#define finish_switch(fake, from) \
	__sanitizer_finish_switch_fiber(fake, (const void **)&(from)->stack, &(from)->size)
#else
#define start_switch(fake, to) ((void)(fake))
#define finish_switch(fake, from) ((void)(fake), (void)(from))
#endif

#if __has_feature(address_sanitizer) || defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define unpoison(p, bytes) __asan_unpoison_memory_region(p, bytes)
#else
#define unpoison(p, bytes) ((void)(p))
#endif

enum { STACK = 256 << 10 };

/* Somewhere to run; the last one is the program's own stack. */
static struct context {
	ucontext_t registers;
	const void *stack;
	size_t size;
	void *fake; /* ASan's */
	struct context *back;
	bool used, ended, left;
	void (*run)(size_t arg);
	size_t arg;
} context[FIBERS + 1], *current = &context[FIBERS];

static char memory[FIBERS][STACK] __attribute__((aligned(64)));
static void (*leave)(void);
static int (*swap)(ucontext_t *from, const ucontext_t *to);

static void switch_to(struct context *to)
{
	struct context *from = current, other;

	(void)other;
	start_switch(from->ended || leave ? NULL : &from->fake, to);
	current = to;
	swap(&from->registers, &to->registers);
	finish_switch(from->fake, &other);
}

/* Where every fiber begins. */
static void begin(void)
{
	struct context *self = current;

	finish_switch(NULL, self->back);
	self->run(self->arg);
	self->ended = true;
	switch_to(self->back);
}

/* On the program's own stack: whatever fibers were doing, they do it no more. */
static void forget_fibers(void)
{
	leave = NULL;
	for (int i = 0; i < FIBERS; i++) {
		context[i].left |= context[i].used;
		context[i].used = false;
	}
}

/* Somebody has come back to whoever is here; if all fibers were left, so is this function. */
static void come_back(void)
{
	void (*then)(void) = leave;

	if (!then || current != &context[FIBERS])
		return;
	forget_fibers();
	then();
}

static void go_on(struct context *to)
{
	to->back = current;
	switch_to(to);
	come_back();
	if (to->ended)
		to->used = false;
}

int fiber_start(void (*run)(size_t arg), size_t arg)
{
	int fiber = 0;

	if (!swap)
		swap = (int (*)(ucontext_t *, const ucontext_t *))dlsym(RTLD_NEXT, "swapcontext");
	while (fiber < FIBERS && context[fiber].used)
		fiber++;
	if (fiber == FIBERS)
		return -1;
	if (context[fiber].left)
		unpoison(memory[fiber], STACK);
	context[fiber] = (struct context){
		.stack = memory[fiber], .size = STACK, .used = true, .run = run, .arg = arg
	};
	getcontext(&context[fiber].registers);
	context[fiber].registers.uc_stack.ss_sp = memory[fiber];
	context[fiber].registers.uc_stack.ss_size = STACK;
	makecontext(&context[fiber].registers, begin, 0);
	go_on(&context[fiber]);
	return fiber;
}

void fiber_resume(int fiber)
{
	go_on(&context[fiber]);
}

bool fiber_ended(int fiber)
{
	return context[fiber].ended;
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
