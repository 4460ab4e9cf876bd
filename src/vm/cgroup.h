/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Control groups, as far as hugetlb's stands on them: counters and references (src/shim/cgroup.h), the
 * task's group, and the cgroup of memory in general.
 */
#ifndef VM_CGROUP_H
#define VM_CGROUP_H

#include "page.h"
#include "task.h"

#include "src/shim/cgroup.h"

struct cgroup_file {
	char unused;
};
struct cftype {
	char unused;
};

#define page_counter_read(counter)          ((counter)->usage)
#define page_counter_charge(counter, pages) ((void)((counter)->usage += (pages)))

#define page_counter_cancel(counter, pages) page_counter_uncharge(counter, pages)

#define css_tryget(css)                     ((css)->refs++, true)
#define css_tryget_online(css)              css_tryget(css)
#define cgroup_subsys_enabled(ss)           true
#define cgroup_file_notify(file)            ((void)(file))

/* The task's; the tree's own goes by way of the task's css_set. */
#define vm_cgroup_of(task)                  ((task)->cgroup->gone ? (task)->cgroup->parent : (task)->cgroup)
#define hugetlb_cgroup_from_task(task)      container_of(vm_cgroup_of(task), struct hugetlb_cgroup, css)
/* A charge that was refused is an event, which somebody may wait for. */
#define hugetlb_event(cgroup, idx, event)   ((void)*(volatile unsigned char *)(cgroup), (void)(idx))

/*
 * The cgroup of memory in general: one for all.  What is charged stands here until a page has it, and goes
 * with the page.  Source: mm/memcontrol.c, v6.12 and v7.1.
 */
struct mem_cgroup {
	long usage; /* small pages charged */
	long refs;
};

extern struct mem_cgroup vm_memcg;

static inline struct mem_cgroup *get_mem_cgroup_from_current(void)
{
	vm_memcg.refs++;
	return &vm_memcg;
}

static inline void mem_cgroup_put(struct mem_cgroup *memcg)
{
	if (memcg)
		memcg->refs--;
}

/* 0, and the pages are charged; -ENOMEM: the limit says no. */
static inline int vm_memcg_charge(struct mem_cgroup *memcg, long pages)
{
	if (shim_refuses(SHIM_MEMCG, false))
		return -ENOMEM;
	memcg->usage += pages;
	return 0;
}

static inline void mem_cgroup_cancel_charge(struct mem_cgroup *memcg, unsigned pages)
{
	memcg->usage -= (long)pages;
}

static inline void mem_cgroup_commit_charge(struct folio *folio, struct mem_cgroup *memcg)
{
	folio->memcg = memcg;
}

static inline int vm_memcg_charge_folio(struct folio *folio)
{
	int ret = vm_memcg_charge(&vm_memcg, VM_HUGE_PAGES);

	if (!ret)
		folio->memcg = &vm_memcg;
	return ret;
}

static inline void mem_cgroup_uncharge(struct folio *folio)
{
	if (folio->memcg)
		folio->memcg->usage -= VM_HUGE_PAGES;
	folio->memcg = NULL;
}

static inline void mem_cgroup_migrate(struct folio *old_folio, struct folio *new_folio)
{
	new_folio->memcg = old_folio->memcg;
	old_folio->memcg = NULL;
}

/* Small pages that it is charged for and no folio in use has. */
long vm_memcg_lost(void);

#define mem_cgroup_hugetlb_try_charge(memcg, gfp, pages) vm_memcg_charge(memcg, pages)
#define mem_cgroup_charge_hugetlb(folio, ...)            vm_memcg_charge_folio(folio)
#define folio_memcg(folio)                               ((folio)->memcg)
#define mem_cgroup_lruvec(...)                           NULL
#define mod_memcg_lruvec_state(...)                      ((void)0)
#define NR_HUGETLB                                       0

#endif
