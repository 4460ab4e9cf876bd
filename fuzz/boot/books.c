// SPDX-License-Identifier: GPL-2.0-only
/*
 * books FOLDER: runs the traces of a batch over the reserve target that it is linked with, the port or an imported
 * kernel, and prints the books after every op in the lines of books.h.
 *
 * No rule is checked here, and no run ends early: what is wanted is what this rendition says, right
 * or wrong.  Hence it does not use calls.c, whose run ends with the first rule that fails.
 */
#include "books.h"

#include "fuzz/run/fault.h"
#include "fuzz/run/pool.h"
#include "fuzz/run/report.h"
#include "fuzz/targets/reserve/world.h"
#include "fuzz/trace/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct world world;
static const struct op *under_way;
static struct trace trace;

static void *alloc_block(size_t size)
{
	return pool_alloc(size);
}

static bool refuses(enum shim_charge what, bool lacking)
{
	return lacking || (under_way && what == SHIM_CGROUP && under_way->opts & REFUSE_CGROUP);
}

static long pages(unsigned long small)
{
	return (long)small / SHIM_PAGES_PER_HPAGE;
}

static void look(struct boot_books *books)
{
	const struct hstate *h = &hstates[0];
	struct subpool_view subpool = { -1, 0, -1, 0 };

	if (world.spool)
		reserve_look_subpool(world.spool, &subpool);
	*books = (struct boot_books){
		.pages = h->nr_huge_pages,
		.free = h->free_huge_pages,
		.resv = h->resv_huge_pages,
		.surplus = h->surplus_huge_pages,
		.used = subpool.max >= 0 ? subpool.used : BOOT_UNKNOWN,
		.rsv = subpool.min >= 0 ? subpool.rsv : BOOT_UNKNOWN,
	};
	for (int file = 0; file < FILES; file++)
		books->there[file] = world.file_exists[file] ? pages(world.inode[file].i_blocks)
		                                             : BOOT_UNKNOWN;
	/* The port charges the cgroup of a file, kernels that of each region. */
	for (int i = 0; i < BOOT_CGROUPS; i++) {
		books->rsvd[i] = reserve_traits.charges_regions
		                         ? pages(shim_cgroup[i + 1].rsvd_hugepage[0].usage)
		                         : BOOT_UNKNOWN;
		books->usage[i] = reserve_traits.charges_used
		                          ? pages(shim_cgroup[i + 1].hugepage[0].usage)
		                          : BOOT_UNKNOWN;
	}
}

static void tell(unsigned number, struct boot_step *step)
{
	char line[BOOT_LINE];

	look(&step->books);
	boot_step_print(line, number, step);
	fputs(line, stdout);
}

/* A file is there from the first time that somebody maps it. */
static void make_file(const struct op *op)
{
	struct super_block *mount = file_is_limited(op->file) ? &world.limited : &world.unlimited;

	if (!world.file_exists[op->file])
		world.file_exists[op->file] = !hugetlbfs_new_inode(&world.inode[op->file], mount,
		                                                   &shim_cgroup[op_cgroup(op)]);
}

static int run(const struct op *op)
{
	int ret;

	if (op->kind == OP_map)
		make_file(op);
	shim_steps = 0;
	shim_unlocked = 0;
	shim_current_cgroup = &shim_cgroup[op_cgroup(op)];
	under_way = op;
	ret = world_run(&world, op);
	under_way = NULL;
	return ret;
}

static const char *name_of(int ret)
{
	for (int i = 0; i < ERRNO_NAMES; i++)
		if (errno_name[i].number == -ret)
			return errno_name[i].name;
	return "unnamed";
}

static void run_op(const struct op *op, bool mounted, struct boot_step *step)
{
	struct under_way locks;
	int ret;

	step->outcome = BOOT_SKIPPED;
	strcpy(step->seen, "-");
	if (!mounted || !world_may_run(&world, op, &locks))
		return;
	ret = run(op);
	step->outcome = ret ? BOOT_FAILED : BOOT_GOOD;
	if (ret)
		snprintf(step->seen, sizeof(step->seen), "%s", name_of(ret));
}

static void clear(void)
{
	struct under_way locks;

	for (unsigned slot = 0; slot < SLOTS; slot++) {
		struct op op = { .kind = OP_unmap, .slot = slot };

		if (world_may_run(&world, &op, &locks))
			run(&op);
	}
	for (unsigned file = 0; file < FILES; file++) {
		struct op op = { .kind = OP_evict, .file = file };

		if (world_may_run(&world, &op, &locks))
			run(&op);
	}
}

static void run_all(void)
{
	struct boot_step step = { .seen = "-" };
	bool mounted;
	unsigned i;

	fault_drive_shim(alloc_block);
	shim_hooks.refuse = refuses;
	world_begin(&world, trace.pages, trace.surplus);
	mounted = world_mount(&world, trace.max - 1L, trace.min - 1L);
	step.outcome = mounted ? BOOT_GOOD : BOOT_FAILED;
	tell(0, &step);
	for (i = 0; i < trace.count; i++) {
		run_op(&trace.op[i], mounted, &step);
		tell(i + 1, &step);
	}
	clear();
	step = (struct boot_step){ .outcome = BOOT_GOOD, .seen = "-" };
	tell(i + 1, &step);
	world_unmount(&world);
	tell(i + 2, &step);
}

/* books FOLDER: the traces 0, 1, ... in it, as sayable.c wrote them. */
int main(int argc, char **argv)
{
	char path[512];
	FILE *there;

	if (argc != 2) {
		fprintf(stderr, "usage: books FOLDER\n");
		return EXIT_UNUSABLE;
	}
	for (unsigned number = 0;; number++) {
		snprintf(path, sizeof(path), "%s/%u.trace", argv[1], number);
		there = fopen(path, "r");
		if (!there)
			return number ? EXIT_GOOD : EXIT_UNUSABLE;
		fclose(there);
		if (!file_read_trace(path, &trace, NULL))
			return EXIT_UNUSABLE;
		printf("trace %u\n", number);
		if (!setjmp(report_catch))
			run_all();
		else
			printf("broke %s: %s\n", rule_name[report_verdict.rule],
			       report_verdict.what);
		printf("end %u\n", number);
	}
}
