// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a process does for each op of the reserve target, down to where hugetlb's own text begins: the
 * system call, the page fault, fork() and exit as mm/ and fs/ make them, with the locks that are held
 * there.  A function an op; whatever was looked at before a lock was waited for is looked at again.
 */
#include "world.h"

#include <string.h>

/* Times that a fault is taken again, as the processor does until the page is there. */
enum { MOST_FAULTS = 10 };

/* No mapping any more when it was the call's turn, as if the process had gone on without it. */
enum { GONE = -EFAULT };

void text_use_slot(struct text_slot *slot)
{
	slot->users++;
	vm_current.mm = slot->mm;
}

void text_leave_slot(struct text_slot *slot)
{
	slot->users--;
}

bool text_mm_in_use(const struct world_state *world, const struct mm_struct *mm)
{
	for (int i = 0; i < SLOTS; i++) {
		const struct text_slot *slot = &world->slot[i];

		if (slot->mm == mm && (slot->mapped || slot->users))
			return true;
	}
	return false;
}

/* There are as many as slots, and the one it is for has none. */
struct mm_struct *text_new_mm(struct world_state *world)
{
	struct mm_struct *mm = world->mm;

	while (text_mm_in_use(world, mm))
		mm++;
	memset(mm, 0, sizeof(*mm));
	init_rwsem(&mm->mmap_lock);
	return mm;
}

/* --- mmap() and munmap() ------------------------------------------------------------------------- */

/* Where its task's cgroup went while the mapping was made, it depends on the moment who is charged. */
static u8 who_pays(const struct world_state *world, const struct text_slot *slot)
{
	return world->offline[slot->cgroup] && !text_pays(slot->vma, slot->cgroup) ? 0
	                                                                           : slot->cgroup;
}

/* Source: mm/mmap.c __mmap_region(), v6.12: the mapping is found by its file before the lock goes. */
static int map_range(struct world_state *world, const struct op *op, long from, long to)
{
	struct text_slot *slot = &world->slot[op->slot];
	struct text_file *file = &world->file[op->file];
	vm_flags_t flags = VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE;
	int ret;

	if (!(op->opts & OPT_PRIVATE))
		flags |= VM_SHARED | VM_MAYSHARE;
	if (op->opts & OPT_NORESERVE)
		flags |= VM_NORESERVE;
	slot->mm = text_new_mm(world);
	slot->vma = &slot->area[0];
	slot->task_cgroup = 0;
	if (op->kind != OP_map) /* which hugetlbfs_file_mmap() does not see */
		flags |= VM_HUGETLB;
	slot->file = op->file;
	slot->cgroup = (u8)text_cgroup_of(world, op_cgroup(op));
	file->users++;
	text_use_slot(slot);
	mmap_write_lock(slot->mm);
	*slot->vma = (struct vm_area_struct){
		.vm_start = VM_BASE,
		.vm_end = VM_BASE + ((unsigned long)(to - from) << PMD_SHIFT),
		.vm_mm = slot->mm,
		.vm_flags = flags,
		.vm_page_prot = { flags & VM_SHARED ? VM_PTE_WRITE : 0 },
		.vm_pgoff = (unsigned long)from << VM_HUGE_ORDER,
		.vm_file = &file->file,
	};
	if (op->kind == OP_map)
		ret = text_mmap(slot->vma);
	else
		ret = text_reserve(&file->inode.vfs_inode, from, to, slot->vma);
	if (!ret) {
		slot->mapped = true;
		slot->cgroup = who_pays(world, slot);
	} else {
		file->users--;
	}
	mmap_write_unlock(slot->mm);
	text_leave_slot(slot);
	return ret;
}

int text_op_map(struct world_state *world, const struct op *op)
{
	return map_range(world, op, op->from, op->to);
}

int text_op_backwards(struct world_state *world, const struct op *op)
{
	return map_range(world, op, op->to, op->from);
}

/* Source: mm/vma.c vms_clear_ptes() and remove_vma(), v6.12. */
void text_remove_mapping(struct vm_area_struct *vma)
{
	struct mmu_gather tlb;

	tlb_gather_mmu(&tlb, vma->vm_mm);
	text_zap(&tlb, vma, vma->vm_start, vma->vm_end, true);
	i_mmap_lock_write(vma->vm_file->f_mapping);
	list_del(&vma->in_i_mmap);
	i_mmap_unlock_write(vma->vm_file->f_mapping);
	tlb_finish_mmu(&tlb);
	if (vma->vm_ops && vma->vm_ops->close)
		vma->vm_ops->close(vma);
}

int text_op_unmap(struct world_state *world, const struct op *op)
{
	struct text_slot *slot = &world->slot[op->slot];

	slot->leaving = true;
	text_use_slot(slot);
	mmap_write_lock(slot->mm);
	slot->mapped = false;
	text_remove_mapping(slot->vma);
	world->file[slot->file].users--;
	mmap_write_unlock(slot->mm);
	slot->leaving = false;
	text_leave_slot(slot);
	return 0;
}

/* Source: mm/madvise.c madvise_dontneed_single_vma() and mm/memory.c zap_page_range_single(), v6.12. */
int text_op_zap(struct world_state *world, const struct op *op)
{
	struct text_slot *slot = &world->slot[op->slot];
	struct mmu_gather tlb;
	unsigned long addr;

	text_use_slot(slot);
	mmap_read_lock(slot->mm);
	if (text_has_page(slot, op->from)) {
		addr = text_addr(slot, op->from);
		tlb_gather_mmu(&tlb, slot->mm);
		text_zap(&tlb, slot->vma, addr, addr + PMD_SIZE, false);
		tlb_finish_mmu(&tlb);
	}
	mmap_read_unlock(slot->mm);
	text_leave_slot(slot);
	return 0;
}

/* --- faults ---------------------------------------------------------------------------------------- */

/* Would the processor be content with the entry?  It is one that does not set bits of entries by itself. */
static bool is_there(const struct text_slot *slot, unsigned long addr, bool write)
{
	pte_t pte = slot->mm->table[(addr - VM_BASE) >> PMD_SHIFT];

	return pte_present(pte) && pte_young(pte) && (!write || (pte_write(pte) && pte_dirty(pte)));
}

/* Why a fault that ended in a signal did; a page of the pool can be lacking only where none is wrong. */
static int reason(struct world_state *world, struct text_slot *slot, const struct op *op,
                  vm_fault_t fault)
{
	const struct inode *inode = &world->file[slot->file].inode.vfs_inode;

	if (fault & VM_FAULT_OOM)
		return -ENOMEM;
	if (vm_current.signalled)
		return -EACCES;
	if (op->opts & OPT_LATE)
		return -EAGAIN;
	if (fault & (VM_FAULT_HWPOISON | VM_FAULT_HWPOISON_LARGE))
		return -EFAULT;
	if (!(slot->vma->vm_flags & VM_MAYSHARE) && text_was_unmapped(slot->vma))
		return -EFAULT;
	return (loff_t)op->from >= inode->i_size >> PMD_SHIFT ? -EFAULT : -ENOSPC;
}

/* The access itself: it does not make good what else is in the page. */
static void access_page(struct world_state *world, const struct text_slot *slot, unsigned long addr,
                        bool write)
{
	struct folio *folio = page_folio(pte_page(*vm_entry(slot->mm, addr)));

	if (write && folio->content != VM_STALE)
		folio->content = VM_WRITTEN + world->writes++;
}

/* Source: arch/x86/mm/fault.c do_user_addr_fault(), v6.12, until the access succeeds. */
int text_op_fault(struct world_state *world, const struct op *op)
{
	struct text_slot *slot = &world->slot[op->slot];
	bool write = op->opts & OPT_WRITE;
	unsigned flags = FAULT_FLAG_DEFAULT | (write ? FAULT_FLAG_WRITE : 0);
	vm_fault_t fault = 0;
	int ret = 0, tries = 0;

	text_use_slot(slot);
	mmap_read_lock(slot->mm);
	while (text_has_page(slot, op->from)) {
		unsigned long addr = text_addr(slot, op->from);

		if (is_there(slot, addr, write)) {
			access_page(world, slot, addr, write);
			break;
		}
		if (++tries > MOST_FAULTS)
			shim_breach(SHIM_ENDLESS, "takes the same fault again and again", __FILE__,
			            __LINE__);
		fault = text_fault(slot->vma, addr + PMD_SIZE - 1, flags); /* the last byte */
		if (fault & VM_FAULT_ERROR)
			break;
		if (fault & VM_FAULT_RETRY)
			mmap_read_lock(slot->mm);
		else
			shim_moment();
	}
	if (!text_has_page(slot, op->from))
		ret = GONE;
	else if (fault & VM_FAULT_ERROR)
		ret = reason(world, slot, op, fault);
	mmap_read_unlock(slot->mm);
	text_leave_slot(slot);
	return ret;
}

/* A process has no other mappings than those of its slots. */
struct vm_area_struct *vm_find_vma(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *found = NULL;

	for (int i = 0; i < SLOTS; i++) {
		const struct text_slot *slot = &text_state.slot[i];

		if (slot->mapped && slot->mm == mm && addr < slot->vma->vm_end &&
		    (!found || slot->vma->vm_start < found->vm_start))
			found = slot->vma;
	}
	return found;
}

#ifdef TEXT_FILLS
int text_fill_page(struct world_state *world, const struct op *op,
                   int (*request)(struct vm_area_struct *vma, unsigned long addr))
{
	struct text_slot *slot = &world->slot[op->slot];
	int ret = -EFAULT;

	text_use_slot(slot);
	mmap_read_lock(slot->mm);
	if (text_has_page(slot, op->from))
		ret = request(slot->vma, text_addr(slot, op->from));
	else
		mmap_read_unlock(slot->mm);
	text_leave_slot(slot);
	return ret;
}

int text_op_copy(struct world_state *world, const struct op *op)
{
	return text_fill_page(world, op, text_fill);
}

int text_op_continue(struct world_state *world, const struct op *op)
{
	return text_fill_page(world, op, text_continue);
}
#else
/*
 * Source: mm/userfaultfd.c mfill_atomic_hugetlb(), v6.12: where the page to be copied is not there, it is
 * fetched into a page of its own without any lock, and everything is looked at again.
 */
int text_op_copy(struct world_state *world, const struct op *op)
{
	struct text_slot *slot = &world->slot[op->slot];
	struct folio *folio = NULL;
	int ret;

	text_use_slot(slot);
	do {
		mmap_read_lock(slot->mm);
		ret = -EFAULT;
		if (text_has_page(slot, op->from) && !(slot->vma->vm_flags & VM_SHARED))
			anon_vma_prepare(slot->vma);
		if (text_has_page(slot, op->from))
			ret = text_copy(slot->vma, text_addr(slot, op->from), &folio);
		mmap_read_unlock(slot->mm);
		if (ret == -ENOENT && folio)
			folio->content = VM_FILLED;
	} while (ret == -ENOENT && shim_step(__FILE__, __LINE__));
	if (folio)
		folio_put(folio);
	text_leave_slot(slot);
	return ret;
}

/* Source: mm/userfaultfd.c mfill_atomic_hugetlb(), v6.12. */
int text_op_continue(struct world_state *world, const struct op *op)
{
	struct text_slot *slot = &world->slot[op->slot];
	int ret = -EFAULT;

	text_use_slot(slot);
	mmap_read_lock(slot->mm);
	if (text_has_page(slot, op->from) && !(slot->vma->vm_flags & VM_SHARED))
		anon_vma_prepare(slot->vma);
	if (text_has_page(slot, op->from))
		ret = text_continue(slot->vma, text_addr(slot, op->from));
	mmap_read_unlock(slot->mm);
	text_leave_slot(slot);
	return ret;
}
#endif

int text_op_recopy(struct world_state *world, const struct op *op)
{
	return text_op_copy(world, op);
}

/* --- fork() ---------------------------------------------------------------------------------------- */

/*
 * A child is watched by nobody.
 * Source: kernel/fork.c dup_mmap(), fs/userfaultfd.c dup_userfaultfd() and mm/memory.c vma_needs_copy(), v6.12.
 */
static int copy_mapping(struct text_slot *child, struct text_slot *parent)
{
	struct address_space *mapping = parent->vma->vm_file->f_mapping;
	struct vm_area_struct *vma = child->vma;

	*vma = *parent->vma;
	vma->vm_mm = child->mm;
	text_unwatch(vma);
	text_dup_private(vma);
	if (vma->vm_ops && vma->vm_ops->open)
		vma->vm_ops->open(vma);
	i_mmap_lock_write(mapping);
	list_add(&vma->in_i_mmap, &parent->vma->in_i_mmap);
	i_mmap_unlock_write(mapping);
	if (!parent->vma->anon_vma && !userfaultfd_wp(vma))
		return 0;
	return text_copy_range(vma, parent->vma);
}

/* The child is taken down before it has run.  Source: kernel/fork.c dup_mmap(), mm/mmap.c exit_mmap(), v6.12. */
static void undo_fork(struct world_state *world, struct text_slot *child)
{
	text_remove_mapping(child->vma);
	world->file[child->file].users--;
}

int text_op_fork(struct world_state *world, const struct op *op)
{
	struct text_slot *parent = &world->slot[op->slot], *child = &world->slot[op->into];
	int ret = GONE;

	child->mm = text_new_mm(world);
	child->vma = &child->area[0];
	child->users++;
	text_use_slot(parent);
	mmap_write_lock(parent->mm);
	if (parent->mapped) {
		child->file = parent->file;
		child->cgroup = parent->cgroup;
		child->task_cgroup = parent->task_cgroup;
		world->file[child->file].users++;
		mmap_write_lock(child->mm);
		ret = copy_mapping(child, parent);
		child->mapped = !ret;
		if (ret)
			undo_fork(world, child);
		mmap_write_unlock(child->mm);
	}
	mmap_write_unlock(parent->mm);
	parent->users--;
	child->users--;
	return ret;
}

/* --- files ----------------------------------------------------------------------------------------- */

int text_op_truncate(struct world_state *world, const struct op *op)
{
	struct text_file *file = &world->file[op->file];
	int ret;

	file->users++;
	ret = text_truncate(&file->inode.vfs_inode, (loff_t)op->from << PMD_SHIFT);
	file->users--;
	return ret;
}

int text_op_punch(struct world_state *world, const struct op *op)
{
	struct text_file *file = &world->file[op->file];
	int ret;

	file->users++;
	ret = text_fallocate(&file->file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
	                     (loff_t)op->from << PMD_SHIFT,
	                     (loff_t)(op->to - op->from) << PMD_SHIFT);
	file->users--;
	return ret;
}

int text_op_evict(struct world_state *world, const struct op *op)
{
	struct text_file *file = &world->file[op->file];

	file->exists = false;
	file->leaving = true;
	text_evict(&file->inode.vfs_inode);
	file->leaving = false;
	return 0;
}

int text_op_resize(struct world_state *world, const struct op *op)
{
	(void)world;
	return text_resize(op->from);
}
