// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pool: fresh blocks in ascending order, then freed ones, oldest first.
 */
#include "pool.h"

#include <stdint.h>
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
#else
#define poison(p, size)   ((void)0)
#define unpoison(p, size) ((void)0)
#endif

static _Alignas(16) char pool[POOL_BLOCKS][POOL_BLOCK];
static uint8_t live[POOL_BLOCKS];
static uint16_t freed[POOL_BLOCKS]; /* a ring of freed blocks, oldest at freed_first */
static size_t used = POOL_BLOCKS;   /* blocks ever handed out since the reset */
static size_t freed_first, freed_count, live_count;

void pool_reset(void)
{
	poison(pool, used * POOL_BLOCK);
	memset(live, 0, used);
	used = freed_first = freed_count = live_count = 0;
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
	live[block] = 1;
	live_count++;
	unpoison(pool[block], size);
	return pool[block];
}

static bool in_pool(const void *p)
{
	return (uintptr_t)p - (uintptr_t)pool < sizeof(pool);
}

static size_t block_of(const void *p)
{
	return ((uintptr_t)p - (uintptr_t)pool) / POOL_BLOCK;
}

bool pool_live(const void *p)
{
	return in_pool(p) && live[block_of(p)];
}

bool pool_free(void *p)
{
	size_t block = block_of(p);

	if (!pool_live(p) || p != pool[block])
		return false;
	live[block] = 0;
	live_count--;
	freed[(freed_first + freed_count++) % POOL_BLOCKS] = block;
	poison(pool[block], POOL_BLOCK);
	return true;
}

size_t pool_count(void)
{
	return live_count;
}
