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
	guest.exists[op->file] = false;
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

void guest_run(const struct op *op, struct boot_step *step)
{
	bool limited = op->opts & REFUSE_CGROUP;

	if (!table[op->kind].run)
		guest_die("cannot say %s as system calls", reserve_op[op->kind].name);
	step->outcome = BOOT_SKIPPED;
	strcpy(step->seen, "-");
	if (!guest.mounted || !table[op->kind].makes_sense(op))
		return;
	if (limited)
		cgroup_limit(cgroup_of(op), true);
	set_outcome(step, table[op->kind].run(op));
	if (limited)
		cgroup_limit(cgroup_of(op), false);
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
