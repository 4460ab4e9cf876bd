// SPDX-License-Identifier: GPL-2.0-only
#include "snapshot.h"

#include "episode.h"
#include "fuzz/run/blocks.h"
#include "src/shim/hooks.h"

#include <stdlib.h>
#include <string.h>

struct snapshot {
	struct blocks_saved *blocks;
	size_t size, room;
	char *own;
};

static struct snapshot *taken;
static const char *given;

static void grow(size_t size)
{
	char *bigger;

	if (taken->own && taken->size + size <= taken->room)
		return;
	taken->room = 2 * (taken->size + size);
	bigger = realloc(taken->own, taken->room);
	if (!bigger)
		free(taken->own);
	taken->own = bigger;
}

static void take_piece(void *at, size_t size)
{
	grow(size);
	if (taken->own)
		memcpy(taken->own + taken->size, at, size);
	taken->size += size;
}

static void give_piece(void *at, size_t size)
{
	memcpy(at, given, size);
	given += size;
}

struct snapshot *snapshot_take(struct snapshot *room)
{
	taken = room ? room : calloc(1, sizeof(*taken));
	if (!taken)
		return NULL;
	taken->size = 0;
	taken->blocks = blocks_save(taken->blocks);
	episode_own(take_piece);
	return taken->blocks && taken->own ? taken : NULL;
}

void snapshot_restore(const struct snapshot *snapshot)
{
	shim_locks_held = shim_unlocked = 0;
	shim_steps = 0;
	blocks_restore(snapshot->blocks);
	given = snapshot->own;
	episode_own(give_piece);
}
