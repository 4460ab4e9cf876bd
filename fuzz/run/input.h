/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the engines' entry points have in common.
 */
#ifndef INPUT_H
#define INPUT_H

#include <stddef.h>
#include <stdint.h>

/* What an engine's inputs are: bytes, or text. */
enum input_form { INPUT_BYTES, INPUT_TEXT };

/*
 * Before the first input.  @argv: the program's arguments, of which those without a dash are files
 * to run, or folders of inputs, the first of them to be written to.  Refuses, with one line on
 * stderr and exit status 2, a trace's text where inputs are bytes, for it would be read as other
 * ops than it says; and the checked-in folders, which hold text for people to review.
 */
void input_begin(enum input_form form, int argc, char **argv);

/*
 * Decode and run an input; one in 16, chosen by its bytes, is run twice.  A failed rule is printed
 * and the program aborts.
 */
void input_bytes(const uint8_t *data, size_t size);

/* The same for an input that is text; one that is no trace is good. */
void input_text(const uint8_t *data, size_t size);

#endif
