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

typedef struct {
	int held;
} spinlock_t;

typedef unsigned int gfp_t;
#define GFP_KERNEL ((gfp_t)1)

static inline void spin_lock_init(spinlock_t *lock)
{
	lock->held = 0;
}

static inline void shim_lock(spinlock_t *lock, const char *file, int line)
{
	shim_step(file, line);
	if (shim_unlocked && !shim_locks_held)
		shim_moment();
	if (lock->held)
		shim_breach(SHIM_LOCK, "takes a lock it already holds", file, line);
	lock->held = 1;
	shim_locks_held++;
}

static inline void shim_unlock(spinlock_t *lock, const char *file, int line)
{
	if (!lock->held)
		shim_breach(SHIM_LOCK, "gives back a lock it does not hold", file, line);
	lock->held = 0;
	shim_unlocked = !--shim_locks_held;
}

#define spin_lock(lock)                     shim_lock(lock, __FILE__, __LINE__)
#define spin_unlock(lock)                   shim_unlock(lock, __FILE__, __LINE__)

/* There are no interrupts. */
#define spin_lock_irq(lock)                 spin_lock(lock)
#define spin_unlock_irq(lock)               spin_unlock(lock)
#define spin_lock_irqsave(lock, flags)      ((void)((flags) = 0), spin_lock(lock))
#define spin_unlock_irqrestore(lock, flags) ((void)(flags), spin_unlock(lock))

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
