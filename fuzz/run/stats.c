// SPDX-License-Identifier: GPL-2.0-only
#include "stats.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* A power of two, so that no record lies on two pages. */
struct record {
	uint64_t runs, ops, skipped, unused;
};

static struct record *record;

/* The last @size bytes of @file, in memory, or NULL. */
static void *append(int file, size_t size)
{
	static const char none[sizeof(struct record)];
	long page = sysconf(_SC_PAGESIZE), at;
	char *memory;

	if (write(file, none, size) != (ssize_t)size)
		return NULL;
	/* Behind what this process has appended, whoever else appends. */
	at = lseek(file, 0, SEEK_CUR) - (long)size;
	memory = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, file, at - at % page);
	return memory == MAP_FAILED ? NULL : memory + at % page;
}

void *stats_append(const char *path, size_t size)
{
	int file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	void *bytes = file >= 0 ? append(file, size) : NULL;

	if (!bytes)
		perror(path);
	if (file >= 0)
		close(file);
	return bytes;
}

void stats_begin(void)
{
	const char *path = getenv("RESVMAP_STATS");

	if (path && !record)
		record = stats_append(path, sizeof(*record));
}

void stats_count(const struct run_totals *totals)
{
	static struct run_totals counted;

	if (!record)
		return;
	record->runs += totals->runs - counted.runs;
	record->ops += totals->ops - counted.ops;
	record->skipped += totals->skipped - counted.skipped;
	counted = *totals;
}
