// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages one by one in the world of state.h: what a mapping shows, who has a page, and what is in it.
 */
#include "state.h"

#include "fuzz/targets/reserve/folios.h"

static inline bool look_at(const struct vm_area_struct *vma, unsigned idx, struct entry_view *view)
{
	return hugetlb_has_page(vma, idx) &&
	       look_at_entry(*vm_entry(vma->vm_mm, hugetlb_address(vma, idx)), view);
}

bool world_look_mapped(const struct world_state *world, unsigned slot, unsigned idx,
                       struct entry_view *view)
{
	*view = (struct entry_view){ .page = NULL };
	return world->mapped[slot] && look_at(&world->vma[slot], idx, view);
}

uint64_t world_look_mapping(const struct world_state *world, unsigned slot, unsigned from,
                            unsigned to, struct entry_view entry[])
{
	uint64_t there = 0;

	for (unsigned idx = from; world->mapped[slot] && idx < to; idx++)
		if (look_at(&world->vma[slot], idx, &entry[idx]))
			there |= (uint64_t)1 << idx;
	return there;
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

unsigned world_look_processes(const struct world_state *world, const void *process[SLOTS],
                              long usage[SLOTS])
{
	unsigned mapped = 0;

	for (unsigned slot = 0; slot < SLOTS; slot++) {
		if (!world->mapped[slot])
			continue;
		mapped |= 1u << slot;
		process[slot] = &world->mm[slot];
		usage[slot] = atomic_long_read(&world->mm[slot].hugetlb_usage);
	}
	return mapped;
}
