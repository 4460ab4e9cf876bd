// SPDX-License-Identifier: GPL-2.0-only
/*
 * One function for each op that no process of the trace makes: what is done to files, to the pool, to cgroups and
 * to the mounts.  PID 1 does it itself.  As in ops.c.
 */
#include "guest.h"

#include "module.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- files */

void guest_path(unsigned file, char path[32])
{
	snprintf(path, 32, "%s/%u", file < LIMITED_FILES ? MOUNT_LIMITED : MOUNT_UNLIMITED, file);
}

static bool has_mappings(unsigned file)
{
	for (int slot = 0; slot < SLOTS; slot++)
		if (guest.slot[slot].mapped && guest.slot[slot].file == file)
			return true;
	return false;
}

bool guest_may_make(unsigned file)
{
	return guest.limited || file >= LIMITED_FILES;
}

void guest_make_file(unsigned file)
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

bool is_in_file(const struct op *op)
{
	return guest.exists[op->file] && op->from < guest.size[op->file];
}

int run_truncate(const struct op *op)
{
	char path[32];

	guest_path(op->file, path);
	if (truncate(path, (off_t)(op->from * HUGE_SIZE)))
		return errno;
	guest.size[op->file] = op->from;
	return 0;
}

static int allocate(const struct op *op, int mode)
{
	char path[32];
	int fd, ret = 0;

	guest_path(op->file, path);
	fd = open(path, O_RDWR);
	if (fd < 0)
		return errno;
	if (fallocate(fd, mode, (off_t)(op->from * HUGE_SIZE),
	              (off_t)((op->to - op->from) * HUGE_SIZE)))
		ret = errno;
	close(fd);
	return ret;
}

bool has_file(const struct op *op)
{
	return guest.exists[op->file] && op->from < op->to;
}

int run_punch(const struct op *op)
{
	return allocate(op, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE);
}

int run_allocate(const struct op *op)
{
	int ret = allocate(op, 0);

	if (!ret && guest.size[op->file] < op->to)
		guest.size[op->file] = op->to;
	return ret;
}

int run_memfd(const struct op *op)
{
	char path[32];

	guest_path(op->file, path);
	return module_memfd(path, op->from);
}

bool may_evict(const struct op *op)
{
	return guest.exists[op->file] && !has_mappings(op->file);
}

int run_evict(const struct op *op)
{
	char path[32];

	guest_path(op->file, path);
	if (unlink(path))
		return errno;
	guest.exists[op->file] = guest.blocks_lie[op->file] = false;
	return 0;
}

/* --- the pool */

bool always(const struct op *op)
{
	(void)op;
	return true;
}

int run_resize(const struct op *op)
{
	books_resize(op->from);
	return 0;
}

int run_dissolve(const struct op *op)
{
	(void)op;
	return module_dissolve(MOUNT_UNLIMITED);
}

/* --- cgroups */

unsigned guest_cgroup_of(const struct op *op)
{
	unsigned number = op->cgroup ? op->cgroup : 1;

	return cgroup_is_there(number) ? number : 0;
}

bool may_go_offline(const struct op *op)
{
	return guest_cgroup_of(op) && !guest.call;
}

int run_offline(const struct op *op)
{
	tasks_leave(guest_cgroup_of(op));
	return cgroup_remove(guest_cgroup_of(op));
}

/* --- the mounts */

bool guest_mount(void)
{
	char options[80] = "pagesize=2M";
	const struct trace *trace = guest.trace;

	if (trace->head.max)
		snprintf(options + strlen(options), 32, ",size=%uM", (trace->head.max - 1) * 2);
	if (trace->head.min)
		snprintf(options + strlen(options), 32, ",min_size=%uM", (trace->head.min - 1) * 2);
	if (mount("none", MOUNT_LIMITED, "hugetlbfs", 0, options))
		return false;
	if (mount("none", MOUNT_UNLIMITED, "hugetlbfs", 0, "pagesize=2M"))
		guest_die("cannot mount hugetlbfs: %s", strerror(errno));
	guest.mounted = guest.limited = true;
	return true;
}

bool may_unmount(const struct op *op)
{
	(void)op;
	for (int file = 0; file < LIMITED_FILES; file++)
		if (guest.exists[file])
			return false;
	return guest.limited;
}

int run_unmount(const struct op *op)
{
	(void)op;
	if (umount(MOUNT_LIMITED))
		return errno;
	guest.limited = false;
	return 0;
}

void guest_unmount(void)
{
	if (!guest.mounted)
		return;
	if ((guest.limited && umount(MOUNT_LIMITED)) || umount(MOUNT_UNLIMITED))
		guest_die("cannot unmount: %s", strerror(errno));
	guest.mounted = guest.limited = false;
}
