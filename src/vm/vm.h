/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The world below hugetlb, all of it: what the text of a kernel's mm/hugetlb.c, mm/hugetlb_cgroup.c and
 * fs/hugetlbfs/inode.c stands on.  A header a subject, each function with the contract of the kernel's
 * function of its name; what is below a name that several kernels have differently takes any number
 * of arguments.
 *
 * Names of the tree's own files that are replaced here, so that they are never taken from the tree:
 *
 *	hugetlb_fault_mutex_hash	hashes an address, so a run would depend on where memory lies
 *	alloc_gigantic_*, CMA, vmemmap	no page is that large, nothing is optimised
 *	huge_pmd_*, adjust_range_*, huge_pte_offset, huge_pte_alloc, hugetlb_walk, huge_pte_lockptr
 *					page tables are arrays, and nobody shares one
 *	hugetlb_cgroup_from_task	the task's css_set is a pointer here
 *	hugetlb_event			nobody waits for events
 *	gigantic_page_runtime_supported	no
 */
#ifndef VM_VM_H
#define VM_VM_H

#include "base.h"
#include "task.h"
#include "lock.h"
#include "page.h"
#include "pagetable.h"
#include "vma.h"
#include "cache.h"
#include "rmap.h"
#include "mmu.h"
#include "buddy.h"
#include "node.h"
#include "cgroup.h"
#include "misc.h"
#include "migrate.h"

#endif
