// SPDX-License-Identifier: GPL-2.0-only
/*
 * The books of a kernel's own hugetlb, as view.h shows them, and what this tree promises.
 */
#include "world.h"

static unsigned group_number(const struct hugetlb_cgroup *group)
{
	return group ? (unsigned)((const union text_cgroup *)group - text_cgroup) : 0;
}

#ifdef TEXT_REGIONS_KNOW_CGROUPS
/* A region's owner: below TARGET_OWNERS, or TARGET_OWNERS if the harness does not know it. */
static unsigned region_owner(const struct file_region *rg)
{
	unsigned owner = 0;

	if (!rg->css && !rg->reservation_counter)
		return 0;
	while (++owner < TARGET_OWNERS)
		if (rg->css == &text_cgroup[owner].group.css &&
		    rg->reservation_counter == &text_cgroup[owner].group.rsvd_hugepage[0])
			break;
	return owner;
}
#else
static unsigned region_owner(const struct file_region *rg)
{
	(void)rg;
	return 0;
}
#endif

#include "fuzz/map/target_walk.h"

const struct target_traits target_traits = { .name = TEXT_NAME };

const struct reserve_traits reserve_traits = {
	.name = TEXT_NAME,
	.charge = VM_HUGE_PAGES,
	.checks_limits = true,
	.restores = true,
	.waits = true,
#ifdef TEXT_REGIONS_KNOW_CGROUPS
	.charges_reserved = true,
	.charges_regions = true,
	.holds_owner = true,
#endif
	.charges_used = true,
};

void target_look_owners(struct target_owner owner[TARGET_OWNERS])
{
	for (int i = 0; i < TARGET_OWNERS; i++)
		owner[i] = (struct target_owner){ 0 };
}

void world_look_pool(struct pool_view *pool)
{
	const struct hstate *h = &hstates[0];

	*pool = (struct pool_view){
		.pages = (long)h->nr_huge_pages,
		.free = (long)h->free_huge_pages,
		.promised = (long)h->resv_huge_pages,
		.surplus = (long)h->surplus_huge_pages,
		.overcommit = (long)h->nr_overcommit_huge_pages,
	};
}

bool world_look_mount(const struct world *world, struct subpool_view *mount)
{
	const struct hugepage_subpool *spool = world->spool;

	*mount = (struct subpool_view){ -1, 0, -1, 0 };
	if (!spool)
		return false;
	mount->max = spool->max_hpages;
	mount->used = spool->used_hpages;
	mount->min = spool->min_hpages;
	/* A kernel says -1 where there is no minimum. */
	mount->rsv = spool->min_hpages == -1 ? 0 : spool->rsv_hpages;
	return true;
}

void world_look_cgroup(unsigned i, struct cgroup_view *cgroup)
{
	const struct hugetlb_cgroup *group = &text_cgroup[i].group;

	*cgroup = (struct cgroup_view){ .refs = group->css.refs, .used = group->hugepage[0].usage };
#ifdef TEXT_REGIONS_KNOW_CGROUPS
	cgroup->reserved = group->rsvd_hugepage[0].usage;
#endif
}

/* A page in use is a huge one that somebody has a reference to. */
bool world_look_page(const struct world *world, unsigned *i, struct page_view *view)
{
	while (*i < vm_folios) {
		struct folio *folio = &vm_folio[(*i)++];

		if (!folio->in_use || !folio_test_hugetlb(folio) || !folio->refcount)
			continue;
		view->cgroup = group_number(text_page_cgroup(folio, false));
		view->cgroup_rsvd = group_number(text_page_cgroup(folio, true));
		view->in_file = folio->mapping && !folio_test_anon(folio);
		view->of_mount = world->spool && text_page_subpool(folio) == world->spool;
		return true;
	}
	return false;
}

const struct resv_map *world_file_map(const struct world *world, unsigned file)
{
	return text_inode_map((struct inode *)&world->file[file].inode.vfs_inode);
}

uint64_t world_cached(const struct world *world, unsigned file)
{
	const struct address_space *mapping = &world->file[file].inode.vfs_inode.i_data;
	uint64_t set = 0;

	if (!world->file[file].exists || !mapping->nrpages)
		return 0;
	for (unsigned long page = 0, found = 0; found < mapping->nrpages && page < VM_FILE_PAGES;
	     page++) {
		found += mapping->folio[page] != NULL;
		set |= (uint64_t) !!mapping->folio[page] << page;
	}
	return set;
}

unsigned world_file_cgroup(const struct world *world, unsigned file)
{
	return world->file[file].cgroup;
}

bool world_mapped(const struct world *world, unsigned slot)
{
	return world->slot[slot].mapped;
}

bool world_shares(const struct world *world, unsigned slot)
{
	return world->slot[slot].vma.vm_flags & VM_MAYSHARE;
}

unsigned world_mapping_cgroup(const struct world *world, unsigned slot)
{
	return world->slot[slot].cgroup;
}

unsigned world_mapping_file(const struct world *world, unsigned slot)
{
	return world->slot[slot].file;
}

struct resv_map *world_owner_map(const struct world *world, unsigned slot)
{
	struct vm_area_struct *vma = (struct vm_area_struct *)&world->slot[slot].vma;

	if (!world->slot[slot].mapped || vma->vm_flags & VM_MAYSHARE || !text_owns(vma))
		return NULL;
	return text_vma_map(vma);
}

const void *world_page_at(const struct world *world, unsigned slot, unsigned page, bool *own)
{
	const struct text_slot *at = &world->slot[slot];
	unsigned long addr = text_addr(at, page);
	const struct folio *folio = NULL;
	pte_t pte;

	*own = false;
	if (!at->mapped || addr < at->vma.vm_start || addr >= at->vma.vm_end)
		return NULL;
	pte = at->mm.table[(addr - VM_BASE) >> PMD_SHIFT];
	if (pte_present(pte))
		folio = page_folio(pte_page(pte));
	*own = folio && folio_test_anon(folio);
	return folio;
}
