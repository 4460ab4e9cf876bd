/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules of the callers: the laws that tie maps, page caches, pool, subpool and cgroups
 * together.  Every function leaves by report_fail() when a rule does not hold.
 */
#ifndef RESERVE_CHECK_H
#define RESERVE_CHECK_H

#include "model.h"
#include "ops.h"
#include "world.h"

#include <stdio.h>

/* A call that has returned. */
struct reserve_facts {
	const struct op *op;
	int ret;
	unsigned no_memory, no_page, no_charge; /* requests refused */
	unsigned no_other; /* ... that a call may do without: a node's pages, a lock, ... */
	unsigned asked;    /* times that a page was asked of the buddy allocator, refused or not */
	bool warned;       /* the kernel said that its books may be wrong from now on */
	bool late;         /* something failed late */
	bool no_good;   /* only pages that memory failure has taken were left for what it wants */
	bool overtaken; /* other calls ran inside it */
	bool others; /* ... or outside of it, and some of them may have taken pages and given them back */
	bool inside;    /* it ran inside of another one */
	bool disturbed; /* this call or one before it in the run was overtaken */
	unsigned file;  /* that it works on, FILES if none */
	/* What was when it was called. */
	bool limited;          /* its mount has a maximum */
	bool no_room;          /* ... which does not allow what it wants */
	uint64_t there;        /* pages of its file in the page cache */
	unsigned drops;        /* calls so far that dropped pages from its file */
	struct pool_view pool; /* what wants pages, gives some back, or has no node */
	long wants,
		lacks; /* a mapping: pages that it needs, and those that the pool has to get for it */
	unsigned gave;      /* calls so far that may have given pages back */
	long reserved_for;  /* a fault: small pages that all cgroups are charged for as reserved */
	const void *page;   /* a fault, a migration, UFFDIO_CONTINUE: what was mapped */
	bool copies;        /* ... which was a private page */
	unsigned entry;     /* ... and all that look_entry() shows; mremap(): of all its pages */
	bool kept;          /* ... and somebody has a reference to it beside entries and file */
	bool failed_memory; /* UFFDIO_CONTINUE: memory failure has taken the page of the file */
	bool reserved;      /* ... and a reservation it could take */
	bool to_be_had;     /* a page that is promised to nobody else */
	uint8_t lost;       /* slots of processes that have lost a page, a bit each */
	uint8_t sharers;    /* a fault: slots that map the page that is there, a bit each */
};

/* What a call that failed leaves as it was. */
struct books {
	bool are_now; /* as they are: nothing has run since they were judged */
	unsigned long resv;
	struct subpool_view subpool;
	uint64_t map[FILES];
	struct map_cgroup cgroup[MAP_CGROUPS]; /* referenced; charged for what is reserved */
	unsigned long used[MAP_CGROUPS];       /* charged for pages in use */
};

/* The pages that a map covers, none if it is broken. */
uint64_t reserve_map_pages(const struct world *world, const struct resv_map *map);

/* UFFDIO_COPY? */
static inline bool reserve_copies(const struct op *op)
{
	return op->kind == OP_copy || op->kind == OP_recopy;
}

/* ... that finds its source only the second time? */
static inline bool reserve_copies_twice(const struct op *op)
{
	return op->kind == OP_recopy;
}

void books_look(const struct world *world, struct books *books);

/*
 * Of the free pages, and the surplus ones to be had, how many are there for the next that wants one and
 * is promised none?  One that memory failure has taken is there for nobody.
 */
long reserve_room(const struct pool_view *pool);

/* What is known when it is called; and of one that failed what is known behind it: facts.c. */
void reserve_look_before(const struct world *world, const struct reserve_model *model,
                         struct reserve_facts *facts, const struct under_way *locks);
void reserve_look_after_failure(const struct world *world, struct reserve_facts *facts);

/* Small pages that all cgroups are charged for as reserved; 0 where they are not. */
long reserve_charged(const struct world *world);

/* The model learns what the call did. */
void reserve_settle(const struct world *world, struct reserve_model *model,
                    const struct reserve_facts *call);

/* What a mapping, a fault or copy, and any call took, and what the kernel said meanwhile: check_taken.c. */
void reserve_check_surplus_asked(const struct reserve_facts *call);
void reserve_check_new_page(const struct world *world, const struct reserve_facts *call);
void reserve_check_node(const struct world *world, const struct reserve_facts *call);
void reserve_check_warning(const struct world *world, const struct reserve_facts *call);

/* What it returned, and @before, the books when it was called. */
void reserve_check_call(const struct world *world, const struct reserve_model *model,
                        const struct reserve_facts *call, const struct books *before);

/* ... as far as it is about what userfaultfd was asked for, and entries of page tables: check_watch.c. */
void reserve_check_watch(const struct world *world, const struct reserve_model *model,
                         const struct reserve_facts *call);

/*
 * All books.  @quiet: no call is under way; else only what holds at any time.  @disturbed: some call
 * of this run was overtaken, so the minimum may lack pages.  What was judged is in @books then, if it is
 * all that books_look() would see; NULL: nobody wants it.
 */
void reserve_check_state(const struct world *world, struct reserve_model *model, bool quiet,
                         bool disturbed, struct books *books);

/* The same of pages one by one, when no call is under way: check_pages.c. */
void reserve_check_pages(const struct world *world, struct reserve_model *model, bool disturbed);

/* No file and no mapping is left, only the mount; then not even that. */
void reserve_check_closed(const struct world *world, bool disturbed);
void reserve_check_gone(const struct world *world);

/* Show files, mappings and books for a picture; with @compare the model's reservations too. */
void reserve_show_world(const struct world *world, const struct reserve_model *model, bool compare);

/* Print books and model side by side. */
void reserve_print(FILE *out, const struct world *world, const struct reserve_model *model);

#endif
