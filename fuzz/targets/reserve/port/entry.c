// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a mapping's entry and its page keep that no rule asks for, and that decides what calls do later.
 */
#include "state.h"

static unsigned number_of(const struct hugetlb_cgroup *h_cg)
{
	return h_cg ? (unsigned)(h_cg - vm_cgroup) : 0;
}

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
	       number_of(hugetlb_cgroup_from_page(folio)) << 4 |
	       number_of(hugetlb_cgroup_from_page_rsvd(folio)) << 6 |
	       (unsigned)folio->refcount << 8 | (unsigned)folio->mapcount << 16;
}

long world_file_blocks(const struct world_state *world, unsigned file)
{
	return (long)world->inode[file].i_blocks / (long)blocks_per_huge_page(&hstates[0]);
}
