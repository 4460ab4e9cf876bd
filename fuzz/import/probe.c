// SPDX-License-Identifier: GPL-2.0-only
/*
 * Measures what an imported map promises, where maps differ: runs it, and looks.  No spelling of the
 * kernel's text changes what is found.  Compiled and run once an import, with the adapter in it and
 * import.h saying no more than how its functions are called; with PROBE_RESERVE the map's callers are
 * there too.
 *
 * Names begin with probe_, for the text may have any other.  Prints "FACT value how" a line.  Each
 * fact is measured by a child of its own: a map that is broken may break an assertion here, or loop.
 * The fact is then what other maps called in the same way promise, "assumed", so that the map is still
 * built and its bug is found where bugs are looked for.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROBE
#ifdef PROBE_RESERVE
#include "kernel_reserve.c"
#else
#include "kernel_map.c"
#endif

#if IMPORT_REGIONS_NEEDED
#define PROBE_NEEDED(needed) , needed
#else
#define PROBE_NEEDED(needed)
#endif
#if IMPORT_H_CG
#define PROBE_H_CG(h_cg) , &probe_hstate, h_cg
#else
#define PROBE_H_CG(h_cg)
#endif

static struct hstate probe_hstate;
static struct hugetlb_cgroup probe_cgroup;
static char probe_breach[256];
static int probe_report[2];

static long probe_chg(struct resv_map *map, long from, long to, long *needed)
{
	*needed = 1;
	return region_chg(map, from, to PROBE_NEEDED(needed));
}

static void probe_put(struct resv_map *map, long from, long to, struct hugetlb_cgroup *h_cg)
{
	long needed;

	(void)h_cg;
	if (probe_chg(map, from, to, &needed) >= 0)
		region_add(map, from, to PROBE_NEEDED(needed) PROBE_H_CG(h_cg));
}

/* The number of regions; @empty: of those without a page. */
static long probe_regions(struct resv_map *map, bool empty)
{
	struct file_region *rg;
	long sum = 0;

	list_for_each_entry(rg, &map->regions, link)
		sum += !empty || rg->from == rg->to;
	return sum;
}

/* Two that touch become one. */
static bool probe_merges(struct resv_map *map)
{
	probe_put(map, 0, 1, NULL);
	probe_put(map, 1, 2, NULL);
	return probe_regions(map, false) == 1;
}

/* A ticket needs an entry for each hole. */
static bool probe_needs_holes(struct resv_map *map)
{
	long needed;

	probe_put(map, 1, 2, NULL);
	probe_put(map, 3, 4, NULL);
	probe_chg(map, 0, 5, &needed);
	return needed == 3;
}

/* A chg leaves a region of no page where the add will need one. */
static bool probe_keeps_placeholders(struct resv_map *map)
{
	long first, second, third;

	probe_chg(map, 10, 11, &first);
	probe_chg(map, 12, 13, &second);
	region_abort(map, 10, 11 PROBE_NEEDED(first));
	region_abort(map, 12, 13 PROBE_NEEDED(second));
	probe_chg(map, 0, 1, &third);
	return probe_regions(map, true) > 0;
}

static struct resv_map *probe_overtaken;

/* Somebody else's page, while a chg allocates. */
static void *probe_alloc_overtaken(size_t size)
{
	struct resv_map *map = probe_overtaken;

	probe_overtaken = NULL;
	if (map)
		probe_put(map, 0, 1, NULL);
	return malloc(size);
}

/* What is added while a chg is under way is counted by it. */
static bool probe_counts_at_end(struct resv_map *map)
{
	long first, second, found;

	probe_chg(map, 10, 11, &first);
	probe_overtaken = map;
	shim_hooks.alloc = probe_alloc_overtaken;
	found = probe_chg(map, 0, 2, &second);
	return !probe_overtaken && found == 1;
}

#if IMPORT_OWNS
/* A region knows who is charged for it. */
static bool probe_has_cgroup(struct resv_map *map)
{
	probe_put(map, 0, 1, &probe_cgroup);
	return list_first_entry(&map->regions, struct file_region, link)->css == &probe_cgroup.css;
}

/* Each region holds a reference of its own. */
static bool probe_css_per_region(struct resv_map *map)
{
	probe_put(map, 0, 1, &probe_cgroup);
	probe_put(map, 5, 6, &probe_cgroup);
	return probe_cgroup.css.refs == 2;
}
#else
static bool probe_has_cgroup(struct resv_map *map)
{
	(void)map;
	return false;
}
#define probe_css_per_region probe_has_cgroup
#endif

#ifdef PROBE_RESERVE
static struct hugetlbfs_sb_info probe_info;
static struct super_block probe_sb = { .s_fs_info = &probe_info };
static struct inode probe_inode;
static struct file probe_file;
static struct vm_area_struct probe_vma;

static void probe_map_a_page(struct resv_map *map)
{
	vm_pool_reset(4, 4);
	vm_task_in(1);
	probe_inode.i_sb = &probe_sb;
	probe_inode.i_mapping = &probe_inode.i_data;
	probe_inode.i_data.host = &probe_inode;
	probe_inode.i_data.private_data = map;
	probe_vma.vm_start = VM_BASE;
	probe_vma.vm_end = VM_BASE + PMD_SIZE;
	probe_vma.vm_flags = VM_MAYSHARE | VM_SHARED;
	probe_vma.vm_file = &probe_file;
	probe_file.f_mapping = probe_inode.i_mapping;
	probe_file.f_inode = &probe_inode;
	kernel_reserve_pages(&probe_inode, 0, 1, &probe_vma, probe_vma.vm_flags);
}

/* A cgroup is charged for what is reserved. */
static bool probe_charges_reserved(struct resv_map *map)
{
	probe_map_a_page(map);
	return vm_cgroup[1].rsvd_hugepage[0].usage > 0;
}

/* A cgroup is charged for pages in use. */
static bool probe_charges_used(struct resv_map *map)
{
	probe_map_a_page(map);
	kernel_alloc_page(&probe_vma, VM_BASE, 0);
	return vm_cgroup[1].hugepage[0].usage > 0;
}
#endif

static void probe_tell_breach(enum shim_breach kind, const char *what, const char *file, int line)
{
	(void)kind;
	snprintf(probe_breach, sizeof(probe_breach), "%s:%d: %s", file, line, what);
	if (write(probe_report[1], probe_breach, strlen(probe_breach)) < 0)
		_exit(3);
	_exit(2);
}

/* Does not return: the exit status is the fact. */
static void probe_measure_here(bool (*is)(struct resv_map *))
{
	struct rlimit seconds = { 5, 5 }, none = { 0, 0 };

	setrlimit(RLIMIT_CPU, &seconds);
	setrlimit(RLIMIT_CORE, &none);
	shim_hooks.breach = probe_tell_breach;
	_exit(is(resv_map_alloc()));
}

/* @otherwise: what maps that are called in the same way promise. */
static void probe_measure(const char *fact, bool (*is)(struct resv_map *), bool otherwise)
{
	int status = 0;
	ssize_t said;

	if (pipe(probe_report) || fflush(stdout))
		exit(2);
	if (!fork())
		probe_measure_here(is);
	close(probe_report[1]);
	said = read(probe_report[0], probe_breach, sizeof(probe_breach) - 1);
	probe_breach[said < 0 ? 0 : said] = 0;
	close(probe_report[0]);
	if (wait(&status) < 0)
		exit(2);
	if (WIFEXITED(status) && WEXITSTATUS(status) < 2)
		printf("%s %d measured\n", fact, WEXITSTATUS(status));
	else
		printf("%s %d assumed: the map broke when asked: %s\n", fact, otherwise,
		       *probe_breach ? probe_breach : "it crashed, or ran for ever");
}

int main(void)
{
	probe_measure("MERGES", probe_merges, !IMPORT_REGIONS_NEEDED || IMPORT_H_CG);
	probe_measure("NEEDS_HOLES", probe_needs_holes, IMPORT_REGIONS_NEEDED);
	probe_measure("COUNTS_AT_END", probe_counts_at_end, !IMPORT_REGIONS_NEEDED);
	probe_measure("PLACEHOLDERS", probe_keeps_placeholders, !IMPORT_REGIONS_NEEDED);
	probe_measure("CGROUP", probe_has_cgroup, IMPORT_OWNS);
	probe_measure("CSS_PER_REGION", probe_css_per_region, IMPORT_OWNS);
#ifdef PROBE_RESERVE
	probe_measure("CHARGES_RESERVED", probe_charges_reserved, IMPORT_OWNS);
	probe_measure("CHARGES_USED", probe_charges_used, IMPORT_OWNS);
#endif
	return fflush(stdout) ? 2 : 0;
}
