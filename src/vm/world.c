// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of the world below hugetlb, and what of it is no header: buddy allocator and page cache.
 */
#include "vm.h"

#include <string.h>

struct task_struct vm_current;
unsigned vm_unlocked;

/* Where a processor's cache has lines, so that a run touches as few of them as can be. */
struct folio vm_folio[VM_FOLIOS + 1] __attribute__((aligned(64)));

unsigned vm_folios;
bool vm_in_use[VM_FOLIOS];
bool vm_has_failed;
struct anon_vma vm_anon_vma;
unsigned shim_warned;
struct mem_cgroup vm_memcg;

static struct mutex fault_mutex[VM_FAULT_MUTEXES];
struct mutex *hugetlb_fault_mutex_table = fault_mutex;

/* Free folios that have been in use before, in a ring: the oldest first. */
static struct {
	u8 folio[VM_FOLIOS];
	unsigned first, count;
} freed;

/* All of them, whatever the run before has used: AFL++ counts how often the loop goes round. */
void vm_buddy_reset(void)
{
	memset(vm_in_use, 0, sizeof(vm_in_use));
	vm_folios = freed.first = freed.count = 0;
	vm_has_failed = false;
	vm_memcg = (struct mem_cgroup){ 0 };
}

void vm_reset(void)
{
	vm_buddy_reset();
	memset(fault_mutex, 0, sizeof(fault_mutex));
}

long vm_memcg_lost(void)
{
	long lost = vm_memcg.usage;

	for (unsigned i = 0; i < vm_folios && vm_memcg.usage; i++)
		lost -= vm_in_use[i] && vm_folio[i].memcg ? VM_HUGE_PAGES : 0;
	return lost;
}

/* The number of a folio that is free, or VM_FOLIOS. */
static unsigned take_free(void)
{
	unsigned folio;

	if (vm_folios < VM_FOLIOS)
		return vm_folios++;
	if (!freed.count)
		return VM_FOLIOS;
	folio = freed.folio[freed.first];
	freed.first = (freed.first + 1) % VM_FOLIOS;
	freed.count--;
	return folio;
}

/* For every page of every run, so this is plain stores, of which a sanitizer has nothing to say. */
__attribute__((no_sanitize("address"))) struct folio *vm_buddy_take(void)
{
	unsigned number = take_free();
	struct folio *folio = &vm_folio[number];

	if (number == VM_FOLIOS)
		return NULL;
	folio->page = (struct page){ .refcount = 1 };
	memset((char *)folio + sizeof(folio->pages), 0, sizeof(*folio) - sizeof(folio->pages));
	vm_in_use[number] = true;
	return folio;
}

/* As plain stores too: a sanitizer's memset() would cost more than they do. */
#ifdef __clang__
__attribute__((no_builtin("memset")))
#endif
SHIM_PLAIN static void
clear_tails(struct folio *folio)
{
	unsigned long *from = (unsigned long *)&folio->pages[1];

	for (size_t i = 0; i < (sizeof(folio->pages) - sizeof(folio->page)) / sizeof(*from); i++)
		from[i] = 0;
}

struct folio *vm_buddy_alloc(void)
{
	bool lacking = vm_folios == VM_FOLIOS && !freed.count;
	struct folio *folio;

	if (shim_locks_held)
		shim_breach(SHIM_SLEEP, "allocates a page with the lock held", __FILE__, __LINE__);
	shim_moment();
	if (shim_refuses(SHIM_POOL, lacking))
		return NULL;
	folio = vm_buddy_take();
	clear_tails(folio);
	return folio;
}

void vm_buddy_free(struct folio *folio)
{
	unsigned number = (unsigned)(folio - vm_folio);

	if (!vm_in_use[number])
		shim_breach(SHIM_ASSERT, "frees a page that is free", __FILE__, __LINE__);
	vm_in_use[number] = false;
	freed.folio[(freed.first + freed.count++) % VM_FOLIOS] = (u8)number;
}

int vm_copy(void *to, const void *from)
{
	shim_moment();
	if (vm_late())
		return -EHWPOISON;
	vm_copied(to, from);
	return 0;
}

long vm_copy_from_user(void *page)
{
	shim_moment();
	if (vm_late())
		return (long)PMD_SIZE;
	vm_folio_of(page)->content = VM_FILLED;
	return 0;
}

void vm_migration_wait(void)
{
	for (unsigned i = 0; i < vm_folios; i++)
		if (vm_in_use[i] && vm_folio[i].migrating)
			folio_wait_locked(&vm_folio[i]);
	shim_moment();
}

/* What is in the page, and that it is good.  Source: mm/migrate.c folio_migrate_flags(), v6.12. */
static void migrate_contents(struct folio *to, struct folio *from)
{
	vm_copied(to, from);
	if (folio_test_uptodate(from))
		folio_mark_uptodate(to);
}

int vm_migrate_anon(struct folio *to, struct folio *from)
{
	if (from->refcount != 1)
		return -EAGAIN;
	to->index = from->index;
	to->mapping = from->mapping;
	migrate_contents(to, from);
	mem_cgroup_migrate(from, to);
	return 0;
}

/* The cell of a page's index, or NULL behind the end of what files can have. */
static struct folio **cell(struct address_space *mapping, pgoff_t index)
{
	index >>= VM_CACHE_SHIFT;
	return index < VM_FILE_PAGES ? &mapping->folio[index] : NULL;
}

struct folio *vm_cache_find(struct address_space *mapping, pgoff_t index, bool lock)
{
	struct folio **at = cell(mapping, index), *folio;

	while (at && (folio = *at)) {
		folio_get(folio);
		if (!lock)
			return folio;
		folio_lock(folio);
		if (folio->mapping == mapping)
			return folio;
		folio_unlock(folio);
		folio_put(folio);
	}
	return NULL;
}

static u64 bit_of(pgoff_t index)
{
	return (u64)1 << (index >> VM_CACHE_SHIFT);
}

void vm_cache_insert(struct folio *folio, struct address_space *mapping, pgoff_t index)
{
	folio_get(folio);
	*cell(mapping, index) = folio;
	folio->mapping = mapping;
	folio->index = index;
	mapping->present |= bit_of(index);
	mapping->nrpages++;
}

int vm_cache_add(struct folio *folio, struct address_space *mapping, pgoff_t index)
{
	struct folio **at = cell(mapping, index);

	shim_moment();
	if (!at || vm_late())
		return -ENOMEM;
	if (*at)
		return -EEXIST;
	vm_cache_insert(folio, mapping, index);
	return 0;
}

/* Since 6.0 every page leaves its file under the fault mutex; before, truncation did without. */
static bool may_remove(const struct folio *folio)
{
#ifdef TEXT_HAS_remove_inode_single_folio
	pgoff_t page = folio->index >> VM_CACHE_SHIFT;

	return hugetlb_fault_mutex_table[vm_fault_hash(folio->mapping, page)].holder ==
	       vm_current.number;
#else
	(void)folio;
	return true;
#endif
}

void vm_cache_remove(struct folio *folio)
{
	struct folio **at = cell(folio->mapping, folio->index);

	if (!folio->lock_holder)
		shim_breach(SHIM_LOCK, "takes a page that is not locked out of its file", __FILE__,
		            __LINE__);
	if (!may_remove(folio))
		shim_breach(SHIM_LOCK, "takes a page out of its file without its fault mutex",
		            __FILE__, __LINE__);
	*at = NULL;
	folio->mapping->present &= ~bit_of(folio->index);
	folio->mapping->nrpages--;
	folio->mapping = NULL;
	folio_put(folio);
}

int vm_migrate_file(struct address_space *mapping, struct folio *to, struct folio *from)
{
	if (from->refcount != 2)
		return -EAGAIN;
	to->index = from->index;
	to->mapping = mapping;
	migrate_contents(to, from);
	folio_get(to);
	*cell(mapping, from->index) = to;
	folio_put(from);
	return 0;
}

/* Source: mm/filemap.c filemap_get_folios(), v6.12: @end is inclusive. */
unsigned filemap_get_folios(struct address_space *mapping, pgoff_t *start, pgoff_t end,
                            struct folio_batch *batch)
{
	pgoff_t at = *start >> VM_CACHE_SHIFT;
	pgoff_t last = min(end >> VM_CACHE_SHIFT, (pgoff_t)VM_FILE_PAGES - 1);
	u64 left = at <= last ? mapping->present >> at << at & ~(u64)0 >> (63 - last) : 0;

	batch->nr = 0;
	at = max(at, last + 1);
	for (; left && batch->nr < PAGEVEC_SIZE; left &= left - 1) {
		struct folio *folio = mapping->folio[__builtin_ctzll(left)];

		folio_get(folio);
		batch->folios[batch->nr++] = folio;
		if (batch->nr == PAGEVEC_SIZE)
			at = (pgoff_t)__builtin_ctzll(left) + 1;
	}
	*start = at << VM_CACHE_SHIFT;
	return batch->nr;
}

void folio_batch_release(struct folio_batch *batch)
{
	for (unsigned i = 0; i < batch->nr; i++)
		folio_put(batch->folios[i]);
	batch->nr = 0;
}
