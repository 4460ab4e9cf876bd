/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The calls of text.h that are about single pages, for text.c, which has the tree's functions: those that
 * are static there can be called nowhere else.
 */
#ifndef IMPORT_TEXT_PAGES_H
#define IMPORT_TEXT_PAGES_H

#include "text.h"

bool text_isolate(struct folio *folio, struct list_head *list)
{
#if defined(TEXT_HAS_folio_isolate_hugetlb) && defined(TEXT_FOLIO_folio_isolate_hugetlb)
	return folio_isolate_hugetlb(folio, list);
#elif defined(TEXT_HAS_folio_isolate_hugetlb)
	return !folio_isolate_hugetlb(&folio->page, list);
#elif defined(TEXT_FOLIO_isolate_hugetlb)
	return TEXT_BOOL_isolate_hugetlb == !!isolate_hugetlb(folio, list);
#elif defined(TEXT_HAS_isolate_hugetlb)
	return !isolate_hugetlb(&folio->page, list);
#else
	return isolate_huge_page(&folio->page, list);
#endif
}

void text_putback(struct folio *folio)
{
#if defined(TEXT_FOLIO_folio_putback_hugetlb)
	folio_putback_hugetlb(folio);
#elif defined(TEXT_HAS_folio_putback_hugetlb)
	folio_putback_hugetlb(&folio->page);
#elif defined(TEXT_HAS_folio_putback_active_hugetlb)
	folio_putback_active_hugetlb(folio);
#else
	putback_active_hugepage(&folio->page);
#endif
}

struct folio *text_new_page_for(struct folio *folio)
{
	struct page *page;

	(void)folio;
#if TEXT_ARGS_alloc_hugetlb_folio_nodemask == 5
	return alloc_hugetlb_folio_nodemask(&hstates[0], 0, NULL, GFP_KERNEL, true);
#elif TEXT_ARGS_alloc_hugetlb_folio_nodemask == 4
	return alloc_hugetlb_folio_nodemask(&hstates[0], 0, NULL, GFP_KERNEL);
#elif TEXT_ARGS_alloc_huge_page_nodemask == 4
	page = alloc_huge_page_nodemask(&hstates[0], 0, NULL, GFP_KERNEL);
#elif TEXT_ARGS_alloc_huge_page_nodemask == 3
	page = alloc_huge_page_nodemask(&hstates[0], 0, NULL);
#else
	page = NULL;
#endif
	return page ? page_folio(page) : NULL;
}

int text_migrate_file(struct address_space *mapping, struct folio *to, struct folio *from)
{
#ifdef TEXT_HAS_hugetlbfs_migrate_folio
	return hugetlbfs_migrate_folio(mapping, to, from, MIGRATE_SYNC);
#else
	return hugetlbfs_migrate_page(mapping, &to->page, &from->page, MIGRATE_SYNC);
#endif
}

void text_move_state(struct folio *from, struct folio *to)
{
#ifndef TEXT_HAS_move_hugetlb_state
	(void)from, (void)to;
#elif defined(TEXT_FOLIO_move_hugetlb_state)
	move_hugetlb_state(from, to, MR_SYSCALL);
#else
	move_hugetlb_state(&from->page, &to->page, MR_SYSCALL);
#endif
}

void text_clear_migratable(struct folio *folio)
{
#ifdef TEXT_HAS_page_huge_active
	clear_page_huge_active(&folio->page);
#else
	folio_clear_hugetlb_migratable(folio);
#endif
}

int text_error_remove(struct address_space *mapping, struct folio *folio)
{
#if defined(TEXT_HAS_hugetlbfs_error_remove_folio)
	return hugetlbfs_error_remove_folio(mapping, folio);
#elif defined(TEXT_HAS_hugetlbfs_error_remove_page)
	return hugetlbfs_error_remove_page(mapping, &folio->page);
#else
	(void)mapping, (void)folio;
	return 0;
#endif
}

/* Older kernels take a page of a process off the free list by a function that is not of this text. */
bool text_can_fail_memory(void)
{
#if defined(TEXT_HAS_hugetlbfs_error_remove_folio) || defined(TEXT_HAS_hugetlbfs_error_remove_page)
	return true;
#else
	return false;
#endif
}

#ifdef TEXT_MIGRATES
/* The page to move to, as mm/migrate.c wants to be given it.  Others may run before both are locked. */
static struct folio *page_to_move_to(struct folio *folio)
{
	struct folio *to = text_new_page_for(folio);

	shim_moment();
	return to;
}

#if defined(TEXT_FOLIO_alloc_migration_target)
static struct folio *move_to(struct folio *folio, unsigned long private)
{
	(void)private;
	return page_to_move_to(folio);
}
#elif TEXT_ARGS_new_page_node == 3
static struct page *move_to(struct page *page, unsigned long private, int **result)
{
	struct folio *to = page_to_move_to(page_folio(page));

	(void)private, (void)result;
	return to ? &to->page : NULL;
}
#else
static struct page *move_to(struct page *page, unsigned long private)
{
	struct folio *to = page_to_move_to(page_folio(page));

	(void)private;
	return to ? &to->page : NULL;
}
#endif

/* @force: as when it has been tried before, so a lock is waited for. */
int text_migrate(struct folio *folio, struct list_head *left)
{
	enum { FORCE = 1 };

	(void)left;
#if defined(TEXT_HAS_unmap_and_move_hugetlb_folio)
	return unmap_and_move_hugetlb_folio(move_to, NULL, 0, folio, FORCE, MIGRATE_SYNC,
	                                    MR_SYSCALL, left);
#elif defined(TEXT_FOLIO_alloc_migration_target)
	return unmap_and_move_huge_page(move_to, NULL, 0, folio, FORCE, MIGRATE_SYNC, MR_SYSCALL,
	                                left);
#elif TEXT_ARGS_unmap_and_move_huge_page == 8
	return unmap_and_move_huge_page(move_to, NULL, 0, &folio->page, FORCE, MIGRATE_SYNC,
	                                MR_SYSCALL, left);
#elif TEXT_ARGS_unmap_and_move_huge_page == 7
	return unmap_and_move_huge_page(move_to, NULL, 0, &folio->page, FORCE, MIGRATE_SYNC,
	                                MR_SYSCALL);
#else
	return unmap_and_move_huge_page(move_to, NULL, 0, &folio->page, FORCE, MIGRATE_SYNC);
#endif
}
#endif

bool text_can_migrate(void)
{
#if defined(TEXT_HAS_move_hugetlb_state) && (defined(TEXT_HAS_alloc_hugetlb_folio_nodemask) || \
                                             defined(TEXT_HAS_alloc_huge_page_nodemask))
	return true;
#else
	return false;
#endif
}

struct folio *text_memfd(struct file *file, pgoff_t index)
{
#ifdef TEXT_HAS_memfd_alloc_folio
	return memfd_alloc_folio(file, index);
#else
	(void)file, (void)index;
	return ERR_PTR(-EINVAL);
#endif
}

static inline TEXT_LOOK bool takes_reservation(struct folio *folio)
{
#ifdef TEXT_HAS_page_huge_active
	return PagePrivate(&folio->page);
#else
	return folio_test_hugetlb_restore_reserve(folio);
#endif
}

static inline TEXT_LOOK bool may_migrate(struct folio *folio)
{
#ifdef TEXT_HAS_page_huge_active
	return PagePrivate(&folio->pages[1]);
#else
	return folio_test_hugetlb_migratable(folio);
#endif
}

/* Since 5.19 a private page is marked as one process' alone, and loses the mark when it is freed. */
static inline TEXT_LOOK bool is_exclusive(const struct folio *folio)
{
#ifdef TEXT_CLEARS_EXCLUSIVE
	return PageAnonExclusive(&folio->page);
#else
	(void)folio;
	return false;
#endif
}

/* Has a page that is free got rid of all?  At once, for there are many, and they have. */
static inline TEXT_LOOK bool is_clean(struct folio *folio)
{
	unsigned long left = (unsigned long)text_page_subpool(folio) |
	                     (unsigned long)text_page_cgroup(folio, false) |
	                     (unsigned long)text_page_cgroup(folio, true) |
	                     (unsigned long)folio->memcg | (unsigned long)folio->mapping |
	                     (unsigned)folio->mapcount | (unsigned)folio->pins;

	return !left && !takes_reservation(folio) && !may_migrate(folio) && !is_exclusive(folio);
}

/* What it has not got rid of, or NULL. */
static __attribute__((noinline)) TEXT_LOOK const char *free_page_has(struct folio *folio)
{
	if (takes_reservation(folio))
		return "a reservation to give back";
	if (may_migrate(folio))
		return "the mark of a page that may migrate";
	if (is_exclusive(folio))
		return "the mark of a page that one process has alone";
	if (text_page_subpool(folio))
		return "a mount that it counts in";
	if (text_page_cgroup(folio, false) || text_page_cgroup(folio, true))
		return "a cgroup that is charged for it";
	if (folio->memcg)
		return "a cgroup of memory that is charged for it";
	if (folio->mapcount || folio->mapping || folio->pins)
		return "somebody who maps it";
	return NULL;
}

/* A page in use: who is charged for it, and is it private and of the mount? */
static inline TEXT_LOOK void add_page(struct folio *folio, const struct hugepage_subpool *spool,
                                      struct pages_view *view)
{
	if (text_page_cgroup(folio, false) == &text_cgroup[0].group)
		view->root -= VM_HUGE_PAGES;
	view->charged_alone += folio->mapping && !folio_test_anon(folio) &&
	                       text_group_number(text_page_cgroup(folio, true));
	view->reserved[text_group_number(text_page_cgroup(folio, true))]++;
	view->charged[text_group_number(text_page_cgroup(folio, false))]++;
	view->private += (!folio->mapping || folio_test_anon(folio)) && spool &&
	                 text_page_subpool(folio) == spool;
}

/* A page in use is a huge one that somebody has a reference to. */
TEXT_LOOK void text_look_pages(const struct hugepage_subpool *spool, struct pages_view *view)
{
	*view = (struct pages_view){ .memcg = vm_memcg.usage };
	for (unsigned i = 0, folios = vm_folios; i < folios; i++) {
		struct folio *folio = &vm_folio[i];

		if (!vm_in_use[i])
			continue;
		if (folio->memcg && vm_memcg.usage)
			view->memcg -= VM_HUGE_PAGES;
		if (!folio_test_hugetlb(folio))
			continue;
		if (folio->refcount)
			add_page(folio, spool, view);
		else if (!is_clean(folio) && !view->free_has)
			view->free_has = free_page_has(folio);
	}
#ifdef TEXT_HAS_hugetlb_cgroup_per_node
	view->root += (long)text_cgroup[0].group.nodeinfo[0]->usage[0];
#else
	view->root = 0;
#endif
}

bool text_can_memfd(void)
{
#ifdef TEXT_HAS_memfd_alloc_folio
	return true;
#else
	return false;
#endif
}

#endif
