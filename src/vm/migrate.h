/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What unmap_and_move_huge_page() of mm/migrate.c stands on: the walks over all mappings of a page, which go
 * over the page tables of all processes in one step, and the step in which a page takes another one's place.
 * Whoever has the page tables has these functions.
 */
#ifndef VM_MIGRATE_H
#define VM_MIGRATE_H

#include "cache.h"
#include "rmap.h"

/* Who asks for a migration says where to, and what becomes of that page if it fails. */
#if defined(TEXT_ARGS_new_page_node) && TEXT_ARGS_new_page_node == 3
typedef struct page *new_page_t(struct page *page, unsigned long private, int **result);
#else
typedef struct page *new_page_t(struct page *page, unsigned long private);
#endif
typedef struct folio *new_folio_t(struct folio *folio, unsigned long private);
typedef void free_page_t(struct page *page, unsigned long private);
typedef void free_folio_t(struct folio *folio, unsigned long private);

enum ttu_flags {
	TTU_MIGRATION = 1,
	TTU_IGNORE_MLOCK = 2,
	TTU_IGNORE_ACCESS = 4,
	TTU_RMAP_LOCKED = 8,
};
enum rmp_flags { RMP_LOCKED = 1, RMP_USE_SHARED_ZEROPAGE = 2 };

/* Every entry that has the page says that it migrates; @locked: the caller has i_mmap_rwsem of its file. */
void vm_unmap_migrating(struct folio *folio, bool locked);

/* Those entries have @now, which is the same page where it did not migrate. */
void vm_map_migrated(struct folio *folio, struct folio *now, bool locked);

/* @to is what @from was, which nobody maps: 0 or a negative errno.  Source: mm/migrate.c move_to_new_folio(), v6.12. */
int vm_move_to_new(struct folio *to, struct folio *from);

#define try_to_migrate(page, ttu)        vm_try_to_migrate(vm_folio_of(page), ttu, __FILE__, __LINE__)
#define try_to_unmap(page, ttu)          try_to_migrate(page, ttu)
#define move_to_new_folio(to, from, ...) vm_move_to_new(vm_folio_of(to), vm_folio_of(from))
#define move_to_new_page(to, from, ...)  vm_move_to_new(vm_folio_of(to), vm_folio_of(from))

/* The third argument, of newer kernels: is the lock held, as a bool or as a flag? */
#define remove_migration_ptes(from, ...) \
	VM_JOIN(vm_map_again_, VM_COUNT(__VA_ARGS__))(from, __VA_ARGS__)
#define vm_map_again_1(from, to)         vm_map_migrated(vm_folio_of(from), vm_folio_of(to), false)
#define vm_map_again_2(from, to, locked) vm_map_migrated(vm_folio_of(from), vm_folio_of(to), locked)

#define page_get_anon_vma(page)          vm_get_anon_vma(vm_folio_of(page))
#define folio_get_anon_vma(folio)        vm_get_anon_vma(folio)
#define put_anon_vma(anon_vma)           ((void)(anon_vma), (void)vm_current.anon_vmas--)

static inline struct anon_vma *vm_get_anon_vma(const struct folio *folio)
{
	if (!folio_test_anon(folio))
		return NULL;
	vm_current.anon_vmas++;
	return &vm_anon_vma;
}

/* Where nobody maps an anonymous page any more its anon_vma goes, unless it is referenced. */
static inline void vm_try_to_migrate(struct folio *folio, int ttu, const char *file, int line)
{
	if (folio_test_anon(folio) && !vm_current.anon_vmas)
		shim_breach(SHIM_ASSERT, "unmaps a page whose anon_vma may go", file, line);
	vm_unmap_migrating(folio, ttu & TTU_RMAP_LOCKED);
}

#endif
