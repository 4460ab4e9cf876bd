// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reserving and giving back, each call held against its contract: what it does, every way to fail,
 * and that a failure leaves the books alone.  Faults are in callers_fault_test.c.
 */
#include "callers.h"

static int touch(int i, long idx, bool write)
{
	return hugetlb_fault(&vma[i], idx, write);
}

/* A range whose end is before its start, for a file and for an owner. */
static void test_backwards(void **state)
{
	(void)state;
	begin(8, 0, 6, 2);
	assert_int_equal(map_pages(0, 3, 1, SHARED), -EINVAL);
	assert_int_equal(map_pages(0, 3, 1, PRIVATE), -EINVAL);
	assert_int_equal(hugetlb_reserve_pages(&file, 1, 0, NULL, SHARED), -EINVAL);
	assert_int_equal(driver.asked[MEMORY], 0);
	assert_int_equal(file.i_size, 0);
	assert_books("8 of 8 free, 2 promised; used 0 rsv 2; charged 0 0; +0");
	end();
}

static void test_noreserve(void **state)
{
	(void)state;
	begin(8, 0, 6, 2);
	assert_int_equal(map_pages(0, 0, 4, SHARED | VM_NORESERVE), 0);
	assert_int_equal(map_pages(1, 0, 4, PRIVATE | VM_NORESERVE), 0);
	assert_int_equal(driver.asked[MEMORY] + driver.asked[POOL] + driver.asked[CGROUP], 0);
	assert_null(vma[1].vm_private_data);
	assert_int_equal(hugetlbfs_size(&file), 4);
	assert_books("8 of 8 free, 2 promised; used 0 rsv 2; charged 0 0; +0");
	end();
}

/* A file's pages are promised once, however many mappings there are, and stay when they go. */
static void test_shared(void **state)
{
	(void)state;
	begin(8, 0, 6, 2);
	assert_int_equal(map_pages(0, 0, 3, SHARED), 0);
	assert_books("8 of 8 free, 3 promised; used 3 rsv 0; charged 6 0; [0,3) +0");
	assert_int_equal(map_pages(1, 1, 5, SHARED), 0);
	assert_books("8 of 8 free, 5 promised; used 5 rsv 0; charged 10 0; [0,3) [3,5) +0");
	assert_int_equal(map_pages(2, 0, 5, SHARED), 0);
	assert_books("8 of 8 free, 5 promised; used 5 rsv 0; charged 10 0; [0,3) [3,5) +0");
	assert_int_equal(hugetlb_reserve_pages(&file, 9, 10, NULL, SHARED), 0);
	for (int i = 0; i < 3; i++)
		unmap(i);
	assert_books("8 of 8 free, 6 promised; used 6 rsv 0; charged 12 0; [0,3) [3,5) [9,10) +0");
	end();
}

/* An owner has reservations of its own, beside the file's, and its task pays for them. */
static void test_private(void **state)
{
	(void)state;
	begin(8, 0, 9, 2);
	assert_int_equal(map_pages(0, 0, 3, SHARED), 0);
	assert_int_equal(map_pages(1, 1, 4, PRIVATE), 0);
	assert_true(is_vma_resv_set(&vma[1], HPAGE_RESV_OWNER));
	assert_false(is_vma_resv_set(&vma[1], HPAGE_RESV_UNMAPPED));
	assert_ptr_equal(vma_resv_map(&vma[0]), file.i_data.private_data);
	assert_ptr_not_equal(vma_resv_map(&vma[1]), file.i_data.private_data);
	assert_books("8 of 8 free, 6 promised; used 6 rsv 0; charged 6 6; [0,3) +0; b used up +0");
	set_vma_resv_flags(&vma[1], HPAGE_RESV_UNMAPPED);
	assert_true(is_vma_resv_set(&vma[1], HPAGE_RESV_OWNER));
	assert_true(is_vma_resv_set(&vma[1], HPAGE_RESV_UNMAPPED));
	/* who is charged is who mapped it, whoever takes it away */
	vm_task_in(3);
	unmap(1);
	assert_books("8 of 8 free, 3 promised; used 3 rsv 0; charged 6 0; [0,3) +0");
	end();
}

static int map_three_holes(void)
{
	return map_pages(2, 0, 6, SHARED);
}

static int map_owner(void)
{
	return map_pages(2, 0, 6, PRIVATE);
}

/* The only page that the pool lacks is a surplus one. */
static void test_refused_in_turn(void **state)
{
	static const struct {
		int (*call)(void);
		int kind;
		unsigned times;
	} refused[] = {
		/* the map has one spare entry or none, three are needed */
		{ map_three_holes, MEMORY, 3 }, { map_three_holes, CGROUP, 1 },
		{ map_three_holes, POOL, 3 },   { map_owner, MEMORY, 2 },
		{ map_owner, CGROUP, 1 },       { map_owner, POOL, 5 },
	};

	(void)state;
	for (size_t i = 0; i < LEN(refused); i++) {
		begin(4, 6, 9, 2);
		assert_int_equal(map_pages(0, 1, 2, SHARED), 0);
		assert_int_equal(map_pages(1, 4, 5, SHARED), 0);
		assert_int_equal(refuse_in_turn(refused[i].kind, refused[i].call, -ENOMEM),
		                 refused[i].times);
		end();
	}
}

static void test_no_room(void **state)
{
	static const struct {
		unsigned pages;
		long max, min;
		int ret;
	} room[] = {
		{ 8, 5, -1, -ENOSPC }, { 8, 6, -1, 0 },        { 5, 6, -1, -ENOMEM },
		{ 5, -1, 2, -ENOMEM }, { 8, 5, 5, -ENOSPC },   { 6, 6, 6, 0 },
		{ 8, 0, -1, -ENOSPC }, { 5, -1, -1, -ENOMEM }, { 6, -1, -1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < LEN(room); i++) {
		for (int private = 0; private < 2; private ++) {
			char *before;

			begin(room[i].pages, 0, room[i].max, room[i].min);
			before = strdup(books());
			assert_int_equal(map_pages(0, 0, 6, private ? PRIVATE : SHARED),
			                 room[i].ret);
			if (room[i].ret)
				assert_books(before);
			free(before);
			end();
		}
	}
}

/* A mapping without reservations touches page 2 in the middle of somebody's promise. */
static void touch_2(void)
{
	assert_int_equal(touch(0, 2, false), 0);
}

static void start_overtaken(unsigned opens)
{
	begin(8, 0, 7, 2);
	assert_int_equal(map_pages(0, 0, 5, SHARED | VM_NORESERVE), 0);
	arm(opens, touch_2);
}

/* It was counted, and is there by the time of the add: once is enough. */
static void test_counted_twice(void **state)
{
	unsigned ran = 0;

	(void)state;
	for (unsigned opens = 1; opens < 12; opens++) {
		start_overtaken(opens);
		assert_int_equal(map_pages(1, 0, 5, SHARED), 0);
		if (driver.moments < opens) {
			end();
			break;
		}
		ran++;
		/* in front of the chg it was not counted at all; behind the add it has one */
		assert_int_equal(pool->free_huge_pages, 7);
		assert_int_equal(pool->resv_huge_pages, 4);
		assert_int_equal(mount.spool->used_hpages, 5);
		assert_int_equal(mount.spool->rsv_hpages, 0);
		assert_int_equal(charged(1), 10);
		assert_int_equal(region_count(file.i_data.private_data, 0, 5), 5);
		end();
	}
	assert_true(ran >= 3);
}

/*
 * An add that finds more holes than its chg may be refused memory, which is the second request, for
 * the fault makes one too: all is undone but the fault.
 */
static void test_add_is_refused(void **state)
{
	(void)state;
	for (unsigned opens = 1; opens <= 3; opens++) {
		start_overtaken(opens);
		driver.refuse[MEMORY] = 2;
		assert_int_equal(map_pages(1, 0, 5, SHARED), -ENOMEM);
		assert_books("7 of 8 free, 1 promised; used 1 rsv 1; charged 2 0; [2,3) +0");
		end();
	}
}

static void test_unreserve(void **state)
{
	static const struct {
		long start, end, freed;
		const char *books;
	} del[] = {
		{ 4, LONG_MAX, 0, "8 of 8 free, 4 promised; used 4 rsv 0; charged 8 0; [0,4) +0" },
		{ 1, 3, 0, "8 of 8 free, 4 promised; used 4 rsv 0; charged 8 0; [0,1) [3,6) +0" },
		{ 0, LONG_MAX, 0, "8 of 8 free, 2 promised; used 0 rsv 2; charged 0 0; +0" },
		{ 6, 9, 0, "8 of 8 free, 6 promised; used 6 rsv 0; charged 12 0; [0,6) +0" },
		/* pages that were there have been given back by themselves */
		{ 0, 2, 1, "8 of 8 free, 5 promised; used 5 rsv 0; charged 8 0; [2,6) +0" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(del); i++) {
		begin(8, 0, 8, 2);
		assert_int_equal(map_pages(0, 0, 6, SHARED), 0);
		file.i_blocks = blocks_per_huge_page(pool) * del[i].freed;
		assert_int_equal(
			hugetlb_unreserve_pages(&file, del[i].start, del[i].end, del[i].freed), 0);
		assert_books(del[i].books);
		assert_int_equal(file.i_blocks, 0);
		if (del[i].freed) { /* as free_huge_page() would have done */
			hugetlb_acct_memory(pool, -hugepage_subpool_put_pages(mount.spool, 1));
		}
		end();
	}
}

static int unreserve_middle(void)
{
	return hugetlb_unreserve_pages(&file, 2, 3, 0);
}

static int unreserve_tail(void)
{
	return hugetlb_unreserve_pages(&file, 3, LONG_MAX, 0);
}

/* Only what cuts a region in two needs memory, and never what goes up to the end. */
static void test_unreserve_is_refused(void **state)
{
	(void)state;
	begin(8, 0, 8, 2);
	assert_int_equal(map_pages(0, 0, 6, SHARED), 0);
	assert_int_equal(refuse_in_turn(MEMORY, unreserve_middle, -ENOMEM), 1);
	assert_books("8 of 8 free, 5 promised; used 5 rsv 0; charged 10 0; [0,2) [3,6) +0");
	assert_int_equal(refuse_in_turn(MEMORY, unreserve_tail, -ENOMEM), 0);
	assert_books("8 of 8 free, 2 promised; used 2 rsv 0; charged 4 0; [0,2) +0");
	end();
}

/* The page whose entry could not leave the map promises itself when it is freed. */
static void test_fix_counts(void **state)
{
	struct page page = { 0 };

	(void)state;
	begin(1, 0, -1, -1);
	hugetlb_fix_reserve_counts(&file, &page);
	assert_true(HPageRestoreReserve(&page));
	assert_int_equal(driver.asked[MEMORY] + driver.asked[POOL] + driver.asked[CGROUP], 0);
	assert_books("1 of 1 free, 0 promised; charged 0 0; +0");
	end();
}

/* What an owner did not use goes back, its child's and a file's mapping have nothing. */
static void test_close(void **state)
{
	(void)state;
	begin(8, 0, 8, 3);
	assert_int_equal(map_pages(0, 0, 5, PRIVATE), 0);
	assert_int_equal(touch(0, 1, true), 0);
	assert_int_equal(touch(0, 3, true), 0);
	fork_into(1, 0);
	assert_null(vma[1].vm_private_data);
	assert_books("6 of 8 free, 3 promised; used 5 rsv 0; charged 0 10; +0; a used up [1,2) "
	             "[3,4) +0");
	/* the child keeps both pages, so they stay used; the minimum lacks one */
	unmap(0);
	assert_books("6 of 8 free, 1 promised; used 2 rsv 1; charged 0 0; +0");
	unmap(1);
	assert_books("8 of 8 free, 3 promised; used 0 rsv 3; charged 0 0; +0");
	end();
}

static void test_release_map(void **state)
{
	(void)state;
	begin(4, 0, -1, -1);
	hugetlb_release_map(&file);
	assert_null(file.i_data.private_data);
	assert_int_equal(driver.live, 0);
	hugetlb_release_map(&file);
	assert_int_equal(hugetlb_unreserve_pages(&file, 0, LONG_MAX, 0), 0);
	arm(0, NULL);
	for (unsigned n = 1; n <= 2; n++) {
		driver.asked[MEMORY] = 0;
		driver.refuse[MEMORY] = n;
		assert_int_equal(hugetlbfs_new_inode(&file, &opened, &sb, NULL), -ENOMEM);
		assert_int_equal(driver.live, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_backwards),       cmocka_unit_test(test_noreserve),
		cmocka_unit_test(test_shared),          cmocka_unit_test(test_private),
		cmocka_unit_test(test_refused_in_turn), cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_counted_twice),   cmocka_unit_test(test_add_is_refused),
		cmocka_unit_test(test_unreserve),       cmocka_unit_test(test_unreserve_is_refused),
		cmocka_unit_test(test_fix_counts),      cmocka_unit_test(test_close),
		cmocka_unit_test(test_release_map),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
