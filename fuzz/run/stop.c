// SPDX-License-Identifier: GPL-2.0-only
/*
 * The functions that are called where a sanitizer would stop: stop_X() stands for __X().
 */
#include "stop.h"

#include <signal.h>
#include <stdint.h>
#include <string.h>

/* Code that UBSan adds here would declare the same functions, with other types. */
#ifdef __clang__
#pragma clang attribute push(__attribute__((no_sanitize("undefined"))), apply_to = function)
#endif

static bool leaves_run;

/* What report_fail() is told first, for stop_is(). */
static const char mark[] = "the text ";

bool stop_is(const struct verdict *verdict)
{
	return verdict->failed && !strncmp(verdict->what, mark, sizeof(mark) - 1);
}

/* Of a sanitizer's runtime. */
void __sanitizer_symbolize_pc(void *pc, const char *format, char *out, size_t size)
	__attribute__((weak));

/* The function of @pc, or "" where nobody can say. */
static const char *function_of(const char *pc)
{
	static const char word[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	static char name[96];

	name[0] = 0;
	if (__sanitizer_symbolize_pc)
		__sanitizer_symbolize_pc((void *)(pc - 1), "%f", name, sizeof(name) - 1);
	if (name[strspn(name, word)])
		name[0] = 0;
	return name;
}

static void leave(enum rule rule, const char *what, const char *pc)
{
	const char *function = function_of(pc);

	report_fail(rule, "%s%s%s%s", mark, what, *function ? " in " : "", function);
}

/* The text's own place is the caller's: nothing of ours may stand between it and the sanitizer. */
#if defined(__has_attribute)
#if __has_attribute(musttail)
#define HAND_ON __attribute__((musttail)) return
#endif
#endif
#ifndef HAND_ON
#define HAND_ON return
#endif

/* Nobody has told MSan what the arguments are. */
#ifdef __clang__
#define UNJUDGED __attribute__((no_sanitize("memory")))
#else
#define UNJUDGED
#endif

/* A sanitizer passes up to four words; who takes less does not look at the others. */
#define STOP(name, rule, what) \
	void __##name(uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d) __attribute__((weak)); \
	void stop_##name(uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d); \
	UNJUDGED void stop_##name(uintptr_t a, uintptr_t b, uintptr_t c, uintptr_t d) \
	{ \
		if (leaves_run) \
			leave(RULE_##rule, what, __builtin_return_address(0)); \
		HAND_ON __##name(a, b, c, d); \
	}
#include "stops.def"
#undef STOP

static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL };
enum { SIGNALS = sizeof(signals) / sizeof(signals[0]) };

static void leave_by_signal(int number)
{
	report_fail(RULE_MEMORY_CLEAN, "%sends by signal %d", mark, number);
}

void stop_leaves_run(bool leaves)
{
	static struct sigaction before[SIGNALS];
	struct sigaction ours = { .sa_handler = leave_by_signal, .sa_flags = SA_NODEFER };

	if (leaves == leaves_run)
		return;
	leaves_run = leaves;
	for (int i = 0; i < SIGNALS; i++)
		sigaction(signals[i], leaves ? &ours : &before[i], leaves ? &before[i] : NULL);
}

#ifdef __clang__
#pragma clang attribute pop
#endif
