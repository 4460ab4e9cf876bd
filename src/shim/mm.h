/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel around the reservations, as far as they touch it: huge pages and the pool they come
 * from, files, mappings, cgroups.  Changed on purpose: one huge page size, one node, one thread; a
 * file's pages and a mapping's page table are arrays over the board.
 *
 * The port (reserve.c) and the text of an imported kernel are both compiled over these structs, so
 * a field has the name that kernels give it.  hugetlbfs.c and fault.c do with them what the rest of
 * the kernel does.
 *
 * Locking: hugetlb_lock guards hstates[0] and its pages.
 */
#ifndef SHIM_MM_H
#define SHIM_MM_H

#include "custom.h"
#include "dup.h"
#include "stubs.h"

/* Pages of a file: as many as the board has cells. */
enum { FILE_PAGES = 64, HSTATE_PAGES = 2 * FILE_PAGES };

/*
 * Small pages in a huge one: more than one, so that a lost factor shows, and so few that no sum
 * of pages on any board overflows an unsigned long.
 */
enum { HUGE_MAX_HSTATE = 1, SHIM_PAGES_PER_HPAGE = 2 };

/* References beyond those that keep a cgroup alive anyway. */
struct cgroup_subsys_state {
	long refs;
};

/* Pages charged; wraps when more is uncharged than was charged. */
struct page_counter {
	unsigned long usage;
};

struct hugetlb_cgroup {
	struct cgroup_subsys_state css;
	struct page_counter hugepage[HUGE_MAX_HSTATE];
	struct page_counter rsvd_hugepage[HUGE_MAX_HSTATE];
	struct {
		unsigned long usage[HUGE_MAX_HSTATE];
	} nodeinfo[1][1]; /* pages in use on a node; a pointer each in the kernel */
};

/* All there are; the first stands for none. */
enum { SHIM_CGROUPS = 4 };
extern struct hugetlb_cgroup shim_cgroup[SHIM_CGROUPS];

/* The one of the task that makes the call under way. */
extern struct hugetlb_cgroup *shim_current_cgroup;

/* Charge @nr_pages; false: refused, and nothing is charged.  No page is never refused. */
static inline bool page_counter_try_charge(struct page_counter *counter, unsigned long nr_pages,
                                           struct page_counter **fail)
{
	if (nr_pages && shim_refuses(SHIM_CGROUP, false)) {
		*fail = counter;
		return false;
	}
	counter->usage += nr_pages;
	return true;
}

static inline void page_counter_uncharge(struct page_counter *counter, unsigned long nr_pages)
{
	counter->usage -= nr_pages;
}

struct address_space;

/* A huge page. */
struct page {
	struct list_head lru;          /* free list, or the list of pages in use */
	struct address_space *mapping; /* the file whose page cache it is in; NULL: it is private */
	unsigned long private;         /* the subpool that it counts in */
	int refcount;                  /* page cache and page tables; 0: it is free */
	bool restore_reserve;          /* it took a reservation, which it gives back when freed */
	struct hugetlb_cgroup *h_cg, *h_cg_rsvd; /* who is charged for it */
};

/* The pool of huge pages. */
struct hstate {
	unsigned long nr_huge_pages;            /* that exist */
	unsigned long free_huge_pages;          /* of them, on the free list */
	unsigned long resv_huge_pages;          /* of those, promised */
	unsigned long surplus_huge_pages;       /* of nr, beyond the pool's own size */
	unsigned long nr_overcommit_huge_pages; /* most of them */
	unsigned long free_huge_pages_node[1], surplus_huge_pages_node[1], nr_huge_pages_node[1];
	struct list_head hugepage_freelists[1], hugepage_activelist;
};

extern struct hstate hstates[HUGE_MAX_HSTATE];
extern spinlock_t hugetlb_lock;

/* What the kernel's text warned of since shim_pool_reset(). */
extern unsigned shim_warned;

/* Everything new: @pages in the pool, all free, and up to @overcommit more on demand. */
void shim_pool_reset(unsigned long pages, unsigned long overcommit);

/*
 * Set the pool's own size, as nr_hugepages does.  Pages in use or promised stay, as surplus.
 * Source: mm/hugetlb.c set_max_huge_pages(), v6.1.
 */
void shim_pool_resize(struct hstate *h, unsigned long pages);

/*
 * Have enough free pages to promise @delta more, and promise them; hugetlb_lock is dropped while
 * surplus pages are made.
 *
 * Return: 0, or -ENOMEM and nothing is promised.
 * Source: mm/hugetlb.c gather_surplus_pages(), v6.1.
 */
int gather_surplus_pages(struct hstate *h, long delta) __must_hold(&hugetlb_lock);

/*
 * Take back the promise of @unused pages; surplus pages that nobody needs then go away.
 * Source: mm/hugetlb.c return_unused_surplus_pages(), v6.1.
 */
void return_unused_surplus_pages(struct hstate *h, unsigned long unused) __must_hold(&hugetlb_lock);

/* A free page, now in use with one reference, or NULL. */
struct page *shim_page_dequeue(struct hstate *h) __must_hold(&hugetlb_lock);

/* A surplus page, in use with one reference, or NULL.  Takes hugetlb_lock by itself. */
struct page *shim_page_surplus(struct hstate *h);

/* A page without references goes back to the free list, or away if it is surplus and not promised. */
void shim_page_free(struct hstate *h, struct page *page) __must_hold(&hugetlb_lock);

/* Its two halves, for callers that do the rest themselves: onto the free list, or away. */
void shim_page_enqueue(struct hstate *h, struct page *page) __must_hold(&hugetlb_lock);
void shim_page_unmake(struct hstate *h, struct page *page);

static inline void get_page(struct page *page)
{
	page->refcount++;
}

struct hugepage_subpool;
struct resv_map;

/* A mount's part of a file. */
struct super_block {
	struct hugepage_subpool *spool; /* NULL: no limits */
};

struct address_space {
	struct inode *host;
	union {
		void *private_data; /* its struct resv_map; renamed in 6.8 ... */
		void *i_private_data;
		struct resv_map *resv_map; /* ... and in 7.1, in what hugetlbfs keeps of an inode */
	};
	struct page *page[FILE_PAGES];
	unsigned long long present; /* the pages that are there, a bit each */
};

struct inode {
	struct super_block *i_sb;
	struct address_space *i_mapping;
	struct address_space i_data;
	spinlock_t i_lock;
	int i_mmap_rwsem; /* held: mappings of it neither come nor go */
	unsigned long i_blocks;
	unsigned long i_size;        /* in huge pages */
	struct list_head i_mmap;     /* mappings of it */
	struct hugetlb_cgroup *h_cg; /* the port's: who pays for what is reserved in it */
};

struct file {
	struct address_space *f_mapping;
};

typedef unsigned long vm_flags_t;
enum { VM_MAYSHARE = 1, VM_SHARED = 2, VM_NORESERVE = 4 };

/* An address is a page's index, times PAGE_SIZE: a huge page and a page of the table are one. */
enum { SHIM_PAGE_SHIFT = 12 };

struct vm_area_struct {
	unsigned long vm_start, vm_end, vm_pgoff; /* vm_pgoff in huge pages */
	vm_flags_t vm_flags;
	struct mm_struct *vm_mm; /* of nobody */
	struct file *vm_file;
	void *vm_private_data;        /* private: its struct resv_map and HPAGE_RESV_* */
	struct hugetlb_cgroup *h_cg;  /* the port's: who pays for what is reserved in it */
	struct list_head i_mmap;      /* in its file's */
	struct page *pte[FILE_PAGES]; /* by index into the file; NULL: not there */
	bool pte_write[FILE_PAGES];
	struct file file;
};

static inline struct inode *file_inode(const struct file *file)
{
	return file->f_mapping->host;
}

static inline struct hstate *hstate_vma(struct vm_area_struct *vma)
{
	(void)vma;
	return &hstates[0];
}

static inline struct hstate *hstate_inode(struct inode *inode)
{
	(void)inode;
	return &hstates[0];
}

static inline unsigned int pages_per_huge_page(const struct hstate *h)
{
	(void)h;
	return SHIM_PAGES_PER_HPAGE;
}

/* Errors in pointers. */
#define IS_ERR(ptr)  ((unsigned long)(ptr) >= (unsigned long)-4095)
#define ERR_PTR(err) ((void *)(long)(err))
#define PTR_ERR(ptr) ((long)(ptr))

#endif
