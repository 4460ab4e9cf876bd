// SPDX-License-Identifier: GPL-2.0-only
/*
 * The books of the world in state.h: what world.h wants to see.
 */
#include "state.h"

#include "fuzz/targets/reserve/numbers.h"

#include "src/callers/callers.h"

void world_look_pool(const struct world_state *state, struct pool_view *pool)
{
	(void)state;
	*pool = numbers_of_pool(&hstates[0]);
}

bool world_look_mount(const struct world_state *world, struct subpool_view *mount)
{
	*mount = (struct subpool_view){ -1, 0, -1, 0 };
	if (world->spool)
		*mount = numbers_of_subpool(*subpool_number(world->spool, callers.subpool.max),
		                            *subpool_number(world->spool, callers.subpool.used),
		                            *subpool_number(world->spool, callers.subpool.min),
		                            *subpool_number(world->spool, callers.subpool.rsv));
	return world->spool;
}

void world_look_cgroup(const struct world_state *state, unsigned i, struct cgroup_view *cgroup)
{
	(void)state;
	cgroup->refs = vm_cgroup[i].css.refs;
	cgroup->reserved = vm_cgroup[i].rsvd_hugepage[0].usage;
	cgroup->used = cgroup->on_node = vm_cgroup[i].hugepage[0].usage;
}

static unsigned cgroup_number(const struct hugetlb_cgroup *h_cg)
{
	return h_cg ? h_cg - vm_cgroup : 0;
}

/* Its place in the list of pages in use is a page's number. */
bool world_look_page(const struct world_state *world, unsigned *i, struct page_view *view)
{
	static const struct folio *next;
	const struct folio *folio;

	if (!*i)
		next = list_first_entry(&hstates[0].hugepage_activelist, struct folio, lru);
	folio = next;
	if (&folio->lru == &hstates[0].hugepage_activelist || !shim_step(__FILE__, __LINE__))
		return false;
	next = list_next_entry(folio, lru);
	++*i;
	view->cgroup = cgroup_number(hugetlb_cgroup_from_page(folio));
	view->cgroup_rsvd = cgroup_number(hugetlb_cgroup_from_page_rsvd(folio));
	view->in_file = folio->mapping && !folio_test_anon(folio);
	view->of_mount = world->spool && hugetlb_page_subpool(folio) == world->spool;
	return true;
}

const struct resv_map *world_file_map(const struct world_state *world, unsigned file)
{
	return world->inode[file].i_data.private_data;
}

unsigned world_file_cgroup(const struct world_state *world, unsigned file)
{
	return cgroup_number(world->inode[file].h_cg);
}

bool world_mapped(const struct world_state *world, unsigned slot)
{
	return world->mapped[slot];
}

bool world_shares(const struct world_state *world, unsigned slot)
{
	return world->vma[slot].vm_flags & VM_MAYSHARE;
}

unsigned world_mapping_cgroup(const struct world_state *world, unsigned slot)
{
	return world->cgroup_of[slot];
}

unsigned world_mapping_file(const struct world_state *world, unsigned slot)
{
	return world->file_of[slot];
}

const void *world_page_at(const struct world_state *world, unsigned slot, unsigned idx, bool *own)
{
	const struct vm_area_struct *vma = &world->vma[slot];
	const struct page *page = NULL;

	if (world->mapped[slot] && hugetlb_has_page(vma, idx))
		page = hugetlb_page_at(vma, idx);
	*own = page && PageAnon(page);
	return page;
}

void world_locks(const struct world_state *world, const void *lock[2])
{
	lock[0] = &hugetlb_lock;
	lock[1] = world->spool ? (const char *)world->spool + callers.subpool.lock : NULL;
}

const struct locked *world_look_locked(const struct world_state *world, const void *lock)
{
	static const struct locked pool = NUMBERS_LOCKED_BY_POOL(&hstates[0]);

	if (lock == &hugetlb_lock)
		return &pool;
	if (!world->spool || lock != (const char *)world->spool + callers.subpool.lock)
		return NULL;
	return numbers_locked_by_subpool(subpool_number(world->spool, callers.subpool.used),
	                                 subpool_number(world->spool, callers.subpool.rsv));
}

uint8_t world_lost_pages(const struct world_state *world)
{
	uint8_t lost = 0;

	for (unsigned slot = 0; slot < SLOTS; slot++) {
		struct vm_area_struct *vma = (struct vm_area_struct *)&world->vma[slot];

		if (world->mapped[slot] && !(vma->vm_flags & VM_MAYSHARE) &&
		    callers.is_vma_resv_set(vma, HPAGE_RESV_UNMAPPED))
			lost |= (uint8_t)(1u << slot);
	}
	return lost;
}

/* The two lowest bits are flags. */
const void *world_pointer_left(const struct world_state *world, unsigned slot)
{
	return (const void *)((unsigned long)world->vma[slot].vm_private_data & ~3UL);
}

bool world_lacks_lock(const struct world_state *world, unsigned slot)
{
	(void)world, (void)slot;
	return false;
}

unsigned world_file_pages(const struct world_state *world, unsigned file)
{
	return (unsigned)hugetlbfs_size(&world->inode[file]);
}

static const char *page_has(struct folio *folio)
{
	if (folio_test_hugetlb_restore_reserve(folio))
		return "a reservation to give back";
	if (hugetlb_page_subpool(folio))
		return "a mount that it counts in";
	if (hugetlb_cgroup_from_page(folio) || hugetlb_cgroup_from_page_rsvd(folio))
		return "a cgroup that is charged for it";
	return folio->mapcount || folio->mapping ? "somebody who maps it" : NULL;
}

/* All at once, for there are many free pages and they have nothing. */
static const char *free_page_has(void)
{
	struct folio *folio;

	list_for_each_entry(folio, &hstates[0].hugepage_freelists[0], lru)
		if (folio_test_hugetlb_restore_reserve(folio) |
		    ((unsigned long)folio->_hugetlb_subpool |
		     (unsigned long)folio->_hugetlb_cgroup |
		     (unsigned long)folio->_hugetlb_cgroup_rsvd | (unsigned long)folio->mapping |
		     (unsigned long)folio->mapcount))
			return page_has(folio);
	return NULL;
}

void world_look_pages(const struct world_state *world, struct pages_view *view)
{
	struct page_view page;
	unsigned i = 0;

	*view = (struct pages_view){ .free_has = free_page_has(), .memcg = vm_memcg_lost() };
	while (world_look_page(world, &i, &page)) {
		view->reserved[page.cgroup_rsvd]++;
		view->charged[page.cgroup]++;
		view->charged_alone += page.in_file && page.cgroup_rsvd;
		view->private += !page.in_file && page.of_mount;
	}
}

bool world_look_file(const struct world_state *world, unsigned file, struct file_view *view)
{
	if (!world_has_file(world, file))
		return false;
	view->map = world_file_map(world, file);
	view->cached = world_cached(world, file);
	view->cgroup = world_file_cgroup(world, file);
	view->pages = world_file_pages(world, file);
	view->blocks = (long)world->inode[file].i_blocks;
	view->page_blocks = (long)blocks_per_huge_page(&hstates[0]);
	return true;
}

/* What a mapping's entry and its page keep that no rule asks for, and that decides what calls do later. */
unsigned world_look_entry(const struct world_state *world, unsigned slot, unsigned idx)
{
	const struct vm_area_struct *vma = &world->vma[slot];
	struct folio *folio;
	struct page *page;

	if (!world->mapped[slot] || !hugetlb_has_page(vma, idx))
		return 0;
	page = hugetlb_page_at(vma, idx);
	if (!page)
		return 0;
	folio = page_folio(page);
	return 1u | hugetlb_writable(vma, idx) << 1 | (HPageRestoreReserve(page) != 0) << 2 |
	       (hugetlb_page_subpool(folio) != NULL) << 3 |
	       cgroup_number(hugetlb_cgroup_from_page(folio)) << 4 |
	       cgroup_number(hugetlb_cgroup_from_page_rsvd(folio)) << 6 |
	       (unsigned)folio->refcount << 8 | (unsigned)folio->mapcount << 16;
}
