/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of the kernel's vocabulary that means nothing in one userspace thread and is
 * rendered to nothing.  A name belongs here only if leaving it out cannot change a result.
 */
#ifndef SHIM_STUBS_H
#define SHIM_STUBS_H

#define __must_hold(lock)

#endif
