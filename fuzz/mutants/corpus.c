// SPDX-License-Identifier: GPL-2.0-only
/*
 * mutants_corpus [--rules-only] [--target=NAME] MUTANTS FILE|FOLDER...: runs mutants of the text that it is
 * linked with on traces, until one fails: those whose numbers begin the lines of the file MUTANTS.
 *
 * Each mutant has a process of its own, and runs the traces that reach its place in the text; those that
 * fail without any mutant are left out, and named on stderr.  If it is linked with a base none are: what the base fails
 * by too is known (fuzz/run/base.h).  Prints a line for each mutant, fields with
 * tabs between:
 *
 *	number	killed	RULE	trace
 *	number	alive	-	traces that reach it
 *
 * Exit status: 0; 2 where nothing could be looked at.
 */
#include "mutant.h"

#include "fuzz/programs/judge.h"
#include "fuzz/run/base.h"
#include "fuzz/trace/file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* A trace of the corpus, and the mutants whose place it reaches. */
struct seed {
	char *path;
	struct trace trace;
	struct result expect[TRACE_OPS];
	unsigned char reached[MUTANT_MOST];
};

/* What a child has to say, in memory that it shares with its parent. */
static struct said {
	enum rule rule; /* RULES: all held */
	int seed;       /* which one failed */
	unsigned char reached[MUTANT_MOST];
} * said;

enum { SEEDS_MOST = 4096 };
static struct seed *seed[SEEDS_MOST];
static int seeds;
static bool rules_only, unreadable, has_base;

static void keep(const char *path, bool alone)
{
	struct seed *new = calloc(1, sizeof(*new));

	(void)alone;
	if (!new || seeds == SEEDS_MOST ||
	    !file_read_trace(path, judge_wanted, &new->trace, new->expect)) {
		unreadable = true;
		free(new);
		return;
	}
	new->path = strdup(path);
	seed[seeds++] = new;
}

/* Did every rule hold?  With a base: but those that the text without a mutant fails too. */
static bool is_good(const struct seed *one, enum rule *failed)
{
	static struct trace trace; /* from which what is known is left out */
	const struct target *target = judge_target(&one->trace);
	struct ending ending;
	bool good;

	if (has_base) {
		trace = one->trace;
		good = base_judge(target, &trace, RUN_TWICE, &ending, NULL) != JUDGED_FAILED;
	} else {
		good = run_trace(target, &one->trace, rules_only ? NULL : one->expect, RUN_TWICE);
		ending = base_ending();
	}
	*failed = ending.verdict.rule;
	return good;
}

/* A sanitizer's report, whose summary names the rule. */
static void stop(const struct verdict *verdict)
{
	said->rule = verdict->rule;
	_exit(EXIT_RULE_FAILED);
}

/* The mutant @number on the seeds from @first to @last that reach it; 0: no mutant, and all of them. */
static void run_mutant(int number, int first, int last)
{
	enum rule rule;

	mutant_now = number;
	for (int i = first; i < last; i++) {
		if (number && !seed[i]->reached[number])
			continue;
		said->seed = i;
		if (!is_good(seed[i], &rule)) {
			said->rule = rule;
			_exit(EXIT_RULE_FAILED);
		}
	}
	memcpy(said->reached, mutant_reached, sizeof(said->reached));
	_exit(EXIT_GOOD);
}

/* Return: did every rule hold?  A child that a signal ended has reported memory that is not clean. */
static bool holds(int number, int first, int last)
{
	int status = 0;
	pid_t child;

	*said = (struct said){ .rule = RULE_MEMORY_CLEAN };
	fflush(stdout);
	child = fork();
	if (!child)
		run_mutant(number, first, last);
	if (child < 0 || waitpid(child, &status, 0) < 0) {
		perror("mutants_corpus");
		exit(EXIT_UNUSABLE);
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_GOOD;
}

/* The text as it is: which mutants does each trace reach? */
static int run_text(void)
{
	int good = 0;

	for (int i = 0; i < seeds; i++) {
		if (holds(0, i, i + 1)) {
			memcpy(seed[i]->reached, said->reached, sizeof(said->reached));
			good++;
		} else {
			fprintf(stderr, "%s: fails by %s without a mutant, and is left out\n",
			        seed[i]->path, rule_name[said->rule]);
		}
	}
	return good;
}

static void judge(int number)
{
	int reaching = 0;

	for (int i = 0; i < seeds; i++)
		reaching += seed[i]->reached[number];
	if (!reaching || holds(number, 0, seeds))
		printf("%d\talive\t-\t%d\n", number, reaching);
	else
		printf("%d\tkilled\t%s\t%s\n", number, rule_name[said->rule],
		       seed[said->seed]->path);
}

static int read_options(int argc, char **argv)
{
	int at = 1;

	for (; at < argc; at++) {
		if (!strcmp(argv[at], "--rules-only"))
			rules_only = true;
		else if (judge_option(argv[at]) <= 0)
			break;
	}
	return at;
}

/* Judge each mutant of a list.  False: it cannot be read, or a number of it is none. */
static bool judge_all(const char *path)
{
	FILE *list = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;
	bool good = list;

	while (good && getline(&line, &size, list) > 0) {
		int number = atoi(line);

		good = number > 0 && number < MUTANT_MOST;
		if (good)
			judge(number);
	}
	if (list)
		fclose(list);
	free(line);
	return good;
}

int main(int argc, char **argv)
{
	int at = read_options(argc, argv);
	const char *list = at < argc ? argv[at++] : NULL;

	if (at == argc || !list) {
		fprintf(stderr, "usage: mutants_corpus [--rules-only] [--target=NAME] MUTANTS "
		                "FILE|FOLDER...\n");
		return EXIT_UNUSABLE;
	}
	said = mmap(NULL, sizeof(*said), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (said == MAP_FAILED) {
		perror("mutants_corpus");
		return EXIT_UNUSABLE;
	}
	for (; at < argc; at++)
		if (file_each(argv[at], keep) < 0)
			return EXIT_UNUSABLE;
	report_stop = stop;
	has_base = judge_wanted && base_begin(judge_wanted);
	if (unreadable || !run_text()) {
		fprintf(stderr, "mutants_corpus: no trace is good without a mutant\n");
		return EXIT_UNUSABLE;
	}
	if (!judge_all(list)) {
		fprintf(stderr, "mutants_corpus: %s: no list of mutants\n", list);
		return EXIT_UNUSABLE;
	}
	return fflush(stdout) ? EXIT_UNUSABLE : EXIT_GOOD;
}
