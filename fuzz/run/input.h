/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the engines' entry points have in common.
 */
#ifndef INPUT_H
#define INPUT_H

#include <stddef.h>
#include <stdint.h>

/* Before the first input. */
void input_begin(void);

/*
 * Decode and run an input; one in 16, chosen by its bytes, is run twice.  A failed rule is printed
 * and the program aborts.
 */
void input_bytes(const uint8_t *data, size_t size);

/* The same for an input that is text; one that is no trace is good. */
void input_text(const uint8_t *data, size_t size);

#endif
