// SPDX-License-Identifier: GPL-2.0-only
/*
 * explore: every behaviour of a small board, to a fixed point.  README.md here says what "every" means.
 *
 * Words NAME=NUMBER say how big the board is: CELLS, TICKETS, OWNERS, CALLS, OPS, SPARE (the most
 * surplus entries, -1: any), NESTED, MEMORY (MiB of the table).  --target=NAME says what is explored.
 *
 * Exit status: 0 every rule held, 1 one did not, and the shortest trace is printed, 2 wrong usage, or it
 * could not be looked at whole.
 */
#include "search.h"

#include "fuzz/run/report.h"
#include "fuzz/trace/file.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct search search = {
	.scope = { .cells = 4, .tickets = 3, .owners = 2 },
	.limits = { .calls = 2, .ops = 2 },
	.spare = -1,
};
static long nested, memory = 1024;

static const struct word {
	const char *name;
	unsigned *value;
	long *signed_value;
	long least, most;
} word[] = {
	{ "CELLS", &search.scope.cells, NULL, 1, CELLS },
	{ "TICKETS", &search.scope.tickets, NULL, 1, SLOTS },
	{ "OWNERS", &search.scope.owners, NULL, 0, CGROUPS - 1 },
	{ "CALLS", &search.limits.calls, NULL, 1, 3 },
	{ "OPS", &search.limits.ops, NULL, 1, 16 },
	{ "SPARE", NULL, &search.spare, -1, 254 },
	{ "NESTED", NULL, &nested, 0, 1 },
	{ "MEMORY", NULL, &memory, 1, 1 << 20 },
};

static bool set_word(const char *arg)
{
	const char *is = strchr(arg, '=');
	char *end;

	for (size_t i = 0; is && i < sizeof(word) / sizeof(word[0]); i++) {
		const struct word *at = &word[i];
		long value = strtol(is + 1, &end, 10);

		if (strncmp(arg, at->name, is - arg) || at->name[is - arg])
			continue;
		if (!is[1] || *end || value < at->least || value > at->most) {
			fprintf(stderr, "explore: %s is unknown; give a number from %ld to %ld\n",
			        arg, at->least, at->most);
			return false;
		}
		if (at->value)
			*at->value = value;
		else
			*at->signed_value = value;
		return true;
	}
	fprintf(stderr, "explore: what is %s? see make help\n", arg);
	return false;
}

static bool read_words(int argc, char **argv)
{
	search.target = target_find("region");
	for (int i = 1; i < argc; i++) {
		if (!strncmp(argv[i], "--target=", 9))
			search.target = target_find(argv[i] + 9);
		else if (!set_word(argv[i]))
			return false;
	}
	search.limits.is_nested = nested;
	search.memory = (size_t)memory << 20;
	if (search.target && search.target->explored)
		return true;
	fprintf(stderr, "explore: that target does not say what its states are\n");
	return false;
}

static void print_failure(const struct found *found)
{
	const char *said = getenv("RESVMAP_REPLAY");

	report_verdict = found->verdict;
	printf("FAIL %s: %s\n", rule_name[found->verdict.rule], found->verdict.what);
	trace_print(stdout, &found->trace, NULL, TRACE_OPS);
	printf("shortest: %u ops%s\n", found->cost, said ? said : "");
}

int main(int argc, char **argv)
{
	static struct found found;

	if (!read_words(argc, argv))
		return EXIT_UNUSABLE;
	if (!search_all(&search, &found))
		return EXIT_UNUSABLE;
	if (found.failed)
		print_failure(&found);
	printf("%zu states, %lu transitions, %lu looks, deepest %u, cut %lu, hidden %lu, %.2f s%s\n",
	       found.states, found.transitions, found.looks, found.deepest, found.cut, found.hidden,
	       (double)clock() / CLOCKS_PER_SEC,
	       found.failed ? "" : ": every rule held");
	return found.failed ? EXIT_RULE_FAILED : EXIT_GOOD;
}
