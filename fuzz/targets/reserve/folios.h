/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What both worlds show of all pages, since both stand on those of src/vm/: calls of world_calls.h, for the
 * look_pages.c of each.
 */
#ifndef RESERVE_FOLIOS_H
#define RESERVE_FOLIOS_H

static unsigned content_of(const struct folio *folio)
{
	return CONTENT_STALE + folio->content - VM_STALE;
}

/* Some kernels know of a private page that one process has it alone. */
static inline bool is_exclusive(const struct folio *folio)
{
#if defined(TEXT_NAME) && defined(TEXT_HAS_EXCLUSIVE)
	return PageAnonExclusive(&folio->page);
#else
	(void)folio;
	return true;
#endif
}

/* What an entry of a page table shows.  False: no page. */
static inline bool look_at_entry(pte_t pte, struct entry_view *view)
{
	unsigned number = (unsigned)(pte_pfn(pte) / VM_HUGE_PAGES);
	const struct folio *folio = &vm_folio[number];

	if (!pte_present(pte))
		return false;
	*view = (struct entry_view){
		.page = folio,
		.number = number,
		.own = folio_test_anon(folio),
		.writable = pte_write(pte),
		.failed = folio_test_hwpoison(folio),
		.guarded = pte_uffd_wp(pte),
		.alone = is_exclusive(folio),
		.content = content_of(folio),
	};
	return true;
}

_Static_assert(VM_FOLIOS == (int)WORLD_FOLIOS, "a number for each");

/* All at once, for most pages are free and have nothing. */
static inline bool is_idle(const struct folio *folio)
{
	return folio_test_hugetlb(folio) &&
	       !((unsigned)folio->refcount | (unsigned)folio->mapcount | (unsigned)folio->pins |
	         (unsigned long)folio->mapping);
}

unsigned world_look_folios(const struct world_state *world, struct folio_view view[WORLD_FOLIOS],
                           unsigned *idle)
{
	unsigned count = 0, idle_ones = 0;

	(void)world;
	for (unsigned i = 0; i < vm_folios; i++) {
		const struct folio *folio = &vm_folio[i];

		if (!vm_in_use[i])
			continue;
		if (idle && is_idle(folio)) {
			idle_ones++;
			continue;
		}
		view[count++] = (struct folio_view){
			.number = i,
			.huge = folio_test_hugetlb(folio),
			.in_file = folio->mapping && !folio_test_anon(folio),
			.refs = (unsigned)folio->refcount,
			.mapcount = (unsigned)folio->mapcount,
			.pins = (unsigned)folio->pins,
		};
	}
	if (idle)
		*idle = idle_ones;
	return count;
}

static long length_of(const struct list_head *list)
{
	const struct list_head *at;
	long length = 0;

	for (at = list->next; at != list && shim_step(__FILE__, __LINE__); at = at->next)
		length++;
	return length;
}

void world_count_lists(const struct world_state *world, long *free, long *used)
{
	(void)world;
	*free = length_of(&hstates[0].hugepage_freelists[0]);
	*used = length_of(&hstates[0].hugepage_activelist);
}

void world_page_array(const struct world_state *world, struct page_array *array)
{
	(void)world;
	*array = (struct page_array){ .first = (char *)vm_folio,
		                      .end = (char *)&vm_folio[VM_FOLIOS],
		                      .size = sizeof(vm_folio[0]),
		                      .used = &vm_folios };
}

#endif
