/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The part of the module that knows subpools and pages, and no task.
 */
#ifndef BOOT_MODULE_BOOKS_H
#define BOOT_MODULE_BOOKS_H

#include "seam.h"

/* Find the functions that are called; once. */
void books_find(void);

/* SEAM_SUBPOOL and SEAM_SET_MAX; the others that are about a page.  0, or an errno below 0. */
long books_subpool(unsigned command, struct seam_subpool *subpool);
long books_page(unsigned command, struct seam_page *page);

#endif
