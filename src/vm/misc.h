/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fault mutexes, and what of migration and memory failure reaches into hugetlb.
 */
#ifndef VM_MISC_H
#define VM_MISC_H

#include "cgroup.h"
#include "vma.h"

/* Everything as at boot: every folio is free, and nobody has a fault mutex. */
void vm_reset(void);

/* A mutex for each page of a file; two files never share one. */
enum { VM_FAULT_MUTEXES = 512 };
extern struct mutex *hugetlb_fault_mutex_table;
extern spinlock_t hugetlb_lock;
extern int hugetlb_max_hstate;

#define hugetlb_fault_mutex_hash(...)               VM_JOIN(vm_hash_, VM_COUNT(__VA_ARGS__))(__VA_ARGS__)
#define vm_hash_2(mapping, index)                   vm_fault_hash(mapping, index)
#define vm_hash_3(h, mapping, index)                vm_fault_hash(mapping, index)
#define vm_hash_4(h, mapping, index, addr)          vm_fault_hash(mapping, index)
#define vm_hash_5(h, mm, vma, mapping, index)       vm_fault_hash(mapping, index)
#define vm_hash_6(h, mm, vma, mapping, index, addr) vm_fault_hash(mapping, index)

static inline u32 vm_fault_hash(const struct address_space *mapping, pgoff_t index)
{
	return (u32)((mapping->host->i_ino * VM_FILE_PAGES + index) % VM_FAULT_MUTEXES);
}

enum migrate_mode { MIGRATE_ASYNC, MIGRATE_SYNC_LIGHT, MIGRATE_SYNC, MIGRATE_SYNC_NO_COPY };

/*
 * The new page takes the old one's place, of which nobody else but the caller has a reference: 0, or -EAGAIN.
 * Source: mm/migrate.c migrate_huge_page_move_mapping() and folio_migrate_mapping(), v6.12.
 */
int vm_migrate_file(struct address_space *mapping, struct folio *to, struct folio *from);
int vm_migrate_anon(struct folio *to, struct folio *from);
#define migrate_huge_page_move_mapping(mapping, to, from) \
	vm_migrate_file(mapping, page_folio(to), page_folio(from))
#define folio_migrate_flags(to, from) mem_cgroup_migrate(from, to)
#define folio_migrate_copy(to, from)  (shim_moment(), mem_cgroup_migrate(from, to))
#define migrate_page_copy(to, from)   shim_moment()
#define migrate_page_states(to, from) ((void)(to), (void)(from))
#define shmem_read_folio(...)         ((struct folio *)ERR_PTR(-EINVAL))
enum migrate_reason {
	MR_COMPACTION,
	MR_MEMORY_FAILURE,
	MR_MEMORY_HOTPLUG,
	MR_SYSCALL,
	MR_MEMPOLICY_MBIND
};
#define MIGRATEPAGE_SUCCESS              0
#define set_page_owner(...)              ((void)0)
#define movable_gigantic_pages           0
#define shim_guard_rcu()                 ((void)0)
#define MF_COUNT_INCREASED               1

#define trace_hugetlbfs_fallocate(...)   ((void)0)
#define trace_hugetlbfs_setattr(...)     ((void)0)
#define trace_hugetlbfs_evict_inode(...) ((void)0)

#endif
