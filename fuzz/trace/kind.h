/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Is it a trace's text, or the bytes of an engine's input?  The contents say, not the name of the
 * file: the canonical record before the ops ends in a zero byte, which no text has.  Bytes that an
 * engine wrote by itself need not have one; what is not told here is for the caller to refuse.
 */
#ifndef KIND_H
#define KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Is there a byte in it that no text has: a control character, but tab and line ends? */
bool kind_is_bytes(const uint8_t *data, size_t size);

/* Does the name @path end in @end, with something before it? */
bool kind_is_named(const char *path, const char *end);

#endif
