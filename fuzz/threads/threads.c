// SPDX-License-Identifier: GPL-2.0-only
/*
 * threads [THREADS [ROUNDS [SEED]]]: the calls of the region target by many threads on one map whose lock
 * is a real one, under ThreadSanitizer.
 *
 * Each thread has 64 pages that no other one touches, next to those of others: so it knows what each of
 * its calls has to return, whatever the others do, while regions, spare entries and the lock are
 * everybody's.  What a thread calls follows from SEED, its number and the round.
 *
 * All threads begin each round together, and each makes one call in it.  Nothing but the map's lock can
 * bring the calls of a round into an order, so a call that touches the map without it races with the
 * others of its round whichever comes first.  A call that asks for memory, and so has given the lock back, goes
 * on when every other call of the round has ended or has come that far: its unlocked window is always used.
 *
 * Exit status: 0 every rule held and no thread raced, 1 not so, 2 it could not be looked.
 */
#include "fuzz/map/map.h"
#include "src/shim/dup.h"
#include "src/shim/hooks.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PAGES = 64, THREADS_MOST = 64, TICKETS = 4 };

struct ticket {
	bool open;
	long from, to, needed;
};

/* A thread, and what it knows of its own pages. */
static struct worker {
	pthread_t thread;
	long first;       /* its first page */
	uint64_t covered; /* bit n: page first + n is reserved */
	uint64_t random;  /* state of its random numbers */
	struct ticket ticket[TICKETS];
	unsigned long calls, refused;
} worker[THREADS_MOST];

static struct {
	const struct map *of;
	struct resv_map *map;
	unsigned threads, rounds;
	/*
	 * Rounds take turns with two barriers.  ThreadSanitizer takes what a thread did before it came to a
	 * barrier as done before any other leaves it, also one that is late from the round before.
	 */
	pthread_barrier_t round[2];
	atomic_long blocks;
	atomic_ulong met; /* calls, of all rounds, that have ended or asked for memory */
} all;

/* Requests of the thread's call that were refused, and the one that is to be: 0 none, 1 the first. */
static _Thread_local unsigned refused, refuse_at;

/* The thread's call has not met the others of its round yet; all have when that many calls have. */
static _Thread_local bool alone;
static _Thread_local unsigned long everybody;

static _Noreturn __attribute__((format(printf, 2, 3))) void fail(const char *rule,
                                                                 const char *format, ...)
{
	va_list args;

	flockfile(stderr);
	fprintf(stderr, "FAIL %s: ", rule);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	_exit(1);
}

#define CHECK(rule, cond, ...) \
	do { \
		if (!(cond)) \
			fail(rule, __VA_ARGS__); \
	} while (0)

/* --- the shim's side --------------------------------------------------------------------------------- */

/* Relaxed: this must not order what the threads do to the map. */
static void meet(void)
{
	if (alone)
		atomic_fetch_add_explicit(&all.met, 1, memory_order_relaxed);
	alone = false;
}

static void *alloc_block(size_t size)
{
	meet();
	while (atomic_load_explicit(&all.met, memory_order_relaxed) < everybody)
		sched_yield();
	if (refuse_at && !--refuse_at) {
		refused++;
		return NULL;
	}
	atomic_fetch_add_explicit(&all.blocks, 1, memory_order_relaxed);
	return malloc(size);
}

static void free_block(void *block)
{
	atomic_fetch_sub_explicit(&all.blocks, 1, memory_order_relaxed);
	free(block);
}

static void breach(enum shim_breach kind, const char *what, const char *file, int line)
{
	static const char *const rule[] = {
		[SHIM_ASSERT] = "kernel-assert",
		[SHIM_LOCK] = "lock-discipline",
		[SHIM_SLEEP] = "lock-discipline",
		[SHIM_ENDLESS] = "call-ends",
	};

	fail(rule[kind], "%s at %s:%d", what, file, line);
}

/* ThreadSanitizer's, which has something to report. */
void __tsan_on_report(void *report);
void __tsan_on_report(void *report)
{
	(void)report;
	fprintf(stderr, "FAIL lock-discipline: two threads touch the same memory, and no lock "
	                "orders them\n");
}

const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
	return "halt_on_error=1:exitcode=1";
}

/* --- what a thread does ------------------------------------------------------------------------------ */

/* A number below @below; the generator is SplitMix64. */
static unsigned draw(struct worker *w, unsigned below)
{
	uint64_t z = w->random += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return (z ^ (z >> 31)) % below;
}

/* The pages [from, to) of the worker's own, as bits. */
static uint64_t bits(const struct worker *w, long from, long to)
{
	uint64_t below_to = to - w->first == PAGES ? ~0ull : (1ull << (to - w->first)) - 1;

	return below_to & ~((1ull << (from - w->first)) - 1);
}

static void draw_range(struct worker *w, long *from, long *to)
{
	unsigned start = draw(w, PAGES), room = PAGES - start;

	*from = w->first + start;
	*to = *from + 1 + draw(w, draw(w, 2) || room < 8 ? room : 8);
}

static long count(uint64_t pages)
{
	return __builtin_popcountll(pages);
}

/* Runs of pages that are missing: bits whose lower neighbour is not missing too. */
static long holes(uint64_t missing)
{
	return count(missing & ~(missing << 1));
}

static void check_return(const char *rule, long ret, long pages)
{
	CHECK("enomem-honest", (ret == -ENOMEM) == (refused > 0),
	      "returned %ld, %u requests refused", ret, refused);
	CHECK(rule, ret == -ENOMEM || ret == pages, "returned %ld, not %ld", ret, pages);
}

static void call_chg(struct worker *w, struct ticket *ticket)
{
	long needed = 0, wanted, ret;
	uint64_t missing;

	draw_range(w, &ticket->from, &ticket->to);
	missing = bits(w, ticket->from, ticket->to) & ~w->covered;
	ret = all.of->chg(all.map, ticket->from, ticket->to, &needed);
	check_return("chg-count", ret, count(missing));
	wanted = all.of->traits.needs_holes && holes(missing) > 1 ? holes(missing) : 1;
	ticket->open = ret >= 0;
	ticket->needed = needed;
	CHECK("needed-matches-holes", ret < 0 || needed == wanted, "regions_needed is %ld, not %ld",
	      needed, wanted);
}

static void call_add(struct worker *w, struct ticket *ticket)
{
	uint64_t pages = bits(w, ticket->from, ticket->to);
	long ret = all.of->add(all.map, ticket->from, ticket->to, ticket->needed, 0);

	check_return("add-count", ret, count(pages & ~w->covered));
	if (ret < 0)
		return;
	w->covered |= pages;
	ticket->open = false;
}

static void call_abort(struct ticket *ticket)
{
	all.of->abort(all.map, ticket->from, ticket->to, ticket->needed);
	ticket->open = false;
}

static void call_del(struct worker *w)
{
	long from, to, ret;

	draw_range(w, &from, &to);
	ret = all.of->del(all.map, from, to);
	check_return("del-count", ret, count(bits(w, from, to) & w->covered));
	if (ret >= 0)
		w->covered &= ~bits(w, from, to);
}

static void call_count(struct worker *w)
{
	long from, to, ret;

	draw_range(w, &from, &to);
	ret = all.of->count(all.map, from, to);
	check_return("count-count", ret, count(bits(w, from, to) & w->covered));
}

/* One call: of eight, five are of a ticket, two del, one count. */
static void call_one(struct worker *w)
{
	struct ticket *ticket = &w->ticket[draw(w, TICKETS)];
	unsigned what = draw(w, 8);

	refused = 0;
	refuse_at = draw(w, 8) ? 0 : 1 + draw(w, 2);
	w->calls++;
	if (what == 7)
		call_count(w);
	else if (what >= 5)
		call_del(w);
	else if (!ticket->open)
		call_chg(w, ticket);
	else if (what)
		call_add(w, ticket);
	else
		call_abort(ticket);
	w->refused += refused;
	CHECK("lock-discipline", !shim_locks_held, "a call returns with a lock held");
}

static void *work(void *argument)
{
	struct worker *w = argument;

	for (unsigned round = 0; round < all.rounds; round++) {
		pthread_barrier_wait(&all.round[round % 2]);
		alone = true;
		everybody = (round + 1ul) * all.threads;
		call_one(w);
		meet();
	}
	return NULL;
}

/* --- before and after -------------------------------------------------------------------------------- */

static unsigned number(const char *text, unsigned least, unsigned most)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*end || value < least || value > most) {
		fprintf(stderr, "threads: %s is no number from %u to %u\n", text, least, most);
		exit(2);
	}
	return value;
}

static void start(unsigned seed)
{
	for (int i = 0; i < 2; i++)
		pthread_barrier_init(&all.round[i], NULL, all.threads);
	for (unsigned i = 0; i < all.threads; i++) {
		worker[i].first = (long)i * PAGES;
		worker[i].random = seed * 1000003ull + i;
		if (pthread_create(&worker[i].thread, NULL, work, &worker[i])) {
			fprintf(stderr, "threads: thread %u cannot be started\n", i);
			exit(2);
		}
	}
}

static bool is_covered(long page)
{
	return worker[page / PAGES].covered >> page % PAGES & 1;
}

static const void *at(const void *base, size_t offset)
{
	return (const char *)base + offset;
}

static long long_at(const void *base, size_t offset)
{
	return *(const long *)at(base, offset);
}

/* The next entry of the list @head, or NULL at its end. */
static const struct list_head *next_of(const struct list_head *head, const struct list_head *link)
{
	CHECK("links-sane", link->next->prev == link, "next->prev is another entry");
	return link->next == head ? NULL : link->next;
}

/* The regions are ascending, and cover what the threads have reserved.  Returns how many there are. */
static unsigned long check_regions(void)
{
	const struct map_layout *layout = &all.of->layout;
	const struct list_head *head = at(all.map, layout->regions), *link = head;
	long page = 0, pages = (long)all.threads * PAGES, from, to;
	unsigned long regions = 0;

	for (; (link = next_of(head, link)); regions++) {
		from = long_at(link, layout->from - layout->link);
		to = long_at(link, layout->to - layout->link);
		CHECK("map-ordered", from >= page && from <= to && to <= pages, "region [%ld,%ld)",
		      from, to);
		for (; page < to; page++)
			CHECK("map-matches-model", is_covered(page) == (page >= from), "page %ld",
			      page);
	}
	for (; page < pages; page++)
		CHECK("map-matches-model", !is_covered(page), "page %ld should be covered", page);
	return regions;
}

static void check_cache(long in_progress)
{
	const struct map_layout *layout = &all.of->layout;
	const struct list_head *head = at(all.map, layout->cache), *link = head;
	long spare = 0, said = long_at(all.map, layout->cache_count);
	long said_in_progress = long_at(all.map, layout->in_progress);

	while ((link = next_of(head, link)))
		spare++;
	CHECK("cache-counted", said == spare, "region_cache_count %ld, entries in the cache %ld",
	      said, spare);
	CHECK("tickets-counted", said_in_progress == in_progress,
	      "adds_in_progress %ld, open tickets need %ld", said_in_progress, in_progress);
	CHECK("cache-covers-tickets", spare >= in_progress, "cache %ld < tickets %ld", spare,
	      in_progress);
}

/* All threads have ended.  What is promised to tickets that are still open. */
static long promised(void)
{
	long entries = 0;

	for (unsigned i = 0; i < all.threads * TICKETS; i++) {
		struct ticket *ticket = &worker[i / TICKETS].ticket[i % TICKETS];

		entries += ticket->open ? ticket->needed : 0;
	}
	return entries;
}

static void abort_all(void)
{
	for (unsigned i = 0; i < all.threads * TICKETS; i++)
		if (worker[i / TICKETS].ticket[i % TICKETS].open)
			call_abort(&worker[i / TICKETS].ticket[i % TICKETS]);
}

static void finish(void)
{
	unsigned long calls = 0, not_given = 0, regions = check_regions();

	check_cache(promised());
	abort_all();
	check_cache(0);
	for (unsigned i = 0; i < all.threads; i++) {
		calls += worker[i].calls;
		not_given += worker[i].refused;
	}
	all.of->close(all.map);
	CHECK("memory-clean", !all.blocks, "%ld blocks leaked", (long)all.blocks);
	printf("%u threads, %lu calls, %lu requests refused, %lu regions at the end: every rule "
	       "held\n",
	       all.threads, calls, not_given, regions);
}

int main(int argc, char **argv)
{
	unsigned seed = argc > 3 ? number(argv[3], 0, 1u << 30) : 1;

	if (argc > 4) {
		fprintf(stderr, "usage: threads [THREADS [ROUNDS [SEED]]]\n");
		return 2;
	}
	all.threads = argc > 1 ? number(argv[1], 2, THREADS_MOST) : 4;
	all.rounds = argc > 2 ? number(argv[2], 1, 1u << 30) : 5000;
	all.of = map_under_test;
	shim_hooks = (struct shim_hooks){
		.alloc = alloc_block, .free = free_block, .breach = breach, .spare = alloc_block
	};
	all.map = all.of->open();
	if (!all.map) {
		fprintf(stderr, "threads: no memory for a map\n");
		return 2;
	}
	start(seed);
	for (unsigned i = 0; i < all.threads; i++)
		pthread_join(worker[i].thread, NULL);
	finish();
	return fflush(stdout) ? 2 : 0;
}
