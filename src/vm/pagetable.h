/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page tables: each address space has one array of entries from VM_BASE on, one entry a huge page,
 * under one spinlock.  An entry is a word of bits that mean the same in every tree; none is 0.
 *
 * Memory is plain, so what flushes caches and TLBs does nothing.
 */
#ifndef VM_PAGETABLE_H
#define VM_PAGETABLE_H

#include "page.h"

/* Addresses of mappings: room for a file twice, so that a mapping can be moved. */
#define VM_BASE 0x40000000UL
enum { VM_TABLE = 2 * VM_FILE_PAGES };

typedef struct {
	unsigned long word;
} pte_t;
typedef pte_t pmd_t;
typedef pte_t pud_t;
typedef pte_t p4d_t;
typedef pte_t pgd_t;
typedef struct {
	unsigned long word;
} pgprot_t;
typedef struct {
	unsigned long word;
} swp_entry_t;
typedef swp_entry_t softleaf_t;
typedef unsigned long pte_marker;

struct vm_area_struct;

enum vm_pte_bit {
	VM_PTE_PRESENT = 1,
	VM_PTE_WRITE = 2,
	VM_PTE_DIRTY = 4,
	VM_PTE_YOUNG = 8,
	VM_PTE_UFFD_WP = 16,
	VM_PTE_MARKER = 32, /* no page: what is remembered stands where the page's number would */
	VM_PTE_MIGRATION = 64,
	VM_PTE_MIGRATION_WRITE = 128,
	VM_PTE_MIGRATION_EXCLUSIVE = 256,
	VM_PTE_HWPOISON = 512,
	VM_PTE_SWP_UFFD_WP = 1024,
	VM_PTE_PFN = 16, /* the shift of the page's number */
};

#define mmap_sem mmap_lock /* up to 5.7 */
struct mm_struct {
	struct rw_semaphore mmap_lock;
	spinlock_t page_table_lock;
	seqcount_t write_protect_seq;
	atomic_long_t hugetlb_usage;
	unsigned
		protecting; /* calls of userfaultfd under way that protect pages, and unprotect them */
	u64 has_table[VM_TABLE / 64]; /* addresses for which there is a table, a bit each */
	pte_t table[VM_TABLE];
};

static inline pte_t vm_pte(unsigned long word)
{
	return (pte_t){ word };
}

#define __pte(word)            vm_pte(word)
#define pte_val(pte)           ((pte).word)
#define pte_same(a, b)         ((a).word == (b).word)
#define pte_present(pte)       (((pte).word & VM_PTE_PRESENT) != 0)
#define pte_none(pte)          (!(pte).word)
#define pte_write(pte)         (((pte).word & VM_PTE_WRITE) != 0)
#define pte_dirty(pte)         (((pte).word & VM_PTE_DIRTY) != 0)
#define pte_young(pte)         (((pte).word & VM_PTE_YOUNG) != 0)
#define pte_uffd_wp(pte)       (((pte).word & VM_PTE_UFFD_WP) != 0)
#define pte_pfn(pte)           ((pte).word >> VM_PTE_PFN)
#define pte_page(pte)          pfn_to_page(pte_pfn(pte))
#define pte_mkyoung(pte)       vm_pte((pte).word | VM_PTE_YOUNG)
#define pte_mkold(pte)         vm_pte((pte).word & ~(unsigned long)VM_PTE_YOUNG)
#define pte_mkdirty(pte)       vm_pte((pte).word | VM_PTE_DIRTY)
#define pte_mkwrite(pte, ...)  vm_pte((pte).word | VM_PTE_WRITE)
#define pte_mkwrite_novma(pte) pte_mkwrite(pte)
#define pte_wrprotect(pte)     vm_pte((pte).word & ~(unsigned long)VM_PTE_WRITE)
#define pte_mkhuge(pte)        (pte)
#define pte_mkuffd_wp(pte)     vm_pte(((pte).word | VM_PTE_UFFD_WP) & ~(unsigned long)VM_PTE_WRITE)
#define pte_clear_uffd_wp(pte) vm_pte((pte).word & ~(unsigned long)VM_PTE_UFFD_WP)
#define pte_modify(pte, prot)  vm_pte(((pte).word & ~(unsigned long)VM_PTE_WRITE) | (prot).word)
#define mk_huge_pte(page, prot) \
	vm_pte(page_to_pfn(page) << VM_PTE_PFN | VM_PTE_PRESENT | (prot).word)
#define mk_pte(page, prot)            mk_huge_pte(page, prot)
#define folio_mk_pte(folio, prot)     mk_huge_pte(&(folio)->page, prot)
#define arch_make_huge_pte(pte, ...)  (pte)
#define PAGE_NONE                     ((pgprot_t){ 0 })

#define huge_pte_write(pte)           pte_write(pte)
#define huge_pte_dirty(pte)           pte_dirty(pte)
#define huge_pte_mkwrite(pte)         pte_mkwrite(pte)
#define huge_pte_mkdirty(pte)         pte_mkdirty(pte)
#define huge_pte_mkyoung(pte)         pte_mkyoung(pte)
#define huge_pte_wrprotect(pte)       pte_wrprotect(pte)
#define huge_pte_none(pte)            pte_none(pte)
#define huge_pte_none_mostly(pte)     (pte_none(pte) || is_pte_marker(pte))
#define huge_pte_modify(pte, prot)    pte_modify(pte, prot)
#define huge_pte_uffd_wp(pte)         pte_uffd_wp(pte)
#define huge_pte_mkuffd_wp(pte)       pte_mkuffd_wp(pte)
#define huge_pte_clear_uffd_wp(pte)   pte_clear_uffd_wp(pte)

/* --- entries in a table.  Their number of arguments differs ------------------------------------- */

#define huge_ptep_get(...)            VM_JOIN(vm_get_, VM_COUNT(__VA_ARGS__))(__VA_ARGS__)
#define vm_get_1(ptep)                (*(ptep))
#define vm_get_3(mm, addr, ptep)      (*vm_entry_of(mm, addr, ptep, __FILE__, __LINE__))
#define ptep_get(ptep)                (*(ptep))
#define set_huge_pte_at(...)          VM_JOIN(vm_set_, VM_COUNT(__VA_ARGS__))(__VA_ARGS__)
#define vm_set_4(mm, addr, ptep, pte) vm_set_5(mm, addr, ptep, pte, PMD_SIZE)
#define vm_set_5(mm, addr, ptep, pte, size) \
	vm_set_entry(vm_entry_of(mm, addr, ptep, __FILE__, __LINE__), pte, size, __FILE__, __LINE__)
#define set_pte_at(mm, addr, ptep, pte) set_huge_pte_at(mm, addr, ptep, pte)
#define huge_pte_clear(mm, addr, ptep, ...) \
	((void)(*vm_entry_of(mm, addr, ptep, __FILE__, __LINE__) = vm_pte(0)))
#define huge_ptep_set_wrprotect(mm, addr, ptep) \
	((void)(vm_entry_of(mm, addr, ptep, __FILE__, __LINE__)->word &= ~( \
			unsigned long)VM_PTE_WRITE))
#define huge_ptep_clear_flush(vma, addr, ptep) huge_ptep_get_and_clear((vma)->vm_mm, addr, ptep)
#define huge_ptep_get_and_clear(mm, addr, ptep, ...) \
	vm_get_and_clear(vm_entry_of(mm, addr, ptep, __FILE__, __LINE__))
#define ptep_modify_prot_start(vma, addr, ptep)            vm_get_and_clear(ptep)
#define ptep_modify_prot_commit(vma, addr, ptep, old, pte) ((void)(old), (void)(*(ptep) = (pte)))
#define huge_ptep_modify_prot_start(vma, addr, ptep) \
	huge_ptep_get_and_clear((vma)->vm_mm, addr, ptep)
#define huge_ptep_modify_prot_commit(vma, addr, ptep, old, pte) \
	((void)(old), set_huge_pte_at((vma)->vm_mm, addr, ptep, pte))
#define huge_ptep_set_access_flags(vma, addr, ptep, entry, dirty) \
	vm_set_access(vm_entry_of((vma)->vm_mm, addr, ptep, __FILE__, __LINE__), entry)
#define update_mmu_cache(...) ((void)0)
#define update_mmu_tlb(...)   ((void)0)

/* What an entry says that has no page.  Of one that has a page other bits say that, and mean nothing here. */
static inline swp_entry_t vm_swap_of(pte_t pte, const char *file, int line)
{
	if (pte_present(pte))
		shim_breach(SHIM_ASSERT, "reads an entry with a page as one that has none", file,
		            line);
	return (swp_entry_t){ pte.word };
}

static inline pte_t vm_get_and_clear(pte_t *ptep)
{
	pte_t pte = *ptep;

	*ptep = vm_pte(0);
	return pte;
}

static inline int vm_set_access(pte_t *ptep, pte_t pte)
{
	bool changed = ptep->word != pte.word;

	*ptep = pte;
	return changed;
}

/* Where the entry of an address is among those of its process. */
static inline unsigned long vm_entry_at(unsigned long addr)
{
	return (addr - VM_BASE) >> PMD_SHIFT;
}

/* The entry for an address, whether or not there is a table for it. */
static inline pte_t *vm_entry(struct mm_struct *mm, unsigned long addr)
{
	return &mm->table[vm_entry_at(addr)];
}

/* The entry @ptep, which must be that of the address: some machines look at that and not at the entry. */
static inline pte_t *vm_entry_of(struct mm_struct *mm, unsigned long addr, pte_t *ptep,
                                 const char *file, int line)
{
	if (ptep != vm_entry(mm, addr))
		shim_breach(SHIM_ASSERT, "takes the entry of another address", file, line);
	return ptep;
}

/* A processor may know the old entry still, so one with a page is cleared and flushed before it has another page. */
static inline void vm_set_entry(pte_t *ptep, pte_t pte, unsigned long size, const char *file,
                                int line)
{
	if (size != PMD_SIZE)
		shim_breach(SHIM_ASSERT, "sets an entry of another size", file, line);
	if (pte_present(*ptep) && pte_present(pte) && pte_pfn(*ptep) != pte_pfn(pte))
		shim_breach(SHIM_ASSERT, "puts a page where another one is", file, line);
	*ptep = pte;
}

/* A table is there from the first time that it is asked for and not refused.  Each address has its own. */
static inline pte_t *vm_make_table(struct mm_struct *mm, unsigned long addr)
{
	unsigned long at = vm_entry_at(addr);

	mm->has_table[at / 64] |= (u64)1 << at % 64;
	return vm_entry(mm, addr);
}

static inline pte_t *vm_table(struct mm_struct *mm, unsigned long addr)
{
	return shim_refuses(SHIM_TABLE, false) ? NULL : vm_make_table(mm, addr);
}

/* The entry, or NULL: nobody has asked for its table yet. */
static inline pte_t *vm_offset(struct mm_struct *mm, unsigned long addr)
{
	unsigned long at = vm_entry_at(addr);

	return mm->has_table[at / 64] >> at % 64 & 1 ? vm_entry(mm, addr) : NULL;
}

#define huge_pte_offset(mm, addr, ...)            vm_offset(mm, addr)
#define huge_pte_alloc(mm, ...)                   VM_JOIN(vm_pte_alloc_, VM_COUNT(__VA_ARGS__))(mm, __VA_ARGS__)
#define vm_pte_alloc_2(mm, addr, size)            vm_table(mm, addr)
#define vm_pte_alloc_3(mm, vma, addr, size)       vm_table(mm, addr)
#define hugetlb_walk(vma, addr, size)             vm_walk(vma, addr, __FILE__, __LINE__)
#define huge_pte_lockptr(h, mm, ptep)             ((void)(h), (void)(ptep), &(mm)->page_table_lock)
#define hugetlb_mask_last_page(h)                 ((void)(h), 0UL)

/* --- page tables that several mappings share: there are none ------------------------------------- */

#define huge_pmd_unshare(...)                     0
#define __huge_pmd_unshare(...)                   0
#define huge_pmd_unshare_flush(...)               ((void)0)
#define huge_pmd_share(...)                       NULL
#define hugetlb_unshare_pmds(...)                 ((void)0)
#define hugetlb_unshare_all_pmds(vma)             ((void)(vma))
#define want_pmd_share(...)                       false
#define adjust_range_if_pmd_sharing_possible(...) ((void)0)
#define vma_shareable(...)                        false

/* --- entries that are no pages -------------------------------------------------------------------- */

#define PTE_MARKER_UFFD_WP                        BIT(0)
#define PTE_MARKER_POISONED                       BIT(1)
#define PTE_MARKER_MASK                           (BIT(0) | BIT(1) | BIT(2))
#define pte_to_swp_entry(pte)                     vm_swap_of(pte, __FILE__, __LINE__)
#define swp_entry_to_pte(entry)                   vm_pte((entry).word)
#define swp_offset(entry)                         ((entry).word >> VM_PTE_PFN)
#define swp_offset_pfn(entry)                     swp_offset(entry)
#define pfn_swap_entry_to_page(entry)             pfn_to_page(swp_offset(entry))
#define pfn_swap_entry_folio(entry)               page_folio(pfn_to_page(swp_offset(entry)))
#define non_swap_entry(entry)                     ((entry).word != 0)
#define is_migration_entry(entry)                 (((entry).word & VM_PTE_MIGRATION) != 0)
#define is_writable_migration_entry(entry)        (((entry).word & VM_PTE_MIGRATION_WRITE) != 0)
#define is_write_migration_entry(entry)           is_writable_migration_entry(entry)
#define is_readable_migration_entry(entry) \
	(((entry).word & (VM_PTE_MIGRATION | VM_PTE_MIGRATION_WRITE | \
	                  VM_PTE_MIGRATION_EXCLUSIVE)) == VM_PTE_MIGRATION)
#define is_hwpoison_entry(entry) (((entry).word & VM_PTE_HWPOISON) != 0)
#define vm_swap_entry(bits, offset) \
	((swp_entry_t){ (bits) | (unsigned long)(offset) << VM_PTE_PFN })
#define make_readable_migration_entry(offset) vm_swap_entry(VM_PTE_MIGRATION, offset)
#define make_readable_exclusive_migration_entry(offset) \
	vm_swap_entry(VM_PTE_MIGRATION | VM_PTE_MIGRATION_EXCLUSIVE, offset)
#define make_writable_migration_entry(offset) \
	vm_swap_entry(VM_PTE_MIGRATION | VM_PTE_MIGRATION_WRITE, offset)
#define make_migration_entry_read(entry) \
	((void)((entry)->word &= ~(unsigned long)VM_PTE_MIGRATION_WRITE))
#define make_hwpoison_entry(page)  vm_swap_entry(VM_PTE_HWPOISON, page_to_pfn(page))
#define pte_swp_uffd_wp(pte)       (((pte).word & VM_PTE_SWP_UFFD_WP) != 0)
#define pte_swp_mkuffd_wp(pte)     vm_pte((pte).word | VM_PTE_SWP_UFFD_WP)
#define pte_swp_clear_uffd_wp(pte) vm_pte((pte).word & ~(unsigned long)VM_PTE_SWP_UFFD_WP)
#define pte_swp_uffd_wp_any(pte)   (pte_swp_uffd_wp(pte) || pte_marker_uffd_wp(pte))

#define is_pte_marker(pte)         (((pte).word & VM_PTE_MARKER) != 0)
#define is_pte_marker_entry(entry) (((entry).word & VM_PTE_MARKER) != 0)
#define pte_marker_get(entry)      ((pte_marker)(swp_offset(entry) & PTE_MARKER_MASK))
#define pte_marker_uffd_wp(pte)    (is_pte_marker(pte) && swp_offset(pte) & PTE_MARKER_UFFD_WP)
#define is_swapin_error_entry(entry) \
	(is_pte_marker_entry(entry) && pte_marker_get(entry) & PTE_MARKER_POISONED)
#define make_pte_marker(marker) vm_pte(VM_PTE_MARKER | (unsigned long)(marker) << VM_PTE_PFN)
#define make_pte_marker_entry(marker) \
	((swp_entry_t){ VM_PTE_MARKER | (unsigned long)(marker) << VM_PTE_PFN })
#define is_swap_pte(pte)                   (!pte_none(pte) && !pte_present(pte))

/* The newest names of the same. */
#define PTE_MARKER_GUARD                   BIT(2)
#define softleaf_from_pte(pte)             ((softleaf_t){ pte_present(pte) ? 0 : (pte).word })
#define softleaf_is_hwpoison(entry)        is_hwpoison_entry(entry)
#define softleaf_is_migration(entry)       is_migration_entry(entry)
#define softleaf_is_migration_read(entry)  is_readable_migration_entry(entry)
#define softleaf_is_migration_write(entry) is_writable_migration_entry(entry)
#define softleaf_to_marker(entry)          pte_marker_get(entry)
#define softleaf_to_folio(entry)           pfn_swap_entry_folio(entry)
#define softleaf_to_page(entry)            pfn_swap_entry_to_page(entry)
#define pte_is_marker(pte)                 is_pte_marker(pte)
#define pte_is_uffd_wp_marker(pte)         pte_marker_uffd_wp(pte)
#define pte_is_uffd_marker(pte)            pte_marker_uffd_wp(pte)
#define huge_pte_uffd(pte)                 pte_uffd_wp(pte)
#define huge_pte_mkuffd(pte)               pte_mkuffd_wp(pte)
#define huge_pte_clear_uffd(pte)           pte_clear_uffd_wp(pte)
#define pte_swp_uffd(pte)                  pte_swp_uffd_wp(pte)
#define pte_swp_mkuffd(pte)                pte_swp_mkuffd_wp(pte)
#define pte_swp_clear_uffd(pte)            pte_swp_clear_uffd_wp(pte)
#define pte_swp_uffd_any(pte)              pte_swp_uffd_wp_any(pte)
#define pte_protnone(pte)                  ((void)(pte), false)

/* As the kernel's: a marker for userfaultfd is copied only where the child has userfaultfd too. */
#define copy_pte_marker(entry, dst_vma) \
	(pte_marker_get(entry) & ~(userfaultfd_wp(dst_vma) ? 0UL : PTE_MARKER_UFFD_WP))
#define migration_entry_wait_huge(vma, ...) (vm_unlock_to_wait(vma), vm_migration_wait())

/* A fault met a page under migration: it looks again later.  Since 6.3 it comes with the mapping's lock, which goes first. */
void vm_migration_wait(void);
void vm_unlock_to_wait(struct vm_area_struct *vma);

#endif
