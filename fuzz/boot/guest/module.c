// SPDX-License-Identifier: GPL-2.0-only
#include "module.h"

#include "guest.h"
#include "fuzz/boot/module/seam.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int seam = -1;

void module_load(void)
{
	int fd = open("/resvmap.ko", O_RDONLY);

	if (fd < 0)
		return;
	if (syscall(SYS_finit_module, fd, "", 0))
		guest_die("the module cannot be loaded: %s", strerror(errno));
	close(fd);
	seam = open(SEAM_PATH, O_RDWR | O_CLOEXEC);
	if (seam < 0)
		guest_die("lacks %s: %s", SEAM_PATH, strerror(errno));
}

static void ask(unsigned long command, void *asked)
{
	if (ioctl(seam, command, asked))
		guest_die("the module refuses %lu: %s", command & 0xff, strerror(errno));
}

static unsigned words_of(const struct op *op)
{
	return (op->opts & REFUSE_POOL ? SEAM_NO_POOL : 0) |
	       (op->opts & REFUSE_MEMCG ? SEAM_NO_MEMCG : 0) |
	       (op->opts & REFUSE_VMA ? SEAM_NO_VMA : 0) |
	       (op->opts & REFUSE_TABLE ? SEAM_NO_TABLE : 0);
}

/* A mapping that is made has a lock, if it is a shared one; of the others only `map` asks for memory of the map too. */
static unsigned locks_of(const struct op *op)
{
	return op->kind == OP_map
	               ? !(op->opts & OPT_PRIVATE)
	               : op->kind == OP_fork || op->kind == OP_split || op->kind == OP_mremap;
}

bool module_mark(int pid, const struct op *op, unsigned hold)
{
	struct seam_task task = {
		.pid = pid,
		.refuse = op->refuse,
		.late = op->opts & OPT_LATE && op->kind != OP_copy,
		.hold = hold,
		.words = words_of(op),
		.locks = locks_of(op),
	};

	if (seam < 0 || !(task.refuse || task.late || task.hold || task.words))
		return false;
	ask(SEAM_MARK, &task);
	return true;
}

unsigned module_held(int pid)
{
	struct seam_task task = { .pid = pid };

	ask(SEAM_LOOK, &task);
	return task.held;
}

void module_go(int pid)
{
	struct seam_task task = { .pid = pid };

	ask(SEAM_GO, &task);
}

bool module_unmark(int pid)
{
	struct seam_task task = { .pid = pid };

	ask(SEAM_UNMARK, &task);
	return task.out_of_memory;
}

static int ask_page(unsigned long command, const char *path, unsigned long index)
{
	struct seam_page page = { .fd = -1, .index = index };

	if (path)
		page.fd = open(path, O_RDONLY);
	ask(command, &page);
	if (page.fd >= 0)
		close(page.fd);
	return page.ret == ENOSYS ? TASK_LACKS : page.ret;
}

int module_dissolve(const char *path)
{
	return ask_page(SEAM_DISSOLVE, path, 0);
}

int module_memfd(const char *path, unsigned page)
{
	return ask_page(SEAM_MEMFD, path, page);
}

int module_unpoison(unsigned long frame)
{
	return ask_page(SEAM_UNPOISON, NULL, frame);
}

/* False: no module, or no subpool. */
static bool ask_subpool(unsigned long command, const char *path, struct seam_subpool *subpool)
{
	if (seam < 0)
		return false;
	subpool->fd = open(path, O_RDONLY | O_DIRECTORY);
	if (subpool->fd < 0)
		return false;
	ask(command, subpool);
	close(subpool->fd);
	return subpool->there;
}

long module_rsv(const char *path)
{
	struct seam_subpool subpool = { 0 };

	return ask_subpool(SEAM_SUBPOOL, path, &subpool) ? subpool.rsv : BOOT_UNKNOWN;
}

bool module_lower_max(const char *path, long *max)
{
	struct seam_subpool subpool = { 0 };

	if (!ask_subpool(SEAM_SUBPOOL, path, &subpool))
		return false;
	subpool.max = subpool.used;
	if (!ask_subpool(SEAM_SET_MAX, path, &subpool))
		return false;
	*max = subpool.max;
	return true;
}

void module_restore_max(const char *path, long max)
{
	struct seam_subpool subpool = { .max = max };

	ask_subpool(SEAM_SET_MAX, path, &subpool);
}
