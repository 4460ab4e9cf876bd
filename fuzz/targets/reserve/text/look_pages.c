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

	*view = (struct entry_view){ .page = NULL };
	return text_has_page(at, page) &&
	       look_at_entry(*vm_entry(at->mm, text_addr(at, page)), view);
}

uint64_t world_look_mapping(const struct world_state *world, unsigned slot, unsigned from,
                            unsigned to, struct entry_view entry[])
{
	const struct text_slot *at = &world->slot[slot];
	unsigned long addr = text_addr(at, from);
	uint64_t there = 0;

	for (unsigned page = from; at->mapped && page < to; page++, addr += PMD_SIZE)
		if (addr >= at->vma->vm_start && addr < at->vma->vm_end &&
		    look_at_entry(*vm_entry(at->mm, addr), &entry[page]))
			there |= (uint64_t)1 << page;
	return there;
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

unsigned world_look_processes(const struct world_state *world, const void *process[SLOTS],
                              long usage[SLOTS])
{
	unsigned mapped = 0;

	for (unsigned slot = 0; slot < SLOTS; slot++) {
		const struct text_slot *at = &world->slot[slot];

		if (!at->mapped)
			continue;
		mapped |= 1u << slot;
		process[slot] = at->mm;
		usage[slot] = atomic_long_read(&at->mm->hugetlb_usage);
	}
	return mapped;
}
