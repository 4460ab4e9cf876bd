/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls the callers of the map directly, with no interpreter between: a driver of the shim's seam
 * that refuses one request, page or charge and runs one window; a file, mappings of it and a mount
 * with limits to call them on; and all books as a line of text.
 *
 * Memory is malloc's, so a sanitizer sees every block by itself.
 */
#ifndef CALLERS_H
#define CALLERS_H

#include "tests/test.h"

#include "src/hugetlbfs/hugetlbfs.h"
#include "src/map/resv_map.h"
#include "src/callers/subpool.h"

/* What can be refused: memory, and what the shim asks for beside it. */
enum { POOL = SHIM_POOL, CGROUP = SHIM_CGROUP, MEMORY = SHIM_CHARGES, REFUSALS_IN_ALL };

static struct driver {
	unsigned asked[REFUSALS_IN_ALL];  /* requests seen of each kind */
	unsigned refuse[REFUSALS_IN_ALL]; /* the one to refuse, from 1; 0: none */
	unsigned moments;                 /* seen; requests for memory are some too */
	unsigned opens;                   /* the moment in which window runs, from 1; 0: none */
	void (*window)(void);
	bool late; /* what can fail late does */
	long live; /* blocks given and not taken back */
	bool expects_breach;
	jmp_buf breach_catch;
	const char *breach;
} driver;

static struct hstate *const pool = &hstates[0];
static struct hugetlbfs_sb_info mount;
static struct super_block sb = { .s_fs_info = &mount };
static struct inode file;
static struct file opened;
static struct vm_area_struct vma[3];
static struct mm_struct process[3];
static bool mapped[3];

static bool is_refused(int kind)
{
	return ++driver.asked[kind] == driver.refuse[kind];
}

static void driver_moment(void)
{
	if (++driver.moments == driver.opens)
		driver.window();
}

static void *driver_alloc(size_t size)
{
	bool refused = is_refused(MEMORY);

	driver_moment();
	driver.live += !refused;
	return refused ? NULL : malloc(size);
}

static void driver_free(void *block)
{
	driver.live--;
	free(block);
}

static bool driver_refuse(enum shim_charge what, bool lacking)
{
	return is_refused(what) || lacking;
}

static bool driver_late(void)
{
	return driver.late;
}

static void driver_breach(enum shim_breach kind, const char *what, const char *where, int line)
{
	(void)kind;
	if (!driver.expects_breach)
		fail_msg("%s:%d: %s", where, line, what);
	driver.expects_breach = false;
	driver.breach = what;
	longjmp(driver.breach_catch, 1);
}

/* From here on nothing has been asked for; @window runs in moment @opens, unless that is 0. */
static inline void arm(unsigned opens, void (*window)(void))
{
	memset(driver.asked, 0, sizeof(driver.asked));
	memset(driver.refuse, 0, sizeof(driver.refuse));
	driver.moments = 0;
	driver.opens = opens;
	driver.window = window;
	shim_unlocked = 0;
}

/* Everything new: a pool of @pages, @surplus more on demand.  The task is in cgroup 2. */
static inline void begin_pool(unsigned long pages, unsigned long surplus)
{
	shim_hooks = (struct shim_hooks){
		.alloc = driver_alloc,
		.free = driver_free,
		.breach = driver_breach,
		.moment = driver_moment,
		.refuse = driver_refuse,
		.late = driver_late,
	};
	shim_locks_held = 0;
	shim_steps = 0;
	memset(&driver, 0, sizeof(driver));
	memset(mapped, 0, sizeof(mapped));
	vm_pool_reset(pages, surplus);
	vm_task_in(2);
}

/* And a mount with limits, -1 for none, and an empty file on it, for which cgroup 1 pays. */
static inline void begin(unsigned long pages, unsigned long surplus, long max, long min)
{
	begin_pool(pages, surplus);
	mount.spool = max < 0 && min < 0 ? NULL : hugepage_new_subpool(pool, max, min);
	assert_int_equal(hugetlbfs_new_inode(&file, &opened, &sb, &vm_cgroup[1]), 0);
	arm(0, NULL);
}

static size_t add_text(char *text, size_t at, size_t size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	at += vsnprintf(text + at, size - at, format, args);
	va_end(args);
	assert_true(at < size);
	return at;
}

/* A map's pages and open tickets; returns how many blocks it is. */
static long add_map(char *text, size_t size, struct resv_map *map)
{
	size_t at = strlen(text);
	long regions = 0, spare = 0;
	struct file_region *rg;

	list_for_each_entry(rg, &map->regions, link) {
		at = add_text(text, at, size, "[%ld,%ld) ", rg->from, rg->to);
		regions++;
	}
	list_for_each_entry(rg, &map->region_cache, link)
		spare++;
	add_text(text, at, size, "+%ld", map->adds_in_progress);
	assert_int_equal(map->region_cache_count, spare);
	assert_true(spare >= map->adds_in_progress);
	return 1 + regions + spare;
}

/* What a cgroup is charged, in halves of a page. */
static unsigned long charged(int i)
{
	unsigned long usage = vm_cgroup[i].rsvd_hugepage[0].usage;

	assert_int_equal(usage % (VM_HUGE_PAGES / 2), 0);
	return usage / (VM_HUGE_PAGES / 2);
}

static bool is_owner(int i)
{
	return mapped[i] && vma[i].vm_private_data && is_vma_resv_set(&vma[i], HPAGE_RESV_OWNER);
}

/*
 * All books, such as "5 of 8 free, 3 promised; used 4 rsv 0; charged 6 0; [0,4) +0": pages, with
 * "+1" behind them if one of them is surplus; the mount, if it has limits; what cgroups 1 and 2 are
 * charged; the file's map; and those of owners.  Spare entries may come, and leaks may not.
 */
static inline const char *books(void)
{
	static char text[512];
	size_t at = add_text(text, 0, sizeof(text), "%lu of %lu", pool->free_huge_pages,
	                     pool->nr_huge_pages);
	long blocks = 0;

	if (pool->surplus_huge_pages)
		at = add_text(text, at, sizeof(text), "+%lu", pool->surplus_huge_pages);
	at = add_text(text, at, sizeof(text), " free, %lu promised; ", pool->resv_huge_pages);
	if (mount.spool) {
		at = add_text(text, at, sizeof(text), "used %ld rsv %ld; ",
		              mount.spool->used_hpages, mount.spool->rsv_hpages);
		blocks++;
	}
	at = add_text(text, at, sizeof(text), "charged %lu %lu; ", charged(1), charged(2));
	blocks += add_map(text, sizeof(text), file.i_data.private_data);
	for (int i = 0; i < 3; i++) {
		if (!is_owner(i))
			continue;
		at = add_text(text, strlen(text), sizeof(text), "; %c used up ", 'a' + i);
		blocks += add_map(text, sizeof(text), vma_resv_map(&vma[i]));
	}
	assert_int_equal(driver.live, blocks);
	assert_int_equal(shim_locks_held, 0);
	return text;
}

#define assert_books(expected) assert_string_equal(books(), expected)

enum { SHARED = VM_SHARED | VM_MAYSHARE, PRIVATE = 0 };

static inline int map_pages(int i, long from, long to, vm_flags_t flags)
{
	int ret = hugetlbfs_mmap(&vma[i], &process[i], &opened, from, to, flags);

	mapped[i] = !ret;
	return ret;
}

static inline void unmap(int i)
{
	hugetlb_munmap(&vma[i]);
	mapped[i] = false;
}

static inline void fork_into(int child, int parent)
{
	hugetlb_fork(&vma[child], &process[child], &vma[parent]);
	mapped[child] = true;
}

static inline unsigned long address(int i, long idx)
{
	return hugetlb_address(&vma[i], idx);
}

/* Everything goes, and then nothing is promised, used or charged. */
static inline void end(void)
{
	arm(0, NULL);
	for (int i = 0; i < 3; i++)
		if (mapped[i])
			unmap(i);
	hugetlbfs_evict_inode(&file);
	if (mount.spool)
		hugepage_put_subpool(mount.spool);
	mount.spool = NULL;
	assert_int_equal(driver.live, 0);
	assert_int_equal(pool->resv_huge_pages, 0);
	assert_int_equal(pool->free_huge_pages, pool->nr_huge_pages);
	assert_int_equal(pool->surplus_huge_pages, 0);
	for (int i = 0; i < VM_CGROUPS; i++)
		assert_int_equal(vm_cgroup[i].rsvd_hugepage[0].usage, 0);
}

/*
 * Make a call with its first request of a kind refused, then with its second, and so on, until none
 * was.  Each time but the last it has to fail with @error and leave the books alone.  Returns how
 * often.
 */
static inline unsigned refuse_in_turn(int kind, int (*call)(void), int error)
{
	char *before = strdup(books());
	unsigned n = 0;
	int ret;

	do {
		arm(0, NULL);
		driver.refuse[kind] = ++n;
		ret = call();
		driver.refuse[kind] = 0;
		if (driver.asked[kind] < n)
			break;
		assert_int_equal(ret, error);
		assert_string_equal(books(), before);
	} while (n < 100);
	assert_int_equal(ret, 0);
	free(before);
	return n - 1;
}

/* Mappings of [0,4): a reserved the file's first two pages, b none, c owns all four. */
static inline void begin_three(unsigned long pages, unsigned long surplus, long max)
{
	begin(pages, surplus, max, 3);
	assert_int_equal(map_pages(0, 0, 2, SHARED), 0);
	assert_int_equal(map_pages(1, 0, 4, SHARED | VM_NORESERVE), 0);
	assert_int_equal(map_pages(2, 0, 4, PRIVATE), 0);
	arm(0, NULL);
}

#define THREE "12 of 12 free, 6 promised; used 6 rsv 0; charged 4 8; [0,2) +0; c used up +0"

/* Page @idx of a map becomes covered, or not. */
static inline void set_covered(struct resv_map *map, long idx, bool covered)
{
	long needed;

	if (!covered) {
		region_del(map, idx, idx + 1);
	} else {
		region_chg(map, idx, idx + 1, &needed);
		region_add(map, idx, idx + 1, needed);
	}
}

#endif
