/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of the kernel's vocabulary that is changed on purpose, so that a driver sees what the
 * code under test does: allocation, freeing, a spinlock that knows it is held, assertions.
 */
#ifndef SHIM_CUSTOM_H
#define SHIM_CUSTOM_H

#include "dup.h"
#include "hooks.h"

#include <string.h>

/* SHIM_DEBUG_VM=0 compiles the kernel's assertions out, as a distribution's kernel does. */
#ifndef SHIM_DEBUG_VM
#define SHIM_DEBUG_VM 1
#endif

#if SHIM_THREADS
#include <pthread.h>
#endif

typedef struct {
	int held;
#if SHIM_THREADS
	pthread_mutex_t mutex; /* guards held too */
#endif
} spinlock_t;

typedef unsigned int gfp_t;
#define GFP_KERNEL ((gfp_t)1)

#if SHIM_THREADS
/* One that knows its owner: to take it twice, or to give back another thread's, is an error. */
static inline void shim_lock_init(spinlock_t *lock)
{
	pthread_mutexattr_t kind;

	pthread_mutexattr_init(&kind);
	pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ERRORCHECK);
	pthread_mutex_init(&lock->mutex, &kind);
	pthread_mutexattr_destroy(&kind);
}

static inline bool shim_lock_takes(spinlock_t *lock)
{
	return !pthread_mutex_lock(&lock->mutex);
}

/* held is cleared before, by who may do so. */
static inline bool shim_lock_gives(spinlock_t *lock)
{
	return !pthread_mutex_unlock(&lock->mutex);
}
#else
static inline void shim_lock_init(spinlock_t *lock)
{
	(void)lock;
}

static inline bool shim_lock_takes(spinlock_t *lock)
{
	return !lock->held;
}

static inline bool shim_lock_gives(spinlock_t *lock)
{
	(void)lock;
	return true;
}
#endif

static inline void spin_lock_init(spinlock_t *lock)
{
	lock->held = 0;
	shim_lock_init(lock);
}

static inline void shim_lock(spinlock_t *lock, const char *file, int line)
{
	shim_before_spin(file, line);
	if (!shim_lock_takes(lock))
		shim_breach(SHIM_LOCK, "takes a lock it already holds", file, line);
	lock->held = 1;
	shim_spun(lock);
}

static inline void shim_unlock(spinlock_t *lock, const char *file, int line)
{
	if (!lock->held)
		shim_breach(SHIM_LOCK, "gives back a lock it does not hold", file, line);
	shim_before_unspin(lock);
	lock->held = 0;
	if (!shim_lock_gives(lock))
		shim_breach(SHIM_LOCK, "gives back a lock that another thread holds", file, line);
	shim_unlocked = !--shim_locks_held;
}

#define spin_lock(lock)                     shim_lock(lock, __FILE__, __LINE__)
#define spin_unlock(lock)                   shim_unlock(lock, __FILE__, __LINE__)

/* There are no interrupts. */
#define spin_lock_irq(lock)                 spin_lock(lock)
#define spin_unlock_irq(lock)               spin_unlock(lock)
#define spin_lock_irqsave(lock, flags)      ((void)((flags) = 0), spin_lock(lock))
#define spin_unlock_irqrestore(lock, flags) ((void)(flags), spin_unlock(lock))

/*
 * guard(spinlock)(&lock) holds it to the end of the block, scoped_guard(spinlock, &lock) in the
 * statement behind it.
 */
struct shim_guard {
	spinlock_t *lock;
	const char *file;
	int line;
};

static inline struct shim_guard shim_guard_take(spinlock_t *lock, const char *file, int line)
{
	shim_lock(lock, file, line);
	return (struct shim_guard){ lock, file, line };
}

static inline void shim_guard_drop(struct shim_guard *guard)
{
	shim_unlock(guard->lock, guard->file, guard->line);
}

#define SHIM_PASTE(a, b)  a##b
#define SHIM_UNIQUE(a, b) SHIM_PASTE(a, b)
#define SHIM_GUARD(name, lock) \
	struct shim_guard name __attribute__((cleanup(shim_guard_drop), \
	                                      unused)) = shim_guard_take(lock, __FILE__, __LINE__)

#define guard(kind)                       shim_guard_##kind
#define shim_guard_spinlock(lock)         SHIM_GUARD(SHIM_UNIQUE(guard_, __LINE__), lock)
#define shim_guard_spinlock_irq(lock)     shim_guard_spinlock(lock)
#define shim_guard_spinlock_irqsave(lock) shim_guard_spinlock(lock)
#define shim_guard_rcu()                  ((void)0)
#define scoped_guard(kind, lock) \
	for (SHIM_GUARD(scope, lock), *scope_once = &scope; scope_once; scope_once = NULL)

static inline void *shim_kmalloc(size_t size, gfp_t flags, const char *file, int line)
{
	void *block;

	if (flags == GFP_KERNEL && shim_locks_held)
		shim_breach(SHIM_SLEEP, "allocates with the lock held", file, line);
	block = shim_hooks.alloc(size);
	shim_unlocked = 0;
	return block;
}

#define kmalloc(size, flags) shim_kmalloc(size, flags, __FILE__, __LINE__)

static inline void *shim_kzalloc(size_t size, gfp_t flags, const char *file, int line)
{
	void *block = shim_kmalloc(size, flags, file, line);

	return block ? memset(block, 0, size) : NULL;
}

#define kzalloc(size, flags) shim_kzalloc(size, flags, __FILE__, __LINE__)

static inline void kfree(const void *block)
{
	if (block)
		shim_hooks.free((void *)block);
}

/* A variable __free(kfree) is freed at the end of its block, unless no_free_ptr() took it. */
static inline void shim_free_kfree(void *variable)
{
	kfree(*(void **)variable);
}

#define __free(name) __attribute__((cleanup(shim_free_##name)))
#define DEFINE_FREE(...)
#define no_free_ptr(pointer) \
	({ \
		__typeof__(pointer) kept = (pointer); \
		(pointer) = NULL; \
		kept; \
	})
#define return_ptr(pointer) return no_free_ptr(pointer)

#if SHIM_DEBUG_VM
#define VM_BUG_ON(cond) \
	do { \
		if (unlikely(cond)) \
			shim_breach(SHIM_ASSERT, "VM_BUG_ON(" #cond ")", __FILE__, __LINE__); \
	} while (0)
#else
#define VM_BUG_ON(cond) ((void)sizeof((long)(cond)))
#endif

#endif
