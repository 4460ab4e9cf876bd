// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a mapping's entry and its page keep that no rule asks for, and that decides what calls do later.
 */
#include "world.h"

static unsigned number_of(const struct hugetlb_cgroup *group)
{
	return group ? (unsigned)((const union text_cgroup *)group - text_cgroup) : 0;
}

unsigned world_look_entry(const struct world_state *world, unsigned slot, unsigned page)
{
	const struct text_slot *at = &world->slot[slot];
	unsigned long addr = text_addr(at, page);
	struct folio *folio;
	pte_t pte;

	if (!at->mapped || addr < at->vma->vm_start || addr >= at->vma->vm_end)
		return 0;
	pte = at->mm->table[(addr - VM_BASE) >> PMD_SHIFT];
	if (!pte_present(pte))
		return pte_none(pte) ? 0 : 2;
	folio = page_folio(pte_page(pte));
	return 1u | pte_write(pte) << 1 | pte_uffd_wp(pte) << 2 |
	       (text_page_subpool(folio) != NULL) << 3 |
	       number_of(text_page_cgroup(folio, false)) << 4 |
	       number_of(text_page_cgroup(folio, true)) << 6 | (unsigned)folio->refcount << 8 |
	       (unsigned)folio->mapcount << 16;
}

/* A block has 512 bytes. */
long world_file_blocks(const struct world_state *world, unsigned file)
{
	return (long)(world->file[file].inode.vfs_inode.i_blocks >> (PMD_SHIFT - 9));
}
