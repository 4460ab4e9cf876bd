// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a mapping's entry and its page keep that no rule asks for, and that decides what calls do later.
 */
#include "state.h"

unsigned world_look_entry(const struct world_state *world, unsigned slot, unsigned idx)
{
	const struct page *page = world->vma[slot].pte[idx];

	if (!page)
		return 0;
	return 1u | world->vma[slot].pte_write[idx] << 1 | page->restore_reserve << 2 |
	       (page->private != 0) << 3 | (page->h_cg ? page->h_cg - shim_cgroup : 0) << 4 |
	       (page->h_cg_rsvd ? page->h_cg_rsvd - shim_cgroup : 0) << 6 |
	       (unsigned)page->refcount << 8;
}

long world_file_blocks(const struct world_state *world, unsigned file)
{
	return (long)world->inode[file].i_blocks / SHIM_PAGES_PER_HPAGE;
}
