/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The executor's side of the module (module/seam.h): marks the task that is about to make a call, and looks
 * at what became of it.  Without the module nothing is marked, and the host sends no trace that needs it.
 */
#ifndef BOOT_GUEST_MODULE_H
#define BOOT_GUEST_MODULE_H

#include "fuzz/trace/op.h"

#include <stdbool.h>

/* Load the module, if the initramfs has it. */
void module_load(void);

/* The requests of @op that are refused, and those that are held, as bits; false: none, or no module. */
bool module_mark(int pid, const struct op *op, unsigned hold);

/* 0, or 1 + the number of the request that the task waits in; it goes on with module_go(). */
unsigned module_held(int pid);
void module_go(int pid);

/* The call is over; true: it was a fault, and ended for lack of memory. */
bool module_unmark(int pid);

/*
 * A free page leaves the pool of the hugetlbfs at @path; page @page of the file at @path is had for a device; the
 * memory of small page @frame is good again.  0, an errno, or TASK_LACKS.
 */
int module_dissolve(const char *path);
int module_memfd(const char *path, unsigned page);
int module_unpoison(unsigned long frame);

/* rsv_hpages of the subpool of the mount at @path, or BOOT_UNKNOWN. */
long module_rsv(const char *path);

/* The maximum of that subpool becomes what is used, false: there is none; and what it was. */
bool module_lower_max(const char *path, long *max);
void module_restore_max(const char *path, long max);

#endif
