// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mutator for libFuzzer.  A custom mutator replaces all of the engine's own, so one call in four
 * is left to them: they use the dictionary and change bytes that ours would not.
 *
 * The static buffers carry nothing from one call to the next: the outcome is decided by bytes and
 * seed, and by the engine where it is asked.
 */
#include "mutate.h"

#include <string.h>

#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#else
#define __msan_unpoison(data, size) ((void)(data), (void)(size))
#endif

/* Weak: engines that never ask for a mutation need not have it to be linked. */
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size, const uint8_t *data2,
                                 size_t size2, uint8_t *out, size_t max_size, unsigned seed);

/* One call in so many is the engine's. */
enum { ENGINES_SHARE = 4 };

static struct trace trace, other;

/* MSan has not seen the engine write these bytes: it is built without. */
static void decode(struct trace *into, const uint8_t *data, size_t size)
{
	__msan_unpoison(data, size);
	trace_decode(into, targets[0], data, size);
}

static size_t encode(uint8_t *out)
{
	static uint8_t bytes[TRACE_BYTES];
	size_t size = trace_encode(&trace, bytes);

	memcpy(out, bytes, size);
	return size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	if (max_size < OP_BYTES)
		return LLVMFuzzerMutate ? LLVMFuzzerMutate(data, size, max_size) : 0;
	if (LLVMFuzzerMutate && seed % ENGINES_SHARE == 0) {
		size = LLVMFuzzerMutate(data, size, max_size);
		decode(&trace, data, size);
	} else {
		decode(&trace, data, size);
		mutate(&trace, seed, max_size);
	}
	return encode(data);
}

/* The engine asks for a crossover as often as for a mutation, which is too often for us. */
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size, const uint8_t *data2,
                                 size_t size2, uint8_t *out, size_t max_size, unsigned seed)
{
	if (max_size < OP_BYTES)
		return 0;
	decode(&trace, data, size);
	if (seed % 4 == 0) {
		decode(&other, data2, size2);
		mutate_splice(&trace, &other, seed, max_size);
	}
	if (seed % 4 || seed / 4 % 2)
		mutate(&trace, ~(uint64_t)seed, max_size);
	return encode(out);
}
