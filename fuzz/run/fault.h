/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The failing allocator: which requests of one call are refused, and what the call asked for.
 * Deterministic, one plan a call, and it counts what it did, so that a rule can hold it against
 * what the call returned.
 */
#ifndef FAULT_H
#define FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fault {
	uint8_t plan;     /* op.h */
	unsigned asked;   /* requests seen */
	unsigned refused; /* requests refused */
};

/* Count one request; true: it has to be refused. */
bool fault_refuses(struct fault *fault);

/*
 * Drive the shim: memory comes from @alloc, which takes it from the pool; a bad free, a lock or an
 * assertion that breaks is a failed rule.  The pool is emptied.
 */
void fault_drive_shim(void *(*alloc)(size_t size));

#endif
