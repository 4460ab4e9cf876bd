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

/* The record at the end of @file, in memory, or NULL. */
static struct record *append_record(int file)
{
	static const struct record none;
	long page = sysconf(_SC_PAGESIZE), at;
	char *memory;

	if (write(file, &none, sizeof(none)) != sizeof(none))
		return NULL;
	/* Behind what this process has appended, whoever else appends. */
	at = lseek(file, 0, SEEK_CUR) - (long)sizeof(none);
	memory = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, file, at - at % page);
	return memory == MAP_FAILED ? NULL : (struct record *)(memory + at % page);
}

void stats_begin(void)
{
	const char *path = getenv("RESVMAP_STATS");
	int file;

	if (!path || record)
		return;
	file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (file >= 0)
		record = append_record(file);
	if (!record)
		perror("RESVMAP_STATS");
	if (file >= 0)
		close(file);
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
