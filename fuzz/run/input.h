/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the engines' entry points have in common.
 */
#ifndef INPUT_H
#define INPUT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Before the first input.  @argv: the program's arguments, of which those without a dash are files
 * to run, or folders of inputs, the first of them to be written to.  Refuses, with one line on
 * stderr and exit status 2, a trace's text where inputs are bytes, for it would be read as other
 * ops than it says; and the checked-in folders, which hold text for people to review.
 */
void input_begin(int argc, char **argv);

/*
 * Run an input of the program's target.  Bytes are decoded; one in 16 inputs, chosen by its bytes,
 * runs twice; what fails on the base too (base.h) is counted and is good.  Of a target that is the text itself inputs are text; one that is no trace is good.  A
 * failed rule is printed and the program aborts.
 */
void input_run(const uint8_t *data, size_t size);

#endif
