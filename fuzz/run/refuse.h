/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Refusals: which of the requests for memory that one call makes are refused, as the op's `refuse`
 * says, and how many there were, so that a rule can compare that with what the call returned.
 */
#ifndef REFUSE_H
#define REFUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct refusals {
	uint8_t plan;     /* struct op's refuse, fuzz/trace/op.h */
	unsigned asked;   /* requests seen */
	unsigned refused; /* requests refused */
};

/* Count one request of the call; true: the call gets no memory for it. */
bool request_is_refused(struct refusals *refusals);

/*
 * Over and above all plans: request @first of a run, counted from 1 on over all of its calls, is refused,
 * and with @and_later all behind it too; 0: none is.  The other two are counted from the run's beginning.
 */
struct sweep {
	unsigned first;
	bool and_later;
	unsigned asked;   /* requests that no plan refuses */
	unsigned refused; /* of these */
};
extern struct sweep refuse_sweep;

/*
 * Set the shim's hooks for a run: memory comes from @alloc, which takes it from blocks.h.  A free of
 * what is no live block fails the rule memory-clean, a breach of locking lock-discipline, an assertion
 * kernel-assert, and a call that goes round and round call-ends.  All blocks are given back.
 */
void refuse_drive_shim(void *(*alloc)(size_t size));

#endif
