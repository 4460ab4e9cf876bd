// SPDX-License-Identifier: GPL-2.0-only
/*
 * A kernel's own hugetlb, unchanged, over the world of src/vm/; and the calls of text.h over it, for
 * every signature that kernels have had.  facts.h says what this tree has: TEXT_HAS_name, and with how
 * many arguments, TEXT_ARGS_name.
 */
#include "text.h"

spinlock_t hugetlb_lock;
int hugetlb_max_hstate = 1;
union text_cgroup text_cgroup[MAP_CGROUPS];

/* Who watches the memory of processes. */
static struct userfaultfd_ctx watcher;

/*
 * Of functions by which the harness looks at books with the tree's own, which are inlined.  While fuzzing they
 * are no more instrumented than the rest of the harness is.
 */
#if TEXT_LOOKS_PLAIN
#define TEXT_LOOK __attribute__((flatten)) SHIM_PLAIN
#else
#define TEXT_LOOK
#endif

/* Warnings about the kernel's text are not ours to judge. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#pragma GCC diagnostic ignored "-Wunused-value"
#pragma GCC diagnostic ignored "-Wunused-label"
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wempty-body"
#pragma GCC diagnostic ignored "-Wpointer-sign"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#pragma GCC diagnostic ignored "-Wunused-but-set-parameter"
#include "functions.c"
#pragma GCC diagnostic pop

void vm_free_huge(struct folio *folio)
{
#ifdef TEXT_HAS_free_huge_folio
	free_huge_folio(folio);
#else
	free_huge_page(&folio->page);
#endif
}

/* It has mmap_lock, and what it holds beside that is the mapping's.  Source: migration_entry_wait_huge(), v6.12. */
void vm_unlock_to_wait(struct vm_area_struct *vma)
{
#ifdef TEXT_HAS_hugetlb_vma_unlock_read
	if (vm_current.sleeping_locks > 1)
		hugetlb_vma_unlock_read(vma);
#else
	(void)vma;
#endif
}

/* Source: hugetlb_add_hstate(), v6.12. */
static void reset_pool(struct hstate *h)
{
	*h = (struct hstate){ .order = VM_HUGE_ORDER, .mask = PMD_MASK };
	for (int node = 0; node < MAX_NUMNODES; node++)
		INIT_LIST_HEAD(&h->hugepage_freelists[node]);
	INIT_LIST_HEAD(&h->hugepage_activelist);
}

/* The first group is the root, and stands for nobody.  Source: hugetlb_cgroup_css_alloc(), v6.12. */
static void reset_cgroups(void)
{
	for (int i = 0; i < MAP_CGROUPS; i++) {
		text_cgroup[i] = (union text_cgroup){ .room = { 0 } };
		text_cgroup[i].group.css.parent = i ? &text_cgroup[0].group.css : NULL;
#ifdef TEXT_HAS_hugetlb_cgroup_per_node
		text_cgroup[i].group.nodeinfo[0] = (void *)&text_cgroup[i].room[TEXT_CGROUP_ROOM];
#endif
	}
}

void text_reset(void)
{
	vm_reset();
	vm_current = (struct task_struct){ .number = 1 };
	hugetlb_lock = (spinlock_t){ 0 };
	watcher = (struct userfaultfd_ctx){ 0 };
	init_rwsem(&watcher.map_changing_lock);
	shim_warned = 0;
	reset_pool(&hstates[0]);
	reset_cgroups();
}

int text_resize(unsigned long pages)
{
	struct hstate *h = &hstates[0];

#if TEXT_ARGS_set_max_huge_pages == 4
	return (int)set_max_huge_pages(h, pages, NUMA_NO_NODE, &node_states[N_MEMORY]);
#else
	/* Older kernels return what nr_hugepages shows from now on. */
	h->max_huge_pages = set_max_huge_pages(h, pages, &node_states[N_MEMORY]);
	return 0;
#endif
}

struct hugepage_subpool *text_new_subpool(long max_hpages, long min_hpages)
{
	return hugepage_new_subpool(&hstates[0], max_hpages, min_hpages);
}

void text_put_subpool(struct hugepage_subpool *spool)
{
	hugepage_put_subpool(spool);
}

bool text_new_inode(struct hugetlbfs_inode_info *info, struct super_block *sb, unsigned long number)
{
	struct resv_map *map = resv_map_alloc();
	struct inode *inode = &info->vfs_inode;

	if (!map)
		return false;
	*info = (struct hugetlbfs_inode_info){ 0 };
	inode->i_sb = sb;
	inode->i_ino = number;
	inode->i_mapping = &inode->i_data;
	inode->i_data.host = inode;
	INIT_LIST_HEAD(vm_mappings(&inode->i_data));
	vm_init_inode_locks(inode);
#ifdef TEXT_MAP_IN_INODE_INFO
	info->resv_map = map;
#else
	inode->i_data.private_data = map;
#endif
	return true;
}

TEXT_LOOK struct resv_map *text_inode_map(struct inode *inode)
{
#ifdef TEXT_MAP_IN_INODE_INFO
	return container_of(inode, struct hugetlbfs_inode_info, vfs_inode)->resv_map;
#else
	return inode->i_data.private_data;
#endif
}

vm_fault_t text_fault(struct vm_area_struct *vma, unsigned long addr, unsigned flags)
{
	return hugetlb_fault(vma->vm_mm, vma, addr, flags);
}

void text_zap(struct mmu_gather *tlb, struct vm_area_struct *vma, unsigned long start,
              unsigned long end, bool unmap)
{
	zap_flags_t flags = unmap ? ZAP_FLAG_DROP_MARKER | ZAP_FLAG_UNMAP : 0;

#if defined(TEXT_HAS___hugetlb_zap_begin)
	struct zap_details details = { .zap_flags = flags };

	__hugetlb_zap_begin(vma, &start, &end);
	__unmap_hugepage_range(tlb, vma, start, end, NULL, flags);
	/* Source: mm/memory.c zap_page_range_single(), v6.12: pages go before a fault can ask for them. */
	if (!unmap) {
		tlb_finish_mmu(tlb);
		tlb_gather_mmu(tlb, vma->vm_mm);
	}
	__hugetlb_zap_end(vma, unmap ? &details : NULL);
#elif TEXT_ARGS___unmap_hugepage_range_final == 6
	__unmap_hugepage_range_final(tlb, vma, start, end, NULL, flags);
#else
	(void)flags;
	if (unmap)
		__unmap_hugepage_range_final(tlb, vma, start, end, NULL);
	else
		__unmap_hugepage_range(tlb, vma, start, end, NULL);
#endif
}

int text_may_split(struct vm_area_struct *vma, unsigned long addr)
{
	const struct vm_operations_struct *ops = vma->vm_ops;

	if (ops && ops->may_split)
		return ops->may_split(vma, addr);
	return ops && ops->split ? ops->split(vma, addr) : 0;
}

unsigned long text_move(struct vm_area_struct *vma, struct vm_area_struct *new, unsigned long from,
                        unsigned long to, unsigned long length)
{
#ifdef TEXT_HAS_move_hugetlb_page_tables
	return (unsigned long)move_hugetlb_page_tables(vma, new, from, to, length);
#else
	(void)vma, (void)new, (void)from, (void)to;
	return length;
#endif
}

void text_forget_reservations(struct vm_area_struct *vma)
{
#ifdef TEXT_HAS_clear_vma_resv_huge_pages
	clear_vma_resv_huge_pages(vma);
#else
	(void)vma;
#endif
}

/*
 * No entry becomes writable again: as where userfaultfd is given up, and where soft-dirty bits are cleared.
 * Some bit of an entry is set by every protection.
 */
void text_protect(struct vm_area_struct *vma, unsigned long addr)
{
#if TEXT_ARGS_hugetlb_change_protection == 5
	pgprot_t prot = { VM_PTE_YOUNG };

	vma->vm_mm->protecting++;
	hugetlb_change_protection(vma, addr, addr + PMD_SIZE, prot, MM_CP_UFFD_WP);
	hugetlb_change_protection(vma, addr, addr + PMD_SIZE, prot, MM_CP_UFFD_WP_RESOLVE);
	vma->vm_mm->protecting--;
#else
	hugetlb_change_protection(vma, addr, addr + PMD_SIZE, (pgprot_t){ 0 });
#endif
}

int text_guard(struct vm_area_struct *vma, unsigned long addr)
{
#if TEXT_ARGS_hugetlb_change_protection == 5
	pgprot_t prot = { VM_PTE_YOUNG };
	long ret = (long)hugetlb_change_protection(vma, addr, addr + PMD_SIZE, prot, MM_CP_UFFD_WP);

	return (int)min(ret, 0L);
#else
	(void)vma, (void)addr;
	return -EINVAL;
#endif
}

void text_offline(struct cgroup_subsys_state *css)
{
	hugetlb_cgroup_css_offline(css);
}

int text_dissolve(struct folio *folio)
{
#ifdef TEXT_HAS_dissolve_free_hugetlb_folio
	return dissolve_free_hugetlb_folio(folio);
#elif defined(TEXT_VOID_dissolve_free_huge_page)
	dissolve_free_huge_page(&folio->page);
	return 0;
#else
	return dissolve_free_huge_page(&folio->page);
#endif
}

bool text_can_move(void)
{
#ifdef TEXT_HAS_move_hugetlb_page_tables
	return true;
#else
	return false;
#endif
}

bool text_can_copy(void)
{
#if defined(TEXT_HAS_hugetlb_mfill_atomic_pte) || defined(TEXT_HAS_hugetlb_mcopy_atomic_pte)
	return true;
#else
	return false;
#endif
}

bool text_can_continue(void)
{
#if defined(TEXT_HAS_hugetlb_mfill_atomic_pte) || TEXT_ARGS_hugetlb_mcopy_atomic_pte >= 7
	return true;
#else
	return false;
#endif
}

bool text_can_ruin(void)
{
#if defined(TEXT_RUINS) && defined(TEXT_FILLS)
	return true;
#else
	return false;
#endif
}

bool text_can_protect(void)
{
	return TEXT_ARGS_hugetlb_change_protection == 5;
}

/* Both came with one release. */
bool text_knows_exclusive(void)
{
	return text_can_protect();
}

bool text_can_zap(void)
{
#if defined(TEXT_HAS___hugetlb_zap_begin) || TEXT_ARGS___unmap_hugepage_range_final == 6
	return true;
#else
	return false;
#endif
}

void text_dup_private(struct vm_area_struct *child)
{
#ifdef TEXT_HAS_hugetlb_dup_vma_private
	hugetlb_dup_vma_private(child);
#else
	reset_vma_resv_huge_pages(child);
#endif
}

int text_copy_range(struct vm_area_struct *child, struct vm_area_struct *parent)
{
#if TEXT_ARGS_copy_hugetlb_page_range == 4
	return copy_hugetlb_page_range(child->vm_mm, parent->vm_mm, child, parent);
#else
	return copy_hugetlb_page_range(child->vm_mm, parent->vm_mm, parent);
#endif
}

int text_truncate(struct inode *inode, loff_t size)
{
	struct dentry dentry = { .d_inode = inode };
	struct iattr attr = { .ia_valid = ATTR_SIZE, .ia_size = size };
	int ret;

	inode_lock(inode);
#if TEXT_ARGS_hugetlbfs_setattr == 3
	ret = hugetlbfs_setattr(NULL, &dentry, &attr);
#else
	ret = hugetlbfs_setattr(&dentry, &attr);
#endif
	inode_unlock(inode);
	return ret;
}

int text_fallocate(struct file *file, int mode, loff_t from, loff_t len)
{
	return (int)hugetlbfs_fallocate(file, mode, from, len);
}

void text_evict(struct inode *inode)
{
	hugetlbfs_evict_inode(inode);
}

TEXT_LOOK bool text_owns(struct vm_area_struct *vma)
{
	return is_vma_resv_set(vma, HPAGE_RESV_OWNER);
}

TEXT_LOOK bool text_was_unmapped(struct vm_area_struct *vma)
{
	return is_vma_resv_set(vma, HPAGE_RESV_UNMAPPED);
}

TEXT_LOOK struct resv_map *text_vma_map(struct vm_area_struct *vma)
{
	return vma_resv_map(vma);
}

bool text_pays(struct vm_area_struct *vma, unsigned group)
{
#ifdef TEXT_REGIONS_KNOW_CGROUPS
	return text_owns(vma) && vma_resv_map(vma)->css == &text_cgroup[group].group.css;
#else
	(void)vma, (void)group;
	return false;
#endif
}

TEXT_LOOK struct hugetlb_cgroup *text_page_cgroup(struct folio *folio, bool rsvd)
{
#if defined(TEXT_HAS___hugetlb_cgroup_from_folio)
	return __hugetlb_cgroup_from_folio(folio, rsvd);
#elif defined(TEXT_HAS___hugetlb_cgroup_from_page)
	return __hugetlb_cgroup_from_page(&folio->page, rsvd);
#else
	return rsvd ? NULL : hugetlb_cgroup_from_page(&folio->page);
#endif
}

TEXT_LOOK struct hugepage_subpool *text_page_subpool(struct folio *folio)
{
#if defined(TEXT_HAS_hugetlb_folio_subpool)
	return hugetlb_folio_subpool(folio);
#elif defined(TEXT_HAS_hugetlb_page_subpool)
	return hugetlb_page_subpool(&folio->page);
#else
	return (struct hugepage_subpool *)page_private(&folio->page);
#endif
}

/* How files are mapped, copies into a process, and what is done to single pages: the rest of this file, for its length. */
#include "text_mmap.h"
#include "text_copy.h"
#include "text_pages.h"
