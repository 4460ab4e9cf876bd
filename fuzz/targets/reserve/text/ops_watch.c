// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a process asks userfaultfd for that stays: a mapping is watched, a page is protected, a page counts as failed
 * memory.  Nobody answers: the process wants a signal for what else it would wait for.  As in ops.c.
 */
#include "world.h"

/* No mapping any more, or not this page of it, when it was the call's turn. */
enum { GONE = -EFAULT };

/* Source: fs/userfaultfd.c userfaultfd_register(), v6.12. */
static int watch(struct text_slot *slot, vm_flags_t flags)
{
	bool mapped;

	mmap_write_lock(slot->mm);
	mapped = slot->mapped;
	if (mapped)
		text_watch(slot->vma, flags);
	mmap_write_unlock(slot->mm);
	return mapped ? 0 : GONE;
}

/* A page that the file has and that is not mapped is watched too where UFFDIO_CONTINUE can map it. */
int text_op_watch(struct world_state *world, const struct op *op)
{
	struct text_slot *slot = &world->slot[op->slot];
	int ret;

	text_use_slot(slot);
	ret = watch(slot, VM_UFFD_MISSING | (text_can_continue() ? VM_UFFD_MINOR : 0));
	text_leave_slot(slot);
	return ret;
}

/* Source: fs/userfaultfd.c userfaultfd_writeprotect(), v6.12. */
int text_op_guard(struct world_state *world, const struct op *op)
{
	struct text_slot *slot = &world->slot[op->slot];
	int ret;

	text_use_slot(slot);
	if (!(slot->vma->vm_flags & VM_UFFD_WP))
		watch(slot, VM_UFFD_WP);
	mmap_read_lock(slot->mm);
	if (text_has_page(slot, op->from) && slot->vma->vm_flags & VM_UFFD_WP)
		ret = text_guard(slot->vma, text_addr(slot, op->from));
	else
		ret = GONE;
	mmap_read_unlock(slot->mm);
	text_leave_slot(slot);
	return ret;
}

int text_op_ruin(struct world_state *world, const struct op *op)
{
#ifdef TEXT_FILLS
	return text_fill_page(world, op, text_ruin);
#else
	(void)world, (void)op;
	return -EINVAL; /* text_can_ruin() says no */
#endif
}
