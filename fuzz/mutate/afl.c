// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mutator for AFL++, as a shared object: AFL_CUSTOM_MUTATOR_LIBRARY=.../TARGET_mutator.so.
 * AFL++'s own havoc goes on beside it; AFL_CUSTOM_MUTATOR_ONLY would turn that off.
 *
 * An instance has all of its state, none is global: what the n-th call makes is decided by the seed
 * of afl_custom_init(), n and the bytes.  AFL++ owns what it passes in, the instance what it hands
 * out, until the next call.  There is no header of AFL++'s to include everywhere; its state is
 * opaque to us.
 */
#include "mutate.h"

#include <stdlib.h>

struct afl_mutator {
	uint64_t seed; /* of the next call */
	const char *last;
	struct trace trace, other;
	/* Trimming: rows of so many ops are left out, one after the other. */
	size_t row, at;
	int32_t step, steps;
	uint8_t out[TRACE_BYTES];
};

void *afl_custom_init(void *afl, unsigned int seed);
void afl_custom_deinit(void *data);
size_t afl_custom_fuzz(void *data, uint8_t *buf, size_t size, uint8_t **out, uint8_t *add,
                       size_t add_size, size_t max_size);
const char *afl_custom_describe(void *data, size_t max_length);
int32_t afl_custom_init_trim(void *data, uint8_t *buf, size_t size);
size_t afl_custom_trim(void *data, uint8_t **out);
int32_t afl_custom_post_trim(void *data, uint8_t success);

/* Rows of ops to leave out: first long ones, each half as long as the one before. */
enum { LONGEST_ROW = 16 };

/* One call in so many splices, when there is something to splice with. */
enum { SPLICES_SHARE = 4 };

void *afl_custom_init(void *afl, unsigned int seed)
{
	struct afl_mutator *m = calloc(1, sizeof(*m));

	(void)afl;
	if (!m)
		return NULL;
	m->seed = (uint64_t)seed << 32;
	m->last = "none";
	return m;
}

void afl_custom_deinit(void *data)
{
	free(data);
}

/* At least the board's record: AFL++ 4.04c takes 0 for a failure. */
size_t afl_custom_fuzz(void *data, uint8_t *buf, size_t size, uint8_t **out, uint8_t *add,
                       size_t add_size, size_t max_size)
{
	struct afl_mutator *m = data;
	uint64_t seed = m->seed++;

	*out = buf;
	if (max_size < OP_BYTES)
		return size;
	trace_decode(&m->trace, targets[0], buf, size);
	if (add && seed % SPLICES_SHARE == 0) {
		trace_decode(&m->other, targets[0], add, add_size);
		mutate_splice(&m->trace, &m->other, seed, max_size);
		m->last = "splice";
	} else {
		m->last = mutate(&m->trace, seed, max_size);
	}
	*out = m->out;
	return trace_encode(&m->trace, m->out);
}

/* For the names of queue files. */
const char *afl_custom_describe(void *data, size_t max_length)
{
	(void)max_length; /* far longer than a mutation's name */
	return ((struct afl_mutator *)data)->last;
}

/* Returns the most steps that it can take. */
int32_t afl_custom_init_trim(void *data, uint8_t *buf, size_t size)
{
	struct afl_mutator *m = data;

	trace_decode(&m->trace, targets[0], buf, size);
	m->row = LONGEST_ROW;
	m->at = 0;
	m->step = 0;
	m->steps = 0;
	if (m->trace.count < 2)
		return 0;
	for (size_t row = LONGEST_ROW; row; row /= 2)
		m->steps += (m->trace.count + row - 1) / row;
	return m->steps;
}

size_t afl_custom_trim(void *data, uint8_t **out)
{
	struct afl_mutator *m = data;
	size_t rest = m->trace.count - m->at;

	m->other = m->trace;
	mutate_cut(&m->other, m->at, m->row < rest ? m->row : rest);
	mutate_tidy(&m->other);
	*out = m->out;
	return trace_encode(&m->other, m->out);
}

/* Returns the next step; the last one when there is nothing left to leave out. */
int32_t afl_custom_post_trim(void *data, uint8_t success)
{
	struct afl_mutator *m = data;

	m->step++;
	if (success)
		m->trace = m->other;
	else
		m->at += m->row;
	if (m->at >= m->trace.count) {
		m->at = 0;
		m->row /= 2;
	}
	return m->row && m->trace.count ? m->step : m->steps;
}
