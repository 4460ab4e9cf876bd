// SPDX-License-Identifier: GPL-2.0-only
/*
 * explore: every behaviour of a small board, to a fixed point.  README.md here says what "every" means.
 *
 * --target=NAME says what is explored.  Words NAME=VALUE behind it say how big the board is: CELLS, TICKETS,
 * OWNERS, CALLS, OPS, SPARE (the most surplus entries), ORDERS (any or nested), MEMORY (MiB of the table); of a
 * board BOARD (unit, wide, high), of a pool POOL, SURPLUS, MAX and MIN.
 *
 * Exit status: 0 every rule held, 1 one did not, and the shortest trace is printed, 2 wrong usage, or it
 * could not be looked at whole.
 */
#include "alone.h"
#include "search.h"

#include "fuzz/run/run.h"
#include "fuzz/trace/file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static struct search search = {
	.limits = { .ops = 2 },
};
static unsigned memory = 1024, spare = NO_BOUND;
static struct found *found;

static const struct word {
	const char *name;
	unsigned *value;
	unsigned least, most;
	unsigned more; /* than is said: where 0 stands for none */
	unsigned head; /* what the target's head must have for it to mean something */
} words[] = {
	{ "CELLS", &search.scope.cells, 1, CELLS, 0, 0 },
	{ "TICKETS", &search.scope.tickets, 1, SLOTS, 0, 0 },
	{ "OWNERS", &search.scope.owners, 0, CGROUPS - 1, 0, 0 },
	{ "CALLS", &search.limits.calls, 1, MAX_DEPTH, 0, 0 },
	{ "OPS", &search.limits.ops, 1, EPISODE_OPS / 2, 0, 0 },
	{ "SPARE", &spare, 0, 200, 0, 0 },
	{ "MEMORY", &memory, 1, 1 << 20, 0, 0 },
	{ "POOL", &search.scope.pool, 0, POOL_PAGES, 0, OP_POOL },
	{ "SURPLUS", &search.scope.surplus, 0, POOL_SURPLUS, 0, OP_POOL },
	{ "MAX", &search.scope.max, 0, POOL_LIMIT, 1, OP_POOL },
	{ "MIN", &search.scope.min, 0, POOL_LIMIT, 1, OP_POOL },
};

static bool fail(const char *arg, const char *remedy)
{
	fprintf(stderr, "explore: %s is unknown; %s\n", arg, remedy);
	return false;
}

static bool set_number(const struct word *word, const char *arg, const char *value)
{
	char *end, remedy[64];
	unsigned long number = strtoul(value, &end, 10);

	snprintf(remedy, sizeof(remedy), "give a number from %u to %u", word->least, word->most);
	if (*value < '0' || *value > '9' || *end || number < word->least || number > word->most)
		return fail(arg, remedy);
	*word->value = number + word->more;
	return true;
}

static bool has_head(const char *arg, unsigned operands)
{
	return !operands || search.target->op[0].operands & operands ||
	       fail(arg, "that target has nothing of the kind");
}

static enum orders allowed_orders(void)
{
	const struct explored *explored = search.target->explored;

	return explored->orders ? explored->orders() : ANY_ORDER;
}

static bool set_orders(const char *arg, const char *value)
{
	search.limits.is_nested = !strcmp(value, "nested");
	if (!search.limits.is_nested && strcmp(value, "any"))
		return fail(arg, "choose any or nested");
	return search.limits.is_nested || allowed_orders() == ANY_ORDER ||
	       fail(arg, "calls of that target go on in the order of their nesting");
}

static bool set_board(const char *arg, const char *value)
{
	unsigned board = BOARD_UNIT;

	while (board < BOARD_RAW && strcmp(value, board_name[board]))
		board++;
	search.scope.board = board;
	return board < BOARD_RAW || fail(arg, "choose unit, wide or high");
}

static bool set_target(const char *name)
{
	search.target = target_find(name);
	if (!search.target || !search.target->explored)
		return fail(name, "that target does not say what its states are");
	search.scope = search.target->explored->usual;
	search.limits.calls = search.target->explored->usual_calls;
	search.limits.is_nested = allowed_orders() != ANY_ORDER;
	return true;
}

static bool is_named(const char *arg, size_t length, const char *name)
{
	return strlen(name) == length && !memcmp(arg, name, length);
}

static bool set_word(const char *arg)
{
	size_t length = strcspn(arg, "=");

	if (arg[length] && is_named(arg, length, "--target"))
		return set_target(arg + length + 1);
	if (arg[length] && is_named(arg, length, "ORDERS"))
		return set_orders(arg, arg + length + 1);
	if (arg[length] && is_named(arg, length, "BOARD"))
		return has_head(arg, OP_BOARD) && set_board(arg, arg + length + 1);
	for (size_t i = 0; arg[length] && i < sizeof(words) / sizeof(words[0]); i++)
		if (is_named(arg, length, words[i].name))
			return has_head(arg, words[i].head) &&
			       set_number(&words[i], arg, arg + length + 1);
	return fail(arg, "the words are CELLS, TICKETS, OWNERS, CALLS, OPS, SPARE, MEMORY, "
	                 "ORDERS, BOARD, POOL, SURPLUS, MAX and MIN");
}

static bool read_words(int argc, char **argv)
{
	bool good = (argc > 1 && !strncmp(argv[1], "--target=", 9)) || set_target("region");

	for (int i = 1; i < argc && good; i++)
		good = set_word(argv[i]);
	if (good && search.limits.calls > 1 && allowed_orders() == ONE_CALL)
		good = fail("CALLS",
		            "calls of that target wait for each other's locks: say CALLS=1");
	search.memory = (size_t)memory << 20;
	search.spare = spare;
	return good;
}

static int search_alone(void)
{
	return search_all(&search, found) ? EXIT_GOOD : EXIT_UNUSABLE;
}

/*
 * What stops the process is a failure too, and may not be the shortest: look for a shorter one, until
 * there is none.
 */
static int search_whole(void)
{
	int ended;

	do
		ended = alone_run(search_alone, search_stopped);
	while (ended == ALONE_STOPPED && found->cost);
	if (ended == ALONE_STOPPED)
		return EXIT_GOOD;
	if (ended == EXIT_UNUSABLE)
		fprintf(stderr, "explore: %s\n", found->wrong);
	else if (ended != EXIT_GOOD)
		fprintf(stderr, "explore: the search died, and left no word\n");
	return ended == EXIT_GOOD ? EXIT_GOOD : EXIT_UNUSABLE;
}

static void print_stop(const struct verdict *verdict)
{
	report_print(stdout, verdict, NULL);
	*found = (struct found){ .verdict = *verdict };
}

static int replay(void)
{
	static struct trace trace;

	trace = found->trace;
	if (run_trace(search.target, &trace, NULL, RUN_ONCE))
		return EXIT_GOOD;
	print_stop(&report_verdict);
	return EXIT_RULE_FAILED;
}

/* The interpreter, which knows nothing of states and tapes, must find the same. */
static void print_failure(void)
{
	struct found was = *found;

	alone_run(replay, print_stop);
	if (found->verdict.rule != was.verdict.rule || found->failed) {
		printf("FAIL %s: %s\n", rule_name[was.verdict.rule], was.verdict.what);
		trace_print(stdout, &was.trace, NULL, was.trace.count);
		printf("and a run of this trace does not show it\n");
	}
	*found = was;
	printf("no trace of this board with less than these %u ops fails\n", found->cost);
}

/* Processor time, of all processes that have ended. */
static double seconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_CHILDREN, &usage);
	return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
	       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static const char *verdict_words(void)
{
	if (found->failed)
		return "a rule failed";
	if (found->full)
		return "NOT ALL: no more room, say MEMORY=";
	if (found->cut)
		return "every rule held, up to the bound";
	return "every rule held";
}

int main(int argc, char **argv)
{
	if (!read_words(argc, argv))
		return EXIT_UNUSABLE;
	found = alone_share(sizeof(*found));
	if (!found || search_whole() != EXIT_GOOD)
		return EXIT_UNUSABLE;
	if (found->failed)
		print_failure();
	printf("%zu states (room for %zu in %u MiB), %lu transitions, %lu looks, deepest %u, cut "
	       "%lu, "
	       "hidden %lu, %.2f s: %s\n",
	       found->states, found->room, memory, found->transitions, found->looks, found->deepest,
	       found->cut, found->hidden, seconds(), verdict_words());
	return found->failed ? EXIT_RULE_FAILED : found->full ? EXIT_UNUSABLE : EXIT_GOOD;
}
