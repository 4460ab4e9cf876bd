// SPDX-License-Identifier: GPL-2.0-only
/*
 * How many huge pages there are, which are free, and how many of those are promised.
 */
#include "pool.h"

#include <string.h>

struct hstate hstates[HUGE_MAX_HSTATE];
spinlock_t hugetlb_lock;
struct hugetlb_cgroup vm_cgroup[VM_CGROUPS];

/* Make a page exist; the caller has counted it.  NULL: there can be no more. */
static struct page *page_make(struct hstate *h)
{
	struct folio *folio = vm_buddy_take();

	if (!folio)
		return NULL;
	folio_set_hugetlb(folio);
	folio->refcount = 0;
	h->nr_huge_pages++;
	h->nr_huge_pages_node[0]++;
	return &folio->page;
}

void vm_pool_unmake(struct hstate *h, struct page *page)
{
	h->nr_huge_pages--;
	h->nr_huge_pages_node[0]--;
	folio_clear_hugetlb(page);
	vm_buddy_free(page_folio(page));
}

void vm_pool_enqueue(struct hstate *h, struct page *page)
{
	list_add(&page->lru, &h->hugepage_freelists[0]);
	h->free_huge_pages++;
	h->free_huge_pages_node[0]++;
}

/* Take a page off the free list, or NULL. */
static struct page *page_unqueue(struct hstate *h)
{
	struct page *page;

	if (list_empty(&h->hugepage_freelists[0]))
		return NULL;
	page = list_first_entry(&h->hugepage_freelists[0], struct page, lru);
	list_del(&page->lru);
	h->free_huge_pages--;
	h->free_huge_pages_node[0]--;
	return page;
}

static void surplus_add(struct hstate *h, long pages_more)
{
	h->surplus_huge_pages = (long)h->surplus_huge_pages + pages_more;
	h->surplus_huge_pages_node[0] = h->surplus_huge_pages;
}

void vm_pool_reset(unsigned long own, unsigned long overcommit)
{
	struct hstate *h = &hstates[0];

	*h = (struct hstate){ .nr_overcommit_huge_pages = overcommit };
	hugetlb_lock = (spinlock_t){ 0 };
	memset(vm_cgroup, 0, sizeof(vm_cgroup));
	vm_current = (struct task_struct){ .number = 1, .cgroup = &vm_cgroup[0].css };
	shim_warned = 0;
	INIT_LIST_HEAD(&h->hugepage_freelists[0]);
	INIT_LIST_HEAD(&h->hugepage_activelist);
	vm_buddy_reset();
	vm_pool_resize(h, own);
}

void vm_pool_resize(struct hstate *h, unsigned long own)
{
	struct page *page;
	unsigned long least;

	spin_lock(&hugetlb_lock);
	while (h->surplus_huge_pages && own > h->nr_huge_pages - h->surplus_huge_pages)
		surplus_add(h, -1);
	while (own > h->nr_huge_pages - h->surplus_huge_pages && (page = page_make(h)))
		vm_pool_enqueue(h, page);
	least = max(own, h->resv_huge_pages + h->nr_huge_pages - h->free_huge_pages);
	while (least < h->nr_huge_pages - h->surplus_huge_pages && (page = page_unqueue(h)))
		vm_pool_unmake(h, page);
	while (own < h->nr_huge_pages - h->surplus_huge_pages)
		surplus_add(h, 1);
	h->max_huge_pages = h->nr_huge_pages - h->surplus_huge_pages;
	spin_unlock(&hugetlb_lock);
}

/* A new page beyond the pool's own size, in nobody's hands yet; or NULL. */
static struct page *page_make_surplus(struct hstate *h)
{
	struct page *page = NULL;

	shim_moment();
	spin_lock(&hugetlb_lock);
	if (!shim_refuses(SHIM_POOL, h->surplus_huge_pages >= h->nr_overcommit_huge_pages))
		page = page_make(h);
	if (page)
		surplus_add(h, 1);
	spin_unlock(&hugetlb_lock);
	shim_unlocked = 0; /* the moment has been, before the lock was taken */
	return page;
}

/* Pages missing for @delta promises more, @got of them about to come. */
static long pages_lacking(const struct hstate *h, long delta, long got)
{
	return (long)(h->resv_huge_pages + delta) - (long)(h->free_huge_pages + got);
}

void vm_pool_free(struct hstate *h, struct page *page)
{
	list_del(&page->lru);
	if (h->surplus_huge_pages && h->free_huge_pages >= h->resv_huge_pages) {
		surplus_add(h, -1);
		vm_pool_unmake(h, page);
	} else {
		vm_pool_enqueue(h, page);
	}
}

int gather_surplus_pages(struct hstate *h, long delta)
{
	struct page *page, *next;
	LIST_HEAD(fresh);
	long got = 0;
	int ret = 0;

	if (shim_refuses(SHIM_POOL, false))
		return -ENOMEM;
	while (pages_lacking(h, delta, got) > 0) {
		spin_unlock(&hugetlb_lock);
		page = page_make_surplus(h);
		spin_lock(&hugetlb_lock);
		if (!page)
			break;
		list_add(&page->lru, &fresh);
		got++;
	}
	if (pages_lacking(h, delta, got) <= 0)
		h->resv_huge_pages += delta;
	else
		ret = -ENOMEM;
	list_for_each_entry_safe(page, next, &fresh, lru)
		vm_pool_free(h, page);
	return ret;
}

void return_unused_surplus_pages(struct hstate *h, unsigned long unused)
{
	unsigned long surplus = min(unused, h->surplus_huge_pages);
	struct page *page;

	h->resv_huge_pages -= unused;
	for (; surplus && (page = page_unqueue(h)); surplus--) {
		surplus_add(h, -1);
		vm_pool_unmake(h, page);
	}
}

static struct page *page_use(struct hstate *h, struct page *page)
{
	if (page) {
		page->refcount = 1;
		list_add(&page->lru, &h->hugepage_activelist);
	}
	return page;
}

struct page *vm_pool_dequeue(struct hstate *h)
{
	return page_use(h, page_unqueue(h));
}

struct page *vm_pool_surplus(struct hstate *h)
{
	struct page *page = page_make_surplus(h);

	if (page) {
		spin_lock(&hugetlb_lock);
		page_use(h, page);
		spin_unlock(&hugetlb_lock);
	}
	return page;
}
