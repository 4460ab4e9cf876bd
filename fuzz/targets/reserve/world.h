/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The world that a run is in: ops to run, and books to look at.  Like a map (fuzz/map/map.h) it is an
 * object that exports one struct and nothing else.  port/ has files and faults of ours around the
 * callers of a map; text/ has all of a kernel's own hugetlb.
 *
 * Knows ops; nothing of models and rules, and no struct of a kernel's.
 */
#ifndef RESERVE_WORLD_H
#define RESERVE_WORLD_H

#include "fuzz/map/map.h"
#include "fuzz/trace/op.h"

#include "src/shim/dup.h"

/* A call under way, as far as it locks others out; the one inside of which it runs is @outer. */
struct under_way {
	const struct op *op;
	unsigned file;    /* that it works on, FILES if none */
	bool inode_lock;  /* held on the file */
	unsigned slot;    /* whose mmap lock it holds, SLOTS if none */
	bool shares_slot; /* ... together with other faults */
	uint64_t pages;   /* whose fault mutexes it holds */
	const struct under_way *outer;
};

/* A subpool's numbers; -1 is no limit. */
struct subpool_view {
	long max, used, min, rsv;
};

struct pool_view {
	long pages, free, promised, surplus, overcommit;
	long own;    /* what nr_hugepages shows: all but surplus ones */
	long failed; /* of the free ones: memory failure has taken them, and nobody is given one */
	long memcg,
		memcg_refs; /* that cgroup of memory: small pages charged, and references to it */
	long node_pages, node_free, node_surplus; /* the same of the only node */
};

/*
 * What is in a page: it may still be what was there before the page was free, or it was cleared or filled
 * from elsewhere; else a number that is the greater the later it was written.
 */
enum { CONTENT_NONE, CONTENT_STALE, CONTENT_FILLED };

/* An entry of a page table that has a page. */
/* What look_entry() says of an entry that is there. */
enum entry_shown {
	ENTRY_PAGE = 1,          /* a bit: there is a page, ... */
	ENTRY_WRITABLE = 2,      /* ... which may be written: another bit */
	ENTRY_AWAY = 2,          /* no page but one that migrates, or has failed */
	ENTRY_AWAY_WRITABLE = 6, /* one that migrates, and may be written then */
	ENTRY_MARKER = 8,        /* stands for no page */
};

struct entry_view {
	const void *page;
	unsigned number; /* of the page, below WORLD_FOLIOS; else what is there is none */
	bool own;        /* a process' own page, and no file's */
	bool writable;
	bool failed;  /* memory failure has taken the page */
	bool guarded; /* userfaultfd protects it */
	bool alone; /* what is own is known to be nobody else's, where a kernel knows that of pages */
	unsigned content;
};

/* A page that the buddy allocator has given out, and how many there can be. */
enum { WORLD_FOLIOS = 128 };
struct folio_view {
	unsigned number;
	bool huge; /* it is of the pool */
	bool in_file;
	unsigned refs, mapcount;
	unsigned pins; /* somebody keeps it */
};

/* What a cgroup is charged for, in small pages, and how often it is referenced. */
struct cgroup_view {
	long refs;
	unsigned long reserved, used;
	unsigned long
		on_node; /* of `used`, what the node's own count says; all of it, if there is none */
};

/* The pool's lock keeps four numbers, the mount's two. */
enum { LOCKED_POOL = 4, LOCKED_MOUNT = 2 };
struct locked {
	unsigned count;
	const unsigned long *number[LOCKED_POOL];
};

/* A huge page in use. */
struct page_view {
	unsigned cgroup, cgroup_rsvd; /* who is charged for it */
	bool in_file;                 /* it is in a page cache, and not one process' own */
	bool of_mount;                /* it counts in the mount with limits */
};

/* All huge pages together, free ones too. */
struct pages_view {
	unsigned charged[MAP_CGROUPS],
		reserved[MAP_CGROUPS]; /* pages in use, by who is charged for them */
	unsigned private; /* pages in use that are in no file, and count in the mount with limits */
	unsigned
		charged_alone; /* pages of files that are charged as reserved by themselves, not with a region */
	long root; /* small pages that the root's node counts more than pages in use are the root's */
	const char *free_has; /* what a page that is free has not got rid of, or NULL */
	long memcg; /* small pages that a cgroup of memory is charged for and no page in use has */
};

/* A file that there is. */
struct file_view {
	const struct resv_map *map;
	uint64_t cached; /* its pages in the page cache */
	unsigned cgroup; /* of who has made it */
	unsigned pages;  /* how many it is long */
	long blocks;     /* its i_blocks, and how many of them a page is worth */
	long page_blocks;
};

/* The array that pages are in; of an element from *@used on nothing is read before a page is taken there, which sets it. */
struct page_array {
	char *first, *end;
	size_t size; /* of an element */
	unsigned *used;
};

/* What the callers promise, where they differ. */
struct world_traits {
	bool keeps_empty;      /* a map may keep regions of no page in its list */
	bool charges_reserved; /* a cgroup is charged for what is reserved, not only for what is used */
	bool charges_used;     /* ... for pages in use */
	bool charges_memory; /* the cgroup of memory in general is charged for each page that a fault gets */
	bool charges_regions; /* a region of a file's map knows who is charged; else the file does */
	bool exact_minimum;   /* with a maximum, rsv is what the minimum lacks and no more */
	bool holds_cgroup;    /* each region, private map and charged page holds a reference */
	bool restores;        /* an owner's page that is unmapped may leave its reservation again */
	bool checks_limits;   /* a mount whose minimum is above its maximum is refused */
	bool waits;           /* its locks are waited for: a call in a window is a task (tasks.h) */
	int charge;           /* what a cgroup is charged for one page */
};

/* Files 0 and 1 are on the mount with limits, the others on one without. */
enum { LIMITED_FILES = 3 };

static inline bool file_is_limited(unsigned file)
{
	return LIMITED_FILES >> file & 1;
}

/* The cgroup that an op's task is in. */
static inline unsigned op_cgroup(const struct op *op)
{
	return op->cgroup ? op->cgroup : 1;
}

/*
 * What the world does, and what it shows.  Each function takes @state, the world's own.
 */
struct world {
	const char *name; /* what MAP= or KERNEL= says to get it */
	struct world_traits traits;
	struct map_layout layout; /* of its maps */
	struct world_state *state;
	const unsigned *warned; /* what the kernel's text has warned of since begin() */

	/* --- running */

	/*
	 * Nothing, and a pool of @pages huge pages, @surplus more on demand.  world_mount() then makes the
	 * mount with its limits, -1 for none; false: it was refused.
	 */
	void (*begin)(struct world_state *state, unsigned pages, unsigned surplus);
	bool (*mount)(struct world_state *state, long max, long min);
	/* The mount goes; no file is left. */
	void (*unmount)(struct world_state *state);
	/* A new file, which op's task makes.  False: its memory was refused. */
	bool (*make_file)(struct world_state *state, const struct op *op);
	bool (*has_file)(const struct world_state *state, unsigned file);
	/* Can it do ops of this kind?  worlds.def says so for all worlds. */
	bool (*can)(unsigned kind);
	/*
	 * What the op locks while it runs.  False: it makes no sense now (a slot in use, a page outside of
	 * the mapping), or a call under way keeps it from running here.
	 */
	bool (*may_run)(const struct world_state *state, const struct op *op,
	                struct under_way *call);
	/* The call under way is @call, or none; its task is in the cgroup of its op. */
	void (*under_way)(struct world_state *state, const struct under_way *call);
	/* Run it.  Returns 0 or a negative errno. */
	int (*run)(struct world_state *state, const struct op *op);
	/*
	 * "refuse subpool": until it is set again, the maximum of the mount is what is used already.  Returns
	 * the old one; without a maximum nothing happens.
	 */
	long (*set_max)(struct world_state *state, long max);
	/* Does the world itself see that a page is lacking?  Else the shim's hooks are asked (hooks.h). */
	bool (*lacks_pages)(const struct world_state *state, long pages);
	/* --- books */

	/* The pool's spinlock, and the mount's, or NULL. */
	void (*locks)(const struct world_state *state, const void *lock[2]);
	/* What one of them keeps, until the next call; NULL: it has gone. */
	const struct locked *(*look_locked)(const struct world_state *state, const void *lock);

	void (*look_pool)(const struct world_state *state, struct pool_view *pool);
	/* False: there is no mount with limits. */
	bool (*look_mount)(const struct world_state *state, struct subpool_view *mount);
	void (*look_cgroup)(const struct world_state *state, unsigned i,
	                    struct cgroup_view *cgroup);
	/* The next page in use at or behind number *@i, which moves behind it.  False: there is none. */
	bool (*look_page)(const struct world_state *state, unsigned *i, struct page_view *page);
	/* All of them, as look_page() shows each. */
	void (*look_pages)(const struct world_state *state, struct pages_view *pages);
	/* False: there is no such file. */
	bool (*look_file)(const struct world_state *state, unsigned file, struct file_view *view);
	/* Of a file that there is: its map, its pages in the page cache, who has made it. */
	const struct resv_map *(*file_map)(const struct world_state *state, unsigned file);
	uint64_t (*cached)(const struct world_state *state, unsigned file);
	unsigned (*file_cgroup)(const struct world_state *state, unsigned file);
	/* Of a slot: is it mapped, is that mapping shared, and by which cgroup's task was it made? */
	bool (*mapped)(const struct world_state *state, unsigned slot);
	bool (*shares)(const struct world_state *state, unsigned slot);
	unsigned (*mapping_cgroup)(const struct world_state *state, unsigned slot);
	unsigned (*mapping_file)(const struct world_state *state, unsigned slot);
	/*
	 * The slots of processes that lost a page to whom the reservations are, a bit each.  And what does a
	 * mapping that did not come about point to still?
	 */
	uint8_t (*lost_pages)(const struct world_state *state);
	const void *(*pointer_left)(const struct world_state *state, unsigned slot);
	/* Has the mapping, which is shared, no lock of its own, where a kernel gives it one? */
	bool (*lacks_lock)(const struct world_state *state, unsigned slot);
	/* How many pages long a file is. */
	unsigned (*file_pages)(const struct world_state *state, unsigned file);
	/* The map of a mapping that owns reservations, or NULL. */
	struct resv_map *(*owner_map)(const struct world_state *state, unsigned slot);
	/* The page that is mapped at @page of its file, or NULL; and whether it is the process' own. */
	const void *(*page_at)(const struct world_state *state, unsigned slot, unsigned page,
	                       bool *own);
	/* The same with all that is known of it.  False: there is none. */
	bool (*look_mapped)(const struct world_state *state, unsigned slot, unsigned page,
	                    struct entry_view *entry);
	/* ... of all pages in [@from, @to): those that are there, as a set, each in @entry by its place in the file. */
	uint64_t (*look_mapping)(const struct world_state *state, unsigned slot, unsigned from,
	                         unsigned to, struct entry_view entry[]);
	/* The page that a file has at @page, or NULL, and what is in it. */
	const void *(*file_page)(const struct world_state *state, unsigned file, unsigned page,
	                         unsigned *content);
	/* Has memory failure taken the page that a file has at @page? */
	bool (*page_failed)(const struct world_state *state, unsigned file, unsigned page);
	/*
	 * All pages that are not with the buddy allocator: how many.  @idle: NULL; or pages of the pool that have
	 * nothing of all that a view says are only counted, in *@idle.
	 */
	unsigned (*look_folios)(const struct world_state *state,
	                        struct folio_view folio[WORLD_FOLIOS], unsigned *idle);
	/* The slots that are mapped, as a set; of each of them the process, and its hugetlb_usage. */
	unsigned (*look_processes)(const struct world_state *state, const void *process[SLOTS],
	                           long usage[SLOTS]);
	/* How long the lists of free pages and of those in use are. */
	void (*count_lists)(const struct world_state *state, long *free, long *used);
	/*
	 * What no other view shows of that entry of its page table and of the page there: the same number for
	 * the same.  0: there is none; else as enum entry_shown says.
	 */
	unsigned (*look_entry)(const struct world_state *state, unsigned slot, unsigned page);
	/* Nearly all of the memory that is the world's own. */
	void (*page_array)(const struct world_state *state, struct page_array *array);
};

/* What MAP= or KERNEL= says. */
extern const struct world *world_under_test;

/* struct target's use_base: BASE='s world is the one under test, or no more. */
bool world_use_base(bool base);

#endif
