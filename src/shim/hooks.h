/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The seam between the code under test and whoever drives it: what an allocation, a free and a
 * broken promise call.  Without a driver they are malloc(), free() and abort(), and steps are not
 * limited, so the map is usable by itself.
 *
 * One driver at a time; no locking, for there is one thread.  With SHIM_THREADS there are many, what is
 * counted is counted for each, and the hooks are called by all of them.
 */
#ifndef SHIM_HOOKS_H
#define SHIM_HOOKS_H

#include <stdbool.h>
#include <stddef.h>

/* SHIM_THREADS=1 is the build of fuzz/threads/: locks are real ones. */
#ifndef SHIM_THREADS
#define SHIM_THREADS 0
#endif

#if SHIM_THREADS
#define SHIM_OF_THREAD _Thread_local
#else
#define SHIM_OF_THREAD
#endif

/*
 * Of functions that are called all the time and touch nothing but what is here: no sanitizer has to look on, and
 * nobody wants to know whether they ran.  MSan and TSan have to see every store.
 */
#ifdef __clang__
#define SHIM_PLAIN __attribute__((no_sanitize("address", "undefined", "coverage")))
#else
#define SHIM_PLAIN
#endif

/* What the code under test did that it promised not to. */
enum shim_breach {
	SHIM_ASSERT,  /* an assertion of the kernel's own fired */
	SHIM_LOCK,    /* a lock taken twice, or given back without being held */
	SHIM_SLEEP,   /* an allocation that may sleep, with a spinlock held */
	SHIM_ENDLESS, /* far more steps than any call needs */
};

/* What can be refused besides memory. */
enum shim_charge {
	SHIM_POOL,   /* huge pages: to promise them, or a surplus one */
	SHIM_CGROUP, /* a charge of the task's cgroup */
	SHIM_MEMCG,  /* the same of the cgroup of memory in general */
	SHIM_NODE,   /* a page of a node that the task may use */
	SHIM_VMA,    /* memory for what belongs to a mapping */
	SHIM_TABLE,  /* a page table */
	SHIM_CHARGES
};

/**
 * struct shim_hooks - the driver's side of the seam
 * @alloc: a block of @size bytes, contents undefined, or NULL to refuse.  Called with no lock
 *	held: this is the unlocked moment, and the hook may call the map again.
 * @free: takes back what @alloc gave, never NULL
 * @breach: told what was broken; must not return
 * @moment: NULL, or called where the code under test may be overtaken though it asks for no
 *	memory: it holds no lock, and has held one since the last such moment or request
 * @refuse: NULL, or asked for each charge; true: it is refused.  @lacking: it will be anyway, for
 *	there is too little
 * @spare: as @alloc, for memory that a plan of refusals does not count
 * @wait: NULL: there are no other tasks; or let others run until they may have given back @what, which
 *	tasks with the bits @holders have.  Returns when it is worth looking again; does not return if
 *	nobody can ever give it back
 * @spin: told that the spinlock at @lock was taken, or is about to be given back, if it is one of @spins
 * @late: NULL, or asked where a call can fail after it has what it needs; true: it does
 */
struct shim_hooks {
	void *(*alloc)(size_t size);
	void (*free)(void *block);
	void (*breach)(enum shim_breach kind, const char *what, const char *file, int line);
	void (*moment)(void);
	bool (*refuse)(enum shim_charge what, bool lacking);
	void *(*spare)(size_t size);
	void (*wait)(unsigned holders, const char *what, const char *file, int line);
	void (*spin)(const void *lock, bool taken);
	const void *spins[2];
	bool (*late)(void);
};

extern struct shim_hooks shim_hooks;

/* Spinlocks held by the thread. */
extern SHIM_OF_THREAD int shim_locks_held;

/* A lock was given back since the last moment or request, and none is held. */
extern SHIM_OF_THREAD int shim_unlocked;

/* A moment: somebody else's call may run here. */
static inline void shim_moment(void)
{
	if (shim_hooks.moment)
		shim_hooks.moment();
	shim_unlocked = 0;
}

/* Is this charge refused? */
static inline bool shim_refuses(enum shim_charge what, bool lacking)
{
	return (shim_hooks.refuse && shim_hooks.refuse(what, lacking)) || lacking;
}

/*
 * Steps along lists, and locks taken, since the driver last set it to 0.  A call that goes round
 * for ever is a breach after SHIM_MOST_STEPS, which no clock decides.  A driver is who has set
 * shim_hooks.breach; it sets this to 0 before each run.  Without one there is no limit, for nobody
 * sets it back.
 */
extern SHIM_OF_THREAD unsigned shim_steps;
enum { SHIM_MOST_STEPS = 1 << 20 };

/* More than SHIM_MOST_STEPS: a breach where there is a driver, else the count begins again. */
void shim_too_many_steps(const char *file, int line);

/* Report a breach; does not return. */
_Noreturn void shim_breach(enum shim_breach kind, const char *what, const char *file, int line);

/* Count one step; always true, for use in a condition. */
static inline int shim_step(const char *file, int line)
{
	if (__builtin_expect(++shim_steps > SHIM_MOST_STEPS, 0))
		shim_too_many_steps(file, line);
	return 1;
}

/*
 * What a spinlock does beside its own field: before it is taken others may run, if a lock was given back since
 * they did; behind that, and before it is given back, the driver is told.
 */
void shim_before_spin(const char *file, int line);
void shim_spun(const void *lock);
void shim_before_unspin(const void *lock);

#endif
