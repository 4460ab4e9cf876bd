// SPDX-License-Identifier: GPL-2.0-only
/*
 * One map, everything: all calls, boards, refusals and windows; every rule after every call.
 *
 * This is the target to start with.  An input of 16 ops takes a few microseconds, so an engine's
 * plain byte mutation gets far; everything that decides a run is in the input.
 */
#include "fuzz/run/input.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	input_begin();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	input_bytes(data, size);
	return 0;
}
