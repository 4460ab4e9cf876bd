/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a charge for pages stands on: counters of pages, and references to the group that is charged.
 * A counter has no limit: a trace says when a charge is refused.
 */
#ifndef SHIM_CGROUP_H
#define SHIM_CGROUP_H

#include "hooks.h"

/* References beyond those that keep a cgroup alive anyway. */
struct cgroup_subsys_state {
	long refs;
	struct cgroup_subsys_state *parent;
	bool gone; /* offline: the tasks that were in it are in the parent */
};

/* Pages charged; wraps when more is uncharged than was charged. */
struct page_counter {
	unsigned long usage;
	struct page_counter *parent;
};

/* Charge @nr_pages; false: refused, and nothing is charged.  No page is never refused. */
static inline bool page_counter_try_charge(struct page_counter *counter, unsigned long nr_pages,
                                           struct page_counter **fail)
{
	if (nr_pages && shim_refuses(SHIM_CGROUP, false)) {
		*fail = counter;
		return false;
	}
	counter->usage += nr_pages;
	return true;
}

static inline void page_counter_uncharge(struct page_counter *counter, unsigned long nr_pages)
{
	counter->usage -= nr_pages;
}

static inline void css_get(struct cgroup_subsys_state *css)
{
	css->refs++;
}

static inline void css_put(struct cgroup_subsys_state *css)
{
	css->refs--;
}

#endif
