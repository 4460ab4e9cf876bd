// SPDX-License-Identifier: GPL-2.0-only
/*
 * One function for each op: the system calls that it stands for.  An op of ops.def without a function
 * here cannot be said as system calls; the host takes it out of the trace and names it (sayable.c),
 * and the table of both is guest_ops.def.
 *
 * What makes no sense where it stands is skipped by the rules of fuzz/targets/reserve/world.c, asked of
 * what has been done here.
 */
#include "guest.h"

#include "guest_module.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

struct guest guest;

/* Files 0 and 1 are on the mount with limits. */
enum { LIMITED_FILES = 2 };

void guest_path(unsigned file, char path[32])
{
	snprintf(path, 32, "%s/%u", file < LIMITED_FILES ? MOUNT_LIMITED : MOUNT_UNLIMITED, file);
}

static unsigned cgroup_of(const struct op *op)
{
	return op->cgroup ? op->cgroup : 1;
}

static bool has_mappings(unsigned file)
{
	for (int slot = 0; slot < SLOTS; slot++)
		if (guest.slot[slot].mapped && guest.slot[slot].file == file)
			return true;
	return false;
}

/* A file is there from the first time that somebody maps it. */
static void make_file(unsigned file)
{
	char path[32];
	int fd;

	if (guest.exists[file])
		return;
	guest_path(file, path);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (fd < 0)
		guest_die("cannot make %s: %s", path, strerror(errno));
	close(fd);
	guest.exists[file] = true;
	guest.size[file] = 0;
}

static bool map_makes_sense(const struct op *op)
{
	return !guest.slot[op->slot].mapped && op->from < op->to;
}

static int run_map(const struct op *op)
{
	struct task_order order = {
		.kind = TASK_MAP,
		.file = op->file,
		.from = op->from,
		.to = op->to,
		.opts = op->opts,
	};
	int ret, pid;

	make_file(op->file);
	pid = task_new(op->slot);
	if (cgroup_of(op) != 1)
		cgroup_enter(cgroup_of(op), pid);
	ret = task_do(op->slot, &order);
	if (ret) {
		task_end(op->slot);
		return ret;
	}
	if (cgroup_of(op) != 1)
		cgroup_enter(1, pid);
	guest.slot[op->slot].mapped = true;
	guest.slot[op->slot].file = op->file;
	guest.slot[op->slot].from = op->from;
	guest.slot[op->slot].to = op->to;
	if (guest.size[op->file] < op->to)
		guest.size[op->file] = op->to;
	return 0;
}

static bool fault_makes_sense(const struct op *op)
{
	return guest.slot[op->slot].mapped && op->from >= guest.slot[op->slot].from &&
	       op->from < guest.slot[op->slot].to;
}

static int run_fault(const struct op *op)
{
	struct task_order order = { .kind = TASK_TOUCH, .from = op->from, .opts = op->opts };

	return task_do(op->slot, &order);
}

static bool zap_makes_sense(const struct op *op)
{
	return fault_makes_sense(op);
}

static int run_zap(const struct op *op)
{
	struct task_order order = { .kind = TASK_ZAP, .from = op->from };

	return task_do(op->slot, &order);
}

static bool copy_makes_sense(const struct op *op)
{
	return fault_makes_sense(op);
}

static int run_copy(const struct op *op)
{
	struct task_order order = {
		.kind = TASK_COPY,
		.from = op->from,
		.opts = op->opts,
	};

	return task_do(op->slot, &order);
}

static bool unmap_makes_sense(const struct op *op)
{
	return guest.slot[op->slot].mapped;
}

static int run_unmap(const struct op *op)
{
	struct task_order order = {
		.kind = TASK_UNMAP,
		.from = guest.slot[op->slot].from,
		.to = guest.slot[op->slot].to,
	};
	int ret = task_do(op->slot, &order);

	task_end(op->slot);
	guest.slot[op->slot].mapped = false;
	return ret;
}

static bool fork_makes_sense(const struct op *op)
{
	return guest.slot[op->slot].mapped && !guest.slot[op->into].mapped;
}

static int run_fork(const struct op *op)
{
	struct task_order order = { .kind = TASK_FORK, .into = op->into };
	int ret = task_do(op->slot, &order);

	if (!ret)
		guest.slot[op->into] = guest.slot[op->slot];
	return ret;
}

static bool truncate_makes_sense(const struct op *op)
{
	return guest.exists[op->file] && op->from < guest.size[op->file];
}

static int run_truncate(const struct op *op)
{
	char path[32];

	guest_path(op->file, path);
	if (truncate(path, (off_t)(op->from * HUGE_SIZE)))
		return errno;
	guest.size[op->file] = op->from;
	return 0;
}

static bool punch_makes_sense(const struct op *op)
{
	return guest.exists[op->file] && op->from < op->to;
}

static int run_punch(const struct op *op)
{
	char path[32];
	int fd, ret = 0;

	guest_path(op->file, path);
	fd = open(path, O_RDWR);
	if (fd < 0)
		return errno;
	if (fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)(op->from * HUGE_SIZE),
	              (off_t)((op->to - op->from) * HUGE_SIZE)))
		ret = errno;
	close(fd);
	return ret;
}

static bool evict_makes_sense(const struct op *op)
{
	return guest.exists[op->file] && !has_mappings(op->file);
}

static int run_evict(const struct op *op)
{
	char path[32];

	guest_path(op->file, path);
	if (unlink(path))
		return errno;
	guest.exists[op->file] = guest.blocks_lie[op->file] = false;
	return 0;
}

static bool resize_makes_sense(const struct op *op)
{
	(void)op;
	return true;
}

static int run_resize(const struct op *op)
{
	books_set("nr_hugepages", op->from);
	return 0;
}

static const struct {
	bool (*makes_sense)(const struct op *op);
	int (*run)(const struct op *op);
} table[RESERVE_OPS] = {
#define SAID(name) [OP_##name] = { name##_makes_sense, run_##name },
#include "guest_ops.def"
#undef SAID
};

static void set_outcome(struct boot_step *step, int ret)
{
	step->outcome = ret == TASK_DIED ? BOOT_DEAD : ret ? BOOT_FAILED : BOOT_GOOD;
	if (!ret)
		strcpy(step->seen, "-");
	else if (ret == -SIGBUS)
		strcpy(step->seen, "SIGBUS");
	else if (ret == TASK_DIED)
		strcpy(step->seen, "killed");
	else
		snprintf(step->seen, sizeof(step->seen), "%s", strerrorname_np(ret));
}

static bool takes(const struct op *op, unsigned operands)
{
	return reserve_op[op->kind].operands & operands;
}

/* --- who may run inside whom, as the locks of fuzz/targets/reserve/port/world.c say */

/* The pages whose fault mutex or table entry it holds, as a set. */
static uint64_t pages_of(const struct op *op)
{
	unsigned from = op->from, to = CELLS;

	if (takes(op, OP_PAGE))
		to = from + 1;
	else if (op->kind == OP_punch)
		to = op->to;
	else if (op->kind == OP_evict)
		from = 0;
	else if (op->kind != OP_truncate)
		return 0;
	return (~0ULL >> (CELLS - (to - from))) << from;
}

static bool locks_inode(const struct op *op)
{
	return op->kind == OP_map || op->kind == OP_truncate || op->kind == OP_punch;
}

static bool uses_slot(const struct op *op, unsigned slot)
{
	return (takes(op, OP_SLOT) && op->slot == slot) || (takes(op, OP_INTO) && op->into == slot);
}

static bool excludes(const struct guest_call *one, const struct guest_call *other)
{
	const struct op *a = one->op, *b = other->op;
	bool same_file = one->file == other->file && one->file < FILES;

	if (takes(a, OP_SLOT) && uses_slot(b, a->slot) && !(takes(a, OP_PAGE) && takes(b, OP_PAGE)))
		return true;
	if (takes(a, OP_INTO) && uses_slot(b, a->into))
		return true;
	if (!same_file)
		return false;
	return (locks_inode(a) && locks_inode(b)) || a->kind == OP_evict || b->kind == OP_evict ||
	       pages_of(a) & pages_of(b);
}

static bool is_locked_out(const struct guest_call *call)
{
	for (const struct guest_call *outer = call->outer; outer; outer = outer->outer)
		if (excludes(call, outer))
			return true;
	return false;
}

/* --- one op */

static unsigned file_of(const struct op *op)
{
	if (takes(op, OP_FILE))
		return op->file;
	return takes(op, OP_SLOT) && guest.slot[op->slot].mapped ? guest.slot[op->slot].file
	                                                         : FILES;
}

static unsigned requests_held(size_t at)
{
	size_t end = trace_behind(guest.trace, at);
	unsigned held = 0;

	for (size_t i = at + 1; i < end; i = trace_behind(guest.trace, i))
		held |= 1U << guest.trace->op[i].request;
	return held;
}

/* Ops on files and the pool are made by PID 1 itself, others by the process of their slot. */
static int run_marked(const struct op *op)
{
	bool marked = !takes(op, OP_SLOT) && module_mark(getpid(), op, 0);
	int ret = table[op->kind].run(op);

	if (marked)
		module_unmark(getpid());
	return ret;
}

static int run_limited(const struct op *op)
{
	bool cgroup = op->opts & REFUSE_CGROUP;
	bool lowered = false;
	long max;
	int ret;

	if (op->opts & REFUSE_SUBPOOL)
		lowered = module_lower_max(MOUNT_LIMITED, &max);
	if (cgroup)
		cgroup_limit(cgroup_of(op), true);
	ret = run_marked(op);
	if (op->refuse && (op->kind == OP_punch || op->kind == OP_truncate))
		guest.blocks_lie[op->file] = true;
	if (cgroup)
		cgroup_limit(cgroup_of(op), false);
	if (lowered)
		module_restore_max(MOUNT_LIMITED, max);
	return ret;
}

void guest_run(size_t at)
{
	const struct op *op = &guest.trace->op[at];
	struct guest_call call = {
		.op = op,
		.at = at,
		.hold = requests_held(at),
		.file = file_of(op),
		.outer = guest.call,
	};

	if (!table[op->kind].run)
		guest_die("cannot say %s as system calls", reserve_op[op->kind].name);
	if (!guest.mounted || !table[op->kind].makes_sense(op) || is_locked_out(&call))
		return;
	guest.call = &call;
	set_outcome(&guest.step[at], run_limited(op));
	guest.call = call.outer;
}

void guest_open_window(const struct guest_call *call, unsigned number)
{
	const struct guest_call *innermost = guest.call;
	size_t end = trace_behind(guest.trace, call->at);

	guest.call = call;
	for (size_t i = call->at + 1; i < end; i = trace_behind(guest.trace, i))
		if (guest.trace->op[i].request == number)
			guest_run(i);
	guest.call = innermost;
}

void guest_mount(struct boot_step *step)
{
	char options[80] = "pagesize=2M";
	const struct trace *trace = guest.trace;

	if (trace->head.max)
		snprintf(options + strlen(options), 32, ",size=%uM", (trace->head.max - 1) * 2);
	if (trace->head.min)
		snprintf(options + strlen(options), 32, ",min_size=%uM", (trace->head.min - 1) * 2);
	if (mount("none", MOUNT_LIMITED, "hugetlbfs", 0, options)) {
		set_outcome(step, errno);
		return;
	}
	if (mount("none", MOUNT_UNLIMITED, "hugetlbfs", 0, "pagesize=2M"))
		guest_die("cannot mount hugetlbfs: %s", strerror(errno));
	guest.mounted = true;
	set_outcome(step, 0);
}

void guest_clear(void)
{
	for (unsigned slot = 0; slot < SLOTS; slot++) {
		struct op op = { .kind = OP_unmap, .slot = slot };

		if (guest.slot[slot].mapped)
			run_unmap(&op);
	}
	for (unsigned file = 0; file < FILES; file++) {
		struct op op = { .kind = OP_evict, .file = file };

		if (guest.exists[file])
			run_evict(&op);
	}
}

void guest_unmount(void)
{
	if (!guest.mounted)
		return;
	if (umount(MOUNT_LIMITED) || umount(MOUNT_UNLIMITED))
		guest_die("cannot unmount: %s", strerror(errno));
	guest.mounted = false;
}
