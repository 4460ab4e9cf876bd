/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Locks that sleep: mutex, rw_semaphore, a folio's lock.  Each knows who holds it; who finds it held
 * waits until it is given back, and others run meanwhile (task.h).  A trylock sees the truth.
 *
 * Spinlocks are custom.h's: they are never waited for, because calls are switched only where none is
 * held.  Before each of these locks somebody else may run.
 */
#ifndef VM_LOCK_H
#define VM_LOCK_H

#include "base.h"
#include "task.h"

struct mutex {
	u8 holder; /* a task's number, 0: free */
};

/* What is no semaphore is not waited for: who holds it would be said by an address, or by anything else. */
struct rw_semaphore {
	u32 magic;
	u8 writer;
	u32 readers; /* a bit for each task */
};

enum { VM_SEM_MAGIC = 0x73656d61 };

struct lock_class_key {
	char unused;
};

typedef struct {
	char unused;
} seqcount_t;

#define __mutex_init(lock, name, key) ((void)((lock)->holder = 0))
#define mutex_init(lock)              ((void)((lock)->holder = 0))
#define mutex_lock(lock)              vm_mutex_lock(lock, #lock, __FILE__, __LINE__)
#define mutex_unlock(lock)            vm_mutex_unlock(lock, __FILE__, __LINE__)
#define mutex_is_locked(lock)         ((lock)->holder != 0)
#define init_rwsem(sem)               ((void)(*(sem) = (struct rw_semaphore){ .magic = VM_SEM_MAGIC }))
#define down_read_trylock(sem)        vm_down_read_trylock(sem, __FILE__, __LINE__)
#define down_write_trylock(sem)       vm_down_write_trylock(sem, __FILE__, __LINE__)
#define down_read(sem)                vm_down_read(sem, #sem, __FILE__, __LINE__)
#define up_read(sem)                  vm_up_read(sem, __FILE__, __LINE__)
#define down_write(sem)               vm_down_write(sem, #sem, __FILE__, __LINE__)
#define down_write_nested(sem, depth) down_write(sem)
#define up_write(sem)                 vm_up_write(sem, __FILE__, __LINE__)
#define rwsem_is_locked(sem)          ((sem)->writer || (sem)->readers)
#define lockdep_set_class(lock, key)  ((void)(key))
#define lockdep_is_held(lock)         true

/* Wait until nobody else holds the lock: @held says who does, as bits of tasks. */
static inline void vm_mutex_lock(struct mutex *lock, const char *name, const char *file, int line)
{
	vm_before_lock();
	while (lock->holder)
		vm_wait(1u << lock->holder, name, file, line);
	lock->holder = vm_current.number;
	vm_current.sleeping_locks++;
}

static inline void vm_mutex_unlock(struct mutex *lock, const char *file, int line)
{
	if (lock->holder != vm_current.number)
		shim_breach(SHIM_LOCK, "gives back a mutex it does not hold", file, line);
	lock->holder = 0;
	vm_current.sleeping_locks--;
	vm_after_unlock();
}

static inline bool mutex_trylock(struct mutex *lock)
{
	if (lock->holder)
		return false;
	lock->holder = vm_current.number;
	vm_current.sleeping_locks++;
	return true;
}

/* Source: kernel/locking/rwsem.c, what CONFIG_DEBUG_RWSEMS asks, v6.12. */
static inline void vm_must_be_sem(const struct rw_semaphore *sem, const char *file, int line)
{
	if (sem->magic != VM_SEM_MAGIC)
		shim_breach(SHIM_LOCK, "takes for a semaphore what is none", file, line);
}

static inline void vm_down_read(struct rw_semaphore *sem, const char *name, const char *file,
                                int line)
{
	vm_before_lock();
	vm_must_be_sem(sem, file, line);
	while (sem->writer || sem->readers >> vm_current.number & 1)
		vm_wait(sem->writer ? 1u << sem->writer : 1u << vm_current.number, name, file,
		        line);
	sem->readers |= 1u << vm_current.number;
	vm_current.sleeping_locks++;
}

static inline void vm_up_read(struct rw_semaphore *sem, const char *file, int line)
{
	if (!(sem->readers >> vm_current.number & 1))
		shim_breach(SHIM_LOCK, "gives back a semaphore it does not hold", file, line);
	sem->readers &= ~(1u << vm_current.number);
	vm_current.sleeping_locks--;
	vm_after_unlock();
}

static inline bool vm_down_read_trylock(struct rw_semaphore *sem, const char *file, int line)
{
	vm_must_be_sem(sem, file, line);
	if (sem->writer || sem->readers >> vm_current.number & 1)
		return false;
	sem->readers |= 1u << vm_current.number;
	vm_current.sleeping_locks++;
	return true;
}

static inline void vm_down_write(struct rw_semaphore *sem, const char *name, const char *file,
                                 int line)
{
	vm_before_lock();
	vm_must_be_sem(sem, file, line);
	while (sem->writer || sem->readers)
		vm_wait((sem->writer ? 1u << sem->writer : 0) | sem->readers, name, file, line);
	sem->writer = vm_current.number;
	vm_current.sleeping_locks++;
}

static inline void vm_up_write(struct rw_semaphore *sem, const char *file, int line)
{
	if (sem->writer != vm_current.number)
		shim_breach(SHIM_LOCK, "gives back a semaphore it does not hold", file, line);
	sem->writer = 0;
	vm_current.sleeping_locks--;
	vm_after_unlock();
}

static inline bool vm_down_write_trylock(struct rw_semaphore *sem, const char *file, int line)
{
	vm_must_be_sem(sem, file, line);
	if (sem->writer || sem->readers)
		return false;
	sem->writer = vm_current.number;
	vm_current.sleeping_locks++;
	return true;
}

/* Do what lockdep would: spinlocks have `held`, the others a holder. */
#define VM_HELD(lock) \
	_Generic((lock), spinlock_t * \
	         : *(const int *)(const void *)(lock) != 0, struct mutex * \
	         : *(const u8 *)(const void *)(lock) == vm_current.number, struct rw_semaphore * \
	         : vm_sem_held((const void *)(lock)))
#define lockdep_assert_held(lock) \
	do { \
		if (!VM_HELD(lock)) \
			shim_breach(SHIM_LOCK, "needs " #lock " and does not hold it", __FILE__, \
			            __LINE__); \
	} while (0)
#define lockdep_assert_held_write(lock) lockdep_assert_held(lock)

static inline bool vm_sem_held(const struct rw_semaphore *sem)
{
	return sem->writer == vm_current.number || sem->readers >> vm_current.number & 1;
}

#define spin_lock_nested(lock, depth)     spin_lock(lock)
#define SINGLE_DEPTH_NESTING              1
#define spin_is_locked(lock)              ((lock)->held != 0)
#define local_irq_save(flags)             ((void)((flags) = 0))
#define local_irq_restore(flags)          ((void)(flags))

#define raw_write_seqcount_begin(count)   ((void)(count))
#define raw_write_seqcount_end(count)     ((void)(count))
#define read_seqcount_begin(count)        ((void)(count), 0u)
#define read_seqcount_retry(count, start) ((void)(start), false)
#define rcu_read_lock()                   ((void)0)
#define rcu_read_unlock()                 ((void)0)
#define rcu_dereference(ptr)              (ptr)

#endif
