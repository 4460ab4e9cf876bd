// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a process does to the mappings that it has: it makes them, cuts them in two, moves them, copies them by
 * fork(), and takes them away.
 */
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct mapping mapping[SLOTS];
unsigned long frame_told;

char *page_address(unsigned slot, unsigned page)
{
	return mapping[slot].start + (page - mapping[slot].first) * HUGE_SIZE;
}

/* Source: Documentation/admin-guide/mm/pagemap.rst: bit 63 says that the page is there, 61 that it is a file's. */
static uint64_t pagemap_entry(const char *address)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t entry = 0;

	if (pread(fd, &entry, sizeof(entry),
	          (off_t)((uintptr_t)address / SMALL_SIZE * sizeof(entry))) != sizeof(entry))
		entry = 0;
	close(fd);
	return entry;
}

bool page_is_there(unsigned slot, unsigned page)
{
	return pagemap_entry(page_address(slot, page)) >> 63;
}

bool page_is_files(unsigned slot, unsigned page)
{
	return pagemap_entry(page_address(slot, page)) >> 61 & 1;
}

void page_tell_frame(unsigned slot, unsigned page)
{
	frame_told = pagemap_entry(page_address(slot, page)) & ((1UL << 55) - 1);
}

int do_map(const struct task_order *order)
{
	struct mapping *made = &mapping[order->slot];
	int flags = order->opts & OPT_PRIVATE ? MAP_PRIVATE : MAP_SHARED;
	int fd, ret = 0;
	char path[32];

	guest_path(order->file, path);
	fd = open(path, O_RDWR);
	if (fd < 0)
		return errno;
	if (order->opts & OPT_NORESERVE)
		flags |= MAP_NORESERVE;
	*made = (struct mapping){
		.first = order->from,
		.pages = order->to - order->from,
		.shared = !(order->opts & OPT_PRIVATE),
		.advice = MADV_NORMAL,
	};
	made->start = mmap(NULL, made->pages * HUGE_SIZE, PROT_READ | PROT_WRITE, flags, fd,
	                   (off_t)(order->from * HUGE_SIZE));
	if (made->start == MAP_FAILED) {
		ret = errno;
		made->start = NULL;
	}
	close(fd);
	return ret;
}

static int unmap(struct mapping *old)
{
	int ret = munmap(old->start, old->pages * HUGE_SIZE) ? errno : 0;

	old->start = NULL;
	return ret;
}

int do_unmap(const struct task_order *order)
{
	return unmap(&mapping[order->slot]);
}

/* --- split */

/* The advice of the mapping that begins at @start, or none. */
static int advice_at(const char *start)
{
	for (int slot = 0; slot < SLOTS; slot++)
		if (mapping[slot].start == start)
			return mapping[slot].advice;
	return -1;
}

/*
 * What lies behind @page becomes a mapping of its own as madvise() cuts it off; neither side of it has the same
 * advice, or the kernel might join it to them.
 */
int do_split(const struct task_order *order)
{
	static const int advices[] = { MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL };
	struct mapping *front = &mapping[order->slot], *behind = &mapping[order->into];
	struct mapping whole = *front;
	int next = advice_at(whole.start + whole.pages * HUGE_SIZE);

	*behind = whole;
	behind->start = page_address(order->slot, order->from);
	behind->first = order->from;
	front->pages = order->from - front->first;
	behind->pages -= front->pages;
	for (int i = 0; i < 3; i++)
		if (advices[i] != whole.advice && advices[i] != next)
			behind->advice = advices[i];
	if (!madvise(behind->start, behind->pages * HUGE_SIZE, behind->advice))
		return 0;
	*front = whole;
	behind->start = NULL;
	return errno;
}

/* --- mremap() */

/* A range of addresses where nothing is, for @size bytes that begin with a huge page. */
static char *free_addresses(size_t size)
{
	char *start = mmap(NULL, size + HUGE_SIZE, PROT_NONE,
	                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (start == MAP_FAILED)
		return NULL;
	munmap(start, size + HUGE_SIZE);
	return (char *)(((uintptr_t)start + HUGE_SIZE - 1) / HUGE_SIZE * HUGE_SIZE);
}

/* Kernels up to 5.15 refuse it for huge pages. */
int do_mremap(const struct task_order *order)
{
	struct mapping *moved = &mapping[order->slot];
	size_t size = moved->pages * HUGE_SIZE;
	char *to = free_addresses(size), *start;

	if (!to)
		return errno;
	start = mremap(moved->start, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, to);
	if (start == MAP_FAILED)
		return errno == EINVAL ? TASK_LACKS : errno;
	moved->start = start;
	return 0;
}

/* --- fork() */

/* Both sides of a private mapping lose the right to write what they share; a page that is kept was copied. */
static void fork_mapping(struct mapping *own)
{
	if (!own->shared)
		own->writable &= own->kept;
}

/* In the parent the pid, or a negative errno; in the child 0. */
int do_fork(const struct task_order *order)
{
	int pid = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL);

	if (pid < 0)
		return -errno;
	for (int slot = 0; slot < SLOTS; slot++)
		fork_mapping(&mapping[slot]);
	if (pid)
		return pid;
	mapping[order->into] = mapping[order->slot];
	mapping[order->slot].start = NULL;
	return 0;
}

/* A child has one mapping: what else its parent had, and the pages that it keeps, it does not need. */
int do_forget(const struct task_order *order)
{
	for (unsigned slot = 0; slot < SLOTS; slot++) {
		if (slot != order->slot && mapping[slot].start)
			unmap(&mapping[slot]);
		forget_kept(slot);
	}
	return 0;
}
