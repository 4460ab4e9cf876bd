/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel configuration that hugetlb's text is taken for: every #if of the files that are cut is
 * decided by this list, and by nothing else, before anything is cut.  A word that is not here is off.
 *
 * Off on purpose: NUMA (there is one node), HUGETLB_PMD_PAGE_TABLE_SHARING, the vmemmap optimisation,
 * CONTIG_ALLOC, gigantic pages and CMA, HIGHPTE, MEMCG, LOCKDEP (lock.h asserts by itself).
 */
#ifndef VM_CONFIG_H
#define VM_CONFIG_H

#define CONFIG_HUGETLB_PAGE 1
#define CONFIG_HUGETLBFS    1
#ifndef WITHOUT_CGROUP
#define CONFIG_CGROUP_HUGETLB 1
#endif
#define CONFIG_USERFAULTFD                    1
#define CONFIG_HAVE_ARCH_USERFAULTFD_WP       1
#define CONFIG_PTE_MARKER_UFFD_WP             1
#define CONFIG_MIGRATION                      1
#define CONFIG_ARCH_ENABLE_HUGEPAGE_MIGRATION 1
#define CONFIG_MEMORY_FAILURE                 1
#define CONFIG_MMU                            1
#define CONFIG_SYSFS                          1
#define CONFIG_SMP                            1 /* a table of fault mutexes, not one */
#define CONFIG_64BIT                          1

/* IS_ENABLED(CONFIG_X): 1 if the word is defined as 1, else 0. */
#define VM_PLACE_1                            0,
#define VM_SECOND(ignored, value, ...)        value
#define VM_ENABLED(place)                     VM_SECOND(place 1, 0)
#define VM_ENABLED_2(value)                   VM_ENABLED(VM_PLACE_##value)
#define VM_ENABLED_1(value)                   VM_ENABLED_2(value)
#define IS_ENABLED(word)                      VM_ENABLED_1(word)

#endif
