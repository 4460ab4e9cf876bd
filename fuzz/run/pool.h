/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the memory of the map under test comes from: one static pool of equal blocks.
 *
 * Freed and spare bytes are poisoned (ASan: any access stops; MSan: any use of a value read
 * stops), and a freed block is handed out again only when no fresh one is left, so that a use
 * after free is caught even when much has been allocated since.  What is live is counted exactly,
 * and a reset costs what was used.
 *
 * Knows neither maps nor rules: it answers, the caller judges.
 */
#ifndef POOL_H
#define POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { POOL_BLOCK = 128, POOL_BLOCKS = 4096 };

/* The pool's own; here only so that pool_live() and pool_count() cost nothing. */
extern char pool_memory[POOL_BLOCKS][POOL_BLOCK];
extern uint8_t pool_block_live[POOL_BLOCKS];
extern size_t pool_live_blocks;

/* Forget every block; all bytes are poisoned. */
void pool_reset(void);

/* A block, contents undefined; NULL if @size is over POOL_BLOCK or all blocks are live. */
void *pool_alloc(size_t size);

/* Take a block back.  False if @block is not the start of a live one: a double or foreign free. */
bool pool_free(void *block);

/*
 * For a report of MSan's: what is looked at to tell the story may be what it stopped at, and must
 * not stop it again.  Elsewhere nothing.
 */
void pool_calm(const void *also, size_t size);

/* Does @p point into a live block?  Asked before a pointer out of the map is followed. */
static inline bool pool_live(const void *p)
{
	size_t block = ((uintptr_t)p - (uintptr_t)pool_memory) / POOL_BLOCK;

	return block < POOL_BLOCKS && pool_block_live[block];
}

/* How many blocks are live. */
static inline size_t pool_count(void)
{
	return pool_live_blocks;
}

#endif
