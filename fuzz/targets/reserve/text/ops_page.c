// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is done to a page, whoever maps it: migration, memory failure, and a page that is put into a file
 * for a device.  Who maps it is found in the page tables of all processes, in one step, under the lock
 * that the kernel holds for its own walk.  As in ops.c.
 */
#include "world.h"

/* No such page when it was the call's turn. */
enum { GONE = -EFAULT };

/*
 * Call @change for each entry of a page table that has the page, with @arg or, where that is NULL, the process;
 * @word: the bits that tell it is there.
 */
static void for_each_entry(struct world_state *world, struct folio *folio, unsigned long word,
                           void (*change)(pte_t *entry, struct folio *folio, void *arg), void *arg)
{
	for (int i = 0; i < SLOTS; i++) {
		for (int at = 0; text_mm_in_use(world, &world->mm[i]) && at < VM_TABLE; at++) {
			pte_t *entry = &world->mm[i].table[at];

			if (entry->word & word && pte_page(*entry) == &folio->page)
				change(entry, folio, arg ? arg : &world->mm[i]);
		}
	}
}

/* The file of a page; a private one's mappings have another lock, of one's own. */
static struct address_space *mapping_of(struct folio *folio)
{
	return folio_test_anon(folio) ? NULL : folio->mapping;
}

/*
 * Who walks the mappings of a file's page has this lock.  It is tried only, for the page is locked, and a fault
 * may wait for that with this lock held.
 * Source: mm/hugetlb.c hugetlb_folio_mapping_lock_write(), v6.12.
 */
static bool lock_mappings(struct folio *folio, struct address_space **mapping)
{
	*mapping = mapping_of(folio);
	return !*mapping || i_mmap_trylock_write(*mapping);
}

static void unlock_mappings(struct address_space *mapping)
{
	if (mapping)
		i_mmap_unlock_write(mapping);
}

/* The page that is mapped at @page, with a reference, or NULL. */
static struct folio *get_mapped(struct text_slot *slot, unsigned page)
{
	struct folio *folio = NULL;

	text_use_slot(slot);
	mmap_read_lock(slot->mm);
	if (text_has_page(slot, page)) {
		pte_t pte = *vm_entry(slot->mm, text_addr(slot, page));

		if (pte_present(pte))
			folio = page_folio(pte_page(pte));
	}
	if (folio)
		folio_get(folio);
	mmap_read_unlock(slot->mm);
	text_leave_slot(slot);
	return folio;
}

/* --- migration ---------------------------------------------------------------------------------------- */

/* Source: mm/rmap.c try_to_migrate_one() and hugetlb_try_share_anon_rmap(), v6.12: a page that is pinned stays exclusive. */
static void make_migrating(pte_t *entry, struct folio *folio, void *arg)
{
	unsigned long bits = VM_PTE_MIGRATION;
	bool exclusive = folio_test_anon(folio) && PageAnonExclusive(&folio->page);

	(void)arg;
	if (exclusive && text_knows_exclusive()) {
		if (folio_maybe_dma_pinned(folio))
			return;
		ClearPageAnonExclusive(&folio->page);
	}
	if (pte_write(*entry))
		bits |= VM_PTE_MIGRATION_WRITE;
	else if (exclusive)
		bits |= VM_PTE_MIGRATION_EXCLUSIVE;
	if (pte_uffd_wp(*entry))
		bits |= VM_PTE_SWP_UFFD_WP;
	*entry = vm_pte(bits | folio_pfn(folio) << VM_PTE_PFN);
	folio->mapcount--;
	folio_put(folio);
}

/* Source: mm/migrate.c remove_migration_pte(), v6.12; @arg is the page that is mapped now, and was not touched yet. */
static void make_present(pte_t *entry, struct folio *folio, void *arg)
{
	struct folio *now = arg;
	unsigned long bits = VM_PTE_PRESENT;

	(void)folio;
	if (entry->word & VM_PTE_MIGRATION_WRITE)
		bits |= VM_PTE_WRITE;
	else if (entry->word & VM_PTE_SWP_UFFD_WP)
		bits |= VM_PTE_UFFD_WP;
	if (folio_test_anon(now) &&
	    entry->word & (VM_PTE_MIGRATION_WRITE | VM_PTE_MIGRATION_EXCLUSIVE))
		SetPageAnonExclusive(&now->page);
	*entry = vm_pte(bits | folio_pfn(now) << VM_PTE_PFN);
	now->mapcount++;
	folio_get(now);
}

void vm_unmap_migrating(struct folio *folio, bool locked)
{
	struct address_space *mapping = locked ? NULL : mapping_of(folio);

	if (mapping)
		i_mmap_lock_write(mapping);
	folio->migrating = true;
	for_each_entry(&text_state, folio, VM_PTE_PRESENT, make_migrating, NULL);
	unlock_mappings(mapping);
}

void vm_map_migrated(struct folio *folio, struct folio *now, bool locked)
{
	struct address_space *mapping = locked ? NULL : mapping_of(now);

	if (mapping)
		i_mmap_lock_write(mapping);
	for_each_entry(&text_state, folio, VM_PTE_MIGRATION, make_present, now);
	unlock_mappings(mapping);
	folio->migrating = false;
}

int vm_move_to_new(struct folio *to, struct folio *from)
{
	struct address_space *mapping = mapping_of(from);
	int ret;

	shim_moment();
	ret = mapping ? text_migrate_file(mapping, to, from) : vm_migrate_anon(to, from);
	if (!ret && mapping)
		from->mapping = NULL;
	return ret;
}

#ifdef TEXT_MIGRATES
static int migrate_isolated(struct folio *from, struct list_head *left)
{
	return text_migrate(from, left);
}
#else
/* Source: mm/migrate.c unmap_and_move_huge_page(), v6.12, between the locks. */
static int move_page(struct folio *from, struct folio *to)
{
	struct address_space *mapping;
	int ret = -EAGAIN;

	if (text_page_subpool(from) && (folio_test_anon(from) || !from->mapping))
		return -EBUSY;
	if (!lock_mappings(from, &mapping))
		return -EAGAIN;
	vm_unmap_migrating(from, true);
	if (!folio_mapped(from))
		ret = vm_move_to_new(to, from);
	vm_map_migrated(from, ret ? from : to, true);
	unlock_mappings(mapping);
	return ret;
}

/* The whole of it, where the tree's own was not taken. */
static int migrate_isolated(struct folio *from, struct list_head *left)
{
	struct folio *to = text_new_page_for(from);
	int ret;

	(void)left;
	if (!to)
		return -ENOMEM;
	folio_lock(from);
	folio_lock(to);
	ret = move_page(from, to);
	folio_unlock(to);
	if (!ret)
		text_move_state(from, to);
	folio_unlock(from);
	if (ret) {
		folio_put(to);
	} else {
		text_putback(from);
		text_putback(to);
	}
	return ret;
}
#endif

/* Source: mm/migrate.c putback_movable_pages(), v6.12. */
static void put_back_all(struct list_head *list)
{
	while (!list_empty(list))
		text_putback(list_first_entry(list, struct folio, lru));
}

/* Source: mm/migrate.c add_folio_for_migration() and migrate_hugetlbs(), v6.12. */
int text_op_migrate(struct world_state *world, const struct op *op)
{
	struct folio *from = get_mapped(&world->slot[op->slot], op->from);
	struct list_head list, left;
	int ret;

	if (!from)
		return GONE;
	INIT_LIST_HEAD(&list);
	INIT_LIST_HEAD(&left);
	if (!text_isolate(from, &list)) {
		folio_put(from);
		return -EBUSY;
	}
	if (from->isolated)
		shim_breach(SHIM_ASSERT, "isolates a page that somebody else has isolated",
		            __FILE__, __LINE__);
	from->isolated = true;
	folio_put(from);
	ret = migrate_isolated(from, &left);
	if (!ret)
		return 0;
	from->isolated = false;
	put_back_all(&list);
	put_back_all(&left);
	return ret;
}

/* --- memory failure ------------------------------------------------------------------------------------- */

/* Source: mm/rmap.c try_to_unmap_one() with TTU_HWPOISON, v6.12. */
static void make_poisoned(pte_t *entry, struct folio *folio, void *arg)
{
	struct mm_struct *mm = arg;

	atomic_long_sub(VM_HUGE_PAGES, &mm->hugetlb_usage);
	*entry = vm_pte(VM_PTE_HWPOISON | folio_pfn(folio) << VM_PTE_PFN);
	folio->mapcount--;
	folio_put(folio);
}

/* The reference stays, until somebody says that the memory is good. */
static void keep_failed(struct text_slot *slot, struct folio *folio)
{
	slot->pinned = folio;
	slot->failed = true;
	folio->pins++;
}

/*
 * Source: mm/memory-failure.c try_memory_failure_hugetlb() and me_huge_page(), v6.12: a file's page is kept
 * by a reference that stays; one of a process' own is freed, and leaves the pool if that can do without.
 */
static int fail_page(struct world_state *world, struct text_slot *slot, struct folio *folio)
{
	struct address_space *mapping;
	int ret;

	SetPageHWPoison(&folio->page);
	text_clear_migratable(folio);
	folio_lock(folio);
	if (!lock_mappings(folio, &mapping)) {
		folio_unlock(folio);
		keep_failed(slot, folio);
		return -EBUSY;
	}
	for_each_entry(world, folio, VM_PTE_PRESENT, make_poisoned, NULL);
	unlock_mappings(mapping);
	if (folio->mapping && !folio_test_anon(folio)) {
		ret = text_error_remove(folio->mapping, folio);
		folio_unlock(folio);
		keep_failed(slot, folio);
		return ret;
	}
	folio_unlock(folio);
	folio_put(folio);
	return text_dissolve(folio);
}

int text_op_poison(struct world_state *world, const struct op *op)
{
	struct text_slot *slot = &world->slot[op->slot];
	struct folio *folio = get_mapped(slot, op->from);
	int ret;

	if (!folio)
		return GONE;
	if (PageHWPoison(&folio->page) || slot->pinned || slot->failing) {
		folio_put(folio);
		return -EBUSY;
	}
	slot->users++;
	slot->failing = true;
	ret = fail_page(world, slot, folio);
	slot->failing = false;
	slot->users--;
	return ret;
}

/* --- memfd_pin_folios() ------------------------------------------------------------------------------------ */

/* Source: mm/memfd.c memfd_pin_folios(), v6.12, which lets the page go at once. */
int text_op_memfd(struct world_state *world, const struct op *op)
{
	struct text_file *file = &world->file[op->file];
	struct folio *folio;
	int ret = 0;

	if (file->inode.vfs_inode.i_data.folio[op->from])
		return -EEXIST;
	file->users++;
	folio = text_memfd(&file->file, (pgoff_t)op->from << VM_HUGE_ORDER);
	if (IS_ERR(folio))
		ret = (int)PTR_ERR(folio);
	else
		folio_put(folio);
	file->users--;
	return ret;
}
