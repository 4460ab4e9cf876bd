// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text parser: whatever parses reads back from its own print, and from its bytes.
 *
 * Text is the archive of every finding, so the parser must take any bytes, and never lie.
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
	input_text(data, size);
	return 0;
}
