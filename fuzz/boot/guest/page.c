// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a process does to the pages of its mappings: touches, fills and drops them, takes the right to write
 * them away, keeps them for a device, moves them elsewhere in memory, and has their memory fail.
 */
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/mempolicy.h>
#include <linux/userfaultfd.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static uint64_t bit_of(const struct task_order *order)
{
	return 1ULL << order->from;
}

/* --- touching */

static sigjmp_buf beyond;

static void on_sigbus(int number)
{
	(void)number;
	siglongjmp(beyond, 1);
}

/* A fault gives the right to write to whoever writes, and to a sharer; what is there already causes none. */
int do_touch(const struct task_order *order)
{
	struct mapping *own = &mapping[order->slot];
	volatile char *page = page_address(order->slot, order->from);
	bool was_there = page_is_there(order->slot, order->from);

	signal(SIGBUS, on_sigbus);
	if (sigsetjmp(beyond, 1))
		return -SIGBUS;
	if (order->opts & OPT_WRITE)
		*page = 1;
	else
		(void)*page;
	if (order->opts & OPT_WRITE || (!was_there && own->shared))
		own->writable |= bit_of(order);
	else if (!was_there)
		own->writable &= ~bit_of(order);
	return 0;
}

/* Up to 5.17 this advice is not for huge pages, and EINVAL. */
int do_zap(const struct task_order *order)
{
	if (!madvise(page_address(order->slot, order->from), HUGE_SIZE, MADV_DONTNEED))
		return 0;
	return errno == EINVAL ? TASK_LACKS : errno;
}

/* --- userfaultfd */

/*
 * The whole mapping is registered for the time of one request, or its faults would wait for a handler.
 * Returns the descriptor, or a negative errno.
 */
static int watch(unsigned slot, uint64_t mode, uint64_t features)
{
	struct uffdio_api api = { .api = UFFD_API, .features = features };
	struct uffdio_register all = {
		.range = { (uintptr_t)mapping[slot].start, mapping[slot].pages * HUGE_SIZE },
		.mode = mode,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC), ret;

	if (fd < 0)
		return -errno;
	if (!ioctl(fd, UFFDIO_API, &api) && !ioctl(fd, UFFDIO_REGISTER, &all))
		return fd;
	ret = -errno;
	close(fd);
	return ret;
}

static void unwatch(unsigned slot, int fd)
{
	struct uffdio_range all = { (uintptr_t)mapping[slot].start,
		                    mapping[slot].pages * HUGE_SIZE };

	ioctl(fd, UFFDIO_UNREGISTER, &all);
	close(fd);
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

int do_copy(const struct task_order *order)
{
	struct uffdio_copy copy = {
		.dst = (uintptr_t)page_address(order->slot, order->from),
		.src = (uintptr_t)source(order->opts & OPT_LATE),
		.len = HUGE_SIZE,
	};
	int fd = watch(order->slot, UFFDIO_REGISTER_MODE_MISSING, 0), ret = 0;

	if (fd < 0)
		return -fd;
	if (ioctl(fd, UFFDIO_COPY, &copy))
		ret = errno;
	else
		mapping[order->slot].writable |= bit_of(order);
	unwatch(order->slot, fd);
	return ret;
}

/* Kernels up to 5.12 have no such request.  A private page of the file is one to be read only. */
int do_continue(const struct task_order *order)
{
	struct uffdio_continue go_on = {
		.range = { (uintptr_t)page_address(order->slot, order->from), HUGE_SIZE },
	};
	int fd = watch(order->slot, UFFDIO_REGISTER_MODE_MINOR, UFFD_FEATURE_MINOR_HUGETLBFS);
	int ret = 0;

	if (fd < 0)
		return fd == -EINVAL ? TASK_LACKS : -fd;
	if (ioctl(fd, UFFDIO_CONTINUE, &go_on))
		ret = errno;
	else if (mapping[order->slot].shared)
		mapping[order->slot].writable |= bit_of(order);
	else
		mapping[order->slot].writable &= ~bit_of(order);
	unwatch(order->slot, fd);
	return ret;
}

/* Kernels up to 5.18 cannot do it to huge pages. */
int do_protect(const struct task_order *order)
{
	struct uffdio_writeprotect protect = {
		.range = { (uintptr_t)page_address(order->slot, order->from), HUGE_SIZE },
		.mode = UFFDIO_WRITEPROTECT_MODE_WP,
	};
	int fd = watch(order->slot, UFFDIO_REGISTER_MODE_WP, UFFD_FEATURE_WP_HUGETLBFS_SHMEM);
	int ret = 0;

	if (fd < 0)
		return fd == -EINVAL ? TASK_LACKS : -fd;
	if (ioctl(fd, UFFDIO_WRITEPROTECT, &protect))
		ret = errno;
	protect.mode = 0;
	if (!ret && ioctl(fd, UFFDIO_WRITEPROTECT, &protect))
		ret = errno;
	unwatch(order->slot, fd);
	mapping[order->slot].writable &= ~bit_of(order);
	return ret;
}

/* --- a page that somebody keeps: a buffer of io_uring, which pins it for as long as it likes */

static struct {
	int fd; /* + 1 */
	uint64_t page;
} ring[SLOTS];

void forget_kept(unsigned slot)
{
	if (ring[slot].fd)
		close(ring[slot].fd - 1);
	for (int i = 0; i < SLOTS; i++)
		mapping[i].kept &= ~ring[slot].page;
	ring[slot].fd = 0;
	ring[slot].page = 0;
}

int do_pin(const struct task_order *order)
{
	struct iovec small = { page_address(order->slot, order->from), SMALL_SIZE };
	struct io_uring_params params = { 0 };
	int fd, ret = 0;

	/* Who pins would else fault the page in, or copy it. */
	if (!page_is_there(order->slot, order->from) ||
	    !(mapping[order->slot].writable & bit_of(order)))
		return EFAULT;
	fd = syscall(SYS_io_uring_setup, 1, &params);
	if (fd < 0)
		return errno == ENOSYS ? TASK_LACKS : errno;
	if (syscall(SYS_io_uring_register, fd, IORING_REGISTER_BUFFERS, &small, 1))
		ret = errno;
	if (ret) {
		close(fd);
		return ret;
	}
	ring[order->slot].fd = fd + 1;
	ring[order->slot].page = bit_of(order);
	mapping[order->slot].kept |= bit_of(order);
	return 0;
}

int do_unpin(const struct task_order *order)
{
	int ret = 0;

	if (syscall(SYS_io_uring_register, ring[order->slot].fd - 1, IORING_UNREGISTER_BUFFERS,
	            NULL, 0))
		ret = errno;
	forget_kept(order->slot);
	return ret;
}

/* --- another place in memory: the other one of two nodes */

static long move_to(char *page, const int *node, int *status)
{
	return syscall(SYS_move_pages, 0, 1UL, &page, node, status, node ? MPOL_MF_MOVE_ALL : 0);
}

int do_migrate(const struct task_order *order)
{
	char *page = page_address(order->slot, order->from);
	int node, status = 0;

	if (!page_is_there(order->slot, order->from))
		return EFAULT;
	if (move_to(page, NULL, &status))
		return errno;
	if (status < 0)
		return -status;
	node = !status;
	if (move_to(page, &node, &status))
		return errno == ENODEV || errno == ENOSYS ? TASK_LACKS : errno;
	if (status == node)
		return 0;
	return status < 0 ? -status : EBUSY;
}

/* --- memory failure */

/* Who asks for it gets the signal of a process that has touched such memory, and goes on. */
static void on_failure(int number)
{
	(void)number;
}

int do_poison(const struct task_order *order)
{
	char *page = page_address(order->slot, order->from);
	bool files = page_is_files(order->slot, order->from);

	if (!page_is_there(order->slot, order->from))
		return EFAULT;
	page_tell_frame(order->slot, order->from);
	signal(SIGBUS, on_failure);
	if (madvise(page, HUGE_SIZE, MADV_HWPOISON))
		return errno == EINVAL ? TASK_LACKS : errno;
	return files ? TASK_KEPT : 0;
}
