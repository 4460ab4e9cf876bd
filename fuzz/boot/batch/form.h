/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a program that links form.c may choose: of which kinds the mutator makes ops.
 */
#ifndef BOOT_FORM_H
#define BOOT_FORM_H

#include <stdbool.h>

/* NULL, as at the start: of every kind. */
extern bool (*form_can)(unsigned kind);

#endif
