// SPDX-License-Identifier: GPL-2.0-only
/*
 * books --can: prints the names of the ops that this rendition can do.
 * books FOLDER: runs the traces of a batch over the world that it is linked with, that of the port or of a
 * kernel's text, and prints the books after every op in the lines of books.h.
 *
 * No rule is checked here, and no run ends early: what is wanted is what this rendition says, right
 * or wrong.  Hence it does not use calls.c, whose run ends with the first rule that fails.
 */
#include "books.h"

#include "fuzz/run/refuse.h"
#include "fuzz/run/blocks.h"
#include "fuzz/run/report.h"
#include "fuzz/run/tasks.h"
#include "fuzz/targets/reserve/ops.h"
#include "fuzz/targets/reserve/world.h"
#include "fuzz/trace/file.h"

#include "src/shim/hooks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct world *world;
static const struct op *now; /* whose call is under way, or NULL */
static struct refusals refusals;
static unsigned asked_late; /* what could fail late in it so far */
static struct trace trace;

static void *spare_block(size_t size)
{
	return block_alloc(size);
}

/* A request for memory of the call under way comes out of its plan. */
static void *alloc_block(size_t size)
{
	return now && request_is_refused(&refusals) ? NULL : block_alloc(size);
}

/* As op_fails_late() of fuzz/targets/reserve/ops.c: of a copy that finds its source the second time only, late is the second.  Latest cannot be said. */
static bool is_late(void)
{
	unsigned last = now && now->kind == OP_recopy, asked = asked_late++;

	return now && (asked < last || (asked == last && now->opts & OPT_LATE));
}

static bool refuses(enum shim_charge what, bool lacking)
{
	static const unsigned word[SHIM_CHARGES] = {
		[SHIM_POOL] = REFUSE_POOL,   [SHIM_CGROUP] = REFUSE_CGROUP,
		[SHIM_MEMCG] = REFUSE_MEMCG, [SHIM_NODE] = REFUSE_NODE,
		[SHIM_VMA] = REFUSE_VMA,     [SHIM_TABLE] = REFUSE_TABLE,
	};

	return lacking || (now && now->opts & word[what]);
}

static void look_at_pool(struct boot_books *books)
{
	struct subpool_view mount = { -1, 0, -1, 0 };
	struct pool_view pool;

	world->look_pool(world->state, &pool);
	if (!world->look_mount(world->state, &mount))
		mount = (struct subpool_view){ -1, 0, -1, 0 };
	*books = (struct boot_books){
		.pages = pool.pages,
		.free = pool.free,
		.resv = pool.promised,
		.surplus = pool.surplus,
		.used = mount.max >= 0 ? mount.used : BOOT_UNKNOWN,
		.rsv = mount.min >= 0 ? mount.rsv : BOOT_UNKNOWN,
	};
}

/* The port charges the cgroup of a file, kernels that of each region. */
static void look(struct boot_books *books)
{
	const struct world_traits *traits = &world->traits;
	struct cgroup_view cgroup;

	look_at_pool(books);
	for (int file = 0; file < FILES; file++)
		books->there[file] = world->has_file(world->state, file)
		                             ? __builtin_popcountll(
						       world->cached(world->state, file))
		                             : BOOT_UNKNOWN;
	for (int i = 0; i < BOOT_CGROUPS; i++) {
		world->look_cgroup(world->state, i + 1, &cgroup);
		books->rsvd[i] = traits->charges_regions ? (long)cgroup.reserved / traits->charge
		                                         : BOOT_UNKNOWN;
		books->usage[i] = traits->charges_used ? (long)cgroup.used / traits->charge
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

/* "refuse subpool": meanwhile the maximum is what is used. */
static int run_limited(const struct op *op)
{
	struct subpool_view mount;
	bool lowers = op->opts & REFUSE_SUBPOOL && world->look_mount(world->state, &mount);
	long max = lowers ? world->set_max(world->state, mount.used) : 0;
	int ret = world->run(world->state, op);

	if (lowers)
		world->set_max(world->state, max);
	return ret;
}

/* Make the call.  Making a file is no part of it, and nothing of that is refused. */
static int run(const struct op *op, const struct under_way *locks)
{
	int ret;

	shim_steps = 0;
	shim_unlocked = 0;
	if (op->kind == OP_map && !world->has_file(world->state, op->file))
		world->make_file(world->state, op);
	now = op;
	refusals = (struct refusals){ .plan = op->refuse };
	asked_late = 0;
	world->under_way(world->state, locks);
	ret = run_limited(op);
	world->under_way(world->state, NULL);
	now = NULL;
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
	if (!mounted || !world->may_run(world->state, op, &locks))
		return;
	ret = run(op, &locks);
	step->outcome = ret ? BOOT_FAILED : BOOT_GOOD;
	if (ret)
		snprintf(step->seen, sizeof(step->seen), "%s", name_of(ret));
}

static void run_leftover(struct op op)
{
	struct under_way locks;

	if (world->can(op.kind) && world->may_run(world->state, &op, &locks))
		run(&op, &locks);
}

/* Why nothing is said from op @at on, or NULL: in which window an op runs is each rendition's own matter. */
static const char *why_silent(size_t at)
{
	if (trace_behind(&trace, at) > at + 1)
		return "window";
	return world->can(trace.op[at].kind) ? NULL : reserve_op[trace.op[at].kind].name;
}

static void run_all(void)
{
	static unsigned unlocked;
	struct boot_step step = { .seen = "-" };
	bool mounted;
	unsigned i;

	refuse_drive_shim(alloc_block);
	shim_hooks.refuse = refuses;
	shim_hooks.spare = spare_block;
	shim_hooks.late = is_late;
	tasks_reset(&unlocked);
	world->begin(world->state, trace.head.pages, trace.head.surplus);
	mounted = world->mount(world->state, trace.head.max - 1L, trace.head.min - 1L);
	step.outcome = mounted ? BOOT_GOOD : BOOT_FAILED;
	tell(0, &step);
	for (i = 0; i < trace.count && !why_silent(i); i++) {
		run_op(&trace.op[i], mounted, &step);
		tell(i + 1, &step);
	}
	if (i < trace.count) {
		printf("silent %u %s\n", i + 1, why_silent(i));
		return;
	}
	reserve_leftovers(run_leftover);
	step = (struct boot_step){ .outcome = BOOT_GOOD, .seen = "-" };
	tell(i + 1, &step);
	world->unmount(world->state);
	tell(i + 2, &step);
}

static bool is_there(const char *path)
{
	FILE *file = fopen(path, "r");

	if (file)
		fclose(file);
	return file;
}

static int print_ops(void)
{
	for (int kind = 1; kind < RESERVE_OPS; kind++)
		if (world->can(kind))
			printf("%s ", reserve_op[kind].name);
	printf("\n");
	return EXIT_GOOD;
}

int main(int argc, char **argv)
{
	char path[512];

	if (argc != 2) {
		fprintf(stderr, "usage: books --can | FOLDER\n");
		return EXIT_UNUSABLE;
	}
	world = world_under_test;
	if (!strcmp(argv[1], "--can"))
		return print_ops();
	for (unsigned number = 0;; number++) {
		snprintf(path, sizeof(path), "%s/%u.trace", argv[1], number);
		if (!is_there(path))
			return number ? EXIT_GOOD : EXIT_UNUSABLE;
		if (!file_read_trace(path, target_find("reserve"), &trace, NULL))
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
