/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A map whose calls reach the one under test and spoil it then, in a way that is chosen by "plant".
 * Then the ways to spoil.
 */
#ifndef PLANTED_H
#define PLANTED_H

#include "tests/test.h"

#include "fuzz/map/ops.h"
#include "fuzz/targets/region/check.h"
#include "fuzz/run/blocks.h"
#include "src/map/resv_map.h"

static const struct map *real;

/* One way to spoil a map, what a call returned, or the entries that a chg handed out. */
struct plant {
	unsigned kind; /* right behind this call; in front of it if it begins to ask */
	void (*spoil)(struct resv_map *map, long *ret, long *needed);
	const char *text;
	size_t op;      /* where the run has to stop */
	enum rule rule; /* RULES: it is nothing wrong */
};

static const struct plant *plant;
static bool asks_first(void);

static long spoilt(unsigned kind, struct resv_map *map, long ret, long *needed)
{
	if (plant && plant->kind == kind && !asks_first())
		plant->spoil(map, &ret, needed);
	return ret;
}

/* The ranges that no caller may pass, as they came, with the letters of their calls. */
static char bad_ranges[256];

/* In front of a call: one that has done its work asks for nothing any more. */
static void before(unsigned kind, struct resv_map *map, long from, long to)
{
	size_t used = strlen(bad_ranges);

	if (from < 0 || from > to)
		snprintf(bad_ranges + used, sizeof(bad_ranges) - used, "%c[%ld,%ld) ",
		         region_target.op[kind].wire, from, to);
	if (plant && plant->kind == kind && asks_first())
		plant->spoil(map, NULL, NULL);
}

static struct resv_map *planted_open(void);

static long planted_chg(struct resv_map *map, long from, long to, long *needed)
{
	before(OP_chg, map, from, to);
	return spoilt(OP_chg, map, real->chg(map, from, to, needed), needed);
}

static long planted_add(struct resv_map *map, long from, long to, long needed, unsigned cgroup)
{
	before(OP_add, map, from, to);
	return spoilt(OP_add, map, real->add(map, from, to, needed, cgroup), NULL);
}

static void planted_abort(struct resv_map *map, long from, long to, long needed)
{
	before(OP_abort, map, from, to);
	real->abort(map, from, to, needed);
	spoilt(OP_abort, map, 0, NULL);
}

static long planted_del(struct resv_map *map, long from, long to)
{
	before(OP_del, map, from, to);
	return spoilt(OP_del, map, real->del(map, from, to), NULL);
}

static long planted_count(struct resv_map *map, long from, long to)
{
	before(OP_count, map, from, to);
	return spoilt(OP_count, map, real->count(map, from, to), NULL);
}

static void planted_look_cgroups(struct map_cgroup cgroup[MAP_CGROUPS]);

/* The map under test, over these calls. */
static struct map planted;

static void plant_the_map(void)
{
	real = map_under_test;
	planted = *real;
	planted.open = planted_open;
	planted.chg = planted_chg;
	planted.add = planted_add;
	planted.abort = planted_abort;
	planted.del = planted_del;
	planted.count = planted_count;
	planted.look_cgroups = planted_look_cgroups;
	planted.traits.holds_cgroup = true;
	map_under_test = &planted;
}

static bool run_planted(const struct trace *trace, const struct result *expect,
                        enum run_times times)
{
	return run_trace(trace->target, trace, expect, times);
}

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
	struct file_region *rest = block_alloc(sizeof(*rest));

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
/* No request of the call's own, of which there are only as many as the cache lacks entries. */
SPOIL(asks_booked, map->adds_in_progress++; kfree(shim_hooks.spare(8)); map->adds_in_progress--);
SPOIL(asks_and_asserts, asks(map, ret, needed); VM_BUG_ON(map));
SPOIL(leaks, block_alloc(8));
SPOIL(frees_twice, void *block = block_alloc(8); kfree(block); kfree(block));
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
