// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pool: fresh blocks in ascending order, then freed ones, oldest first.
 */
#include "pool.h"

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

_Alignas(16) char pool_memory[POOL_BLOCKS][POOL_BLOCK];
uint8_t pool_block_live[POOL_BLOCKS];
size_t pool_live_blocks;

static size_t used = POOL_BLOCKS;   /* blocks ever handed out since the reset */
static uint16_t freed[POOL_BLOCKS]; /* a ring of freed blocks, oldest at freed_first */
static size_t freed_first, freed_count;

void pool_reset(void)
{
	poison(pool_memory, used * POOL_BLOCK);
	memset(pool_block_live, 0, used);
	used = freed_first = freed_count = pool_live_blocks = 0;
}

void *pool_alloc(size_t size)
{
	size_t block;

	if (size > POOL_BLOCK)
		return NULL;
	if (used < POOL_BLOCKS) {
		block = used++;
	} else if (freed_count) {
		block = freed[freed_first];
		freed_first = (freed_first + 1) % POOL_BLOCKS;
		freed_count--;
	} else {
		return NULL;
	}
	pool_block_live[block] = 1;
	pool_live_blocks++;
	unpoison(pool_memory[block], size);
	spoil(pool_memory[block], size);
	return pool_memory[block];
}

bool pool_free(void *p)
{
	size_t block = ((uintptr_t)p - (uintptr_t)pool_memory) / POOL_BLOCK;

	if (!pool_live(p) || p != pool_memory[block])
		return false;
	pool_block_live[block] = 0;
	pool_live_blocks--;
	freed[(freed_first + freed_count++) % POOL_BLOCKS] = block;
	poison(pool_memory[block], POOL_BLOCK);
	return true;
}

void pool_calm(const void *also, size_t size)
{
	calm(pool_memory, sizeof(pool_memory));
	calm(also, size);
}
