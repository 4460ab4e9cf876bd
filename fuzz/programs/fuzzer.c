// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fuzz target of an engine, linked with the one target of targets.c: one source for all.
 */
#include "fuzz/run/input.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	input_begin(*argc, *argv);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	input_run(data, size);
	return 0;
}
