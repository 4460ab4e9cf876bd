/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of the kernel's vocabulary that means nothing in one userspace thread and is
 * rendered to nothing.  A name belongs here only if leaving it out cannot change a result.
 */
#ifndef SHIM_STUBS_H
#define SHIM_STUBS_H

#define __must_hold(lock)

/* Nothing under test waits for it. */
struct rw_semaphore {
	char unused;
};

static inline void init_rwsem(struct rw_semaphore *sem)
{
	(void)sem;
}

/*
 * Around the reservations: what finds out who may run where, what the machine is told of a page,
 * how it is counted elsewhere.  A limit on memory of all kinds is off, as where the mount option
 * memory_hugetlb_accounting is.
 */
#define rcu_read_lock()                    ((void)0)
#define rcu_read_unlock()                  ((void)0)
#define in_task()                          true
#define llist_add(...)                     false
#define schedule_work(...)                 ((void)0)
#define htlb_alloc_mask(h)                 GFP_KERNEL
#define __GFP_RETRY_MAYFAIL                0
#define mpol_cond_put(mpol)                ((void)0)
#define page_mapcount(p)                   0
#define folio_mapcount(f)                  0
#define folio_test_anon(f)                 false
#define PageAnon(p)                        false
#define __ClearPageAnonExclusive(p)        ((void)0)
#define PageHugeTemporary(p)               false
#define ClearPageHugeTemporary(p)          ((void)0)
#define HPageTemporary(p)                  false
#define folio_test_hugetlb_temporary(f)    false
#define clear_page_huge_active(p)          ((void)0)
#define ClearHPageMigratable(p)            ((void)0)
#define folio_clear_hugetlb_migratable(f)  ((void)0)
#define arch_clear_hugepage_flags(p)       ((void)0)
#define arch_clear_hugetlb_flags(f)        ((void)0)
#define lruvec_stat_mod_folio(...)         ((void)0)
#define mem_cgroup_uncharge(f)             ((void)0)
#define get_mem_cgroup_from_current()      NULL
#define mem_cgroup_hugetlb_try_charge(...) (-EOPNOTSUPP)
#define mem_cgroup_charge_hugetlb(...)     (-EOPNOTSUPP)
#define mem_cgroup_cancel_charge(...)      ((void)0)
#define mem_cgroup_commit_charge(...)      ((void)0)
#define mem_cgroup_put(memcg)              ((void)0)
#define hugetlb_event(...)                 ((void)0)
#define hugetlb_vma_lock_alloc(vma)        ((void)0)
#define hugetlb_vma_lock_free(vma)         ((void)0)
#define VM_WARN(cond, ...)                 ((void)0)

#endif
