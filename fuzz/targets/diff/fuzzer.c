// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two maps side by side: the same pages, the same counts, each with regions of its own shape.
 *
 * The oracle that needs no model: an error of the model, or one that model and map share, shows
 * here.  Windows are not opened, for two maps do not wait for memory at the same moments.
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
