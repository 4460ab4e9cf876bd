// SPDX-License-Identifier: GPL-2.0-only
#include "kind.h"

#include <string.h>

bool kind_is_bytes(const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if ((data[i] < ' ' && data[i] != '\t' && data[i] != '\n' && data[i] != '\r') ||
		    data[i] == 0x7f)
			return true;
	return false;
}

bool kind_is_named(const char *path, const char *end)
{
	size_t length = strlen(path), end_length = strlen(end);

	return length > end_length && !strcmp(path + length - end_length, end);
}
