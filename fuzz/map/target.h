/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The map under test, as the harness sees it.  Several objects implement this header, one is
 * linked: target_port.c, target_coalescing.c, or target_kernel.c for one cut out of a kernel tree.
 * They are the only files that name a map.
 *
 * Ranges are huge-page indices, from inclusive, to exclusive.  The caller keeps the contract of
 * the map's callers: a chg that returned >= 0 gets exactly one add that succeeds or one abort,
 * with the same range and needed.
 */
#ifndef TARGET_H
#define TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What this map promises, where maps differ; model and rules follow it. */
struct target_traits {
	const char *name;   /* what MAP= or KERNEL= says to get it */
	bool merges;        /* touching regions of one owner become one */
	bool counts_at_end; /* chg counts when it returns, not when it is called */
	bool needs_holes;   /* a ticket needs an entry for each hole, not one in all */
	bool empty_ranges;  /* takes ranges of no page */
	bool bad_ranges;    /* refuses from > to and negative ones with -EINVAL */
	bool has_cgroup;    /* a region has an owner, who is charged for its pages */
	bool holds_owner;   /* each region holds a reference to its owner of its own */
	int charge;         /* what an owner is charged for one page */
	bool keeps_empty;   /* may keep regions of no page in its list */
};

extern const struct target_traits target_traits;

struct resv_map;

/* A new map, or NULL when its memory was refused. */
struct resv_map *target_open(void);

/* Release it: every ticket is closed. */
void target_close(struct resv_map *map);

long target_chg(struct resv_map *map, long from, long to, long *needed);
/* With has_cgroup, what is added belongs to @owner and is charged to it, as its callers do. */
long target_add(struct resv_map *map, long from, long to, long needed, unsigned owner);
void target_abort(struct resv_map *map, long from, long to, long needed);
long target_del(struct resv_map *map, long from, long to);
long target_count(struct resv_map *map, long from, long to);

enum { VIEW_REGIONS = 256, TARGET_OWNERS = 4 };

struct target_region {
	long from, to;
	unsigned owner; /* below TARGET_OWNERS; 0: none, and always so without has_cgroup */
};

/* What an owner is known for outside of the map. */
struct target_owner {
	long refs;             /* references held to it, its creator's not counted */
	unsigned long charged; /* what it was charged and did not get back */
};

/* The map's state, copied out.  Only @broken counts when it is set. */
struct target_view {
	const char *broken; /* why the lists are not sane, or NULL */
	size_t regions;
	struct target_region region[VIEW_REGIONS];
	long spare;       /* length of the list of spare entries */
	long cache_count; /* what the map says it is */
	long in_progress; /* adds_in_progress */
	struct target_owner owner[TARGET_OWNERS];
};

/*
 * The next run of covered pages at or behind region *@i, neighbours taken together; moves *@i
 * behind it.  False if there is none.
 */
bool view_pages(const struct target_view *view, size_t *i, struct target_region *pages);

/* Look at the owners: also when the map is released.  None has anything without has_cgroup. */
void target_look_owners(struct target_owner owner[TARGET_OWNERS]);

/* Look at the map; safe on a corrupted one: it follows no pointer that is not to a live block. */
void target_look(const struct resv_map *map, struct target_view *view);

#endif
