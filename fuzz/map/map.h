/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A map under test: an object that exports one struct map, and nothing else.  Each is linked by
 * itself and its other names are made local, so any number of them stand in one program though all
 * have functions of the same names.
 *
 * Ranges are huge-page indices, from inclusive, to exclusive.  The caller keeps the contract of
 * the map's callers: a chg that returned >= 0 gets exactly one add that succeeds or one abort,
 * with the same range and needed.
 */
#ifndef MAP_H
#define MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a map promises, where maps differ; model and rules are told. */
struct map_traits {
	bool merges;        /* touching regions of one cgroup become one */
	bool counts_at_end; /* chg counts when it returns, not when it is called */
	bool needs_holes;   /* a ticket needs an entry for each hole, not one in all */
	bool empty_ranges;  /* takes ranges of no page */
	bool bad_ranges;    /* refuses from > to and negative ones with -EINVAL */
	bool has_cgroup;    /* a region has a cgroup, which is charged for its pages */
	bool holds_cgroup;  /* each region holds a reference to its cgroup of its own */
	int charge;         /* what a cgroup is charged for one page */
	bool keeps_empty;   /* may keep regions of no page in its list */
};

struct resv_map;
struct file_region;

/* Where struct resv_map and struct file_region have what the harness looks at; offsets. */
struct map_layout {
	size_t regions, cache;           /* list heads */
	size_t cache_count, in_progress; /* longs */
	size_t link, from, to;           /* of a region or an entry */
	unsigned (*cgroup)(
		const struct file_region *rg); /* whose it is, MAP_CGROUPS: a strange one's */
};

/* Behind the map's own structs, whose fields have had these names since 4.4. */
#define MAP_LAYOUT(cgroup_of) \
	{ \
		.regions = offsetof(struct resv_map, regions), \
		.cache = offsetof(struct resv_map, region_cache), \
		.cache_count = offsetof(struct resv_map, region_cache_count), \
		.in_progress = offsetof(struct resv_map, adds_in_progress), \
		.link = offsetof(struct file_region, link), \
		.from = offsetof(struct file_region, from), \
		.to = offsetof(struct file_region, to), .cgroup = cgroup_of, \
	}

enum { VIEW_REGIONS = 256, MAP_CGROUPS = 4 };

/* What a cgroup is known for outside of the map; number 0 is nobody. */
struct map_cgroup {
	long refs;             /* references held to it, its creator's not counted */
	unsigned long charged; /* what it was charged and did not get back */
};

/*
 * region_cgroup(), for a map whose regions know who is charged: @group(n) is the n-th struct hugetlb_cgroup, of which
 * the first one is nobody.
 */
#define MAP_REGION_CGROUP(group) \
	static unsigned region_cgroup(const struct file_region *rg) \
	{ \
		unsigned number = 0; \
\
		if ((!rg->css && !rg->reservation_counter) || rg->css == &group(0)->css) \
			return 0; \
		while (++number < MAP_CGROUPS) \
			if (rg->css == &group(number)->css && \
			    rg->reservation_counter == &group(number)->rsvd_hugepage[0]) \
				break; \
		return number; \
	}

struct map {
	const char *name; /* what MAP= or KERNEL= says to get it */
	struct map_traits traits;
	struct map_layout layout;

	struct resv_map *(*open)(void);      /* a new map, or NULL when its memory was refused */
	void (*close)(struct resv_map *map); /* release it: every ticket is closed */
	long (*chg)(struct resv_map *map, long from, long to, long *needed);
	/* With has_cgroup, what is added belongs to @cgroup and is charged to it, as its callers do. */
	long (*add)(struct resv_map *map, long from, long to, long needed, unsigned cgroup);
	void (*abort)(struct resv_map *map, long from, long to, long needed);
	long (*del)(struct resv_map *map, long from, long to);
	long (*count)(struct resv_map *map, long from, long to);

	/* Look at the cgroups, also when the map is released; NULL without has_cgroup. */
	void (*look_cgroups)(struct map_cgroup cgroup[MAP_CGROUPS]);

	/* What else than blocks of memory changes with the map's state; NULL and 0: nothing. */
	void *own;
	size_t own_size;
};

/* What MAP= or KERNEL= says, and the map that the diff target holds beside it.  Unit tests set others. */
extern const struct map *map_under_test, *map_beside;

/* struct target's use_base: BASE='s map is the map under test, or no more. */
bool map_use_base(bool base);

struct map_region {
	long from, to;
	unsigned cgroup; /* below MAP_CGROUPS; 0: none, and always so without has_cgroup */
};

/* A map's state, copied out.  Only @broken counts when it is set. */
struct map_view {
	const char *broken; /* why the lists are not sane, or NULL */
	size_t regions;
	struct map_region region[VIEW_REGIONS];
	long spare;       /* length of the list of spare entries */
	long cache_count; /* what the map says it is */
	long in_progress; /* adds_in_progress */
};

/* Look at @map; safe on a corrupted one: it follows no pointer that is not to a live block. */
void map_look(const struct map_layout *layout, const struct resv_map *map, struct map_view *view);

/* By @map's own counts: the entries in its cache that no open ticket is owed. */
long map_spare(const struct map_layout *layout, const struct resv_map *map);

/* The cgroups of a map; all zero where it has none. */
void map_look_cgroups(const struct map *map, struct map_cgroup cgroup[MAP_CGROUPS]);

/*
 * The next run of covered pages at or behind region *@i, neighbours taken together; moves *@i
 * behind it.  False if there is none.
 */
bool view_pages(const struct map_view *view, size_t *i, struct map_region *pages);

#endif
