/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What page tables tell the rest of the machine: the gather, which holds the references of unmapped
 * pages until it is finished; notifiers, TLBs and accounting, which nobody listens to, but what begins must end; and
 * userfaultfd, as far as hugetlb asks for it.
 */
#ifndef VM_MMU_H
#define VM_MMU_H

#include "rmap.h"

struct mmu_gather {
	struct mm_struct *mm;
	unsigned pages;
	struct page *page[VM_TABLE];
};

struct zap_details {
	zap_flags_t zap_flags;
};

struct mmu_notifier_range {
	unsigned long start, end;
	const void *of; /* itself, from when it is set until its end is told */
};

#define vm_gather(tlb, of)                     ((void)((tlb)->mm = (of), (tlb)->pages = 0, vm_current.gathers++))
#define tlb_gather_mmu_vma(tlb, vma, ...)      vm_gather(tlb, (vma)->vm_mm)
#define tlb_gather_mmu(tlb, of, ...)           vm_gather(tlb, of)
#define tlb_start_vma(...)                     ((void)0)
#define tlb_end_vma(...)                       ((void)0)
#define tlb_change_page_size(...)              ((void)0)
#define tlb_remove_check_page_size_change(...) ((void)0)
#define tlb_remove_huge_tlb_entry(...)         ((void)0)
#define tlb_remove_tlb_entry(...)              ((void)0)
#define tlb_flush_mmu_tlbonly(tlb)             ((void)(tlb))
#define tlb_flush_pmd_range(...)               ((void)0)
#define tlb_flush_mmu(tlb)                     vm_gather_finish(tlb)
#define tlb_finish_mmu(tlb, ...)               (vm_gather_finish(tlb), (void)vm_current.gathers--)
#define tlb_remove_page_size(tlb, page, size)  vm_gather_page(tlb, page)
#define __tlb_remove_page_size(tlb, page, ...) (vm_gather_page(tlb, page), false)
#define __tlb_remove_page(tlb, page)           (vm_gather_page(tlb, page), true) /* there is room left */

static inline void vm_gather_finish(struct mmu_gather *tlb)
{
	for (unsigned i = 0; i < tlb->pages; i++)
		put_page(tlb->page[i]);
	tlb->pages = 0;
}

static inline void vm_gather_page(struct mmu_gather *tlb, struct page *page)
{
	if (tlb->pages == VM_TABLE)
		shim_breach(SHIM_ASSERT, "gathers more pages than there are", __FILE__, __LINE__);
	tlb->page[tlb->pages++] = page;
}

/* Who listens is told of some page at least, and of whole ones. */
static inline void vm_notify_range(struct mmu_notifier_range *range, unsigned long from,
                                   unsigned long to, const char *file, int line)
{
	if (from >= to)
		shim_breach(SHIM_ASSERT, "tells of a range that is none", file, line);
	if ((from | to) & (PMD_SIZE - 1))
		shim_breach(SHIM_ASSERT, "tells of a part of a page", file, line);
	range->start = from;
	range->end = to;
	range->of = range;
}

static inline void vm_notify_start(const struct mmu_notifier_range *range, const char *file,
                                   int line)
{
	if (range->of != range)
		shim_breach(SHIM_ASSERT, "tells of a range that was not set", file, line);
	vm_current.notifies++;
}

#define mmu_notifier_range_init(range, event, flags, ...) \
	VM_JOIN(vm_range_, VM_COUNT(__VA_ARGS__))(range, __VA_ARGS__)
#define vm_range_3(range, mm, from, to)      vm_notify_range(range, from, to, __FILE__, __LINE__)
#define vm_range_4(range, vma, mm, from, to) vm_range_3(range, mm, from, to)
#define mmu_notifier_invalidate_range_start(...) \
	VM_JOIN(vm_notify_start_, VM_COUNT(__VA_ARGS__))(__VA_ARGS__)
#define mmu_notifier_invalidate_range_end(...) \
	VM_JOIN(vm_notify_end_, VM_COUNT(__VA_ARGS__))(__VA_ARGS__)
#define vm_notify_start_3(mm, from, to) \
	((void)(mm), (void)(from), (void)(to), (void)vm_current.notifies++)
#define vm_notify_end_3(mm, from, to) \
	((void)(mm), (void)(from), (void)(to), (void)vm_current.notifies--)
#define vm_notify_start_1(range)                         vm_notify_start(range, __FILE__, __LINE__)
#define vm_notify_end_1(range)                           ((range)->of = NULL, (void)vm_current.notifies--)
#define mmu_notifier_invalidate_range(...)               ((void)0)
#define mmu_notifier_arch_invalidate_secondary_tlbs(...) ((void)0)
#define flush_cache_range(...)                           ((void)0)
#define flush_cache_page(...)                            ((void)0)
#define flush_tlb_range(...)                             ((void)0)
#define flush_tlb_page(...)                              ((void)0)
#define flush_hugetlb_tlb_range(...)                     ((void)0)
#define flush_dcache_page(...)                           ((void)0)
#define flush_dcache_folio(...)                          ((void)0)
#define delayacct_wpcopy_start()                         ((void)0)
#define delayacct_wpcopy_end()                           ((void)0)

/* --- userfaultfd ---------------------------------------------------------------------------------- */

#define userfaultfd_missing(vma)                         (((vma)->vm_flags & VM_UFFD_MISSING) != 0)
#define userfaultfd_minor(vma)                           (((vma)->vm_flags & VM_UFFD_MINOR) != 0)
#define userfaultfd_wp(vma)                              (((vma)->vm_flags & VM_UFFD_WP) != 0 || (vma)->vm_mm->protecting != 0)
#define userfaultfd_armed(vma) \
	(userfaultfd_missing(vma) || userfaultfd_minor(vma) || userfaultfd_wp(vma))
#define userfaultfd_huge_pmd_wp(...)          false
#define uffd_disable_huge_pmd_share(vma)      true
#define uffd_disable_fault_around(vma)        true
#define vma_has_uffd_without_event_remap(vma) ((vma)->vm_userfaultfd_ctx.ctx != NULL)
#define userfaultfd_protected(vma)            userfaultfd_wp(vma)
#define userfaultfd_rwp(vma)                  ((void)(vma), false)
#define userfaultfd_rwp_async(vma)            ((void)(vma), false)
#define VM_UFFD_RWP                           0UL
#define userfaultfd_wp_async(vma)             ((void)(vma), false)
#define handle_userfault(...)                 vm_userfault(__FILE__, __LINE__)

/*
 * Where a page is protected just now the fault gives mmap_lock back and waits for the call that resolves it.  Else
 * nobody is there who would, and the process has asked for a signal, UFFD_FEATURE_SIGBUS.
 * Source: fs/userfaultfd.c, v6.12.
 */
static inline vm_fault_t vm_userfault(const char *file, int line)
{
	if (!vm_current.mm->protecting) {
		vm_current.signalled = true;
		return VM_FAULT_SIGBUS;
	}
	mmap_read_unlock(vm_current.mm);
	while (vm_current.mm->protecting)
		vm_wait(0, "userfaultfd", file, line);
	return VM_FAULT_RETRY;
}

/* Of a process that watches its memory by userfaultfd: its mappings do not change. */
struct userfaultfd_ctx {
	struct rw_semaphore map_changing_lock;
	atomic_t mmap_changing;
};
typedef unsigned int uffd_flags_t;
#define MFILL_ATOMIC_COPY               0u
#define MFILL_ATOMIC_ZEROPAGE           1u
#define MFILL_ATOMIC_CONTINUE           2u
#define MFILL_ATOMIC_POISON             3u
#define MFILL_ATOMIC_MODE_MASK          3u
#define MFILL_ATOMIC_WP                 4u
#define uffd_flags_mode_is(flags, mode) (((flags)&MFILL_ATOMIC_MODE_MASK) == (mode))

/* Others run; then 0, or the number of bytes missing: the source is not there. */
long vm_copy_from_user(void *page);
#define copy_folio_from_user(folio, src, allow) \
	((void)(src), (void)(allow), vm_copy_from_user(folio))
#define copy_huge_page_from_user(page, src, n, allow) vm_copy_from_user(page)

enum mcopy_atomic_mode {
	MCOPY_ATOMIC_NORMAL,
	MCOPY_ATOMIC_ZEROPAGE,
	MCOPY_ATOMIC_CONTINUE,
};

#define MM_CP_UFFD_RWP         0ul
#define MM_CP_UFFD_RWP_RESOLVE 0ul
#define MM_CP_UFFD_WP          4ul
#define MM_CP_UFFD_WP_RESOLVE  8ul

#endif
