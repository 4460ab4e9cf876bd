/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A moment of a run in which no call is under way, to come back to: the blocks, and what else the
 * machine and the target keep.  Everything comes back to its own address, so pointers hold.
 */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include <stdbool.h>

struct snapshot;

/* @room: NULL, or a snapshot that is not needed any more.  NULL: there is no memory. */
struct snapshot *snapshot_take(struct snapshot *room);
void snapshot_restore(const struct snapshot *snapshot);

#endif
