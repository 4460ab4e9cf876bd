/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A sanitizer's stop as the failure of a rule.  A program that has a base beside the text under test has to go
 * on after a failure that the base shows too, and a sanitizer ends the program.  So in such a program both texts
 * call functions of stop.c where a sanitizer would stop: those either leave the run like any rule, or hand on to
 * the sanitizer, whose report is the better one to read.
 *
 * What a sanitizer finds in functions of its own, such as its memcpy(), still ends the program.
 */
#ifndef STOP_H
#define STOP_H

#include "report.h"

/* From now on stops, and the signals of code that goes astray, leave the run; or no more. */
void stop_leaves_run(bool leaves);

/* Was it a stop or a signal that left the run with @verdict? */
bool stop_is(const struct verdict *verdict);

#endif
