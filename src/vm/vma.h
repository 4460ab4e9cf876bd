/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mappings, files, inodes; how mappings of a file are found (i_mmap), and what a fault is
 * told.
 */
#ifndef VM_VMA_H
#define VM_VMA_H

#include "page.h"
#include "pagetable.h"

typedef unsigned long vm_flags_t;
typedef unsigned int vm_fault_t;
typedef unsigned int zap_flags_t;

#define VM_READ         0x1UL
#define VM_WRITE        0x2UL
#define VM_EXEC         0x4UL
#define VM_SHARED       0x8UL
#define VM_MAYREAD      0x10UL
#define VM_MAYWRITE     0x20UL
#define VM_MAYSHARE     0x80UL
#define VM_UFFD_MISSING 0x200UL
#define VM_UFFD_WP      0x1000UL
#define VM_DONTEXPAND   0x40000UL
#define VM_NORESERVE    0x200000UL
#define VM_HUGETLB      0x400000UL
#define VM_UFFD_MINOR   0x800000UL
#define VM_SOFTDIRTY    0UL
#define VM_ACCESS_FLAGS (VM_READ | VM_WRITE | VM_EXEC)

/* Since 6.19 flags of a mapping have a type of their own, and are named by their bits' numbers. */
typedef struct {
	vm_flags_t bits;
} vma_flags_t;
enum {
	VMA_READ_BIT = 0,
	VMA_WRITE_BIT = 1,
	VMA_SHARED_BIT = 3,
	VMA_MAYSHARE_BIT = 7,
	VMA_DONTEXPAND_BIT = 18,
	VMA_NORESERVE_BIT = 21,
	VMA_HUGETLB_BIT = 22,
};
#define EMPTY_VMA_FLAGS ((vma_flags_t){ 0 })

static inline vm_flags_t vm_bits(const int bit[], size_t bits)
{
	vm_flags_t flags = 0;

	while (bits--)
		flags |= 1UL << bit[bits];
	return flags;
}

#define VM_BITS(...) \
	vm_bits((const int[]){ __VA_ARGS__ }, sizeof((const int[]){ __VA_ARGS__ }) / sizeof(int))
#define vma_flags_test(flags, bit)      (((flags)->bits >> (bit)) & 1)
#define vma_flags_test_any(flags, ...)  (!!((flags)->bits & VM_BITS(__VA_ARGS__)))
#define vma_flags_test_all(flags, ...)  (!(~(flags)->bits & VM_BITS(__VA_ARGS__)))
#define vma_flags_set(flags, ...)       ((void)((flags)->bits |= VM_BITS(__VA_ARGS__)))
#define vma_flags_clear(flags, ...)     ((void)((flags)->bits &= ~VM_BITS(__VA_ARGS__)))
#define vma_test(vma, bit)              vma_flags_test(&(vma)->flags, bit)
#define vma_test_any(vma, ...)          vma_flags_test_any(&(vma)->flags, __VA_ARGS__)
#define vma_test_all(vma, ...)          vma_flags_test_all(&(vma)->flags, __VA_ARGS__)
#define vma_set_flags(vma, ...)         vma_flags_set(&(vma)->flags, __VA_ARGS__)
#define vma_clear_flags(vma, ...)       vma_flags_clear(&(vma)->flags, __VA_ARGS__)
/* In 7.0 vma_desc_test_flags() is what is vma_desc_test_any() since. */
#define vma_desc_test_flags             vma_desc_test_any
#define vma_desc_test(desc, bit)        vma_flags_test(&(desc)->vma_flags, bit)
#define vma_desc_test_any(desc, ...)    vma_flags_test_any(&(desc)->vma_flags, __VA_ARGS__)
#define vma_desc_test_all(desc, ...)    vma_flags_test_all(&(desc)->vma_flags, __VA_ARGS__)
#define vma_desc_set_flags(desc, ...)   vma_flags_set(&(desc)->vma_flags, __VA_ARGS__)
#define vma_desc_clear_flags(desc, ...) vma_flags_clear(&(desc)->vma_flags, __VA_ARGS__)

#define ZAP_FLAG_DROP_MARKER            1u
#define ZAP_FLAG_UNMAP                  2u

/* --- inode, page cache, file ----------------------------------------------------------------------- */

struct inode;
struct vm_area_struct;
struct resv_map;
struct hugetlb_cgroup;

/* Mappings of a file, by their first page.  A list: there are few. */
struct rb_root {
	struct list_head vmas;
};
#ifdef TEXT_I_MMAP_IS_NOT_CACHED /* up to 4.13 */
typedef struct rb_root vm_i_mmap_t;
#define vm_mappings(mapping) (&(mapping)->i_mmap.vmas)
#else
typedef struct rb_root_cached {
	struct rb_root rb_root;
} vm_i_mmap_t;
#define vm_mappings(mapping) (&(mapping)->i_mmap.rb_root.vmas)
#endif

struct address_space_operations;

struct address_space {
	struct inode *host;
	struct folio *folio[VM_FILE_PAGES];
	u64 present; /* the pages that are there, a bit each */
	vm_i_mmap_t i_mmap;
	struct rw_semaphore i_mmap_rwsem;
	unsigned long nrpages;
	union {
		void *private_data; /* its struct resv_map; renamed in 6.8 ... */
		void *i_private_data;
		struct resv_map *resv_map; /* ... and in 7.1, in what hugetlbfs keeps of an inode */
	};
};

struct super_block {
	void *s_fs_info;
};

struct timespec64 {
	long tv_sec;
};

struct inode {
	struct super_block *i_sb;
	struct address_space *i_mapping;
	struct address_space i_data;
#ifdef TEXT_INODE_HAS_A_MUTEX
	struct mutex i_mutex; /* up to 4.6 */
#else
	struct rw_semaphore i_rwsem;
#endif
	spinlock_t i_lock;
	loff_t i_size;
	unsigned long i_blocks;
	unsigned long i_ino;
	unsigned int i_flags;
	umode_t i_mode;
	struct timespec64 i_atime, i_mtime, i_ctime;
	struct hugetlb_cgroup *h_cg; /* the port's: who pays for what is reserved in it */
};

struct dentry {
	struct inode *d_inode;
};

struct file {
	struct address_space *f_mapping;
	struct inode *f_inode;
	const void *f_op;
};

struct iattr {
	unsigned int ia_valid;
	loff_t ia_size;
};

struct mnt_idmap {
	char unused;
};
struct user_namespace {
	char unused;
};

#define ATTR_SIZE 8u
struct shared_policy {
	char unused;
};

#define S_PRIVATE            512u
#define F_SEAL_SHRINK        2u
#define F_SEAL_GROW          4u
#define F_SEAL_WRITE         8u
#define F_SEAL_FUTURE_WRITE  16u
#define FALLOC_FL_KEEP_SIZE  1
#define FALLOC_FL_PUNCH_HOLE 2

#define file_inode(file)     ((file)->f_inode)
#define d_inode(dentry)      ((dentry)->d_inode)
#ifdef TEXT_INODE_HAS_A_MUTEX
#define inode_lock(inode)   mutex_lock(&(inode)->i_mutex)
#define inode_unlock(inode) mutex_unlock(&(inode)->i_mutex)
#else
#define inode_lock(inode)   down_write(&(inode)->i_rwsem)
#define inode_unlock(inode) up_write(&(inode)->i_rwsem)
#endif
/* Source: fs/inode.c inode_init_always(), v6.12. */
static inline void vm_init_inode_locks(struct inode *inode)
{
#ifdef TEXT_INODE_HAS_A_MUTEX
	mutex_init(&inode->i_mutex);
#else
	init_rwsem(&inode->i_rwsem);
#endif
	init_rwsem(&inode->i_data.i_mmap_rwsem);
}

#define i_size_read(inode)                  ((inode)->i_size)
#define i_size_write(inode, size)           ((void)((inode)->i_size = (size)))
#define file_accessed(file)                 ((void)(file))
#define inode_newsize_ok(inode, size)       ((void)(size), 0)
#define setattr_prepare(...)                0
#define inode_change_ok(inode, attr)        ((void)(inode), 0)
#define CURRENT_TIME                        ((struct timespec64){ 0 })
#define setattr_copy(...)                   ((void)0)
#define mark_inode_dirty(inode)             ((void)(inode))
#define inode_set_ctime_current(inode)      ((void)(inode))
#define current_time(inode)                 ((void)(inode), (struct timespec64){ 0 })
#define clear_inode(inode)                  ((void)(inode))
#define is_file_hugepages(file)             true
#define seal_check_future_write(seals, vma) ((void)(seals), 0)
#define seal_check_write(seals, vma)        ((void)(seals), 0)
#define mapping_set_error(...)              ((void)0)
#define inode_dio_wait(inode)               ((void)0)

/* --- mappings ------------------------------------------------------------------------------------- */

struct vm_fault;
struct anon_vma {
	char unused;
};
struct vm_userfaultfd_ctx {
	void *ctx;
};
#define NULL_VM_UFFD_CTX ((struct vm_userfaultfd_ctx){ 0 })

struct vm_uffd_ops {
	bool (*can_userfault)(struct vm_area_struct *vma, vm_flags_t vm_flags);
};

struct vm_operations_struct {
	void (*open)(struct vm_area_struct *vma);
	void (*close)(struct vm_area_struct *vma);
	int (*may_split)(struct vm_area_struct *vma, unsigned long addr);
	int (*split)(struct vm_area_struct *vma, unsigned long addr);
	const void *fault; /* a function, which nobody calls: its type is another in each version */
	unsigned long (*pagesize)(struct vm_area_struct *vma);
	const struct vm_uffd_ops *uffd_ops;
};

struct vm_area_struct {
	unsigned long vm_start, vm_end;
	struct mm_struct *vm_mm;
	pgprot_t vm_page_prot;
	union {
		vm_flags_t vm_flags;
		vma_flags_t flags;
	};
	unsigned long vm_pgoff; /* in small pages */
	const struct vm_operations_struct *vm_ops;
	struct file *vm_file;
	void *vm_private_data;
	struct anon_vma *anon_vma;
	struct vm_userfaultfd_ctx vm_userfaultfd_ctx;
	struct list_head in_i_mmap;
	struct hugetlb_cgroup *h_cg; /* the port's: who pays for what is reserved in it */
};

/* What hugetlb_walk() is asked for, since 6.2; huge_pte_offset() of older kernels is told of no mapping. */
static inline pte_t *vm_walk(const struct vm_area_struct *vma, unsigned long addr, const char *file,
                             int line)
{
	if (addr < vma->vm_start || addr >= vma->vm_end)
		shim_breach(SHIM_ASSERT, "looks up an address that is not the mapping's", file,
		            line);
	return vm_offset(vma->vm_mm, addr);
}

/* What becomes of a mapping that was described, and is one now.  Source: mm_types.h, v6.19. */
struct mmap_action {
	int (*success_hook)(const struct vm_area_struct *vma);
	bool hide_from_rmap_until_complete;
};

/* A mapping that is about to be one. */
struct vm_area_desc {
	const struct mm_struct *mm;
	struct file *file;
	unsigned long start, end;
	unsigned long pgoff; /* in small pages */
	union {
		vm_flags_t vm_flags;
		vma_flags_t vma_flags;
	};
	const struct vm_operations_struct *vm_ops;
	void *private_data;
	struct mmap_action action;
};

#define vma_desc_size(desc) ((desc)->end - (desc)->start)

struct vm_fault {
	struct vm_area_struct *vma;
	gfp_t gfp_mask;
	pgoff_t pgoff;
	unsigned long address, real_address;
	unsigned int flags;
	pte_t orig_pte;
	pte_t *pte;
	spinlock_t *ptl;
	struct page *page, *cow_page;
};

#define FOLL_WRITE              1u
#define FAULT_FLAG_WRITE        1u
#define FAULT_FLAG_MKWRITE      2u
#define FAULT_FLAG_ALLOW_RETRY  4u
#define FAULT_FLAG_RETRY_NOWAIT 8u
#define FAULT_FLAG_KILLABLE     16u
#define FAULT_FLAG_UNSHARE      1024u
#define FAULT_FLAG_VMA_LOCK     4096u
#define FAULT_FLAG_DEFAULT      (FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_KILLABLE)

#define VM_FAULT_OOM            1u
#define VM_FAULT_SIGBUS         2u
#define VM_FAULT_MAJOR          4u
#define VM_FAULT_HWPOISON       16u
#define VM_FAULT_HWPOISON_LARGE 32u
#define VM_FAULT_SIGSEGV        64u
#define VM_FAULT_RETRY          1024u
#define VM_FAULT_ERROR \
	(VM_FAULT_OOM | VM_FAULT_SIGBUS | VM_FAULT_SIGSEGV | VM_FAULT_HWPOISON | \
	 VM_FAULT_HWPOISON_LARGE)
#define VM_FAULT_SET_HINDEX(n) 0u

static inline vm_fault_t vmf_error(int err)
{
	if (err == -ENOMEM)
		return VM_FAULT_OOM;
	return err == -EHWPOISON ? VM_FAULT_HWPOISON : VM_FAULT_SIGBUS;
}

#define vm_flags_set(vma, flags)     ((void)((vma)->vm_flags |= (flags)))
#define vm_flags_init(vma, flags)    ((void)((vma)->vm_flags = (flags)))
#define vm_flags_clear(vma, flags)   ((void)((vma)->vm_flags &= ~(flags)))
#define vma_is_cow_mapping(vma)      is_cow_mapping((vma)->vm_flags)
#define vma_is_accessible(vma)       (((vma)->vm_flags & VM_ACCESS_FLAGS) != 0)
#define is_cow_mapping(flags)        (((flags) & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE)
#define vma_init(vma, mm)            ((void)(*(vma) = (struct vm_area_struct){ .vm_mm = (mm) }))
#define vma_assert_write_locked(vma) ((void)(vma))
#define vma_assert_locked(vma)       ((void)(vma))
/* A fault comes with mmap_lock here, and not with the lock of one mapping. */
#define vma_end_read(vma) \
	((void)(vma), shim_breach(SHIM_LOCK, "gives back a mapping's lock that it has not", \
	                          __FILE__, __LINE__))
#define mmap_assert_locked(mm)       lockdep_assert_held(&(mm)->mmap_lock)
#define mmap_assert_write_locked(mm) lockdep_assert_held_write(&(mm)->mmap_lock)
#define mmap_read_lock(mm)           down_read(&(mm)->mmap_lock)
#define mmap_read_unlock(mm)         up_read(&(mm)->mmap_lock)
#define mmap_read_trylock(mm)        down_read_trylock(&(mm)->mmap_lock)
#define mmap_write_lock(mm)          down_write(&(mm)->mmap_lock)
#define mmap_write_unlock(mm)        up_write(&(mm)->mmap_lock)

static inline pgoff_t vm_small_page_index(const struct vm_area_struct *vma, unsigned long address)
{
	return ((address - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff;
}

/* As with the page cache: in a kernel's text up to 6.6 a page of hugetlb's has the index of a huge page. */
#if defined(TEXT_NAME) && !defined(TEXT_CACHE_IN_SMALL_PAGES)
#define linear_page_index(vma, address) (vm_small_page_index(vma, address) >> VM_HUGE_ORDER)
#else
#define linear_page_index(vma, address) vm_small_page_index(vma, address)
#endif

static inline bool range_in_vma(const struct vm_area_struct *vma, unsigned long start,
                                unsigned long end)
{
	return vma && vma->vm_start <= start && end <= vma->vm_end;
}

/* The first mapping of a process that ends behind the address, or NULL; and the one that has it. */
struct vm_area_struct *vm_find_vma(struct mm_struct *mm, unsigned long address);
#define find_vma(mm, address) vm_find_vma(mm, address)

static inline struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long address)
{
	struct vm_area_struct *vma = vm_find_vma(mm, address);

	return vma && vma->vm_start <= address ? vma : NULL;
}

/* The address of a page of the file in a mapping that has it.  Source: mm/internal.h, v7.3. */
static inline unsigned long vma_filebacked_address(const struct vm_area_struct *vma, pgoff_t pgoff,
                                                   unsigned long pages)
{
	(void)pages;
	return vma->vm_start + ((pgoff - vma->vm_pgoff) << PAGE_SHIFT);
}

/* --- mappings of a file --------------------------------------------------------------------------- */

#define i_mmap_lock_write(mapping)          down_write(&(mapping)->i_mmap_rwsem)
#define i_mmap_unlock_write(mapping)        up_write(&(mapping)->i_mmap_rwsem)
#define i_mmap_trylock_write(mapping)       down_write_trylock(&(mapping)->i_mmap_rwsem)
#define i_mmap_lock_read(mapping)           down_read(&(mapping)->i_mmap_rwsem)
#define i_mmap_unlock_read(mapping)         up_read(&(mapping)->i_mmap_rwsem)
#define i_mmap_assert_locked(mapping)       lockdep_assert_held(&(mapping)->i_mmap_rwsem)
#define i_mmap_assert_write_locked(mapping) lockdep_assert_held_write(&(mapping)->i_mmap_rwsem)
#define RB_EMPTY_ROOT(root)                 list_empty(&(root)->vmas)
#define mapping_mapped(mapping)             (!list_empty(vm_mappings(mapping)))

static inline pgoff_t vm_vma_last(const struct vm_area_struct *vma)
{
	return vma->vm_pgoff + ((vma->vm_end - vma->vm_start) >> PAGE_SHIFT) - 1;
}

/* The next mapping behind @at that has one of the pages [first, last], or NULL. */
static inline struct vm_area_struct *vm_next_mapping(const struct list_head *head,
                                                     const struct list_head *at, pgoff_t first,
                                                     pgoff_t last)
{
	for (at = at->next; at != head && shim_step(__FILE__, __LINE__); at = at->next) {
		struct vm_area_struct *vma = list_entry(at, struct vm_area_struct, in_i_mmap);

		if (vma->vm_pgoff <= last && vm_vma_last(vma) >= first)
			return vma;
	}
	return NULL;
}

#define vm_for_each_mapping(vma, head, first, last) \
	for (vma = vm_next_mapping(head, head, first, last); vma; \
	     vma = vm_next_mapping(head, &(vma)->in_i_mmap, first, last))
#define vma_interval_tree_foreach(vma, root, first, last) \
	vm_for_each_mapping(vma, vm_vmas_of(root), first, last)
#define mapping_rmap_tree_foreach(vma, mapping, first, last) \
	vm_for_each_mapping(vma, vm_mappings(mapping), first, last)
#define vm_vmas_of(root) ((const struct list_head *)(const void *)(root))

/* A new mapping goes behind those that begin at the same page; a child right behind its parent. */
static inline void vm_link_mapping(struct vm_area_struct *vma, struct address_space *mapping)
{
	struct list_head *head = vm_mappings(mapping), *at = head;
	struct vm_area_struct *other;

	while (at->prev != head) {
		other = list_entry(at->prev, struct vm_area_struct, in_i_mmap);
		if (other->vm_pgoff <= vma->vm_pgoff)
			break;
		at = at->prev;
	}
	list_add_tail(&vma->in_i_mmap, at);
}

#endif
