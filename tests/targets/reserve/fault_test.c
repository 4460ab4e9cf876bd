// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files and faults: what is mapped where, copies, pages that others lose, holes, and faults that
 * come to nothing.
 */
#include "callers.h"

static int touch(int i, long idx, bool write)
{
	return hugetlb_fault(&vma[i], idx, write);
}

/* The same, and what can fail late does. */
static int touch_late(int i, long idx, bool write)
{
	int ret;

	driver.late = true;
	ret = touch(i, idx, write);
	driver.late = false;
	return ret;
}

static struct page *cached(long idx)
{
	return VM_PAGE(file.i_data.folio[idx]);
}

static struct page *at(int i, long idx)
{
	return hugetlb_page_at(&vma[i], idx);
}

static bool writable(int i, long idx)
{
	return hugetlb_writable(&vma[i], idx);
}

static void test_shared(void **state)
{
	(void)state;
	begin(4, 0, 4, -1);
	assert_int_equal(map_pages(0, 0, 3, SHARED), 0);
	assert_int_equal(map_pages(1, 0, 3, SHARED), 0);
	assert_int_equal(touch(0, 1, false), 0);
	assert_ptr_equal(at(0, 1), cached(1));
	assert_false(writable(0, 1));
	assert_false(HPageRestoreReserve(cached(1)));
	assert_int_equal(cached(1)->refcount, 2);
	assert_int_equal(file.i_blocks, blocks_per_huge_page(pool));
	/* found again: by who is there already, and by somebody else */
	assert_int_equal(touch(0, 1, true), 0);
	assert_true(writable(0, 1));
	assert_int_equal(touch(1, 1, true), 0);
	assert_ptr_equal(at(1, 1), cached(1));
	assert_int_equal(cached(1)->refcount, 3);
	assert_books("3 of 4 free, 2 promised; used 3 rsv 0; charged 6 0; [0,3) +0");
	end();
}

/* Beyond the file's end there is nothing, also where there was something once. */
static void test_beyond_the_end(void **state)
{
	(void)state;
	begin(8, 0, -1, -1);
	assert_int_equal(map_pages(0, 0, 4, SHARED), 0);
	assert_int_equal(map_pages(1, 0, 4, PRIVATE), 0);
	assert_int_equal(touch(0, 3, true), 0);
	assert_int_equal(touch(1, 2, true), 0);
	hugetlbfs_truncate(&file, 2);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(touch(i, 1, false), 0);
		assert_int_equal(touch(i, 2, false), -EFAULT);
		assert_int_equal(touch(i, 3, true), -EFAULT);
	}
	/* the owner has page 1 of the cache, and its reservation of 2 is used up for nothing */
	assert_books("7 of 8 free, 4 promised; charged 4 8; [0,2) +0; b used up [2,3) +0");
	end();
}

/* An owner reads what is in the file, and copies it when it writes. */
static void test_copy_of_the_file(void **state)
{
	(void)state;
	begin(8, 0, 8, -1);
	assert_int_equal(map_pages(0, 0, 2, SHARED), 0);
	assert_int_equal(map_pages(1, 0, 2, PRIVATE), 0);
	assert_int_equal(touch(0, 1, true), 0);
	assert_int_equal(touch(1, 1, false), 0);
	assert_ptr_equal(at(1, 1), cached(1));
	assert_false(writable(1, 1));
	assert_books("7 of 8 free, 3 promised; used 4 rsv 0; charged 4 4; [0,2) +0; b used up +0");
	assert_int_equal(touch(1, 1, true), 0);
	assert_ptr_not_equal(at(1, 1), cached(1));
	assert_true(writable(1, 1));
	assert_int_equal(cached(1)->refcount, 2);
	assert_books("6 of 8 free, 2 promised; used 4 rsv 0; charged 4 4; [0,2) +0; "
	             "b used up [1,2) +0");
	end();
}

/* The child has no reservations: its copy is charged by itself, until it is freed. */
static void test_fork(void **state)
{
	(void)state;
	begin(8, 0, 8, -1);
	assert_int_equal(map_pages(0, 0, 2, PRIVATE), 0);
	assert_int_equal(touch(0, 0, true), 0);
	fork_into(1, 0);
	assert_false(writable(0, 0));
	assert_int_equal(at(0, 0)->refcount, 2);
	vm_task_in(1);
	assert_int_equal(touch(1, 0, true), 0);
	assert_ptr_not_equal(at(0, 0), at(1, 0));
	assert_books("6 of 8 free, 1 promised; used 3 rsv 0; charged 2 4; +0; a used up [0,1) +0");
	/* alone again, the owner just writes */
	assert_int_equal(touch(0, 0, true), 0);
	assert_true(writable(0, 0));
	/* a page that the parent has reserved and not touched is none of the child's */
	assert_int_equal(touch(1, 1, true), 0);
	assert_books("5 of 8 free, 1 promised; used 4 rsv 0; charged 4 4; +0; a used up [0,1) +0");
	unmap(1);
	assert_books("7 of 8 free, 1 promised; used 2 rsv 0; charged 0 4; +0; a used up [0,1) +0");
	end();
}

/* Of a file's mapping the child sees the same pages, and may write them. */
static void test_fork_shared(void **state)
{
	(void)state;
	begin(8, 0, 8, -1);
	assert_int_equal(map_pages(0, 0, 2, SHARED), 0);
	assert_int_equal(touch(0, 0, true), 0);
	fork_into(1, 0);
	assert_true(writable(0, 0) && writable(1, 0));
	assert_int_equal(cached(0)->refcount, 3);
	assert_int_equal(touch(1, 1, true), 0);
	assert_books("6 of 8 free, 0 promised; used 2 rsv 0; charged 4 0; [0,2) +0");
	end();
}

/*
 * No page is left for the owner's copy: a child and its child lose the old one and find out when
 * they look again; who has another page keeps it.
 */
static void test_taken_from_others(void **state)
{
	(void)state;
	begin(2, 0, -1, -1);
	assert_int_equal(map_pages(0, 0, 1, PRIVATE), 0);
	assert_int_equal(touch(0, 0, true), 0);
	fork_into(1, 0);
	fork_into(2, 1);
	assert_int_equal(touch(2, 0, true), 0);
	assert_int_equal(at(0, 0)->refcount, 2);
	assert_int_equal(touch(0, 0, true), 0);
	assert_true(writable(0, 0));
	assert_int_equal(at(0, 0)->refcount, 1);
	assert_null(at(1, 0));
	assert_non_null(at(2, 0));
	assert_false(is_vma_resv_set(&vma[2], HPAGE_RESV_UNMAPPED));
	assert_int_equal(touch(1, 0, false), -EFAULT);
	assert_int_equal(touch(1, 0, true), -EFAULT);
	assert_int_equal(touch(2, 0, true), 0);
	assert_false(rwsem_is_locked(&file.i_data.i_mmap_rwsem));
	assert_books("0 of 2 free, 0 promised; charged 0 4; +0; a used up [0,1) +0");
	end();
}

/* A child takes nothing from anybody; nor does an owner that copies a page of the file. */
static void test_nothing_is_taken(void **state)
{
	(void)state;
	begin(1, 0, -1, -1);
	assert_int_equal(map_pages(0, 0, 1, PRIVATE), 0);
	assert_int_equal(touch(0, 0, true), 0);
	fork_into(1, 0);
	assert_int_equal(touch(1, 0, true), -ENOSPC);
	assert_non_null(at(0, 0));
	assert_non_null(at(1, 0));
	assert_false(is_vma_resv_set(&vma[1], HPAGE_RESV_UNMAPPED));
	end();
}

/* The last thing fails, of each kind of fault: the page is not there, and the books are as before. */
static const struct {
	const char *what;
	vm_flags_t flags;
	bool write, there, child; /* there: in the page cache */
	bool reserves;            /* what it leaves: a reservation of the file */
	const char *before;
} late[] = {
	{ "a file's, reserved", SHARED, true, false, false, false,
	  "6 of 6 free, 2 promised; used 2 rsv 0; charged 4 0; [0,2) +0" },
	{ "a file's, not reserved", SHARED | VM_NORESERVE, true, false, false, true,
	  "6 of 6 free, 0 promised; used 0 rsv 0; charged 0 0; +0" },
	{ "an owner's", PRIVATE, true, false, false, false,
	  "6 of 6 free, 2 promised; used 2 rsv 0; charged 0 4; +0; a used up +0" },
	{ "an owner's read", PRIVATE, false, false, false, false,
	  "6 of 6 free, 2 promised; used 2 rsv 0; charged 0 4; +0; a used up +0" },
	{ "a private one without reservation", PRIVATE | VM_NORESERVE, true, false, false, false,
	  "6 of 6 free, 0 promised; used 0 rsv 0; charged 0 0; +0" },
	{ "an owner's copy of the file's", PRIVATE, true, true, false, false,
	  "5 of 6 free, 2 promised; used 3 rsv 0; charged 2 4; [1,2) +0; a used up +0" },
};

static void test_late(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(late); i++) {
		begin(6, 0, 6, -1);
		if (late[i].there) {
			assert_int_equal(map_pages(1, 0, 2, SHARED | VM_NORESERVE), 0);
			assert_int_equal(touch(1, 1, false), 0);
		}
		assert_int_equal(map_pages(0, 0, 2, late[i].flags), 0);
		assert_books(late[i].before);
		assert_int_equal(touch_late(0, 1, late[i].write), -EAGAIN);
		if (!late[i].there)
			assert_null(at(0, 1));
		assert_false(writable(0, 1));
		assert_books(late[i].reserves
		                     ? "6 of 6 free, 1 promised; used 1 rsv 0; charged 2 0; "
		                       "[1,2) +0"
		                     : late[i].before);
		/* the next one is good */
		assert_int_equal(touch(0, 1, late[i].write), 0);
		end();
	}
}

static int owner_writes(void)
{
	return touch(0, 1, true);
}

static int owner_reads(void)
{
	return touch(0, 1, false);
}

/* Before a private page is written its map has to have an entry ready: that may be refused too. */
static void test_fault_is_refused(void **state)
{
	(void)state;
	begin(6, 0, 6, -1);
	assert_int_equal(map_pages(0, 0, 2, PRIVATE), 0);
	assert_int_equal(refuse_in_turn(POOL, owner_reads, -ENOSPC), 0);
	end();
	begin(6, 0, 6, -1);
	assert_int_equal(map_pages(0, 0, 2, PRIVATE), 0);
	arm(0, NULL);
	driver.refuse[MEMORY] = 1;
	assert_int_equal(owner_writes(), -ENOMEM);
	assert_null(at(0, 1));
	/* the page is back, and so is its reservation unless that took memory too */
	assert_books("6 of 6 free, 2 promised; used 2 rsv 0; charged 0 4; +0; a used up +0");
	driver.refuse[MEMORY] = 0;
	assert_int_equal(owner_writes(), 0);
	assert_books("5 of 6 free, 1 promised; used 2 rsv 0; charged 0 4; +0; a used up [1,2) +0");
	end();
}

/* A page of the file that was found is let go again, and found late it is found. */
static void test_found_page(void **state)
{
	(void)state;
	begin(6, 0, 6, -1);
	assert_int_equal(map_pages(0, 0, 2, SHARED), 0);
	assert_int_equal(map_pages(1, 0, 2, SHARED), 0);
	assert_int_equal(map_pages(2, 0, 2, PRIVATE), 0);
	assert_int_equal(touch(0, 1, true), 0);
	assert_int_equal(touch(2, 0, false), 0); /* takes the spare entry of c */
	arm(0, NULL);
	driver.refuse[MEMORY] = 1;
	assert_int_equal(touch(2, 1, true), -ENOMEM);
	assert_null(at(2, 1));
	assert_int_equal(cached(1)->refcount, 2);
	assert_int_equal(touch_late(1, 1, true), 0);
	assert_ptr_equal(at(1, 1), cached(1));
	assert_int_equal(cached(1)->refcount, 3);
	end();
}

/* Pages go from everywhere, copies of them too; reservations of what was not there stay. */
static void test_punch(void **state)
{
	(void)state;
	begin(8, 0, 8, -1);
	assert_int_equal(map_pages(0, 0, 4, SHARED), 0);
	assert_int_equal(map_pages(1, 0, 4, PRIVATE | VM_NORESERVE), 0);
	assert_int_equal(touch(0, 1, true), 0);
	assert_int_equal(touch(1, 1, true), 0);
	assert_books("6 of 8 free, 3 promised; used 5 rsv 0; charged 8 2; [0,4) +0");
	hugetlbfs_punch_hole(&file, 1, 3);
	assert_null(cached(1));
	assert_null(at(0, 1));
	assert_null(at(1, 1));
	assert_int_equal(file.i_blocks, 0);
	assert_int_equal(hugetlbfs_size(&file), 4);
	assert_books("8 of 8 free, 3 promised; used 3 rsv 0; charged 6 0; [0,1) [2,4) +0");
	end();
}

/* Out of memory: its entry stays in the map, so the page, when it is free, is promised again. */
static void test_punch_is_refused(void **state)
{
	(void)state;
	begin(4, 0, 4, -1);
	assert_int_equal(map_pages(0, 1, 4, SHARED), 0);
	assert_int_equal(touch(0, 2, true), 0);
	assert_int_equal(map_pages(1, 0, 1, SHARED), 0); /* takes the spare entry */
	arm(0, NULL);
	driver.refuse[MEMORY] = 1;
	hugetlbfs_punch_hole(&file, 2, 3);
	assert_int_equal(driver.asked[MEMORY], 1);
	assert_null(cached(2));
	assert_books("4 of 4 free, 4 promised; used 4 rsv 0; charged 8 0; [0,1) [1,4) +0");
	assert_int_equal(touch(0, 2, true), 0);
	assert_books("3 of 4 free, 3 promised; used 4 rsv 0; charged 8 0; [0,1) [1,4) +0");
	hugetlbfs_punch_hole(&file, 2, 3);
	assert_books("4 of 4 free, 3 promised; used 3 rsv 0; charged 6 0; [0,1) [1,2) [3,4) +0");
	end();
}

static void test_truncate(void **state)
{
	(void)state;
	begin(8, 0, 8, 2);
	assert_int_equal(map_pages(0, 0, 4, SHARED), 0);
	assert_int_equal(map_pages(1, 0, 4, PRIVATE | VM_NORESERVE), 0);
	for (int idx = 0; idx < 4; idx++)
		assert_int_equal(touch(idx % 2, idx, true), 0);
	assert_books("4 of 8 free, 2 promised; used 6 rsv 0; charged 8 4; [0,4) +0");
	arm(0, NULL);
	driver.refuse[MEMORY] = 1;
	hugetlbfs_truncate(&file, 1);
	assert_int_equal(hugetlbfs_size(&file), 1);
	assert_int_equal(file.i_blocks, blocks_per_huge_page(pool));
	assert_books("7 of 8 free, 1 promised; used 1 rsv 1; charged 2 0; [0,1) +0");
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shared),           cmocka_unit_test(test_beyond_the_end),
		cmocka_unit_test(test_copy_of_the_file), cmocka_unit_test(test_fork),
		cmocka_unit_test(test_fork_shared),      cmocka_unit_test(test_taken_from_others),
		cmocka_unit_test(test_nothing_is_taken), cmocka_unit_test(test_late),
		cmocka_unit_test(test_fault_is_refused), cmocka_unit_test(test_punch),
		cmocka_unit_test(test_found_page),       cmocka_unit_test(test_punch_is_refused),
		cmocka_unit_test(test_truncate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
