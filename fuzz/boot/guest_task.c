// SPDX-License-Identifier: GPL-2.0-only
/*
 * The processes that hold mappings, one for each slot, and the pipes by which they are told what to
 * do.  A forked one is a child of PID 1 too (CLONE_PARENT), so that PID 1 can wait for each.
 */
#include "guest.h"

#include "guest_module.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* No call of ours takes a second, also in an emulated machine; but a busy host may give it no time. */
enum { SECONDS = 120, TICKS_A_SECOND = 100 };

static struct channel {
	int order[2], answer[2];
	int pid;
} channel[SLOTS];

/* --- in the slot's process */

static sigjmp_buf beyond;
static char *memory;
static unsigned first, pages;

static void on_sigbus(int number)
{
	(void)number;
	siglongjmp(beyond, 1);
}

static int do_map(const struct task_order *order)
{
	int flags = order->opts & OPT_PRIVATE ? MAP_PRIVATE : MAP_SHARED;
	int fd, ret = 0;
	char path[32];

	guest_path(order->file, path);
	fd = open(path, O_RDWR);
	if (fd < 0)
		return errno;
	if (order->opts & OPT_NORESERVE)
		flags |= MAP_NORESERVE;
	memory = mmap(NULL, (order->to - order->from) * HUGE_SIZE, PROT_READ | PROT_WRITE, flags,
	              fd, (off_t)(order->from * HUGE_SIZE));
	if (memory == MAP_FAILED)
		ret = errno;
	first = order->from;
	pages = order->to - order->from;
	close(fd);
	return ret;
}

static int do_touch(const struct task_order *order)
{
	volatile char *page = memory + (order->from - first) * HUGE_SIZE;

	if (sigsetjmp(beyond, 1))
		return -SIGBUS;
	if (order->opts & OPT_WRITE)
		*page = 1;
	else
		(void)*page;
	return 0;
}

static int do_zap(const struct task_order *order)
{
	char *page = memory + (order->from - first) * HUGE_SIZE;

	return madvise(page, HUGE_SIZE, MADV_DONTNEED) ? errno : 0;
}

/* What is copied is there, or, for a copy that is late, is not until somebody touches it. */
static char *source(bool late)
{
	static char *memory_to_copy;

	if (!memory_to_copy)
		memory_to_copy = mmap(NULL, HUGE_SIZE, PROT_READ | PROT_WRITE,
		                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory_to_copy == MAP_FAILED)
		_exit(1);
	madvise(memory_to_copy, HUGE_SIZE, MADV_NOHUGEPAGE);
	if (late)
		madvise(memory_to_copy, HUGE_SIZE, MADV_DONTNEED);
	else
		memset(memory_to_copy, 1, HUGE_SIZE);
	return memory_to_copy;
}

/* The mapping is registered for the time of one copy, or its faults would wait for a handler. */
static int do_copy(const struct task_order *order)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register all = {
		.range = { (unsigned long)memory, pages * HUGE_SIZE },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	struct uffdio_copy copy = {
		.dst = (unsigned long)memory + (order->from - first) * HUGE_SIZE,
		.src = (unsigned long)source(order->opts & OPT_LATE),
		.len = HUGE_SIZE,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC), ret = 0;

	if (fd < 0)
		return errno;
	if (ioctl(fd, UFFDIO_API, &api) || ioctl(fd, UFFDIO_REGISTER, &all) ||
	    ioctl(fd, UFFDIO_COPY, &copy))
		ret = errno;
	ioctl(fd, UFFDIO_UNREGISTER, &all.range);
	close(fd);
	return ret;
}

static int do_unmap(const struct task_order *order)
{
	return munmap(memory, (order->to - order->from) * HUGE_SIZE) ? errno : 0;
}

static _Noreturn void serve(unsigned slot)
{
	struct task_order order;
	int ret = 0;

	signal(SIGBUS, on_sigbus);
	for (;;) {
		if (read(channel[slot].order[0], &order, sizeof(order)) != sizeof(order))
			_exit(1);
		switch (order.kind) {
		case TASK_MAP:
			ret = do_map(&order);
			break;
		case TASK_TOUCH:
			ret = do_touch(&order);
			break;
		case TASK_ZAP:
			ret = do_zap(&order);
			break;
		case TASK_COPY:
			ret = do_copy(&order);
			break;
		case TASK_UNMAP:
			ret = do_unmap(&order);
			break;
		case TASK_FORK:
			ret = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL);
			break;
		}
		/* The child says nothing, and serves its own slot from now on. */
		if (order.kind == TASK_FORK && !ret) {
			slot = order.into;
			continue;
		}
		if (write(channel[slot].answer[1], &ret, sizeof(ret)) != sizeof(ret))
			_exit(1);
	}
}

/* --- in PID 1 */

void task_init(void)
{
	for (int slot = 0; slot < SLOTS; slot++)
		if (pipe(channel[slot].order) || pipe(channel[slot].answer))
			guest_die("cannot make a pipe: %s", strerror(errno));
}

int task_new(unsigned slot)
{
	int pid = fork();

	if (pid < 0)
		guest_die("cannot fork: %s", strerror(errno));
	if (!pid)
		serve(slot);
	return channel[slot].pid = pid;
}

int task_pid(unsigned slot)
{
	return channel[slot].pid;
}

/* The process waits where others are to run inside its call: they do, and it goes on. */
static void open_windows(unsigned slot, const struct guest_call *call)
{
	int pid = channel[slot].pid;
	unsigned held = module_held(pid);

	if (!held)
		return;
	guest_open_window(call, held - 1);
	module_go(pid);
}

static int task_answer(unsigned slot, const struct guest_call *call)
{
	struct pollfd ready = { .fd = channel[slot].answer[0], .events = POLLIN };
	int ret;

	for (int tick = 0; tick < SECONDS * TICKS_A_SECOND; tick++) {
		if (poll(&ready, 1, 1000 / TICKS_A_SECOND) > 0 &&
		    read(ready.fd, &ret, sizeof(ret)) == sizeof(ret))
			return ret;
		if (call && call->hold)
			open_windows(slot, call);
		if (waitpid(channel[slot].pid, NULL, WNOHANG) == channel[slot].pid) {
			channel[slot].pid = 0;
			return TASK_DIED;
		}
	}
	guest_die("an op hangs");
}

int task_do(unsigned slot, const struct task_order *order)
{
	const struct guest_call *call = guest.call;
	int pid = channel[slot].pid, ret;
	bool marked;

	if (!pid)
		return TASK_DIED;
	marked = call && module_mark(pid, call->op, call->hold);
	if (write(channel[slot].order[1], order, sizeof(*order)) != sizeof(*order))
		guest_die("cannot write to a pipe: %s", strerror(errno));
	ret = task_answer(slot, marked ? call : NULL);
	if (marked && module_unmark(pid))
		ret = ENOMEM;
	if (order->kind != TASK_FORK || ret <= 0)
		return ret;
	channel[order->into].pid = ret;
	return 0;
}

void task_end(unsigned slot)
{
	int pid = channel[slot].pid;

	if (!pid)
		return;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	channel[slot].pid = 0;
}
