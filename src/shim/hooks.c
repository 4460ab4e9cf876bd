// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the seam does while nobody drives it: allocate, free, and stop loudly.
 */
#include "hooks.h"

#include <stdio.h>
#include <stdlib.h>

static void print_and_abort(enum shim_breach kind, const char *what, const char *file, int line)
{
	static const char *const name[] = {
		[SHIM_ASSERT] = "assertion",
		[SHIM_LOCK] = "lock",
		[SHIM_SLEEP] = "sleep",
		[SHIM_ENDLESS] = "endless",
	};

	fprintf(stderr, "%s:%d: %s: %s\n", file, line, name[kind], what);
	abort();
}

struct shim_hooks shim_hooks = {
	.alloc = malloc, .free = free, .breach = print_and_abort, .spare = malloc
};
SHIM_OF_THREAD int shim_locks_held;
SHIM_OF_THREAD int shim_unlocked;
SHIM_OF_THREAD unsigned shim_steps;

void shim_breach(enum shim_breach kind, const char *what, const char *file, int line)
{
	shim_hooks.breach(kind, what, file, line);
	abort();
}

void shim_too_many_steps(const char *file, int line)
{
	if (shim_hooks.breach != print_and_abort)
		shim_breach(SHIM_ENDLESS, "goes round and round", file, line);
	shim_steps = 0;
}

SHIM_PLAIN void shim_before_spin(const char *file, int line)
{
	shim_step(file, line);
	if (shim_unlocked && !shim_locks_held)
		shim_moment();
}

SHIM_PLAIN static inline bool is_told(const void *lock)
{
	return lock == shim_hooks.spins[0] || lock == shim_hooks.spins[1];
}

SHIM_PLAIN void shim_spun(const void *lock)
{
	shim_locks_held++;
	if (is_told(lock))
		shim_hooks.spin(lock, true);
}

SHIM_PLAIN void shim_before_unspin(const void *lock)
{
	if (is_told(lock))
		shim_hooks.spin(lock, false);
}
