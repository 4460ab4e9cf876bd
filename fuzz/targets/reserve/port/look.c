// SPDX-License-Identifier: GPL-2.0-only
/*
 * The books of the world in state.h: what world.h wants to see.
 */
#include "state.h"

#include "src/callers/callers.h"

void world_look_pool(const struct world_state *state, struct pool_view *pool)
{
	const struct hstate *h = &hstates[0];

	(void)state;
	*pool = (struct pool_view){
		.pages = (long)h->nr_huge_pages,
		.free = (long)h->free_huge_pages,
		.promised = (long)h->resv_huge_pages,
		.surplus = (long)h->surplus_huge_pages,
		.overcommit = (long)h->nr_overcommit_huge_pages,
	};
}

bool world_look_mount(const struct world_state *world, struct subpool_view *mount)
{
	*mount = (struct subpool_view){ -1, 0, -1, 0 };
	if (world->spool)
		port_look_subpool(world->spool, mount);
	return world->spool;
}

void world_look_cgroup(const struct world_state *state, unsigned i, struct cgroup_view *cgroup)
{
	(void)state;
	cgroup->refs = shim_cgroup[i].css.refs;
	cgroup->reserved = shim_cgroup[i].rsvd_hugepage[0].usage;
	cgroup->used = shim_cgroup[i].hugepage[0].usage;
}

static unsigned cgroup_number(const struct hugetlb_cgroup *h_cg)
{
	return h_cg ? h_cg - shim_cgroup : 0;
}

/* Its place in the list of pages in use is a page's number. */
bool world_look_page(const struct world_state *world, unsigned *i, struct page_view *view)
{
	static const struct page *next;
	const struct page *page;

	if (!*i)
		next = list_first_entry(&hstates[0].hugepage_activelist, struct page, lru);
	page = next;
	if (&page->lru == &hstates[0].hugepage_activelist || !shim_step(__FILE__, __LINE__))
		return false;
	next = list_next_entry(page, lru);
	++*i;
	view->cgroup = cgroup_number(page->h_cg);
	view->cgroup_rsvd = cgroup_number(page->h_cg_rsvd);
	view->in_file = page->mapping;
	view->of_mount = world->spool && page->private == (unsigned long)world->spool;
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
	const struct page *page = world->vma[slot].pte[idx];

	*own = page && !page->mapping;
	return page;
}

unsigned world_look_locked(const struct world_state *world, const void *lock, unsigned long *number)
{
	const struct hstate *h = &hstates[0];

	if (lock == &hugetlb_lock) {
		number[0] = h->nr_huge_pages;
		number[1] = h->free_huge_pages;
		number[2] = h->resv_huge_pages;
		number[3] = h->surplus_huge_pages;
		return LOCKED_POOL;
	}
	return world->spool ? port_look_locked(world->spool, lock, number) : 0;
}

bool world_lost_page(const struct world_state *world, unsigned slot)
{
	struct vm_area_struct *vma = (struct vm_area_struct *)&world->vma[slot];

	return world->mapped[slot] && !(vma->vm_flags & VM_MAYSHARE) &&
	       callers.is_vma_resv_set(vma, HPAGE_RESV_UNMAPPED);
}

/* The two lowest bits are flags. */
const void *world_pointer_left(const struct world_state *world, unsigned slot)
{
	return (const void *)((unsigned long)world->vma[slot].vm_private_data & ~3UL);
}

unsigned world_file_pages(const struct world_state *world, unsigned file)
{
	return (unsigned)world->inode[file].i_size;
}

const char *world_free_page_has(const struct world_state *world)
{
	const struct page *page;

	(void)world;
	list_for_each_entry(page, &hstates[0].hugepage_freelists[0], lru) {
		if (page->restore_reserve)
			return "a reservation to give back";
		if (page->private)
			return "a mount that it counts in";
		if (page->h_cg || page->h_cg_rsvd)
			return "a cgroup that is charged for it";
	}
	return NULL;
}
