/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is reserved, by the contract of the callers, and what that adds up to: files and mappings,
 * each with one bit for each page.  Written from the laws, not from the code under test: a call that
 * succeeded has done what it is for, one that failed has done nothing.
 *
 * Two things may go either way, and the books have to agree with whichever it was: a failed fault
 * may leave a file's page reserved that was not, and where memory was refused a page may stay in a
 * map that was to leave it.  Such pages are noted as open until the map is looked at.
 *
 * Knows nothing of pages in memory: which of a file's are there, and how many private ones, it is
 * told when it adds up.
 */
#ifndef RESERVE_MODEL_H
#define RESERVE_MODEL_H

#include <stdbool.h>
#include <stdint.h>

enum { MODEL_FILES = 4, MODEL_MAPPINGS = 8, MODEL_PAGES = 64 };

/* A set of pages out of which some may be in it or not. */
struct pages {
	uint64_t in;
	uint64_t open; /* either way is right */
};

static inline bool model_has(const struct pages *pages, unsigned page)
{
	return (pages->in & ~pages->open) >> page & 1;
}

static inline bool model_may_have(const struct pages *pages, unsigned page)
{
	return (pages->in | pages->open) >> page & 1;
}

struct model_file {
	struct pages reserved; /* its map: reserved, or there */
	uint64_t
		ahead; /* may be there though the file ends in front: fallocate() failed half way */
	unsigned drops; /* calls so far that drop pages from the file */
	bool refused;   /* a call on it was refused memory, and i_blocks was not looked at since */
	unsigned gone; /* pages that i_blocks counts still, for memory was refused when they went */
	/* When no call was under way last: pages that were there, and what was in them; dropped since then. */
	uint64_t seen_there;
	uint16_t seen[MODEL_PAGES];
	uint64_t dropped;
	unsigned length;  /* how many pages it is long */
	bool length_open; /* calls that set it overlapped, or one failed: what it is now is right */
};

struct model_mapping {
	bool exists;
	bool shared;
	bool owns; /* private, with reservations of its own */
	unsigned file;
	unsigned from, to;
	struct pages used_up; /* an owner's map: reservations that are used up */
	bool lockless;        /* memory for its lock was refused */
	bool split; /* it shares its map with others, and has the pages of its range of it */
	uint64_t
		promised; /* shared pages that mmap() has reserved, and nobody has dropped from the file */
	uint64_t
		copied; /* pages that UFFDIO_COPY has filled, which it does behind the file's end too */
	/* What userfaultfd was asked for: a signal for what is not there, and not to be written. */
	bool watched, protects;
	bool unsure; /* it may protect pages or not: calls overlapped */
	struct pages guarded, ruined;
	/* When no call was under way last: its own pages, and what was in them. */
	uint64_t seen_there;
	uint16_t seen[MODEL_PAGES];
};

struct reserve_model {
	struct model_file file[MODEL_FILES];
	struct model_mapping mapping[MODEL_MAPPINGS];
	uint8_t mappings; /* those that exist, a bit each: most do not */
	/* Free pages that memory failure has taken, and promises that have had no page since then. */
	long failed, lost;
	bool no_node; /* a task was refused the node's pages, so that others may have become surplus */
	bool poisoned; /* memory failure was at some page */
	long rest;     /* of the mount's minimum, when no call was under way last */
	/* Surplus pages when no call was under way last; the pool was resized since, which makes some. */
	long surplus;
	bool resized;
	bool resize_overlapped; /* a page that was becoming surplus then may count as the pool's own */
};

/* For each @slot of the set @set of mappings, or file of a set of files. */
#define model_for_each(slot, set) \
	for (unsigned slot##s = (set), slot; \
	     slot##s && (slot = (unsigned)__builtin_ctz(slot##s), true); slot##s &= slot##s - 1)

/* The pages [from, to) as a set. */
static inline uint64_t page_set(unsigned from, unsigned to)
{
	return from >= to ? 0 : (~0ULL >> (MODEL_PAGES - (to - from))) << from;
}

/* Pages @set of the file are dropped: what mappings were promised of them they have no more. */
void model_drop(struct reserve_model *model, unsigned file, uint64_t set);

/* Page @page of the file is dropped from mappings: from @slot, or from all if that is MODEL_MAPPINGS. */
void model_forget(struct reserve_model *model, unsigned file, unsigned slot, unsigned page);

/* What userfaultfd was asked for of these pages of a mapping, or of all of the file's, they have or not. */
void model_unwatch(struct reserve_model *model, unsigned slot, uint64_t set);
void model_unwatch_file(struct reserve_model *model, unsigned file, uint64_t set);

/* ... and they have not. */
void model_end_watch(struct reserve_model *model, unsigned slot, uint64_t set);

/* A call of the kind named has succeeded; each knows nothing of those that failed. */
void model_map(struct reserve_model *model, unsigned slot, struct model_mapping mapping,
               bool reserves);
void model_unmap(struct reserve_model *model, unsigned slot);
void model_guard(struct reserve_model *model, unsigned slot, unsigned page, bool alone);
void model_ruin(struct reserve_model *model, unsigned slot, unsigned page);

/* The page was filled, unless @fills: mapped, so it is not ruined; it is protected if its mapping is and @fills. */
void model_filled(struct reserve_model *model, unsigned slot, unsigned page, bool fills);

/* The mapping has moved, and nobody watches it any more. */
void model_moved(struct reserve_model *model, unsigned slot);

/* The file is at least so many pages long. */
void model_lengthen(struct reserve_model *model, unsigned file, unsigned pages);

/* What the mapping has from @page on is in slot @into now. */
void model_split(struct reserve_model *model, unsigned slot, unsigned page, unsigned into);

/* Pages of the file were allocated one by one: @there are in it now; @failed: one in [from, to) was not. */
void model_allocate(struct reserve_model *model, unsigned file, uint64_t there, bool failed,
                    unsigned from, unsigned to);
void model_fork(struct reserve_model *model, unsigned parent, unsigned child);
void model_truncate(struct reserve_model *model, unsigned file, unsigned size);

/* Pages that were there are punched out; @refused: memory was, so they may stay in the map. */
void model_punch(struct reserve_model *model, unsigned file, uint64_t there, bool refused);

/* Page @page of a mapping was allocated, for the file or for its own use. */
void model_allocated(struct reserve_model *model, unsigned slot, unsigned page, bool for_file);

/*
 * A fault of it failed, or copied a page the reservation of which was used up before: its entry may
 * go either way where that is right.
 */
void model_fault_failed(struct reserve_model *model, unsigned slot, unsigned page, bool for_file,
                        bool refused);

/*
 * Private pages of [from, to) of a file are unmapped: an owner's may have left their reservations as
 * they were before, on kernels that do so.
 */
void model_private_unmapped(struct reserve_model *model, unsigned file, unsigned from, unsigned to);
void model_page_unmapped(struct reserve_model *model, unsigned slot, unsigned page);

/*
 * Calls overlapped, and which of them was first is not known: pages [from, to) of the file may be
 * reserved or not, and reservations of them be used up or not.
 */
void model_overlapped(struct reserve_model *model, unsigned file, unsigned from, unsigned to);

/* Has the page a reservation, which a fault through this mapping would take? */
bool model_has_reservation(const struct reserve_model *model, unsigned slot, unsigned page,
                           uint64_t there);

/* Pages that a mapping of [from, to) would have to have reserved. */
unsigned model_to_reserve(const struct reserve_model *model, unsigned file, unsigned from,
                          unsigned to, bool private);

/*
 * Hold a map against its pages: those that differ and are not open; open ones become what the map
 * says.
 */
uint64_t model_settle(struct pages *pages, uint64_t map);

/* Reservations that nobody has used yet, of all files and owners; @there: pages of each file. */
unsigned model_promised(const struct reserve_model *model, const uint64_t there[MODEL_FILES]);

/*
 * Of the free pages @failed are taken by memory failure, and @unbacked promises have no other page: what
 * a failure takes that everything free was promised of, no kernel can keep.  Returns how many of them
 * somebody promised who could have known better.
 */
long model_unbacked(struct reserve_model *model, long failed, long unbacked);

/* Pages that count as used in the mount of the files in the set @files; private ones are not in it. */
unsigned model_used(const struct reserve_model *model, unsigned files);

#endif
