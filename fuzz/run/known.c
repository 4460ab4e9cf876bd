// SPDX-License-Identifier: GPL-2.0-only
#include "known.h"

#include "stats.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct {
	const char *folder;
	bool read;
	uint64_t *count[RULES]; /* this process' own, in the file */
	size_t shortest[RULES]; /* ops of the shortest trace, 0: none yet */
} known;

/* The ops in front of which nothing of the op at @at was called yet, and that op. */
static void cut_behind(struct trace *trace, size_t at)
{
	size_t i = 0;

	if (at >= trace->count)
		return;
	while (trace_behind(trace, i) <= at)
		i = trace_behind(trace, i);
	trace->count = trace_behind(trace, i);
}

static void keep(enum rule rule, const struct ending *ending, const struct trace *trace)
{
	static struct trace shorter;
	char beside[4096], path[4096];
	FILE *out;

	shorter = *trace;
	cut_behind(&shorter, ending->op);
	if (known.shortest[rule] && known.shortest[rule] <= shorter.count)
		return;
	known.shortest[rule] = shorter.count;
	snprintf(beside, sizeof(beside), "%s/.%s.%d", known.folder, rule_name[rule], getpid());
	snprintf(path, sizeof(path), "%s/%s.%05zu.trace", known.folder, rule_name[rule],
	         shorter.count);
	out = fopen(beside, "w");
	if (!out)
		return;
	fprintf(out, "# %s, on the base too: %s\n", rule_name[rule], ending->verdict.what);
	trace_print(out, &shorter, NULL, SIZE_MAX);
	if (fclose(out) || rename(beside, path))
		unlink(beside);
}

void known_count(const struct ending *ending, const struct trace *trace)
{
	enum rule rule = ending->verdict.rule;
	char path[4096];

	if (!known.read) {
		known.folder = getenv("RESVMAP_KNOWN");
		known.read = true;
	}
	if (!known.folder)
		return;
	snprintf(path, sizeof(path), "%s/%s.count", known.folder, rule_name[rule]);
	if (!known.count[rule])
		known.count[rule] = stats_append(path, sizeof(uint64_t));
	if (known.count[rule])
		++*known.count[rule];
	keep(rule, ending, trace);
}
