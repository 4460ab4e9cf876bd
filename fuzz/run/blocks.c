// SPDX-License-Identifier: GPL-2.0-only
/*
 * Blocks of memory: fresh ones in ascending order, then freed ones, oldest first.
 */
#include "blocks.h"

#include <stdlib.h>
#include <string.h>

#ifndef __has_feature
#define __has_feature(x) 0
#endif

#if __has_feature(address_sanitizer) || defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define poison(p, size)   __asan_poison_memory_region(p, size)
#define unpoison(p, size) __asan_unpoison_memory_region(p, size)
#elif __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#define poison(p, size)   __msan_poison(p, size)
#define unpoison(p, size) __msan_poison(p, size) /* allocated, not yet written */
#define spoil(p, size)    ((void)0)
#define calm(p, size)     __msan_unpoison(p, size)
#else
#define poison(p, size)   ((void)0)
#define unpoison(p, size) ((void)0)
#endif

/* Nobody may count on what a fresh block holds; where MSan does not look on, make it show. */
#ifndef spoil
#define spoil(p, size) memset(p, 0xa5, size)
#define calm(p, size)  ((void)(p), (void)(size))
#endif

_Alignas(16) char blocks_memory[BLOCKS][BLOCK_SIZE];
uint8_t blocks_live[BLOCKS];
size_t blocks_live_count;

static size_t used = BLOCKS;   /* blocks ever handed out since the reset */
static uint16_t freed[BLOCKS]; /* a ring of freed blocks, oldest at freed_first */
static size_t freed_first, freed_count;

void blocks_reset(void)
{
	poison(blocks_memory, used * BLOCK_SIZE);
	memset(blocks_live, 0, used);
	used = freed_first = freed_count = blocks_live_count = 0;
}

void *block_alloc(size_t size)
{
	size_t block;

	if (size > BLOCK_SIZE)
		return NULL;
	if (used < BLOCKS) {
		block = used++;
	} else if (freed_count) {
		block = freed[freed_first];
		freed_first = (freed_first + 1) % BLOCKS;
		freed_count--;
	} else {
		return NULL;
	}
	blocks_live[block] = size ? size : 1;
	blocks_live_count++;
	unpoison(blocks_memory[block], size);
	spoil(blocks_memory[block], size);
	return blocks_memory[block];
}

bool block_free(void *p)
{
	size_t block = ((uintptr_t)p - (uintptr_t)blocks_memory) / BLOCK_SIZE;

	if (!block_live(p) || p != blocks_memory[block])
		return false;
	blocks_live[block] = 0;
	blocks_live_count--;
	freed[(freed_first + freed_count++) % BLOCKS] = block;
	poison(blocks_memory[block], BLOCK_SIZE);
	return true;
}

struct blocks_saved {
	size_t used, room, live_count, freed_first, freed_count;
	struct {
		uint8_t live;
		char bytes[BLOCK_SIZE];
	} block[];
};

static struct blocks_saved *room_for(struct blocks_saved *saved, size_t blocks)
{
	struct blocks_saved *bigger;

	if (saved && saved->room >= blocks)
		return saved;
	bigger = realloc(saved, sizeof(*saved) + 2 * blocks * sizeof(saved->block[0]));
	if (bigger)
		bigger->room = 2 * blocks;
	else
		free(saved);
	return bigger;
}

struct blocks_saved *blocks_save(struct blocks_saved *room)
{
	struct blocks_saved *saved = room_for(room, used);

	if (!saved)
		return NULL;
	saved->used = used;
	saved->live_count = blocks_live_count;
	saved->freed_first = freed_first;
	saved->freed_count = freed_count;
	for (size_t i = 0; i < used; i++) {
		saved->block[i].live = blocks_live[i];
		memcpy(saved->block[i].bytes, blocks_memory[i], blocks_live[i]);
	}
	return saved;
}

void blocks_restore(const struct blocks_saved *saved)
{
	for (size_t i = 0; i < saved->used; i++) {
		poison(blocks_memory[i], BLOCK_SIZE);
		blocks_live[i] = saved->block[i].live;
		if (!blocks_live[i])
			continue;
		unpoison(blocks_memory[i], blocks_live[i]);
		memcpy(blocks_memory[i], saved->block[i].bytes, blocks_live[i]);
	}
	if (used > saved->used) {
		poison(blocks_memory[saved->used], (used - saved->used) * BLOCK_SIZE);
		memset(&blocks_live[saved->used], 0, used - saved->used);
	}
	used = saved->used;
	blocks_live_count = saved->live_count;
	freed_first = saved->freed_first;
	freed_count = saved->freed_count;
}

size_t block_size(const void *p)
{
	size_t block = ((uintptr_t)p - (uintptr_t)blocks_memory) / BLOCK_SIZE;

	return block_live(p) && p == blocks_memory[block] ? blocks_live[block] : 0;
}

void blocks_calm(const void *also, size_t size)
{
	calm(blocks_memory, sizeof(blocks_memory));
	calm(also, size);
}
