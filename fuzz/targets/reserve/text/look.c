// SPDX-License-Identifier: GPL-2.0-only
/*
 * The books of a kernel's own hugetlb, as world.h wants to see them, and what this tree promises.
 */
#include "world.h"

#include "fuzz/targets/reserve/numbers.h"

#ifdef TEXT_REGIONS_KNOW_CGROUPS
#define CGROUP(number) (&text_cgroup[number].group)
MAP_REGION_CGROUP(CGROUP)
#else
#define region_cgroup NULL
#endif

extern const struct world world_text;

const struct world world_text = {
	.name = TEXT_NAME,
	.traits = {
		.charge = VM_HUGE_PAGES,
#ifdef TEXT_KEEPS_EMPTY_REGIONS
		.keeps_empty = true,
#endif
		.checks_limits = true,
		.restores = true,
		.waits = true,
#ifdef TEXT_REGIONS_KNOW_CGROUPS
		.charges_reserved = true,
		.charges_regions = true,
#endif
#ifdef TEXT_REGIONS_HOLD_CGROUPS
		.holds_cgroup = true,
#endif
		.charges_used = true,
#ifdef TEXT_CHARGES_MEMCG
		.charges_memory = true,
#endif
	},
	.layout = MAP_LAYOUT(region_cgroup),
	.state = &text_state,
	.warned = &shim_warned,
	WORLD_CALLS,
};

void world_look_pool(const struct world_state *state, struct pool_view *pool)
{
	(void)state;
	*pool = numbers_of_pool(&hstates[0]);
	for (unsigned i = 0; vm_has_failed && i < vm_folios; i++) {
		const struct folio *folio = &vm_folio[i];

		pool->failed += vm_in_use[i] && folio_test_hugetlb(folio) && !folio->refcount &&
		                PageHWPoison(&folio->page);
	}
}

bool world_look_mount(const struct world_state *world, struct subpool_view *mount)
{
	const struct hugepage_subpool *spool = world->spool;

	*mount = (struct subpool_view){ -1, 0, -1, 0 };
	if (!text_has_subpool(world))
		return false;
	*mount = numbers_of_subpool(spool->max_hpages, spool->used_hpages, spool->min_hpages,
	                            spool->rsv_hpages);
	return true;
}

void world_look_cgroup(const struct world_state *state, unsigned i, struct cgroup_view *cgroup)
{
	const struct hugetlb_cgroup *group = &text_cgroup[i].group;

	(void)state;
	*cgroup = (struct cgroup_view){ .refs = group->css.refs, .used = group->hugepage[0].usage };
	cgroup->on_node = cgroup->used;
#ifdef TEXT_HAS_hugetlb_cgroup_per_node
	cgroup->on_node = group->nodeinfo[0]->usage[0];
#endif
#ifdef TEXT_REGIONS_KNOW_CGROUPS
	cgroup->reserved = group->rsvd_hugepage[0].usage;
#endif
}

/* A page in use is a huge one that somebody has a reference to. */
bool world_look_page(const struct world_state *world, unsigned *i, struct page_view *view)
{
	while (*i < vm_folios) {
		unsigned number = (*i)++;
		struct folio *folio = &vm_folio[number];

		if (!vm_in_use[number] || !folio_test_hugetlb(folio) || !folio->refcount)
			continue;
		view->cgroup = text_group_number(text_page_cgroup(folio, false));
		view->cgroup_rsvd = text_group_number(text_page_cgroup(folio, true));
		view->in_file = folio->mapping && !folio_test_anon(folio);
		view->of_mount = world->spool && text_page_subpool(folio) == world->spool &&
		                 text_has_subpool(world);
		return true;
	}
	return false;
}

void world_look_pages(const struct world_state *world, struct pages_view *view)
{
	text_look_pages(text_has_subpool(world) ? world->spool : NULL, view);
}

bool world_look_file(const struct world_state *world, unsigned file, struct file_view *view)
{
	const struct text_file *at = &world->file[file];
	const struct inode *inode = &at->inode.vfs_inode;

	if (!at->exists)
		return false;
	view->map = text_inode_map((struct inode *)inode);
	view->cached = inode->i_data.present;
	view->cgroup = at->cgroup;
	view->pages = world_file_pages(world, file);
	view->blocks = (long)inode->i_blocks;
	view->page_blocks = PMD_SIZE / 512;
	return true;
}

const struct resv_map *world_file_map(const struct world_state *world, unsigned file)
{
	return text_inode_map((struct inode *)&world->file[file].inode.vfs_inode);
}

uint64_t world_cached(const struct world_state *world, unsigned file)
{
	const struct text_file *at = &world->file[file];

	return at->exists ? at->inode.vfs_inode.i_data.present : 0;
}

unsigned world_file_cgroup(const struct world_state *world, unsigned file)
{
	return world->file[file].cgroup;
}

bool world_mapped(const struct world_state *world, unsigned slot)
{
	return world->slot[slot].mapped;
}

bool world_shares(const struct world_state *world, unsigned slot)
{
	return world->slot[slot].vma->vm_flags & VM_MAYSHARE;
}

unsigned world_mapping_cgroup(const struct world_state *world, unsigned slot)
{
	return world->slot[slot].cgroup;
}

unsigned world_mapping_file(const struct world_state *world, unsigned slot)
{
	return world->slot[slot].file;
}

struct resv_map *world_owner_map(const struct world_state *world, unsigned slot)
{
	struct vm_area_struct *vma = world->slot[slot].vma;

	if (!world->slot[slot].mapped || vma->vm_flags & VM_MAYSHARE || !text_owns(vma))
		return NULL;
	return text_vma_map(vma);
}

const void *world_page_at(const struct world_state *world, unsigned slot, unsigned page, bool *own)
{
	const struct text_slot *at = &world->slot[slot];
	unsigned long addr = text_addr(at, page);
	const struct folio *folio = NULL;
	pte_t pte;

	*own = false;
	if (!at->mapped || addr < at->vma->vm_start || addr >= at->vma->vm_end)
		return NULL;
	pte = *vm_entry(at->mm, addr);
	if (pte_present(pte))
		folio = page_folio(pte_page(pte));
	*own = folio && folio_test_anon(folio);
	return folio;
}

void world_locks(const struct world_state *world, const void *lock[2])
{
	lock[0] = &hugetlb_lock;
	lock[1] = text_has_subpool(world) ? &world->spool->lock : NULL;
}

const struct locked *world_look_locked(const struct world_state *world, const void *lock)
{
	static const struct locked pool = NUMBERS_LOCKED_BY_POOL(&hstates[0]);
	const struct hugepage_subpool *spool = world->spool;

	if (lock == &hugetlb_lock)
		return &pool;
	if (!spool || lock != &spool->lock || !text_has_subpool(world))
		return NULL;
	return numbers_locked_by_subpool(&spool->used_hpages, &spool->rsv_hpages);
}

uint8_t world_lost_pages(const struct world_state *world)
{
	uint8_t lost = 0;

	for (unsigned slot = 0; slot < SLOTS; slot++) {
		const struct text_slot *at = &world->slot[slot];

		if (at->mapped && !(at->vma->vm_flags & VM_MAYSHARE) && text_was_unmapped(at->vma))
			lost |= (uint8_t)(1u << slot);
	}
	return lost;
}

/* The two lowest bits are flags. */
const void *world_pointer_left(const struct world_state *world, unsigned slot)
{
	return (const void *)((unsigned long)world->slot[slot].vma->vm_private_data & ~3UL);
}

bool world_lacks_lock(const struct world_state *world, unsigned slot)
{
#ifdef TEXT_HAS_hugetlb_vma_lock
	const struct vm_area_struct *vma = world->slot[slot].vma;
	const struct hugetlb_vma_lock *lock = vma->vm_private_data;

	return vma->vm_flags & VM_MAYSHARE && (!lock || lock->vma != vma);
#else
	(void)world, (void)slot;
	return false;
#endif
}

unsigned world_file_pages(const struct world_state *world, unsigned file)
{
	return (unsigned)(world->file[file].inode.vfs_inode.i_size >> PMD_SHIFT);
}

/* What a mapping's entry and its page keep that no rule asks for, and that decides what calls do later. */
unsigned world_look_entry(const struct world_state *world, unsigned slot, unsigned page)
{
	const struct text_slot *at = &world->slot[slot];
	unsigned long addr = text_addr(at, page);
	struct folio *folio;
	pte_t pte;

	if (!at->mapped || addr < at->vma->vm_start || addr >= at->vma->vm_end)
		return 0;
	pte = *vm_entry(at->mm, addr);
	if (!pte_present(pte))
		return pte_none(pte)                       ? 0
		       : is_pte_marker(pte)                ? ENTRY_MARKER
		       : pte.word & VM_PTE_MIGRATION_WRITE ? ENTRY_AWAY_WRITABLE
		                                           : ENTRY_AWAY;
	folio = page_folio(pte_page(pte));
	return ENTRY_PAGE | (pte_write(pte) ? ENTRY_WRITABLE : 0) | pte_uffd_wp(pte) << 2 |
	       (text_page_subpool(folio) != NULL) << 3 |
	       text_group_number(text_page_cgroup(folio, false)) << 4 |
	       text_group_number(text_page_cgroup(folio, true)) << 6 |
	       (unsigned)folio->refcount << 8 | (unsigned)folio->mapcount << 16 |
	       (unsigned)(folio->memcg != NULL) << 30;
}
