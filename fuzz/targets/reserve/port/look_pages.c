// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages one by one in the world of state.h: what a mapping shows, who has a page, and what is in it.
 */
#include "state.h"

static unsigned content_of(const struct folio *folio)
{
	return CONTENT_STALE + folio->content - VM_STALE;
}

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

bool world_look_folio(const struct world_state *world, unsigned *i, struct folio_view *view)
{
	(void)world;
	while (*i < vm_folios) {
		const struct folio *folio = &vm_folio[*i];

		if (!vm_in_use[(*i)++])
			continue;
		*view = (struct folio_view){
			.page = folio,
			.huge = folio_test_hugetlb(folio),
			.in_file = folio->mapping && !folio_test_anon(folio),
			.refs = (unsigned)folio->refcount,
			.mapcount = (unsigned)folio->mapcount,
		};
		return true;
	}
	return false;
}

const void *world_file_page(const struct world_state *world, unsigned file, unsigned page,
                            unsigned *content)
{
	const struct folio *folio = world->file_exists[file] ? world->inode[file].i_data.folio[page]
	                                                     : NULL;

	*content = folio ? content_of(folio) : CONTENT_NONE;
	return folio;
}

const void *world_process(const struct world_state *world, unsigned slot, long *usage)
{
	*usage = atomic_long_read(&world->mm[slot].hugetlb_usage);
	return &world->mm[slot];
}

static long length_of(const struct list_head *list)
{
	const struct list_head *at;
	long length = 0;

	for (at = list->next; at != list && shim_step(__FILE__, __LINE__); at = at->next)
		length++;
	return length;
}

void world_count_lists(const struct world_state *world, long *free, long *used)
{
	(void)world;
	*free = length_of(&hstates[0].hugepage_freelists[0]);
	*used = length_of(&hstates[0].hugepage_activelist);
}
