/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the memory of the map under test comes from: one static array of equal blocks.
 *
 * Freed and spare bytes are poisoned (ASan: any access stops; MSan: any use of a value read
 * stops), and a freed block is handed out again only when no fresh one is left, so that a use
 * after free is caught even when much has been allocated since.  What is live is counted exactly,
 * and a reset costs what was used.
 *
 * Knows neither maps nor rules: it answers, the caller judges.
 */
#ifndef BLOCKS_H
#define BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BLOCK_SIZE = 128, BLOCKS = 4096 };

/*
 * blocks.c's own; here only so that block_live() and blocks_count() cost nothing.  blocks_live has the
 * size of each live block, at least 1.
 */
extern char blocks_memory[BLOCKS][BLOCK_SIZE];
extern uint8_t blocks_live[BLOCKS];
extern size_t blocks_live_count;

/* Forget every block; all bytes are poisoned. */
void blocks_reset(void);

/* A block, contents undefined; NULL if @size is over BLOCK_SIZE or all blocks are live. */
void *block_alloc(size_t size);

/* Take a block back.  False if @block is not the start of a live one: a double or foreign free. */
bool block_free(void *block);

/*
 * For a report of MSan's: what is looked at to tell the story may be what it stopped at, and must
 * not stop it again.  Elsewhere nothing.
 */
void blocks_calm(const void *also, size_t size);

/*
 * Blocks as they were at one moment of a run, to come back to.  @room: NULL, or what an earlier save
 * returned, which is used again.  NULL: no memory for it.
 */
struct blocks_saved;
struct blocks_saved *blocks_save(struct blocks_saved *room);

/*
 * Make all blocks what they were when @saved was; addresses are the same, so pointers hold.  Good for
 * as long as a fresh block is left: what was freed and handed out again since is not known.
 */
void blocks_restore(const struct blocks_saved *saved);

/* The bytes of the block that @p is the start of, as they were asked for; 0: of no live block. */
size_t block_size(const void *p);

/* Does @p point into a live block?  Asked before a pointer out of the map is followed. */
static inline bool block_live(const void *p)
{
	size_t block = ((uintptr_t)p - (uintptr_t)blocks_memory) / BLOCK_SIZE;

	return block < BLOCKS && blocks_live[block];
}

/* How many blocks are live. */
static inline size_t blocks_count(void)
{
	return blocks_live_count;
}

#endif
