// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules on pages one by one: something of one page is spoilt, and the rule made for it fires, by its own
 * name.  What is right, or what a call may have done, fires none.
 */
#include "judge.h"

#include "fuzz/targets/reserve/ops.h"

static struct folio *file_page(void)
{
	return port_state.inode[0].i_data.folio[1];
}

static pte_t *entry_of(unsigned slot)
{
	return &port_state.mm[slot].table[0];
}

static bool disturbed; /* some call was overtaken */

/* A child of c, which has its page. */
static void forks(void)
{
	run("fork c e");
	model_fork(&model, 2, 4);
}

static struct page *free_page(void)
{
	return list_first_entry(&hstates[0].hugepage_freelists[0], struct page, lru);
}

#define SPOIL(name, how) \
	static void name(void) \
	{ \
		how; \
	} \
	struct world_state

SPOIL(nothing, );
SPOIL(one_more, hstates[0].nr_huge_pages++; hstates[0].nr_huge_pages_node[0]++);
SPOIL(one_free_less, hstates[0].free_huge_pages--; hstates[0].free_huge_pages_node[0]--);
SPOIL(node_has_more, hstates[0].nr_huge_pages_node[0]++);
SPOIL(node_has_less_free, hstates[0].free_huge_pages_node[0]--);
SPOIL(node_has_surplus, hstates[0].surplus_huge_pages_node[0]++);
SPOIL(not_in_the_list, list_del(&free_page()->lru));
SPOIL(not_in_use, list_del(&file_page()->lru));
SPOIL(lost, list_del(&free_page()->lru); folio_clear_hugetlb(&vm_folio[15]));
SPOIL(surplus, hstates[0].surplus_huge_pages++; hstates[0].surplus_huge_pages_node[0]++;
      hstates[0].max_huge_pages--);
SPOIL(shows_more, hstates[0].max_huge_pages++; disturbed = true);
SPOIL(shows_more_since, shows_more(); model.resize_overlapped = true);
SPOIL(surplus_of_a_race, surplus(); disturbed = true);
SPOIL(surplus_beyond, hstates[0].surplus_huge_pages = hstates[0].surplus_huge_pages_node[0] = 4;
      hstates[0].max_huge_pages = 12; disturbed = true);
SPOIL(surplus_left, surplus_beyond(); model.resized = true);
SPOIL(surplus_of_a_node, surplus(); model.no_node = true);
SPOIL(referenced, file_page()->refcount++);
SPOIL(not_referenced, file_page()->refcount--);
SPOIL(mapped, file_page()->mapcount++);
/* Like a page that is free, but for its entry. */
SPOIL(mapped_and_idle, file_page()->mapping = NULL; file_page()->refcount = 0;
      file_page()->mapcount = 0);
SPOIL(uses, port_state.mm[0].hugetlb_usage.counter++);
SPOIL(not_in_file, port_state.inode[0].i_data.folio[1] = NULL);
SPOIL(ends_early, port_state.inode[0].i_size = PMD_SIZE);
SPOIL(is_shared, model.mapping[1].shared = true);
SPOIL(both_write, forks(); entry_of(2)->word |= VM_PTE_WRITE);
SPOIL(stale, file_page()->content = VM_STALE);
SPOIL(own_is_stale, page_folio(pte_page(*entry_of(1)))->content = VM_STALE);
SPOIL(was_written, model.file[0].seen_there = 2; model.file[0].seen[1] = 99);
SPOIL(was_dropped, was_written(); model.file[0].dropped = 2);
SPOIL(other_was_dropped, was_written(); model.file[0].dropped = ~2ULL);
SPOIL(was_there, model.file[0].seen_there = 1);
SPOIL(own_was_written, model.mapping[1].seen_there = 1; model.mapping[1].seen[0] = 99);
SPOIL(own_was_there, model.mapping[1].seen_there = 2; model.mapping[1].seen[1] = CONTENT_FILLED);
SPOIL(own_was_dropped, own_was_there(); model.file[0].dropped = 2);
/* The page of b's own as userfaultfd protects it. */
SPOIL(protected_by_nobody,
      entry_of(1)->word = (entry_of(1)->word | VM_PTE_UFFD_WP) & ~(unsigned long)VM_PTE_WRITE);
SPOIL(guarded, protected_by_nobody(); model.mapping[1].guarded.in = 1);
SPOIL(may_be_guarded, protected_by_nobody(); model.mapping[1].guarded.open = 1);
SPOIL(guarded_and_written, guarded(); entry_of(1)->word |= VM_PTE_WRITE);
SPOIL(guarded_no_more, guarded(); entry_of(1)->word &= ~(unsigned long)VM_PTE_UFFD_WP);
SPOIL(ruined, model.mapping[1].ruined.in = 1);
SPOIL(may_be_ruined, ruined(); model.mapping[1].ruined.open = 1);
SPOIL(warns, shim_warned = 1; mapped());

static const struct {
	void (*spoil)(void);
	enum rule rule;
} cases[] = {
	{ nothing, GOOD },
	/* 16 pages, 13 of them free and 7 of these promised */
	{ one_more, RULE_POOL_COUNTED },
	{ one_free_less, RULE_POOL_COUNTED },
	{ node_has_more, RULE_POOL_COUNTED },
	{ node_has_less_free, RULE_POOL_COUNTED },
	{ node_has_surplus, RULE_POOL_COUNTED },
	{ not_in_the_list, RULE_POOL_COUNTED },
	{ not_in_use, RULE_POOL_COUNTED },
	{ lost, RULE_POOL_COUNTED },
	{ shows_more, RULE_POOL_COUNTED },
	{ shows_more_since, GOOD },
	{ surplus, RULE_SURPLUS_NEEDED },
	{ surplus_of_a_node, GOOD },
	{ surplus_of_a_race, GOOD },
	{ surplus_beyond, RULE_SURPLUS_ALLOWED },
	{ surplus_left, GOOD },
	/* page 1 of file 0 is mapped by a, b and c have one of their own */
	{ referenced, RULE_REFS_COUNTED },
	{ not_referenced, RULE_REFS_COUNTED },
	{ mapped, RULE_REFS_COUNTED },
	{ mapped_and_idle, RULE_REFS_COUNTED },
	{ warns, GOOD },
	{ uses, RULE_USAGE_COUNTED },
	{ not_in_file, RULE_MAPS_FILE },
	{ ends_early, RULE_MAPS_FILE },
	{ is_shared, RULE_MAPS_FILE },
	{ forks, GOOD },
	{ both_write, RULE_WRITTEN_ALONE },
	{ stale, RULE_CONTENT_KEPT },
	{ own_is_stale, RULE_CONTENT_KEPT },
	{ was_written, RULE_CONTENT_KEPT },
	{ was_dropped, GOOD },
	{ other_was_dropped, RULE_CONTENT_KEPT },
	{ was_there, RULE_CONTENT_KEPT },
	{ own_was_written, RULE_CONTENT_KEPT },
	{ own_was_there, RULE_CONTENT_KEPT },
	{ own_was_dropped, GOOD },
	{ protected_by_nobody, RULE_WRITTEN_ALONE },
	{ guarded, GOOD },
	{ may_be_guarded, GOOD },
	{ guarded_and_written, RULE_WRITTEN_ALONE },
	{ guarded_no_more, RULE_WRITTEN_ALONE },
	{ ruined, RULE_CONTENT_KEPT },
	{ may_be_ruined, GOOD },
};

static void test_pages(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		begin();
		disturbed = false;
		cases[i].spoil();
		judge(i, cases[i].rule, reserve_check_pages(&judged, &model, disturbed));
		forget();
	}
}

static void test_every_rule_fired(void **state)
{
	static const enum rule rules[] = { RULES_OF_PAGES };

	(void)state;
	assert_all_fired(rules, LEN(rules));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_every_rule_fired),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
