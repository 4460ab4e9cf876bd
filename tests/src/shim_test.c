// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's vocabulary in userspace: its alarms go off, each by its own name, and its lists do
 * what kernel code expects of them.
 */
#include "map_driver.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the seam does while nobody drives it. */
static struct shim_hooks hooks_at_start;

static void lock_twice(void)
{
	spin_lock(&map->lock);
	spin_lock(&map->lock);
}

static void unlock_unheld(void)
{
	spin_unlock(&map->lock);
}

static void allocate_locked(void)
{
	spin_lock(&map->lock);
	kfree(kmalloc(8, GFP_KERNEL));
}

static void call_locked(void)
{
	spin_lock(&map->lock);
	region_count(map, 0, 1);
}

static void assert_false_thing(void)
{
	VM_BUG_ON(map->region_cache_count == 1);
}

static void go_round(void)
{
	struct file_region one = { .link = { &one.link, &one.link } }, *rg;
	struct list_head head = { &one.link, &one.link };

	list_for_each_entry(rg, &head, link)
		assert_ptr_equal(rg, &one);
}

static void lock_for_ever(void)
{
	for (;;)
		region_count(map, 0, 1);
}

static void abort_too_much(void)
{
	region_abort(map, 0, 1, 2);
}

static void release_with_ticket(void)
{
	long needed;

	region_chg(map, 0, 1, &needed);
	kref_put(&map->refs, resv_map_release);
}

static void test_alarms(void **state)
{
	static const struct {
		void (*misuse)(void);
		enum shim_breach breach;
		const char *what, *file;
	} alarm[] = {
		{ lock_twice, SHIM_LOCK, "takes a lock it already holds", __FILE__ },
		{ unlock_unheld, SHIM_LOCK, "gives back a lock it does not hold", __FILE__ },
		{ allocate_locked, SHIM_SLEEP, "allocates with the lock held", __FILE__ },
		{ call_locked, SHIM_LOCK, "takes a lock it already holds",
		  "src/map/resv_map_common.c" },
		{ assert_false_thing, SHIM_ASSERT, "VM_BUG_ON(map->region_cache_count == 1)",
		  __FILE__ },
		{ go_round, SHIM_ENDLESS, "goes round and round", __FILE__ },
		{ lock_for_ever, SHIM_ENDLESS, "goes round and round",
		  "src/map/resv_map_common.c" },
		{ abort_too_much, SHIM_ASSERT,
		  "VM_BUG_ON(resv->region_cache_count < regions_needed)",
		  "src/map/resv_map_common.c" },
		{ release_with_ticket, SHIM_ASSERT, "VM_BUG_ON(resv->adds_in_progress)",
		  "src/map/resv_map_common.c" },
	};

	for (size_t i = 0; i < LEN(alarm); i++) {
		driver.expects_breach = true;
		if (!setjmp(driver.breach_catch)) {
			alarm[i].misuse();
			fail_msg("no alarm: %s", alarm[i].what);
		}
		assert_int_equal(driver.breach, alarm[i].breach);
		assert_string_equal(driver.what, alarm[i].what);
		assert_string_equal(driver.file, alarm[i].file);
		map->lock.held = shim_locks_held = shim_steps = 0;
		map->refs.refcount = 1;
		map->adds_in_progress = 0;
		map_teardown(state);
		map_setup(state);
	}
}

/* Without a driver an alarm says what it is, and ends the program. */
static void test_alarm_without_driver(void **state)
{
	char said[256] = { 0 };
	int out[2], status;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(out), 0);
	child = fork();
	if (!child) {
		dup2(out[1], STDERR_FILENO);
		signal(SIGABRT, SIG_DFL);
		shim_hooks = hooks_at_start;
		shim_breach(SHIM_SLEEP, "what", "file.c", 7);
	}
	close(out[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	assert_in_range(read(out[0], said, sizeof(said) - 1), 1, sizeof(said) - 1);
	close(out[0]);
	assert_string_equal(said, "file.c:7: sleep: what\n");
}

struct item {
	char name;
	struct list_head link;
};

static struct item items[4] = {
	{ .name = 'a' }, { .name = 'b' }, { .name = 'c' }, { .name = 'd' }
};

/* The names in order; both directions must say the same. */
static void assert_list(struct list_head *head, const char *names)
{
	char there[8] = { 0 };
	struct item *item;
	size_t count = 0, back = 0;

	list_for_each_entry(item, head, link)
		there[count++] = item->name;
	assert_string_equal(there, names);
	for (item = list_last_entry(head, struct item, link); &item->link != head;
	     item = list_prev_entry(item, link))
		assert_int_equal(item->name, names[count - ++back]);
	assert_int_equal(back, count);
	assert_int_equal(list_empty(head), !count);
}

static void test_lists(void **state)
{
	LIST_HEAD(one);
	LIST_HEAD(two);
	struct item *item, *next;

	(void)state;
	assert_list(&one, "");
	list_add(&items[0].link, &one);
	list_add(&items[1].link, &one);
	list_add_tail(&items[2].link, &one);
	assert_list(&one, "bac");
	list_add_tail(&items[3].link, &items[0].link);
	assert_list(&one, "bdac");
	list_splice_init(&two, &one);
	assert_list(&one, "bdac");
	list_splice_init(&one, &two);
	assert_list(&one, "");
	assert_list(&two, "bdac");
	list_del(&items[3].link);
	assert_list(&two, "bac");
	assert_true(items[3].link.next != &items[0].link && items[3].link.prev != &items[1].link);
	list_add(&items[3].link, &one);
	list_splice(&two, &one);
	assert_list(&one, "bacd");
	assert_ptr_equal(list_first_entry(&one, struct item, link), &items[1]);
	list_for_each_entry_safe(item, next, &one, link)
		list_del(&item->link);
	assert_list(&one, "");
}

static int releases;

static void count_release(struct kref *kref)
{
	(void)kref;
	releases++;
}

static void test_kref(void **state)
{
	struct kref kref;

	(void)state;
	kref_init(&kref);
	kref_get(&kref);
	assert_int_equal(kref_put(&kref, count_release), 0);
	assert_int_equal(releases, 0);
	assert_int_equal(kref_put(&kref, count_release), 1);
	assert_int_equal(releases, 1);
}

/* Each side once, and types as they come. */
static void test_min_max(void **state)
{
	long i = 3;

	(void)state;
	assert_int_equal(min(i++, 9L), 3);
	assert_int_equal(max(i++, 2L), 4);
	assert_int_equal(i, 5);
	assert_true(min(-1L, 0L) == -1 && max(LONG_MIN, LONG_MAX) == LONG_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		map_test(test_alarms),          map_test(test_alarm_without_driver),
		cmocka_unit_test(test_lists),   cmocka_unit_test(test_kref),
		cmocka_unit_test(test_min_max),
	};

	hooks_at_start = shim_hooks;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
