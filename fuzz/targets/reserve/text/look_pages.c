// SPDX-License-Identifier: GPL-2.0-only
/*
 * A kernel's pages one by one, as world.h wants to see them: what a mapping shows, who has a page, and what is in
 * it.
 */
#include "world.h"

#include "fuzz/targets/reserve/folios.h"

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

const void *world_file_page(const struct world_state *world, unsigned file, unsigned page,
                            unsigned *content)
{
	const struct text_file *at = &world->file[file];
	const struct folio *folio = at->exists ? at->inode.vfs_inode.i_data.folio[page] : NULL;

	*content = folio ? content_of(folio) : CONTENT_NONE;
	return folio;
}

bool world_page_failed(const struct world_state *world, unsigned file, unsigned page)
{
	const struct text_file *at = &world->file[file];
	const struct folio *folio = at->exists ? at->inode.vfs_inode.i_data.folio[page] : NULL;

	return folio && folio_test_hwpoison(folio);
}

const void *world_process(const struct world_state *world, unsigned slot, long *usage)
{
	*usage = atomic_long_read(&world->slot[slot].mm->hugetlb_usage);
	return world->slot[slot].mm;
}
