// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a process does to a mapping that it has, beside touching it: cut it in two, move it, take the right
 * to write away, let somebody keep one of its pages; and what is done to the process.  As in ops.c.
 */
#include "world.h"

/* No mapping any more, or not this page of it, when it was the call's turn. */
enum { GONE = -EFAULT };

static void link_mapping(struct vm_area_struct *vma)
{
	i_mmap_lock_write(vma->vm_file->f_mapping);
	vm_link_mapping(vma, vma->vm_file->f_mapping);
	i_mmap_unlock_write(vma->vm_file->f_mapping);
}

/* A copy of @vma from @start on: it is told to the tree's text, and not found by its file yet. */
static void copy_mapping(struct vm_area_struct *copy, const struct vm_area_struct *vma,
                         unsigned long start)
{
	*copy = *vma;
	copy->vm_start = start;
	if (copy->vm_ops && copy->vm_ops->open)
		copy->vm_ops->open(copy);
}

/* --- munmap() or madvise() of a part ---------------------------------------------------------------- */

/* Source: mm/vma.c __split_vma(), v6.12: what lies behind @addr is the new mapping. */
static int split_mapping(struct text_slot *slot, struct text_slot *into, unsigned long addr)
{
	struct vm_area_struct *vma = slot->vma, *behind = &into->area[0];
	int ret = text_may_split(vma, addr);

	if (ret)
		return ret;
	*behind = *vma;
	behind->vm_start = addr;
	behind->vm_pgoff += (addr - vma->vm_start) >> PAGE_SHIFT;
	if (behind->vm_ops && behind->vm_ops->open)
		behind->vm_ops->open(behind);
	i_mmap_lock_write(vma->vm_file->f_mapping);
	vma->vm_end = addr;
	vm_link_mapping(behind, vma->vm_file->f_mapping);
	i_mmap_unlock_write(vma->vm_file->f_mapping);
	return 0;
}

int text_op_split(struct world_state *world, const struct op *op)
{
	struct text_slot *slot = &world->slot[op->slot], *into = &world->slot[op->into];
	int ret = GONE;

	text_use_slot(slot);
	into->users++;
	mmap_write_lock(slot->mm);
	if (text_has_page(slot, op->from) && text_addr(slot, op->from) > slot->vma->vm_start) {
		into->mm = slot->mm;
		into->vma = &into->area[0];
		into->file = slot->file;
		into->cgroup = slot->cgroup;
		into->task_cgroup = slot->task_cgroup;
		ret = split_mapping(slot, into, text_addr(slot, op->from));
		into->mapped = !ret;
		world->file[into->file].users += !ret;
	}
	mmap_write_unlock(slot->mm);
	text_leave_slot(into);
	text_leave_slot(slot);
	return ret;
}

/* --- mremap() ---------------------------------------------------------------------------------------- */

/* The other half of the table, where nothing is. */
static unsigned long move_to(struct text_slot *slot)
{
	const unsigned long half = (unsigned long)VM_FILE_PAGES << PMD_SHIFT;
	const struct vm_area_struct *vma = slot->vma;

	return vma->vm_start < VM_BASE + half ? vma->vm_start + half : vma->vm_start - half;
}

/* Source: mm/mremap.c move_vma(), v6.12: where entries cannot be moved all go back, and the copy goes. */
static int move_mapping(struct text_slot *slot)
{
	struct vm_area_struct *old = slot->vma;
	struct vm_area_struct *new = &slot->area[old == &slot->area[0]];
	unsigned long start = old->vm_start, length = old->vm_end - start, to = move_to(slot);
	int ret = 0;

	copy_mapping(new, old, to);
	new->vm_end = to + length;
	link_mapping(new);
	if (text_move(old, new, start, to, length) < length) {
		text_move(new, old, to, start, length);
		ret = -ENOMEM;
	}
	if (!ret)
		text_unwatch(new); /* mremap_userfaultfd_prep(), without UFFD_FEATURE_EVENT_REMAP */
	slot->vma = ret ? old : new;
	text_forget_reservations(ret ? new : old);
	text_remove_mapping(ret ? new : old);
	return ret;
}

int text_op_mremap(struct world_state *world, const struct op *op)
{
	struct text_slot *slot = &world->slot[op->slot];
	int ret = GONE;

	text_use_slot(slot);
	mmap_write_lock(slot->mm);
	if (slot->mapped)
		ret = move_mapping(slot);
	mmap_write_unlock(slot->mm);
	text_leave_slot(slot);
	return ret;
}

/* --- write protection --------------------------------------------------------------------------------- */

/* Source: fs/userfaultfd.c userfaultfd_writeprotect(), on and off again, v6.12; the page stays so. */
int text_op_protect(struct world_state *world, const struct op *op)
{
	struct text_slot *slot = &world->slot[op->slot];
	int ret = GONE;

	text_use_slot(slot);
	mmap_read_lock(slot->mm);
	if (text_has_page(slot, op->from)) {
		text_protect(slot->vma, text_addr(slot, op->from));
		ret = 0;
	}
	mmap_read_unlock(slot->mm);
	text_leave_slot(slot);
	return ret;
}

/* --- a page that somebody keeps ------------------------------------------------------------------------ */

/* Source: mm/gup.c follow_page_pte() with FOLL_WRITE and FOLL_PIN, v6.12. */
int text_op_pin(struct world_state *world, const struct op *op)
{
	struct text_slot *slot = &world->slot[op->slot];
	int ret = GONE;

	text_use_slot(slot);
	mmap_read_lock(slot->mm);
	if (text_has_page(slot, op->from) && !slot->pinned && !slot->failing) {
		pte_t pte = *vm_entry(slot->mm, text_addr(slot, op->from));

		if (pte_present(pte) && pte_write(pte)) {
			slot->pinned = page_folio(pte_page(pte));
			folio_get(slot->pinned);
			slot->pinned->pins++;
			ret = 0;
		}
	}
	mmap_read_unlock(slot->mm);
	text_leave_slot(slot);
	return ret;
}

/* It may outlive the mapping, its file and the mount. */
int text_op_unpin(struct world_state *world, const struct op *op)
{
	struct text_slot *slot = &world->slot[op->slot];
	struct folio *folio = slot->pinned;

	if (slot->failed)
		ClearPageHWPoison(&folio->page); /* unpoison_memory() */
	slot->failed = false;
	slot->pinned = NULL;
	folio->pins--;
	folio_put(folio);
	return 0;
}

/* --- the process' cgroup -------------------------------------------------------------------------------- */

/* What it is charged for stays with the old one. */
int text_op_move(struct world_state *world, const struct op *op)
{
	world->slot[op->slot].task_cgroup = (u8)op_cgroup(op);
	return 0;
}
