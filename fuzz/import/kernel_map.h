/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An imported kernel's map between its two sides: kernel_map.c has the kernel's own text and is
 * built like any map under test, target_kernel.c drives and looks, and is built like the harness.
 *
 * Both are compiled with the folder of one import first on the include path.
 */
#ifndef KERNEL_MAP_H
#define KERNEL_MAP_H

#include "import.h"

#include "src/shim/kernel.h"

#include "types.h"

struct resv_map *kernel_open(void);
void kernel_close(struct resv_map *map);

/* As their namesakes region_*() of the newest kernels; @h_cg NULL: nobody is charged. */
long kernel_chg(struct resv_map *map, long from, long to, long *needed);
long kernel_add(struct resv_map *map, long from, long to, long needed, struct hugetlb_cgroup *h_cg);
void kernel_abort(struct resv_map *map, long from, long to, long needed);
long kernel_del(struct resv_map *map, long from, long to);
long kernel_count(struct resv_map *map, long from, long to);

#endif
