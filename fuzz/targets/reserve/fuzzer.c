// SPDX-License-Identifier: GPL-2.0-only
/*
 * The callers of the map: files, mappings, faults, and the books of pool, subpool and cgroups.
 *
 * Most real bugs of reservations sat there: an abort too many, a count that drifts by one on an
 * error path.  So the laws that tie all books together are held against them after every call, with
 * everything refused that can be, and calls inside each other where no lock forbids it.
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
