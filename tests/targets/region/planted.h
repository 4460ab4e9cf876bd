/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * run.c and calls.c compiled in once more, over calls that reach the real map and spoil it then, in
 * a way that is chosen by "plant".  Then the ways to spoil.
 */
#ifndef PLANTED_H
#define PLANTED_H

#include "tests/test.h"

#include "fuzz/targets/region/check.h"
#include "fuzz/run/pool.h"
#include "src/map/resv_map.h"

/* One way to spoil a map, what a call returned, or the entries that a chg handed out. */
struct plant {
	enum op_kind kind; /* right behind this call; in front of it if it begins to ask */
	void (*spoil)(struct resv_map *map, long *ret, long *needed);
	const char *text;
	size_t op;      /* where the run has to stop */
	enum rule rule; /* RULES: it is nothing wrong */
};

static const struct plant *plant;
static bool asks_first(void);

static long spoilt(enum op_kind kind, struct resv_map *map, long ret, long *needed)
{
	if (plant && plant->kind == kind && !asks_first())
		plant->spoil(map, &ret, needed);
	return ret;
}

/* The ranges that no caller may pass, as they came, with the letters of their calls. */
static char bad_ranges[256];

/* In front of a call: one that has done its work asks for nothing any more. */
static void before(enum op_kind kind, struct resv_map *map, long from, long to)
{
	size_t used = strlen(bad_ranges);

	if (from < 0 || from > to)
		snprintf(bad_ranges + used, sizeof(bad_ranges) - used, "%c[%ld,%ld) ",
		         op_info[kind].wire, from, to);
	if (plant && plant->kind == kind && asks_first())
		plant->spoil(map, NULL, NULL);
}

static struct resv_map *planted_open(void);
static void planted_released(void);

static long planted_chg(struct resv_map *map, long from, long to, long *needed)
{
	before(OP_chg, map, from, to);
	return spoilt(OP_chg, map, target_chg(map, from, to, needed), needed);
}

static long planted_add(struct resv_map *map, long from, long to, long needed, unsigned owner)
{
	before(OP_add, map, from, to);
	return spoilt(OP_add, map, target_add(map, from, to, needed, owner), NULL);
}

static void planted_abort(struct resv_map *map, long from, long to, long needed)
{
	before(OP_abort, map, from, to);
	target_abort(map, from, to, needed);
	spoilt(OP_abort, map, 0, NULL);
}

static long planted_del(struct resv_map *map, long from, long to)
{
	before(OP_del, map, from, to);
	return spoilt(OP_del, map, target_del(map, from, to), NULL);
}

static long planted_count(struct resv_map *map, long from, long to)
{
	before(OP_count, map, from, to);
	return spoilt(OP_count, map, target_count(map, from, to), NULL);
}

/* The interpreter under other names; its totals are of a struct of the same name. */
struct planted_totals {
	unsigned long runs, ops, skipped;
};

#define run_totals     planted_totals
#define run_trace      run_planted
#define run_results    planted_results
#define calls_begin    planted_begin
#define calls_open     planted_calls_open
#define calls_run      planted_run
#define calls_close    planted_close
#define target_open    planted_open
#define target_chg     planted_chg
#define target_add     planted_add
#define target_abort   planted_abort
#define target_del     planted_del
#define target_count   planted_count
#define check_released planted_released
#undef check_expected /* cmocka's; nobody needs it here */
#include "fuzz/targets/region/calls.c"
#include "fuzz/run/run.c"
#undef target_open
#undef target_chg
#undef target_abort
#undef check_released

/* --- ways to spoil --------------------------------------------------------------------------- */

/* One statement each; "struct resv_map" takes the semicolon. */
#define MAYBE __attribute__((unused))
#define SPOIL(name, how) \
	static void name(struct resv_map *map MAYBE, long *ret MAYBE, long *needed MAYBE) \
	{ \
		how; \
	} \
	struct resv_map

static void cut_in_two(struct file_region *rg)
{
	struct file_region *rest = pool_alloc(sizeof(*rest));

	rest->from = rg->from + 1;
	rest->to = rg->to;
	rg->to = rest->from;
	list_add(&rest->link, &rg->link);
}

static void lose(struct list_head *entry)
{
	list_del(entry);
	kfree(entry);
}

#define FIRST(list) list_first_entry(list, struct file_region, link)

SPOIL(one_more, ++*ret);
SPOIL(needs_more, ++*needed);
SPOIL(says_enomem, *ret = -ENOMEM);
SPOIL(hides_enomem, *ret = *ret == -ENOMEM ? 1 : *ret);
SPOIL(asks, kfree(kmalloc(8, GFP_KERNEL)));
SPOIL(asks_torn, FIRST(&map->regions)->to++; asks(map, ret, needed); FIRST(&map->regions)->to--);
SPOIL(asks_booked, map->adds_in_progress++; asks(map, ret, needed); map->adds_in_progress--);
SPOIL(asks_and_asserts, asks(map, ret, needed); VM_BUG_ON(map));
SPOIL(leaks, pool_alloc(8));
SPOIL(frees_twice, void *block = pool_alloc(8); kfree(block); kfree(block));
SPOIL(frees_inside, kfree(&map->regions));
SPOIL(stays_locked, spin_lock(&map->lock));
SPOIL(locks_twice, spin_lock(&map->lock); spin_lock(&map->lock));
SPOIL(asks_locked, spin_lock(&map->lock); asks(map, ret, needed));
SPOIL(asserts, VM_BUG_ON(map));
SPOIL(breaks_list, map->regions.next->prev = NULL);
SPOIL(moves_region, if (!list_empty(&map->regions)) FIRST(&map->regions)->to++);
SPOIL(cuts_in_two, cut_in_two(FIRST(&map->regions)));
SPOIL(opens_ticket, map->adds_in_progress++);
SPOIL(miscounts_cache, map->region_cache_count++);
SPOIL(goes_round, while (shim_step(__FILE__, __LINE__)));
SPOIL(loses_entry, lose(map->region_cache.next); map->region_cache_count--);

static bool asks_first(void)
{
	return plant->spoil == asks || plant->spoil == asks_torn || plant->spoil == asks_booked ||
	       plant->spoil == asks_and_asserts;
}

#endif
