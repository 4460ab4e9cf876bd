// SPDX-License-Identifier: GPL-2.0-only
#include "snapshot.h"

#include "episode.h"
#include "fuzz/run/blocks.h"
#include "src/shim/hooks.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifndef __has_feature
#define __has_feature(x) 0
#endif

struct snapshot {
	struct blocks_saved *blocks;
	size_t size, room;
	char *own;
};

#if __has_feature(address_sanitizer)
struct words {
	uint64_t word[4];
} __attribute__((packed, may_alias));

/* A piece may have the gaps that ASan keeps between variables, which its memcpy() lets nobody read. */
__attribute__((no_sanitize("address"), no_builtin)) static void copy(char *to, const char *from,
                                                                     size_t size)
{
	for (; size >= sizeof(struct words); size -= sizeof(struct words)) {
		*(struct words *)to = *(const struct words *)from;
		to += sizeof(struct words);
		from += sizeof(struct words);
	}
	while (size--)
		*to++ = *from++;
}
#else
static void copy(char *to, const char *from, size_t size)
{
	memcpy(to, from, size);
}
#endif

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
		copy(taken->own + taken->size, at, size);
	taken->size += size;
}

static void give_piece(void *at, size_t size)
{
	copy(at, given, size);
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
