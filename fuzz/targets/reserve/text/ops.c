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

static void use_slot(struct world_state *world, struct text_slot *slot, const struct op *op)
{
	(void)world, (void)op;
	slot->users++;
	vm_current.mm = &slot->mm;
}

/* An address space with room for @pages pages, and nothing in it. */
static void new_mm(struct mm_struct *mm, long pages)
{
	memset(mm, 0, offsetof(struct mm_struct, table) + (size_t)max(pages, 0L) * sizeof(pte_t));
}

/* --- mmap() and munmap() ------------------------------------------------------------------------- */

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
	if (op->kind != OP_map) /* which hugetlbfs_file_mmap() does not see */
		flags |= VM_HUGETLB;
	new_mm(&slot->mm, to - from);
	slot->file = op->file;
	slot->cgroup = (u8)op_cgroup(op);
	file->users++;
	use_slot(world, slot, op);
	mmap_write_lock(&slot->mm);
	slot->vma = (struct vm_area_struct){
		.vm_start = VM_BASE,
		.vm_end = VM_BASE + ((unsigned long)(to - from) << PMD_SHIFT),
		.vm_mm = &slot->mm,
		.vm_flags = flags,
		.vm_page_prot = { flags & VM_SHARED ? VM_PTE_WRITE : 0 },
		.vm_pgoff = (unsigned long)from << VM_HUGE_ORDER,
		.vm_file = &file->file,
	};
	if (op->kind == OP_map)
		ret = text_mmap(&file->file, &slot->vma);
	else
		ret = text_reserve(&file->inode.vfs_inode, from, to, &slot->vma);
	if (!ret) {
		i_mmap_lock_write(file->file.f_mapping);
		vm_link_mapping(&slot->vma, file->file.f_mapping);
		i_mmap_unlock_write(file->file.f_mapping);
		slot->mapped = true;
	} else {
		file->users--;
	}
	mmap_write_unlock(&slot->mm);
	slot->users--;
	return ret;
}

static int op_map(struct world_state *world, const struct op *op)
{
	return map_range(world, op, op->from, op->to);
}

static int op_backwards(struct world_state *world, const struct op *op)
{
	return map_range(world, op, op->to, op->from);
}

/* Source: mm/vma.c vms_clear_ptes() and remove_vma(), v6.12. */
static int op_unmap(struct world_state *world, const struct op *op)
{
	struct text_slot *slot = &world->slot[op->slot];
	struct vm_area_struct *vma = &slot->vma;
	struct mmu_gather tlb;

	slot->leaving = true;
	use_slot(world, slot, op);
	mmap_write_lock(&slot->mm);
	slot->mapped = false;
	tlb_gather_mmu(&tlb, &slot->mm);
	text_zap(&tlb, vma, vma->vm_start, vma->vm_end, true);
	i_mmap_lock_write(vma->vm_file->f_mapping);
	list_del(&vma->in_i_mmap);
	i_mmap_unlock_write(vma->vm_file->f_mapping);
	tlb_finish_mmu(&tlb);
	if (vma->vm_ops && vma->vm_ops->close)
		vma->vm_ops->close(vma);
	world->file[slot->file].users--;
	mmap_write_unlock(&slot->mm);
	slot->leaving = false;
	slot->users--;
	return 0;
}

/* Source: mm/madvise.c madvise_dontneed_single_vma() and mm/memory.c zap_page_range_single(), v6.12. */
static int op_zap(struct world_state *world, const struct op *op)
{
	struct text_slot *slot = &world->slot[op->slot];
	struct mmu_gather tlb;
	unsigned long addr;

	use_slot(world, slot, op);
	mmap_read_lock(&slot->mm);
	addr = text_addr(slot, op->from);
	if (slot->mapped && addr >= slot->vma.vm_start && addr < slot->vma.vm_end) {
		tlb_gather_mmu(&tlb, &slot->mm);
		text_zap(&tlb, &slot->vma, addr, addr + PMD_SIZE, false);
		tlb_finish_mmu(&tlb);
	}
	mmap_read_unlock(&slot->mm);
	slot->users--;
	return 0;
}

/* --- faults ---------------------------------------------------------------------------------------- */

/* Would the processor be content with the entry? */
static bool is_there(const struct text_slot *slot, unsigned long addr, bool write)
{
	pte_t pte = slot->mm.table[(addr - VM_BASE) >> PMD_SHIFT];

	return pte_present(pte) && (!write || pte_write(pte));
}

/* Why a fault that ended in a signal did; a page of the pool can be lacking only where none is wrong. */
static int reason(struct world_state *world, struct text_slot *slot, const struct op *op,
                  vm_fault_t fault)
{
	const struct inode *inode = &world->file[slot->file].inode.vfs_inode;

	if (fault & VM_FAULT_OOM)
		return -ENOMEM;
	if (op->opts & OPT_LATE)
		return -EAGAIN;
	if (fault & (VM_FAULT_HWPOISON | VM_FAULT_HWPOISON_LARGE))
		return -EFAULT;
	if (!(slot->vma.vm_flags & VM_MAYSHARE) && text_was_unmapped(&slot->vma))
		return -EFAULT;
	return (loff_t)op->from >= inode->i_size >> PMD_SHIFT ? -EFAULT : -ENOSPC;
}

/* Source: arch/x86/mm/fault.c do_user_addr_fault(), v6.12, until the access succeeds. */
static int op_fault(struct world_state *world, const struct op *op)
{
	struct text_slot *slot = &world->slot[op->slot];
	bool write = op->opts & OPT_WRITE;
	unsigned flags = FAULT_FLAG_DEFAULT | (write ? FAULT_FLAG_WRITE : 0);
	vm_fault_t fault = 0;
	int ret = 0, tries = 0;

	use_slot(world, slot, op);
	mmap_read_lock(&slot->mm);
	while (slot->mapped) {
		unsigned long addr = text_addr(slot, op->from);

		if (addr < slot->vma.vm_start || addr >= slot->vma.vm_end ||
		    is_there(slot, addr, write))
			break;
		if (++tries > MOST_FAULTS)
			shim_breach(SHIM_ENDLESS, "takes the same fault again and again", __FILE__,
			            __LINE__);
		fault = text_fault(&slot->vma, addr, flags);
		if (fault & VM_FAULT_ERROR)
			break;
		if (fault & VM_FAULT_RETRY)
			mmap_read_lock(&slot->mm);
		else
			shim_moment();
	}
	if (!slot->mapped)
		ret = GONE;
	else if (fault & VM_FAULT_ERROR)
		ret = reason(world, slot, op, fault);
	mmap_read_unlock(&slot->mm);
	slot->users--;
	return ret;
}

/*
 * Source: mm/userfaultfd.c mfill_atomic_hugetlb(), v6.12: where the page to be copied is not there, it is
 * fetched into a page of its own without any lock, and everything is looked at again.
 */
static int op_copy(struct world_state *world, const struct op *op)
{
	struct text_slot *slot = &world->slot[op->slot];
	struct folio *folio = NULL;
	unsigned long addr;
	int ret;

	use_slot(world, slot, op);
	do {
		mmap_read_lock(&slot->mm);
		addr = text_addr(slot, op->from);
		ret = -EFAULT;
		if (slot->mapped && addr >= slot->vma.vm_start && addr < slot->vma.vm_end)
			ret = text_copy(&slot->vma, addr, &folio);
		mmap_read_unlock(&slot->mm);
	} while (ret == -ENOENT && shim_step(__FILE__, __LINE__));
	if (folio)
		folio_put(folio);
	slot->users--;
	return ret;
}

/* --- fork() ---------------------------------------------------------------------------------------- */

/* Source: kernel/fork.c dup_mmap() and mm/memory.c vma_needs_copy(), v6.12. */
static int copy_mapping(struct text_slot *child, struct text_slot *parent)
{
	struct address_space *mapping = parent->vma.vm_file->f_mapping;
	struct vm_area_struct *vma = &child->vma;

	*vma = parent->vma;
	vma->vm_mm = &child->mm;
	text_dup_private(vma);
	if (vma->vm_ops && vma->vm_ops->open)
		vma->vm_ops->open(vma);
	i_mmap_lock_write(mapping);
	list_add(&vma->in_i_mmap, &parent->vma.in_i_mmap);
	i_mmap_unlock_write(mapping);
	if (!parent->vma.anon_vma && !userfaultfd_wp(vma))
		return 0;
	return text_copy_range(vma, &parent->vma);
}

static int op_fork(struct world_state *world, const struct op *op)
{
	struct text_slot *parent = &world->slot[op->slot], *child = &world->slot[op->into];
	int ret = GONE;

	new_mm(&child->mm, (long)((parent->vma.vm_end - parent->vma.vm_start) >> PMD_SHIFT));
	child->users++;
	use_slot(world, parent, op);
	mmap_write_lock(&parent->mm);
	if (parent->mapped) {
		child->file = parent->file;
		child->cgroup = parent->cgroup;
		world->file[child->file].users++;
		mmap_write_lock(&child->mm);
		ret = copy_mapping(child, parent);
		child->mapped = true;
		mmap_write_unlock(&child->mm);
	}
	mmap_write_unlock(&parent->mm);
	parent->users--;
	child->users--;
	return ret;
}

/* --- files ----------------------------------------------------------------------------------------- */

static int op_truncate(struct world_state *world, const struct op *op)
{
	struct text_file *file = &world->file[op->file];
	int ret;

	file->users++;
	ret = text_truncate(&file->inode.vfs_inode, (loff_t)op->from << PMD_SHIFT);
	file->users--;
	return ret;
}

static int op_punch(struct world_state *world, const struct op *op)
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

static int op_evict(struct world_state *world, const struct op *op)
{
	struct text_file *file = &world->file[op->file];

	file->exists = false;
	file->leaving = true;
	text_evict(&file->inode.vfs_inode);
	file->leaving = false;
	return 0;
}

static int op_resize(struct world_state *world, const struct op *op)
{
	(void)world;
	return text_resize(op->from);
}

/* --- dispatch -------------------------------------------------------------------------------------- */

static bool in_mapping(const struct text_slot *slot, long page)
{
	long from = (long)(slot->vma.vm_pgoff >> VM_HUGE_ORDER);

	return page >= from &&
	       page < from + (long)((slot->vma.vm_end - slot->vma.vm_start) >> PMD_SHIFT);
}

bool text_makes_sense(const struct world_state *world, const struct op *op)
{
	const struct text_slot *slot = &world->slot[op->slot];
	const struct text_file *file = &world->file[op->file];

	switch (op->kind) {
	case OP_map:
	case OP_backwards:
		return !slot->mapped && !slot->users && !file->leaving && op->from < op->to;
	case OP_zap:
		return text_can_zap() && slot->mapped && in_mapping(slot, op->from);
	case OP_copy:
		return text_can_copy() && slot->mapped && in_mapping(slot, op->from);
	case OP_fault:
		return slot->mapped && in_mapping(slot, op->from);
	case OP_unmap:
		return slot->mapped && !slot->leaving;
	case OP_fork:
		return slot->mapped && !world->slot[op->into].mapped &&
		       !world->slot[op->into].users;
	case OP_truncate:
		return file->exists && op->from < file->inode.vfs_inode.i_size >> PMD_SHIFT;
	case OP_punch:
		return file->exists && op->from < op->to;
	case OP_evict:
		return file->exists && !file->users;
	default:
		return true;
	}
}

static int (*const run_op[RESERVE_OPS])(struct world_state *world, const struct op *op) = {
#define HEAD(wire, name, operands, doc)
#define OP(wire, name, operands, doc) [OP_##name] = op_##name,
#include "fuzz/targets/reserve/ops.def"
#undef OP
#undef HEAD
};

int world_run(struct world_state *world, const struct op *op)
{
	int ret = run_op[op->kind](world, op);

	if (vm_current.sleeping_locks)
		shim_breach(SHIM_LOCK, "returns with a mutex or semaphore held", __FILE__,
		            __LINE__);
	return ret;
}
