// SPDX-License-Identifier: GPL-2.0-only
/*
 * A counter changes only under its lock: what the lock keeps is the same when it is taken as it was when it
 * was given back, and when a call has returned.
 */
#include "counters.h"

#include "fuzz/run/report.h"
#include "src/shim/hooks.h"

enum { LOCKS = 2 };

static struct counters {
	const struct world *world;
	const struct locked *pool; /* what its lock keeps: the same as long as there is a pool */
	struct kept {
		const void *lock; /* NULL: it was not given back yet */
		unsigned long number[LOCKED_POOL];
	} kept[LOCKS];
} counters;

static const char *name_of(unsigned count, unsigned i)
{
	static const char *const pool[] = { "nr_huge_pages", "free_huge_pages", "resv_huge_pages",
		                            "surplus_huge_pages" };
	static const char *const mount[] = { "used_hpages", "rsv_hpages" };

	return count == LOCKED_POOL ? pool[i] : mount[i];
}

static inline void compare(const struct kept *kept, const struct locked *is)
{
	for (unsigned i = 0; i < is->count; i++)
		CHECK(COUNTER_LOCK, *is->number[i] == kept->number[i],
		      "%s was %ld when its lock was given back, and has become %ld without it",
		      name_of(is->count, i), (long)kept->number[i], (long)*is->number[i]);
}

/* A mount's lock may have gone with the mount. */
static const struct locked *locked_by(const void *lock)
{
	return lock == shim_hooks.spins[0]
	               ? counters.pool
	               : counters.world->look_locked(counters.world->state, lock);
}

static void spin(const void *lock, bool taken)
{
	const struct locked *is = locked_by(lock);
	struct kept *kept;

	if (!is)
		return;
	kept = &counters.kept[is->count == LOCKED_MOUNT];
	if (taken) {
		if (kept->lock == lock)
			compare(kept, is);
		return;
	}
	kept->lock = lock;
	for (unsigned i = 0; i < is->count; i++)
		kept->number[i] = *is->number[i];
}

void counters_begin(const struct world *world)
{
	counters = (struct counters){ .world = world };
	shim_hooks.spin = spin;
	counters_look();
}

void counters_look(void)
{
	counters.world->locks(counters.world->state, shim_hooks.spins);
	counters.pool = counters.world->look_locked(counters.world->state, shim_hooks.spins[0]);
}

void counters_check(void)
{
	for (int i = 0; i < LOCKS && !shim_locks_held; i++) {
		const struct kept *kept = &counters.kept[i];
		const struct locked *is = kept->lock ? locked_by(kept->lock) : NULL;

		if (is)
			compare(kept, is);
	}
}

void counters_own(void (*piece)(void *at, size_t size))
{
	piece(&counters, sizeof(counters));
	piece(&shim_hooks.spin, sizeof(shim_hooks.spin));
	piece(shim_hooks.spins, sizeof(shim_hooks.spins));
}

void counters_end(void)
{
	shim_hooks.spins[0] = shim_hooks.spins[1] = NULL;
}
