/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The traces that `trace kunit` writes, and the hook round the map's allocations.  Included by a copy of
 * mm/hugetlb.c behind its own #includes: from here on its kmalloc() asks the suite, if the task is the one that tests.
 */
#ifndef RESVMAP_KUNIT_H
#define RESVMAP_KUNIT_H

#include <linux/list.h>
#include <linux/sched.h>
#include <linux/slab.h>

enum { RESVMAP_CELLS = 64 };

/* An op; a range is in cells of its trace's board, and 65 is LONG_MAX. */
struct resvmap_op {
	const char *name;
	u8 from, to;
	u8 slot;    /* of the ticket */
	u8 refuse;  /* bit n: request n for memory is refused; bit 5: it and all later ones */
	u8 depth;   /* above 0: it runs inside the nearest op before it of one less, ... */
	u8 request; /* ... in its request of that number */
};

struct resvmap_trace {
	const char *name;
	u8 refuse;      /* of the map itself */
	const long *at; /* the page where a cell begins, or NULL: that of its own number */
	const struct resvmap_op *op;
	unsigned int ops;
};

static struct task_struct *resvmap_kunit_task;
static void *resvmap_kunit_request(size_t size, gfp_t flags);

/* Memory, for whoever tests. */
static void *resvmap_kunit_memory(size_t size, gfp_t flags)
{
	return kmalloc(size, flags);
}

static inline void *resvmap_kunit_kmalloc(size_t size, gfp_t flags)
{
	if (unlikely(resvmap_kunit_task == current))
		return resvmap_kunit_request(size, flags);
	return kmalloc(size, flags);
}

#undef kmalloc
#define kmalloc(size, flags) resvmap_kunit_kmalloc(size, flags)

#endif
