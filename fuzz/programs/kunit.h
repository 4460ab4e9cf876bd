/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Traces of a map as data of a KUnit suite: what fuzz/boot/kunit/resvmap_kunit.c runs in a kernel.
 */
#ifndef KUNIT_H
#define KUNIT_H

/*
 * Write the traces in @file, files and folders, on stdout.  One that a kernel cannot run, for its target has no
 * board or calls wait for each other in it, is a comment that says why.
 *
 * Return: EXIT_GOOD, or EXIT_UNUSABLE where none can be run or one cannot be read; said on stderr.
 */
int kunit_write(int files, char **file);

#endif
