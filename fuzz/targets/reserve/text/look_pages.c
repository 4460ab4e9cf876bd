// SPDX-License-Identifier: GPL-2.0-only
/*
 * A kernel's pages one by one, as world.h wants to see them: what a mapping shows, who has a page, and what is in
 * it.
 */
#include "world.h"

static unsigned content_of(const struct folio *folio)
{
	return CONTENT_STALE + folio->content - VM_STALE;
}

bool world_look_mapped(const struct world_state *world, unsigned slot, unsigned page,
                       struct entry_view *view)
{
	const struct text_slot *at = &world->slot[slot];
	pte_t pte;
	const struct folio *folio;

	*view = (struct entry_view){ .page = NULL };
	if (!text_has_page(at, page))
		return false;
	pte = *vm_entry(at->mm, text_addr(at, page));
	if (!pte_present(pte))
		return false;
	folio = page_folio(pte_page(pte));
	*view = (struct entry_view){
		.page = folio,
		.own = folio_test_anon(folio),
		.writable = pte_write(pte),
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
			.pins = (unsigned)folio->pins,
		};
		return true;
	}
	return false;
}

const void *world_file_page(const struct world_state *world, unsigned file, unsigned page,
                            unsigned *content)
{
	const struct text_file *at = &world->file[file];
	const struct folio *folio = at->exists ? at->inode.vfs_inode.i_data.folio[page] : NULL;

	*content = folio ? content_of(folio) : CONTENT_NONE;
	return folio;
}

const void *world_process(const struct world_state *world, unsigned slot, long *usage)
{
	*usage = atomic_long_read(&world->slot[slot].mm->hugetlb_usage);
	return world->slot[slot].mm;
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
