// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fibers: by a few lines of assembly where we have them, by ucontext elsewhere.  ASan's own swapcontext() says
 * on stderr that it does not know what it does; libc's is asked for instead.  The sanitizers are told by hand.
 */
#define _GNU_SOURCE
#include "fiber.h"

#include <dlfcn.h>
#include <stdint.h>
#include <string.h>
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
 * fiber_switch(from, to): keep on this stack what a function has to keep, say in *from where that is, and take the
 * same from the stack @to.  No system call, and nothing that a sanitizer takes for an end of functions.
 */
#if defined(__x86_64__) && defined(__LP64__)
#define SWITCHES_BY_HAND 1
__asm__(".text\n"
        ".local fiber_switch\n"
        "fiber_switch:\n"
        "	pushq %rbp; pushq %rbx; pushq %r12; pushq %r13; pushq %r14; pushq %r15\n"
        "	movq %rsp, (%rdi)\n"
        "	movq %rsi, %rsp\n"
        "	popq %r15; popq %r14; popq %r13; popq %r12; popq %rbx; popq %rbp\n"
        "	ret\n");
/* What a new stack holds: registers, and behind them where to begin. */
enum { KEPT = 8, BEGIN_AT = 6 };
#elif defined(__aarch64__)
#define SWITCHES_BY_HAND 1
__asm__(".text\n"
        ".local fiber_switch\n"
        "fiber_switch:\n"
        "	stp x19, x20, [sp, #-160]!\n"
        "	stp x21, x22, [sp, #16]; stp x23, x24, [sp, #32]; stp x25, x26, [sp, #48]\n"
        "	stp x27, x28, [sp, #64]; stp x29, x30, [sp, #80]; stp d8, d9, [sp, #96]\n"
        "	stp d10, d11, [sp, #112]; stp d12, d13, [sp, #128]; stp d14, d15, [sp, #144]\n"
        "	mov x9, sp; str x9, [x0]; mov sp, x1\n"
        "	ldp x21, x22, [sp, #16]; ldp x23, x24, [sp, #32]; ldp x25, x26, [sp, #48]\n"
        "	ldp x27, x28, [sp, #64]; ldp x29, x30, [sp, #80]; ldp d8, d9, [sp, #96]\n"
        "	ldp d10, d11, [sp, #112]; ldp d12, d13, [sp, #128]; ldp d14, d15, [sp, #144]\n"
        "	ldp x19, x20, [sp], #160\n"
        "	ret\n");
enum { KEPT = 20, BEGIN_AT = 11 };
#else
#define SWITCHES_BY_HAND 0
#endif

/* Somewhere to run; the last one is the program's own stack. */
static struct context {
#if SWITCHES_BY_HAND
	void *top; /* of its stack, while it does not run */
#else
	ucontext_t registers;
#endif
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

int fiber_running = -1;

static char memory[FIBERS][STACK] __attribute__((aligned(64)));
static void (*leave)(void);

#if SWITCHES_BY_HAND
void fiber_switch(void **from, void *to);

static void swap(struct context *from, struct context *to)
{
	fiber_switch(&from->top, to->top);
}

/* A stack from which a switch returns into @begin. */
static void make(struct context *fiber, char *stack, void (*begin)(void))
{
	void **top = (void **)(stack + STACK) - KEPT;

	memset(top, 0, KEPT * sizeof(*top));
	top[BEGIN_AT] = (void *)(uintptr_t)begin;
	fiber->top = top;
}
#else
static void swap(struct context *from, struct context *to)
{
	static int (*real_swap)(ucontext_t *, const ucontext_t *);

	if (!real_swap)
		real_swap = (int (*)(ucontext_t *, const ucontext_t *))dlsym(RTLD_NEXT,
		                                                             "swapcontext");
	real_swap(&from->registers, &to->registers);
}

static void make(struct context *fiber, char *stack, void (*begin)(void))
{
	getcontext(&fiber->registers);
	fiber->registers.uc_stack.ss_sp = stack;
	fiber->registers.uc_stack.ss_size = STACK;
	makecontext(&fiber->registers, begin, 0);
}
#endif

static void switch_to(struct context *to)
{
	struct context *from = current, other;

	(void)other;
	start_switch(&from->fake, to);
	current = to;
	fiber_running = to == &context[FIBERS] ? -1 : (int)(to - context);
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
static void begin(struct context *fiber, char *stack)
{
	unpoison(stack, STACK);
	fiber->stack = stack;
	fiber->size = STACK;
	fiber->made = true;
	make(fiber, stack, serve);
	switch_to(fiber);
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
