// SPDX-License-Identifier: GPL-2.0-only
/*
 * The target that does nothing: what an engine costs by itself, for `make bench` to divide by.
 */
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	(void)data;
	(void)size;
	return 0;
}
