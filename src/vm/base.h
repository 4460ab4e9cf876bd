/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The vocabulary of all kernel text: types, sizes, errors in pointers, memory flags, assertions.
 * An assertion or a warning of the kernel's is told to the driver; what is only printed is counted.
 */
#ifndef VM_BASE_H
#define VM_BASE_H

#include "config.h"

#include "src/shim/custom.h"
#include "src/shim/dup.h"

#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef long long loff_t_vm;
#define loff_t loff_t_vm
typedef __PTRDIFF_TYPE__ ssize_t; /* as in libc, of which some includes come behind */
typedef unsigned long pgoff_t;
typedef unsigned int kuid_t, kgid_t;
typedef unsigned short umode_t_vm;
#define umode_t umode_t_vm
typedef struct {
	long counter;
} atomic_long_t;
typedef struct {
	int counter;
} atomic_t;

/* Eight small pages in a huge one: tail pages are real, and up to 6.6 five of them hold fields. */
enum { VM_HUGE_ORDER = 3, VM_HUGE_PAGES = 1 << VM_HUGE_ORDER };

#define PAGE_SHIFT         12
#define PAGE_SIZE          (1UL << PAGE_SHIFT)
#define PAGE_MASK          (~(PAGE_SIZE - 1))
#define PMD_SHIFT          (PAGE_SHIFT + VM_HUGE_ORDER)
#define PMD_SIZE           (1UL << PMD_SHIFT)
#define PMD_MASK           (~(PMD_SIZE - 1))
#define PUD_SHIFT          39 /* out of reach, so nothing is as large */
#define PUD_SIZE           (1UL << PUD_SHIFT)
#define PUD_MASK           (~(PUD_SIZE - 1))
#define P4D_SHIFT          48
#define PGDIR_SHIFT        57
#define HPAGE_SHIFT        PMD_SHIFT
#define HPAGE_SIZE         PMD_SIZE
#define HUGETLB_PAGE_ORDER VM_HUGE_ORDER
#define HUGE_MAX_HSTATE    1
#define MAX_PAGE_ORDER     10 /* nothing is gigantic */
#define MAX_ORDER          11
#define pageblock_order    VM_HUGE_ORDER
#define BITS_PER_LONG      64
#define PGOFF_LOFFT_MAX    (((1UL << (PAGE_SHIFT + 1)) - 1) << (BITS_PER_LONG - (PAGE_SHIFT + 1)))
#ifndef LLONG_MAX
#define LLONG_MAX __LONG_LONG_MAX__
#endif

#define __user
#define __rcu
#define __weak
#define __init
#define __initdata
#define __exit
#define __read_mostly
#define __ro_after_init
#define __cacheline_aligned_in_smp
#define ____cacheline_internodealigned_in_smp
#define __must_check
#define __always_unused
#define __maybe_unused __attribute__((unused))
#define __must_hold(lock)
#define __acquires(lock)
#define __releases(lock)
#undef __always_inline
#define __always_inline inline
#define noinline
#define fallthrough __attribute__((fallthrough))
#define EXPORT_SYMBOL(name)
#define EXPORT_SYMBOL_GPL(name)

#define READ_ONCE(place)                (place)
#define data_race(value)                (value)
#define barrier()                       ((void)0)
#define smp_wmb()                       ((void)0)
#define smp_rmb()                       ((void)0)
#define smp_mb()                        ((void)0)
#define smp_store_release(place, value) ((void)(*(place) = (value)))
#define smp_load_acquire(place)         (*(place))
#define cond_resched()                  vm_resched(__func__, __FILE__, __LINE__)
#define cond_resched_lock(lock)         ((void)(lock))
#define might_sleep()                   ((void)0)
#define signal_pending(task)            ((void)(task), false)
#define fatal_signal_pending(task)      ((void)(task), false)
#define in_task()                       true
#define in_interrupt()                  false
#define in_irq()                        false
#define current                         (&vm_current)

#define ARRAY_SIZE(array)               (sizeof(array) / sizeof((array)[0]))
#define round_up(x, y)                  ((((x)-1) | ((__typeof__(x))((y)-1))) + 1)
#define round_down(x, y)                ((x) & ~((__typeof__(x))((y)-1)))
#define ALIGN(x, a)                     (((x) + ((__typeof__(x))(a)-1)) & ~((__typeof__(x))(a)-1))
#define ALIGN_DOWN(x, a)                ((x) & ~((__typeof__(x))(a)-1))
#define IS_ALIGNED(x, a)                (((x) & ((__typeof__(x))(a)-1)) == 0)
#define min_t(type, a, b)               min((type)(a), (type)(b))
#define max_t(type, a, b)               max((type)(a), (type)(b))
#define BIT(n)                          (1UL << (n))
#define BUILD_BUG_ON(cond)              _Static_assert(!(cond), "BUILD_BUG_ON")
#define ilog2(n)                        (63 - __builtin_clzl(n))
#define order_base_2(n)                 ilog2(n)

#define IS_ERR(ptr)                     ((unsigned long)(ptr) >= (unsigned long)-4095)
#define IS_ERR_OR_NULL(ptr)             (!(ptr) || IS_ERR(ptr))
#define ERR_PTR(err)                    ((void *)(long)(err))
#define PTR_ERR(ptr)                    ((long)(ptr))
#define ERR_CAST(ptr)                   ((void *)(ptr))
#define PTR_ERR_OR_ZERO(ptr)            (IS_ERR(ptr) ? PTR_ERR(ptr) : 0)
#ifndef EHWPOISON
#define EHWPOISON 133
#endif

/* One kind of memory matters: whether the caller may sleep (custom.h). */
#define __GFP_COMP           0
#define __GFP_NOWARN         0
#define __GFP_THISNODE       0
#define __GFP_RETRY_MAYFAIL  0
#define __GFP_NORETRY        0
#define __GFP_NOMEMALLOC     0
#define __GFP_HIGHMEM        0
#define __GFP_MOVABLE        0
#define __GFP_REPEAT         0
#define __GFP_ACCOUNT        0
#define __GFP_DIRECT_RECLAIM 0
#define __GFP_NOFAIL         0
#define GFP_HIGHUSER         GFP_KERNEL
#define GFP_HIGHUSER_MOVABLE GFP_KERNEL
#define GFP_USER             GFP_KERNEL
#define GFP_ATOMIC           ((gfp_t)0)
#define GFP_NOWAIT           ((gfp_t)0)

/*
 * Memory for a sharable mapping's lock is no request that a trace can refuse by number: older kernels
 * do not ask for it, so the numbers would mean something else.  The word `vma` refuses it.
 */
#undef kmalloc
#undef kzalloc
static inline void *vm_for_a_vma(size_t size)
{
	return shim_refuses(SHIM_VMA, false) ? NULL : shim_hooks.spare(size);
}

#define VM_FOR_A_VMA_LOCK() (!__builtin_strcmp(__func__, "hugetlb_vma_lock_alloc"))
#define kmalloc(size, flags) \
	(VM_FOR_A_VMA_LOCK() ? vm_for_a_vma(size) : shim_kmalloc(size, flags, __FILE__, __LINE__))
#define kzalloc(size, flags)  shim_kzalloc(size, flags, __FILE__, __LINE__)
#define kmalloc_obj(obj, ...) kmalloc(sizeof(__typeof__(obj)), GFP_KERNEL)
#define kzalloc_obj(obj, ...) kzalloc(sizeof(__typeof__(obj)), GFP_KERNEL)
#define kvfree(block)         kfree(block)

/* These stay where DEBUG_VM is off.  A warning is a finding too. */
#define WARN_ON(cond) \
	({ \
		bool warn_on = (cond); \
		if (unlikely(warn_on)) \
			shim_breach(SHIM_ASSERT, "assertion (" #cond ")", __FILE__, __LINE__); \
		warn_on; \
	})
#define BUG_ON(cond)                       ((void)WARN_ON(cond))
#define BUG()                              BUG_ON(true)
#define WARN_ON_ONCE(cond)                 WARN_ON(cond)
#define WARN_ONCE(cond, ...)               WARN_ON(cond)
#define VM_WARN_ON(cond)                   VM_BUG_ON(cond)
#define VM_WARN_ON_ONCE(cond)              VM_BUG_ON(cond)
#define VM_WARN_ON_FOLIO(cond, folio)      VM_BUG_ON(cond)
#define VM_WARN_ON_ONCE_FOLIO(cond, folio) VM_BUG_ON(cond)
#define VM_WARN_ON_ONCE_VMA(cond, vma)     VM_BUG_ON(cond)
#define VM_WARN_ON_VMG(cond, vmg)          VM_BUG_ON(cond)
#define VM_BUG_ON_PAGE(cond, page)         VM_BUG_ON(cond)
#define VM_BUG_ON_FOLIO(cond, folio)       VM_BUG_ON(cond)
#define VM_BUG_ON_VMA(cond, vma)           VM_BUG_ON(cond)

/* A range whose end is before its start is refused with a message: that is as it should be. */
#define VM_WARN(cond, ...)                 ((void)0)
#define VM_WARN_ONCE(cond, ...)            ((void)0)

/* What a kernel says of its books: from then on they may be wrong. */
extern unsigned shim_warned;

/* That a process is killed for want of a page says nothing of books. */
static inline void vm_warned(const char *format)
{
	shim_warned += !strstr(format, "inadequate hugepage pool");
}

#define VM_FIRST(first, ...)     first
#define pr_warn(...)             vm_warned(VM_FIRST(__VA_ARGS__, 0))
#define pr_warning(...)          pr_warn(__VA_ARGS__)
#define pr_warn_once(...)        ((void)0)
#define pr_warn_ratelimited(...) pr_warn(__VA_ARGS__)
#define pr_info(...)             ((void)0)
#define pr_err(...)              pr_warn(__VA_ARGS__)
#define pr_debug(...)            ((void)0)

static inline long atomic_long_read(const atomic_long_t *v)
{
	return v->counter;
}

static inline void atomic_long_add(long n, atomic_long_t *v)
{
	v->counter += n;
}

static inline void atomic_long_sub(long n, atomic_long_t *v)
{
	v->counter -= n;
}

static inline void atomic_long_inc(atomic_long_t *v)
{
	v->counter++;
}

static inline int atomic_read(const atomic_t *v)
{
	return v->counter;
}

/*
 * How many arguments a call has, for what kernels call with more of them than others: the first
 * argument picks the VM_COUNT-th word behind it.
 */
#define VM_COUNT(...)                              VM_COUNT_1(__VA_ARGS__, 8, 7, 6, 5, 4, 3, 2, 1)
#define VM_COUNT_1(a, b, c, d, e, f, g, h, n, ...) n
#define VM_JOIN(a, b)                              VM_JOIN_1(a, b)
#define VM_JOIN_1(a, b)                            a##b

#endif
