// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages one by one in the world of state.h: what a mapping shows, who has a page, and what is in it.
 */
#include "state.h"

#include "fuzz/targets/reserve/folios.h"

bool world_look_mapped(const struct world_state *world, unsigned slot, unsigned idx,
                       struct entry_view *view)
{
	const struct vm_area_struct *vma = &world->vma[slot];
	const struct folio *folio;
	struct page *page = NULL;

	if (world->mapped[slot] && hugetlb_has_page(vma, idx))
		page = hugetlb_page_at(vma, idx);
	*view = (struct entry_view){ .page = NULL };
	if (!page)
		return false;
	folio = page_folio(page);
	*view = (struct entry_view){
		.page = folio,
		.own = folio_test_anon(folio),
		.writable = hugetlb_writable(vma, idx),
		.content = content_of(folio),
	};
	return true;
}

const void *world_file_page(const struct world_state *world, unsigned file, unsigned page,
                            unsigned *content)
{
	const struct folio *folio = world->file_exists[file] ? world->inode[file].i_data.folio[page]
	                                                     : NULL;

	*content = folio ? content_of(folio) : CONTENT_NONE;
	return folio;
}

/* No memory fails here. */
bool world_page_failed(const struct world_state *world, unsigned file, unsigned page)
{
	(void)world, (void)file, (void)page;
	return false;
}

const void *world_process(const struct world_state *world, unsigned slot, long *usage)
{
	*usage = atomic_long_read(&world->mm[slot].hugetlb_usage);
	return &world->mm[slot];
}
