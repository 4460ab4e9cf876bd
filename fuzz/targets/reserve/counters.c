// SPDX-License-Identifier: GPL-2.0-only
/*
 * A counter changes only under its lock: what the lock keeps is the same when it is taken as it was when it
 * was given back, and when a call has returned.
 */
#include "counters.h"

#include "fuzz/run/report.h"
#include "src/shim/hooks.h"

#include <string.h>

enum { LOCKS = 2, MOST = LOCKED_POOL };

static struct counters {
	const struct world *world;
	struct kept {
		const void *lock; /* NULL: it was not given back yet */
		unsigned count;
		unsigned long number[MOST];
	} kept[LOCKS];
} counters;

static const char *name_of(unsigned count, unsigned i)
{
	static const char *const pool[] = { "nr_huge_pages", "free_huge_pages", "resv_huge_pages",
		                            "surplus_huge_pages" };
	static const char *const mount[] = { "used_hpages", "rsv_hpages" };

	return count == LOCKED_POOL ? pool[i] : mount[i];
}

static void compare(const struct kept *kept, const unsigned long *number)
{
	for (unsigned i = 0; i < kept->count; i++)
		CHECK(COUNTER_LOCK, number[i] == kept->number[i],
		      "%s was %ld when its lock was given back, and has become %ld without it",
		      name_of(kept->count, i), (long)kept->number[i], (long)number[i]);
}

static void spin(const void *lock, bool taken)
{
	unsigned long number[MOST];
	unsigned count = counters.world->look_locked(counters.world->state, lock, number);
	struct kept *kept = &counters.kept[count == LOCKED_MOUNT];

	if (!count)
		return;
	if (!taken) {
		*kept = (struct kept){ .lock = lock, .count = count };
		memcpy(kept->number, number, sizeof(number[0]) * count);
	} else if (kept->lock == lock) {
		compare(kept, number);
	}
}

void counters_begin(const struct world *world)
{
	counters = (struct counters){ .world = world };
	shim_hooks.spin = spin;
}

void counters_check(void)
{
	unsigned long number[MOST];

	for (int i = 0; i < LOCKS && !shim_locks_held; i++) {
		const struct kept *kept = &counters.kept[i];

		if (kept->lock && counters.world->look_locked(counters.world->state, kept->lock,
		                                              number) == kept->count)
			compare(kept, number);
	}
}

void counters_own(void (*piece)(void *at, size_t size))
{
	piece(&counters, sizeof(counters));
	piece(&shim_hooks.spin, sizeof(shim_hooks.spin));
}

void counters_end(void)
{
	shim_hooks.spin = NULL;
}
