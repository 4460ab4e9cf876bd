/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages and folios.  A folio is one huge page: eight struct pages, which lie where the kernel's memory
 * map has them, because kernels up to 6.6 keep fields of a huge page in its tail pages.
 *
 * Every folio there can be is in vm_folio[]; a page frame number is the place in it.  A reference that
 * goes as the last one gives a huge page to the tree's own free_huge_folio(), any other page to the
 * buddy allocator.
 */
#ifndef VM_PAGE_H
#define VM_PAGE_H

#include "base.h"
#include "lock.h"

struct address_space;
struct mem_cgroup;

/* Twice as many as a file has pages, so that a copy can be had of each. */
enum { VM_FILE_PAGES = 64, VM_FOLIOS = 2 * VM_FILE_PAGES };

/* The same fields, once for a page and once for a folio; they differ in the type of `private`. */
#define VM_PAGE_FIELDS(private_type) \
	unsigned long flags; \
	struct list_head lru; \
	struct address_space *mapping; \
	pgoff_t index; \
	private_type private; \
	int refcount; \
	int mapcount;   /* counted from 0 */ \
	u8 lock_holder; /* the task that has locked it, 0: nobody */

struct page {
	VM_PAGE_FIELDS(unsigned long)
};

struct folio {
	union {
		struct {
			VM_PAGE_FIELDS(void *)
		};
		struct page page;
		struct page pages[VM_HUGE_PAGES];
	};
	void *_hugetlb_subpool;
	void *_hugetlb_cgroup;
	void *_hugetlb_cgroup_rsvd;
	void *_hugetlb_hwpoison;
	struct list_head _deferred_list;
	struct mem_cgroup *memcg; /* that is charged for it, or NULL */
	int pins;                 /* of user space: a fork must copy it */
	bool migrating;           /* whoever meets it waits for its lock */
	bool isolated;            /* somebody has it, to let it migrate */
	unsigned content; /* what is in it: a number of enum vm_content, or when it was written */
};

/* Nobody may be shown what was in the page before it was free. */
enum vm_content {
	VM_STALE,
	VM_FILLED, /* cleared, or filled from elsewhere */
	VM_WRITTEN /* and later ones: by a process */
};

extern struct folio vm_folio[VM_FOLIOS + 1]; /* the last is what tables lie in */
extern unsigned vm_folios;                   /* those in use lie below this one */
extern bool vm_in_use[VM_FOLIOS];            /* not with the buddy allocator */
extern bool vm_has_failed;                   /* memory failure has marked some page of this run */

/* The tree's free_huge_folio(), by whatever name and type it has. */
void vm_free_huge(struct folio *folio);

/* --- which page of which folio ---------------------------------------------------------------- */

static inline unsigned long vm_page_offset(const void *page)
{
	return (unsigned long)((const char *)page - (const char *)vm_folio);
}

static inline struct folio *vm_folio_of(const void *page)
{
	return &vm_folio[vm_page_offset(page) / sizeof(struct folio)];
}

static inline unsigned long page_to_pfn(const struct page *page)
{
	struct folio *folio = vm_folio_of(page);

	return (unsigned long)(folio - vm_folio) * VM_HUGE_PAGES +
	       (unsigned long)(page - folio->pages);
}

static inline struct page *pfn_to_page(unsigned long pfn)
{
	return &vm_folio[pfn / VM_HUGE_PAGES].pages[pfn % VM_HUGE_PAGES];
}

#define page_folio(p)                      vm_folio_of(p)
#define compound_head(p)                   (&vm_folio_of(p)->page)
#define folio_page(folio, n)               (&(folio)->pages[n])
#define virt_to_page(ptr)                  ((void)(ptr), &vm_folio[VM_FOLIOS].page)
#define nth_page(page, n)                  ((page) + (n))
#define folio_pfn(folio)                   page_to_pfn(&(folio)->page)
#define pfn_folio(pfn)                     page_folio(pfn_to_page(pfn))
#define pfn_valid(pfn)                     ((pfn) < VM_FOLIOS * VM_HUGE_PAGES)
#define folio_order(folio)                 ((void)(folio), VM_HUGE_ORDER)
#define folio_nr_pages(folio)              ((void)(folio), (long)VM_HUGE_PAGES)
#define folio_size(folio)                  ((void)(folio), PMD_SIZE)
#define folio_shift(folio)                 ((void)(folio), PMD_SHIFT)
#define page_size(page)                    ((void)(page), PMD_SIZE)
#define compound_order(page)               ((void)(page), VM_HUGE_ORDER)
#define compound_nr(page)                  ((void)(page), VM_HUGE_PAGES)
#define folio_nid(folio)                   ((void)(folio), 0)
#define page_to_nid(page)                  ((void)(page), 0)
#define page_zone(page)                    ((void)(page), NULL)
#define folio_zonenum(folio)               ((void)(folio), 0)
#define page_private(page)                 ((page)->private)
#define set_page_private(page, value)      ((page)->private = (unsigned long)(value))
#define folio_get_private(folio)           ((folio)->private)
#define folio_change_private(folio, value) ((folio)->private = (value))

/* --- flags of the head page; a page's own bits are the same words ------------------------------- */

enum vm_page_flag {
	VM_PG_hugetlb,
	VM_PG_uptodate,
	VM_PG_dirty,
	VM_PG_hwpoison,
	VM_PG_private,
	VM_PG_reserved,
	VM_PG_exclusive,
	VM_PG_head,
	VM_PG_active,
	VM_PG_referenced,
	VM_PG_workingset,
};

#define VM_PAGE(p)                               ((struct page *)(void *)(p))
#define VM_FLAG(p, flag)                         (VM_PAGE(p)->flags >> VM_PG_##flag & 1)
#define VM_SET_FLAG(p, flag)                     ((void)(VM_PAGE(p)->flags |= 1UL << VM_PG_##flag))
#define VM_CLEAR_FLAG(p, flag)                   ((void)(VM_PAGE(p)->flags &= ~(1UL << VM_PG_##flag)))

#define folio_test_hugetlb(f)                    VM_FLAG(f, hugetlb)
#define folio_set_hugetlb(f)                     VM_SET_FLAG(f, hugetlb)
#define folio_clear_hugetlb(f)                   VM_CLEAR_FLAG(f, hugetlb)
#define __folio_set_hugetlb(f)                   VM_SET_FLAG(f, hugetlb)
#define __folio_clear_hugetlb(f)                 VM_CLEAR_FLAG(f, hugetlb)
#define PageHuge(p)                              VM_FLAG(compound_head(p), hugetlb)
#define PageHeadHuge(p)                          PageHuge(p)
#define folio_test_uptodate(f)                   VM_FLAG(f, uptodate)
#define folio_mark_uptodate(f)                   VM_SET_FLAG(f, uptodate)
#define __folio_mark_uptodate(f)                 VM_SET_FLAG(f, uptodate)
#define folio_clear_uptodate(f)                  VM_CLEAR_FLAG(f, uptodate)
#define __SetPageUptodate(p)                     VM_SET_FLAG(p, uptodate)
#define SetPageUptodate(p)                       VM_SET_FLAG(p, uptodate)
#define ClearPageUptodate(p)                     VM_CLEAR_FLAG(p, uptodate)
#define PageUptodate(p)                          VM_FLAG(p, uptodate)
#define folio_mark_dirty(f)                      VM_SET_FLAG(f, dirty)
#define folio_clear_dirty(f)                     VM_CLEAR_FLAG(f, dirty)
#define set_page_dirty(p)                        VM_SET_FLAG(compound_head(p), dirty)
#define ClearPageDirty(p)                        VM_CLEAR_FLAG(p, dirty)
#define folio_test_hwpoison(f)                   VM_FLAG(f, hwpoison)
#define folio_set_hwpoison(f)                    (vm_has_failed = true, VM_SET_FLAG(f, hwpoison))
#define PageHWPoison(p)                          VM_FLAG(p, hwpoison)
#define SetPageHWPoison(p)                       folio_set_hwpoison(p)
#define ClearPageHWPoison(p)                     VM_CLEAR_FLAG(p, hwpoison)
#define PagePrivate(p)                           VM_FLAG(p, private)
#define SetPagePrivate(p)                        VM_SET_FLAG(p, private)
#define ClearPagePrivate(p)                      VM_CLEAR_FLAG(p, private)
#define PageReserved(p)                          VM_FLAG(p, reserved)
#define __ClearPageReserved(p)                   VM_CLEAR_FLAG(p, reserved)
#define PageAnonExclusive(p)                     VM_FLAG(p, exclusive)
#define SetPageAnonExclusive(p)                  VM_SET_FLAG(p, exclusive)
#define ClearPageAnonExclusive(p)                VM_CLEAR_FLAG(p, exclusive)
#define __ClearPageAnonExclusive(p)              VM_CLEAR_FLAG(p, exclusive)
#define PageHead(p)                              ((p) == compound_head(p))
#define __SetPageHead(p)                         VM_SET_FLAG(p, head)
#define __folio_set_head(f)                      VM_SET_FLAG(f, head)
#define PageCompound(p)                          ((void)(p), true)
#define PageTail(p)                              (!PageHead(p))
#define folio_test_large(f)                      ((void)(f), true)
#define folio_clear_large_rmappable(f)           ((void)(f))
#define folio_clear_active(f)                    VM_CLEAR_FLAG(f, active)
#define folio_clear_referenced(f)                VM_CLEAR_FLAG(f, referenced)
#define folio_test_hugetlb_raw_hwp_unreliable(f) ((void)(f), false)
#define folio_clear_hugetlb_hwpoison(f)          ((void)(f))
#define HPageRawHwpUnreliable(p)                 ((void)(p), false)
#define hugetlb_clear_page_hwpoison(p)           ((void)(p))
#define arch_clear_hugepage_flags(p)             ((void)(p))
#define is_longterm_pinnable_page(p)             ((void)(p), true)
#define is_pinnable_page(p)                      ((void)(p), true)
#define is_migrate_isolate_page(p)               ((void)(p), false)
#define is_migrate_cma_page(p)                   ((void)(p), false)
#define folio_is_longterm_pinnable(f)            ((void)(f), true)
#define folio_is_device_private(f)               ((void)(f), false)

/* Up to 6.6 the kind of a compound page is the function that frees it. */
enum compound_dtor_id { NULL_COMPOUND_DTOR, COMPOUND_PAGE_DTOR, HUGETLB_PAGE_DTOR };
#define set_compound_page_dtor(p, dtor)  vm_set_dtor(VM_PAGE(p), dtor)
#define folio_set_compound_dtor(f, dtor) vm_set_dtor(VM_PAGE(f), dtor)
#define set_compound_order(p, order)     ((void)(order))
#define folio_set_order(f, order)        ((void)(order))
#define set_compound_head(p, head)       ((void)(head))
#define clear_compound_head(p)           ((void)(p))
#define __ClearPageHead(p)               VM_CLEAR_FLAG(p, head)
enum {
	PG_locked = 16,
	PG_error,
	PG_writeback,
	PG_referenced = VM_PG_referenced,
	PG_dirty = VM_PG_dirty,
	PG_active = VM_PG_active,
	PG_private = VM_PG_private,
};

static inline void vm_set_dtor(struct page *page, enum compound_dtor_id dtor)
{
	if (dtor == HUGETLB_PAGE_DTOR)
		VM_SET_FLAG(page, hugetlb);
	else
		VM_CLEAR_FLAG(page, hugetlb);
}

#define folio_get_private_1(f)        ((f)->pages[1].private)
#define folio_set_private_1(f, value) ((void)((f)->pages[1].private = (value)))
#define mem_map_next(at, base, i)     ((void)(at), (base) + (i))
#define copy_huge_page(dst, src)      vm_copied(dst, src)
#define folio_copy(dst, src)          copy_huge_page(dst, src)

/* What hugetlb remembers of a page: bits of ->private of the head page, since 5.12. */
#define VM_HPAGE_FLAG(name, Name, bit) \
	static inline bool folio_test_hugetlb_##name(struct folio *folio) \
	{ \
		return (unsigned long)folio->private >> (bit)&1; \
	} \
	static inline void folio_set_hugetlb_##name(struct folio *folio) \
	{ \
		folio->page.private |= 1UL << (bit); \
	} \
	static inline void folio_clear_hugetlb_##name(struct folio *folio) \
	{ \
		folio->page.private &= ~(1UL << (bit)); \
	} \
	static inline bool HPage##Name(struct page *page) \
	{ \
		return page->private >> (bit)&1; \
	} \
	static inline void SetHPage##Name(struct page *page) \
	{ \
		page->private |= 1UL << (bit); \
	} \
	static inline void ClearHPage##Name(struct page *page) \
	{ \
		page->private &= ~(1UL << (bit)); \
	}
VM_HPAGE_FLAG(restore_reserve, RestoreReserve, 0)
VM_HPAGE_FLAG(migratable, Migratable, 1)
VM_HPAGE_FLAG(temporary, Temporary, 2)
VM_HPAGE_FLAG(freed, Freed, 3)
VM_HPAGE_FLAG(vmemmap_optimized, VmemmapOptimized, 4)
VM_HPAGE_FLAG(cma, Cma, 5)

/* --- anonymous memory: the mapping says so, by its lowest bit ------------------------------------ */

#define folio_test_anon(f) ((unsigned long)VM_PAGE(f)->mapping & 1)
#define PageAnon(p)        folio_test_anon(compound_head(p))

/* --- references and mappings --------------------------------------------------------------------- */

/* Take a folio out of use.  Its struct pages stay, as they do in a kernel. */
void vm_buddy_free(struct folio *folio);

#define folio_ref_count(f)          (VM_PAGE(f)->refcount)
#define page_count(p)               folio_ref_count(compound_head(p))
#define page_ref_count(p)           folio_ref_count(p)
#define folio_get(f)                ((void)(VM_PAGE(f)->refcount++))
#define get_page(p)                 folio_get(compound_head(p))
#define folio_ref_add(f, n)         ((void)(VM_PAGE(f)->refcount += (n)))
#define folio_set_count(f, n)       ((void)(VM_PAGE(f)->refcount = (n)))
#define set_page_count(p, n)        folio_set_count(p, n)
#define init_page_count(p)          folio_set_count(p, 1)
#define set_page_refcounted(p)      folio_set_count(p, 1)
#define folio_ref_unfreeze(f, n)    folio_set_count(f, n)
#define page_ref_unfreeze(p, n)     folio_set_count(p, n)
#define page_ref_freeze(p, n)       folio_ref_freeze((struct folio *)(p), n)
#define put_page_testzero(p)        (!--(p)->refcount)
#define folio_put_testzero(f)       (!--(f)->refcount)
#define get_page_unless_zero(p)     folio_try_get(page_folio(p))
#define put_page(p)                 folio_put(page_folio(p))
#define page_cache_get(p)           get_page(p)
#define page_cache_release(p)       put_page(p)
#define folio_mapcount(f)           (VM_PAGE(f)->mapcount)
#define folio_mapped(f)             (VM_PAGE(f)->mapcount > 0)
#define page_mapcount(p)            folio_mapcount(compound_head(p))
#define page_mapped(p)              folio_mapped(compound_head(p))
#define total_mapcount(p)           page_mapcount(p)
#define folio_expected_ref_count(f) ((f)->mapcount + !!(f)->mapping)

static inline bool folio_ref_freeze(struct folio *folio, int count)
{
	if (folio->refcount != count)
		return false;
	folio->refcount = 0;
	return true;
}

static inline bool folio_try_get(struct folio *folio)
{
	if (!folio->refcount)
		return false;
	folio->refcount++;
	return true;
}

static inline void folio_put(struct folio *folio)
{
	if (folio->refcount <= 0)
		shim_breach(SHIM_ASSERT, "a reference to a page too many is put", __FILE__,
		            __LINE__);
	if (--folio->refcount)
		return;
	folio->content = VM_STALE;
	folio->isolated = false;
	if (folio_test_hugetlb(folio))
		vm_free_huge(folio);
	else
		vm_buddy_free(folio);
}

static inline void folio_put_refs(struct folio *folio, int refs)
{
	folio->refcount -= refs - 1;
	folio_put(folio);
}

/* --- a folio's lock ------------------------------------------------------------------------------ */

#define folio_lock(f)           vm_folio_lock((struct folio *)(f), __FILE__, __LINE__)
#define folio_unlock(f)         vm_folio_unlock((struct folio *)(f), __FILE__, __LINE__)
#define folio_trylock(f)        vm_folio_trylock((struct folio *)(f))
#define folio_test_locked(f)    (VM_PAGE(f)->lock_holder != 0)
#define lock_page(p)            folio_lock(page_folio(p))
#define unlock_page(p)          folio_unlock(page_folio(p))
#define trylock_page(p)         folio_trylock(page_folio(p))
#define PageLocked(p)           folio_test_locked(compound_head(p))
#define wait_on_page_locked(p)  folio_wait_locked(page_folio(p))
#define __folio_set_locked(f)   ((void)(VM_PAGE(f)->lock_holder = vm_current.number))
#define __folio_clear_locked(f) ((void)(VM_PAGE(f)->lock_holder = 0))
#define __SetPageLocked(p)      __folio_set_locked(p)
#define __ClearPageLocked(p)    __folio_clear_locked(p)

static inline bool vm_folio_trylock(struct folio *folio)
{
	if (folio->lock_holder)
		return false;
	folio->lock_holder = vm_current.number;
	return true;
}

static inline void vm_folio_lock(struct folio *folio, const char *file, int line)
{
	vm_before_lock();
	while (!vm_folio_trylock(folio))
		vm_wait(1u << folio->lock_holder, "the lock of a page", file, line);
}

static inline void vm_folio_unlock(struct folio *folio, const char *file, int line)
{
	if (folio->lock_holder != vm_current.number)
		shim_breach(SHIM_LOCK, "unlocks a page that it has not locked", file, line);
	folio->lock_holder = 0;
	vm_after_unlock();
}

static inline void folio_wait_locked(struct folio *folio)
{
	while (folio->lock_holder)
		vm_wait(1u << folio->lock_holder, "the lock of a page", __FILE__, __LINE__);
}

/* --- what is in a page: a number.  Zeroing and copying take a while -------------------------------- */

/* Copy a page: others run meanwhile.  Returns 0, or -EHWPOISON when it fails, which zeroing cannot. */
int vm_copy(void *to, const void *from);

static inline void vm_copied(void *to, const void *from)
{
	vm_folio_of(to)->content = vm_folio_of(from)->content;
}

static inline void vm_fill(void *page)
{
	shim_moment();
	vm_folio_of(page)->content = VM_FILLED;
}

/* Of a part of a page nothing is kept apart, so with it goes what was written to the page. */
static inline void vm_clear_part(void *page, size_t from, size_t to)
{
	if (from < to)
		vm_folio_of(page)->content = VM_FILLED;
}

#define folio_zero_user(f, ...)              vm_fill(f)
#define clear_huge_page(p, ...)              vm_fill(p)
#define copy_user_large_folio(dst, src, ...) vm_copy(dst, src)
#define copy_user_huge_page(dst, src, ...)   (shim_moment(), vm_copied(dst, src))
#define folio_zero_segment(f, from, to)      vm_clear_part(f, from, to)
#define zero_user_segment(p, from, to)       vm_clear_part(p, from, to)
#define prefetchw(p)                         ((void)(p))

#endif
