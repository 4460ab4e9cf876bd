/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the executor asks of the module, by ioctl() on /dev/resvmap.  Both are compiled with this file; it
 * knows neither traces nor kernels.
 */
#ifndef BOOT_MODULE_SEAM_H
#define BOOT_MODULE_SEAM_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define SEAM_PATH "/dev/resvmap"

/* The memory of the reservation map is asked for by number, from 0, in each call of a marked task. */
struct seam_task {
	__s32 pid;
	__u32 refuse; /* bit n: request n is refused; bit SEAM_LAST: it and all later ones */
	__u32 hold;   /* bit n: request n waits until SEAM_GO */
	__u32 late;   /* the first thing that can fail after the page is there does so */
	__u32 words;  /* SEAM_NO_...: what else is refused */
	__u32 locks;  /* so many locks of a mapping are asked for before all that is counted */
	/* Out: */
	__u32 asked, refused, was_late;
	__u32 out_of_memory; /* a fault ended for lack of memory; it is not taken again */
	__u32 held;          /* 0, or 1 + the number of the request that waits now */
};

/* The subpool of the hugetlbfs that the file @fd is on. */
struct seam_subpool {
	__s32 fd;
	__s32 there; /* out: it has one */
	__s64 max, min, used, rsv;
};

/* A page of the file @fd, or of the memory that has failed. */
struct seam_page {
	__s32 fd;
	__s32 ret;   /* out: 0 or an errno */
	__u64 index; /* in huge pages of the file, or the number of a small page of memory */
};

enum { SEAM_LAST = 5, SEAM_TASKS = 16 };

/* No page from the buddy allocator, no charge of memory, no lock of a mapping, no page table. */
enum { SEAM_NO_POOL = 1, SEAM_NO_MEMCG = 2, SEAM_NO_VMA = 4, SEAM_NO_TABLE = 8 };

#define SEAM_MARK     _IOWR('r', 1, struct seam_task) /* from now on; what there was is forgotten */
#define SEAM_LOOK     _IOWR('r', 2, struct seam_task)
#define SEAM_GO       _IOWR('r', 3, struct seam_task)
#define SEAM_UNMARK   _IOWR('r', 4, struct seam_task) /* as SEAM_LOOK, and it is marked no more */
#define SEAM_SUBPOOL  _IOWR('r', 5, struct seam_subpool)
#define SEAM_SET_MAX  _IOWR('r', 6, struct seam_subpool)

/*
 * A free page of the hugetlbfs of @fd leaves the pool; a page of a file is had for a device, and let go; memory
 * that failed is good again.  ENOSYS: this kernel has no such function.
 */
#define SEAM_DISSOLVE _IOWR('r', 7, struct seam_page)
#define SEAM_MEMFD    _IOWR('r', 8, struct seam_page)
#define SEAM_UNPOISON _IOWR('r', 9, struct seam_page)

#endif
