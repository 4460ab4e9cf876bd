// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules on all books: one number is spoilt, and the rule made for it fires, by its own name.
 * What is right, or what some kernel may do, fires none.
 */
#include "judge.h"

#include "fuzz/targets/reserve/ops.h"

static struct resv_map *file_map(void)
{
	return port_state.inode[0].i_data.private_data;
}

static struct resv_map *owner_map(void)
{
	return world_owner_map(&port_state, 1);
}

#define FIRST(list) list_first_entry(list, struct file_region, link)

static void lose(struct list_head *entry)
{
	list_del(entry);
	kfree(entry);
}

/* Statements, as functions; "struct world_state" takes the semicolon. */
#define SPOIL(name, how) \
	static void name(void) \
	{ \
		how; \
	} \
	struct world_state

SPOIL(nothing, );
SPOIL(breaks_list, file_map()->regions.next->prev = NULL);
SPOIL(breaks_owner_list, owner_map()->regions.next->prev = NULL);
SPOIL(frees_map, block_free(file_map()));
SPOIL(frees_owner_map, block_free(owner_map()));
SPOIL(empty_region, FIRST(&file_map()->regions)->to = 0);
SPOIL(backward_region, FIRST(&owner_map()->regions)->to = -1);
SPOIL(miscounts_cache, file_map()->region_cache_count++);
SPOIL(ticket, owner_map()->adds_in_progress++);
SPOIL(two_tickets, file_map()->adds_in_progress = file_map()->region_cache_count + 1);
SPOIL(longer_region, FIRST(&file_map()->regions)->to++);
SPOIL(later_region, FIRST(&owner_map()->regions)->from++; FIRST(&owner_map()->regions)->to++);
SPOIL(no_region, lose(file_map()->regions.next));
SPOIL(no_owner, port_state.vma[1].vm_private_data = NULL);
SPOIL(page_not_in_map, lose(file_map()->regions.next); model.file[0].reserved.in = 0);
SPOIL(one_page_not_in_map, model.file[0].reserved.in &= ~2ULL;
      FIRST(&file_map()->regions)->from = 2);
SPOIL(promises_more, hstates[0].resv_huge_pages++);
SPOIL(promises_less, hstates[0].resv_huge_pages--);
SPOIL(promises_below_nothing, hstates[0].resv_huge_pages = -1UL);
SPOIL(was_promised, model.mapping[0].promised |= 1ULL << 60);
SPOIL(was_promised_to_nobody, model.mapping[7].promised = 1ULL << 60);
SPOIL(nothing_free, hstates[0].free_huge_pages = 0);
SPOIL(free_and_surplus, hstates[0].free_huge_pages = 5; hstates[0].surplus_huge_pages = 1);
SPOIL(just_enough, hstates[0].free_huge_pages = 4);
SPOIL(all_overcommitted, hstates[0].free_huge_pages = 6; hstates[0].surplus_huge_pages = 9);
SPOIL(uses_more, port_state.spool->used_hpages++);
SPOIL(uses_less, port_state.spool->used_hpages--);
SPOIL(full, port_state.spool->max_hpages = 7);
SPOIL(exactly_full, port_state.spool->max_hpages = 8);
SPOIL(no_max, port_state.spool->max_hpages = -1; port_state.spool->used_hpages = 0);
SPOIL(no_min, port_state.spool->min_hpages = -1; port_state.spool->rsv_hpages = 7);
SPOIL(min_lacks, port_state.spool->min_hpages = 9);
SPOIL(no_max_and_lacks, no_max(); min_lacks());
SPOIL(min_lacks_none, port_state.spool->min_hpages = 8);
SPOIL(min_had, port_state.spool->rsv_hpages++; hstates[0].resv_huge_pages++; model.rest = 1);
SPOIL(min_has, port_state.spool->rsv_hpages++; hstates[0].resv_huge_pages++);
SPOIL(min_has_too_much, port_state.spool->rsv_hpages += 4; hstates[0].resv_huge_pages += 4);
SPOIL(min_owes, port_state.spool->rsv_hpages--; hstates[0].resv_huge_pages--);
SPOIL(charges_1, vm_cgroup[1].rsvd_hugepage[0].usage += VM_HUGE_PAGES);
SPOIL(charges_2, vm_cgroup[2].rsvd_hugepage[0].usage--);
SPOIL(charges_3, vm_cgroup[3].rsvd_hugepage[0].usage++);
SPOIL(charges_used, vm_cgroup[2].hugepage[0].usage = VM_HUGE_PAGES);
SPOIL(holds, vm_cgroup[3].css.refs = 1);
SPOIL(warns, shim_warned = 1; hstates[0].resv_huge_pages++);
SPOIL(ends_early, port_state.inode[0].i_size = PMD_SIZE);
SPOIL(ends_elsewhere, port_state.inode[0].i_size = 2 * PMD_SIZE);
SPOIL(ends_behind, ends_elsewhere(); model.file[0].length = 2);
SPOIL(ends_as_it_may, ends_elsewhere(); model.file[0].length_open = true);
SPOIL(blocks_stay, port_state.inode[0].i_blocks += blocks_per_huge_page(&hstates[0]));
SPOIL(blocks_go, port_state.inode[0].i_blocks -= blocks_per_huge_page(&hstates[0]));
SPOIL(blocks_stay_refused, blocks_stay(); model.file[0].refused = true);
SPOIL(blocks_go_refused, blocks_go(); model.file[0].refused = true);
SPOIL(free_page_gives_back,
      SetHPageRestoreReserve(list_first_entry(&hstates[0].hugepage_freelists[0], struct page,
                                              lru)));
SPOIL(warns_of_map, shim_warned = 1; no_region());

enum {
	QUIET = 1,
	DISTURBED = 2,
	LAX_MINIMUM = 4,
	KEEPS_EMPTY = 8,
	NO_RESERVED = 16,
	USED = 32,
	HOLDS = 64
};

static const struct {
	void (*spoil)(void);
	int when;
	enum rule rule;
} cases[] = {
	{ nothing, QUIET, GOOD },
	{ nothing, 0, GOOD },
	{ nothing, QUIET | DISTURBED | LAX_MINIMUM, GOOD },
	/* the maps of files and of owners, at any time */
	{ breaks_list, QUIET, RULE_LINKS_SANE },
	{ breaks_owner_list, 0, RULE_LINKS_SANE },
	{ frees_map, 0, RULE_MEMORY_CLEAN },
	{ frees_owner_map, QUIET, RULE_MEMORY_CLEAN },
	{ empty_region, 0, RULE_MAP_ORDERED },
	{ backward_region, QUIET | KEEPS_EMPTY, RULE_MAP_ORDERED },
	{ empty_region, KEEPS_EMPTY, GOOD },
	{ miscounts_cache, 0, RULE_CACHE_COUNTED },
	{ two_tickets, 0, RULE_CACHE_COVERS_TICKETS },
	/* ... and when no call is under way */
	{ ticket, QUIET, RULE_TICKETS_COUNTED },
	{ ticket, 0, GOOD },
	{ longer_region, QUIET, RULE_MAP_MATCHES_MODEL },
	{ longer_region, 0, GOOD },
	{ later_region, QUIET, RULE_MAP_MATCHES_MODEL },
	{ no_region, QUIET, RULE_MAP_MATCHES_MODEL },
	{ no_owner, QUIET, RULE_MAP_MATCHES_MODEL },
	{ warns_of_map, QUIET, RULE_MAP_MATCHES_MODEL },
	{ page_not_in_map, QUIET, RULE_CACHE_IN_MAP },
	{ page_not_in_map, 0, GOOD },
	{ one_page_not_in_map, QUIET, RULE_MAP_MATCHES_MODEL },
	/* page 1 of file 0 is there */
	{ ends_early, QUIET, RULE_BEHIND_END },
	{ ends_early, 0, GOOD },
	{ ends_behind, QUIET, GOOD },
	{ ends_elsewhere, QUIET, RULE_FILE_LENGTH },
	{ ends_elsewhere, 0, GOOD },
	{ ends_as_it_may, QUIET, GOOD },
	{ blocks_stay, QUIET, RULE_BLOCKS_COUNTED },
	{ blocks_stay, 0, GOOD },
	{ blocks_go, QUIET, RULE_BLOCKS_COUNTED },
	{ blocks_stay_refused, QUIET, GOOD },
	{ blocks_go_refused, QUIET, RULE_BLOCKS_COUNTED },
	{ free_page_gives_back, QUIET, RULE_FREE_CLEAN },
	{ free_page_gives_back, 0, GOOD },
	/* three of file 0, two of b, two of file 2 are promised: 7 */
	{ promises_more, QUIET, RULE_RESV_EXACT },
	{ promises_less, QUIET | DISTURBED, RULE_RESV_EXACT },
	{ promises_less, 0, GOOD },
	{ promises_below_nothing, 0, RULE_RESV_EXACT },
	{ was_promised, QUIET, RULE_SUCCESS_RESERVES },
	{ was_promised, 0, GOOD },
	{ was_promised_to_nobody, QUIET, GOOD },
	{ warns, QUIET, GOOD },
	{ nothing_free, QUIET, RULE_RESV_BACKED },
	{ just_enough, QUIET, GOOD },
	{ free_and_surplus, QUIET, GOOD },
	{ all_overcommitted, QUIET, RULE_RESV_BACKED },
	/* four of file 0, two of b, and the two private pages are used: 8 */
	{ uses_more, QUIET, RULE_SUBPOOL_USED },
	{ uses_less, QUIET | DISTURBED, RULE_SUBPOOL_USED },
	{ uses_more, 0, GOOD },
	{ full, QUIET, RULE_SUBPOOL_USED },
	{ exactly_full, QUIET, GOOD },
	{ no_max, QUIET, GOOD },
	{ no_max_and_lacks, QUIET | DISTURBED, RULE_SUBPOOL_RSV },
	{ no_min, QUIET, GOOD },
	{ min_lacks, QUIET, RULE_SUBPOOL_RSV },
	{ min_lacks, QUIET | DISTURBED, GOOD },
	{ min_lacks, QUIET | LAX_MINIMUM, RULE_SUBPOOL_RSV },
	{ min_lacks_none, QUIET, GOOD },
	{ min_has, QUIET, RULE_SUBPOOL_RSV },
	{ min_has, QUIET | LAX_MINIMUM, RULE_SUBPOOL_RSV },
	{ min_has, QUIET | LAX_MINIMUM | DISTURBED, GOOD },
	{ min_had, QUIET | LAX_MINIMUM, GOOD },
	{ min_has_too_much, QUIET | LAX_MINIMUM, RULE_SUBPOOL_RSV },
	{ min_has_too_much, QUIET | DISTURBED, RULE_SUBPOOL_RSV },
	{ min_owes, QUIET | LAX_MINIMUM | DISTURBED, RULE_SUBPOOL_RSV },
	/* eight a page: six of both files and the child's are owner 1's; three of b are owner 2's */
	{ charges_1, QUIET, RULE_UNCHARGE_EXACT },
	{ charges_2, QUIET, RULE_UNCHARGE_EXACT },
	{ charges_3, QUIET, RULE_UNCHARGE_EXACT },
	{ charges_3, 0, GOOD },
	{ charges_3, QUIET | NO_RESERVED, GOOD },
	{ charges_used, QUIET, GOOD },
	{ charges_used, QUIET | USED, RULE_UNCHARGE_EXACT },
	{ nothing, QUIET | USED, GOOD },
	{ holds, QUIET, GOOD },
	{ holds, QUIET | HOLDS, RULE_CSS_BALANCED },
};

static void one_case(size_t i)
{
	int when = cases[i].when;

	begin();
	judged.traits.keeps_empty = when & KEEPS_EMPTY;
	judged.traits.exact_minimum = !(when & LAX_MINIMUM);
	judged.traits.charges_reserved = !(when & NO_RESERVED);
	judged.traits.charges_used = when & USED;
	judged.traits.holds_cgroup = when & HOLDS;
	cases[i].spoil();
	judge(i, cases[i].rule,
	      reserve_check_state(&judged, &model, when & QUIET, when & DISTURBED, NULL));
	forget();
}

static void test_state(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(cases); i++)
		one_case(i);
}

/* With the owners' references as a kernel holds them: of 1 the child's page, of 2 the map of b. */
static void test_references(void **state)
{
	(void)state;
	for (long refs = 0; refs < 9; refs++) {
		begin();
		judged.traits.holds_cgroup = true;
		vm_cgroup[1].css.refs = refs / 3;
		vm_cgroup[2].css.refs = refs % 3;
		judge(refs, refs == 4 ? GOOD : RULE_CSS_BALANCED,
		      reserve_check_state(&judged, &model, true, false, NULL));
		forget();
	}
}

SPOIL(in_use, hstates[0].free_huge_pages--);
SPOIL(still_used, port_state.spool->used_hpages = 1);
SPOIL(still_used_of_no_max, still_used(); port_state.spool->max_hpages = -1);
SPOIL(min_not_full, port_state.spool->rsv_hpages--; hstates[0].resv_huge_pages--);
SPOIL(min_not_full_of_no_max, min_not_full(); port_state.spool->max_hpages = -1);
SPOIL(no_mount, port_state.spool = NULL; hstates[0].resv_huge_pages = 0);
SPOIL(no_mount_but_promises, port_state.spool = NULL);
SPOIL(warns_too, shim_warned = 1; in_use());

/* Only the mount is left, max 12 and min 3. */
static const struct {
	void (*spoil)(void);
	bool disturbed;
	enum rule rule;
} closed[] = {
	{ nothing, false, GOOD },
	{ in_use, false, RULE_ALL_BACK },
	{ promises_more, false, RULE_ALL_BACK },
	{ promises_less, true, RULE_ALL_BACK },
	{ still_used, false, RULE_ALL_BACK },
	{ still_used_of_no_max, false, GOOD },
	{ min_not_full, false, RULE_ALL_BACK },
	{ min_not_full, true, GOOD },
	{ min_not_full_of_no_max, true, RULE_ALL_BACK },
	{ no_mount, false, GOOD },
	{ no_mount_but_promises, false, RULE_ALL_BACK },
	{ charges_1, false, RULE_ALL_BACK },
	{ charges_used, false, RULE_ALL_BACK },
	{ holds, false, RULE_CSS_BALANCED },
	{ warns_too, false, GOOD },
};

static void one_closed(size_t i)
{
	refuse_drive_shim(block_alloc);
	world_begin(&port_state, 16, 3);
	assert_true(world_mount(&port_state, 12, 3));
	closed[i].spoil();
	judge(i, closed[i].rule, reserve_check_closed(&judged, closed[i].disturbed));
	forget();
}

static void test_closed(void **state)
{
	(void)state;
	judged.traits = (struct world_traits){ .charge = judged.traits.charge };
	for (size_t i = 0; i < LEN(closed); i++)
		one_closed(i);
	judged.traits.holds_cgroup = true;
	world_begin(&port_state, 16, 3);
	holds();
	judge(0, RULE_CSS_BALANCED, reserve_check_closed(&judged, false));
}

/* Not even the mount. */
static void test_gone(void **state)
{
	(void)state;
	world_begin(&port_state, 16, 3);
	blocks_reset();
	judge(0, GOOD, reserve_check_gone(&judged));
	promises_more();
	judge(1, RULE_ALL_BACK, reserve_check_gone(&judged));
	shim_warned = 1;
	judge(2, GOOD, reserve_check_gone(&judged));
	shim_warned = 0;
	hstates[0].resv_huge_pages = 0;
	block_alloc(8);
	judge(3, RULE_MEMORY_CLEAN, reserve_check_gone(&judged));
	shim_warned = 1;
	judge(4, GOOD, reserve_check_gone(&judged));
	forget();
}

static void test_every_rule_fired(void **state)
{
	static const enum rule rules[] = { RULES_OF_BOOKS,       RULE_LINKS_SANE,
		                           RULE_MEMORY_CLEAN,    RULE_MAP_ORDERED,
		                           RULE_CACHE_COUNTED,   RULE_CACHE_COVERS_TICKETS,
		                           RULE_TICKETS_COUNTED, RULE_MAP_MATCHES_MODEL,
		                           RULE_UNCHARGE_EXACT,  RULE_CSS_BALANCED,
		                           RULE_SUCCESS_RESERVES };

	(void)state;
	assert_all_fired(rules, LEN(rules));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_state),
		cmocka_unit_test(test_references),
		cmocka_unit_test(test_closed),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_every_rule_fired),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
