/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page cache of a file: an array of folios.  Its functions are in world.c.
 */
#ifndef VM_CACHE_H
#define VM_CACHE_H

#include "vma.h"

/*
 * Up to 6.6 a page of hugetlb's has the index of a huge page in the cache, since then that of its
 * first small page.
 */
#ifdef TEXT_CACHE_IN_SMALL_PAGES
enum { VM_CACHE_SHIFT = VM_HUGE_ORDER };
#else
enum { VM_CACHE_SHIFT = 0 };
#endif

/* Pages that are looked up at a time: what is freed together. */
#ifdef TEXT_PAGEVEC_SIZE
enum { PAGEVEC_SIZE = TEXT_PAGEVEC_SIZE };
#else
enum { PAGEVEC_SIZE = 31 };
#endif

struct folio_batch {
	unsigned char nr;
	struct folio *folios[PAGEVEC_SIZE];
};

#define folio_batch_init(batch)  ((void)((batch)->nr = 0))
#define folio_batch_count(batch) ((batch)->nr)

/* Up to 6.2 the same by another name, and fewer at a time. */
struct pagevec {
	struct folio_batch batch;
	struct page *pages[PAGEVEC_SIZE];
};
#define pagevec_init(vec, ...)                         folio_batch_init(&(vec)->batch)
#define pagevec_reinit(vec)                            folio_batch_init(&(vec)->batch)
#define pagevec_count(vec)                             folio_batch_count(&(vec)->batch)
#define pagevec_lookup_range(vec, mapping, start, end) vm_pagevec_lookup(vec, mapping, start, end)
#define pagevec_lookup(vec, mapping, start, pages) \
	vm_pagevec_lookup_some(vec, mapping, start, pages)
#define pagevec_release(vec) folio_batch_release(&(vec)->batch)

/* Look a page up; with a reference, and with @lock locked; NULL if there is none. */
struct folio *vm_cache_find(struct address_space *mapping, pgoff_t index, bool lock);

/* 0, -EEXIST or another error; on success the cache has a reference. */
int vm_cache_add(struct folio *folio, struct address_space *mapping, pgoff_t index);

/* The last step of that, which cannot fail: there is no such page yet. */
void vm_cache_insert(struct folio *folio, struct address_space *mapping, pgoff_t index);

/* Source: include/linux/pagemap.h add_to_page_cache(), v5.10: it locks the page. */
static inline int vm_cache_add_locked(struct folio *folio, struct address_space *mapping,
                                      pgoff_t index)
{
	int ret;

	folio->lock_holder = vm_current.number;
	ret = vm_cache_add(folio, mapping, index);
	if (ret)
		folio->lock_holder = 0;
	return ret;
}

/* Take a page out of the cache; the cache's reference goes. */
void vm_cache_remove(struct folio *folio);

unsigned filemap_get_folios(struct address_space *mapping, pgoff_t *start, pgoff_t end,
                            struct folio_batch *batch);
void folio_batch_release(struct folio_batch *batch);

static inline unsigned vm_pagevec_lookup(struct pagevec *vec, struct address_space *mapping,
                                         pgoff_t *start, pgoff_t end)
{
	unsigned pages = filemap_get_folios(mapping, start, end, &vec->batch);

	for (unsigned i = 0; i < pages; i++)
		vec->pages[i] = &vec->batch.folios[i]->page;
	return pages;
}

/* Up to 4.13: at most @pages pages from @start on. */
static inline unsigned vm_pagevec_lookup_some(struct pagevec *vec, struct address_space *mapping,
                                              pgoff_t start, unsigned long pages)
{
	unsigned found = vm_pagevec_lookup(vec, mapping, &start, ~0ul);

	while (found > pages)
		folio_put(vec->batch.folios[--found]);
	vec->batch.nr = (unsigned char)found;
	return found;
}

static inline struct folio *vm_or_enoent(struct folio *found)
{
	return found ? found : ERR_PTR(-ENOENT);
}
#define filemap_get_folio(mapping, index)               vm_or_enoent(vm_cache_find(mapping, index, false))
#define filemap_lock_folio(mapping, index)              vm_or_enoent(vm_cache_find(mapping, index, true))
#define find_get_page(mapping, index)                   VM_PAGE(vm_cache_find(mapping, index, false))
#define find_lock_page(mapping, index)                  VM_PAGE(vm_cache_find(mapping, index, true))
#define __filemap_add_folio(mapping, folio, index, ...) vm_cache_add(folio, mapping, index)
#define add_to_page_cache(page, mapping, index, ...) \
	vm_cache_add_locked(page_folio(page), mapping, index)
#define filemap_remove_folio(folio)  vm_cache_remove(folio)
#define delete_from_page_cache(page) vm_cache_remove(page_folio(page))
#define folio_mapping(folio)         (folio_test_anon(folio) ? NULL : (folio)->mapping)
#define page_mapping(page)           folio_mapping(page_folio(page))

#endif
