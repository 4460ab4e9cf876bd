// SPDX-License-Identifier: GPL-2.0-only
#include "judge.h"

#include "fuzz/trace/file.h"

#include <string.h>
#include <unistd.h>

static enum rule asked = RULES; /* RULES: every rule */

static struct {
	const char *(*replay)(void);
	const int *before; /* status of the runs before this one */
	int status;
	bool told;
} stop;

const struct target *judge_wanted;

/* The value of @argument if that is the option @name, else NULL. */
static const char *value_of(const char *argument, const char *name)
{
	size_t length = strlen(name);

	return strncmp(argument, name, length) ? NULL : argument + length;
}

static int set_rule(const char *name)
{
	asked = rule_find(name);
	if (asked != RULES)
		return 1;
	fprintf(stderr, "RULE=%s is unknown; choose one of:", name);
	for (int rule = 0; rule < RULES; rule++)
		fprintf(stderr, " %s", rule_name[rule]);
	fputc('\n', stderr);
	return -1;
}

static int set_target(const char *name)
{
	judge_wanted = target_find(name);
	if (judge_wanted)
		return 1;
	fprintf(stderr, "TARGET=%s is unknown; choose one of:", name);
	for (int i = 0; targets[i]; i++)
		fprintf(stderr, " %s", targets[i]->name);
	fputc('\n', stderr);
	return -1;
}

int judge_option(const char *argument)
{
	const char *rule = value_of(argument, "--rule=");
	const char *target = value_of(argument, "--target=");

	return rule ? set_rule(rule) : target ? set_target(target) : 0;
}

const struct target *judge_target(const struct trace *trace)
{
	return judge_wanted ? judge_wanted : trace->target;
}

int judge_failed(const struct verdict *verdict)
{
	if (asked == RULES || verdict->rule == asked)
		return EXIT_RULE_FAILED;
	fflush(stdout);
	fprintf(stderr, "%s failed first, so this trace cannot say whether %s holds\n",
	        rule_name[verdict->rule], rule_name[asked]);
	return EXIT_CANNOT_SAY;
}

bool judge_looked(const struct trace *trace, const char *path)
{
	if (trace->count || trace->head.refuse || trace->head.max || trace->head.min)
		return true;
	fprintf(stderr, "%s: no op in it, so nothing was looked at\n", path);
	return false;
}

int judge_both(int one, int other)
{
	static const int worst[] = { EXIT_UNUSABLE, EXIT_RULE_FAILED, EXIT_CANNOT_SAY };

	for (int i = 0; i < 3; i++)
		if (one == worst[i] || other == worst[i])
			return worst[i];
	return EXIT_GOOD;
}

/* What the text under test cannot do: its memory is the harness' own. */
static bool is_of_machine(const char *what)
{
	static const char *const end[] = { "out-of-memory", "rss-limit-exceeded",
		                           "allocation-size-too-big" };

	for (int i = 0; i < 3; i++)
		if (strstr(what, end[i]))
			return true;
	return false;
}

static void tell_stop(const struct verdict *verdict)
{
	stop.told = true;
	fflush(stdout);
	if (is_of_machine(verdict->what)) {
		fprintf(stderr, "no rule was judged: %s\n", verdict->what);
		stop.status = EXIT_UNUSABLE;
		return;
	}
	report_print(stderr, verdict, stop.replay ? stop.replay() : NULL);
	stop.status = judge_failed(verdict);
}

/* The sanitizer has printed all it has to say, and would exit with a status of its own. */
static void exit_at_death(void)
{
	if (stop.told)
		_exit(judge_both(*stop.before, stop.status));
}

/* Of a sanitizer's runtime; there is none in a build without. */
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

void judge_stops(const char *(*replay)(void), const int *status)
{
	stop.replay = replay;
	stop.before = status;
	report_stop = tell_stop;
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(exit_at_death);
}

/*
 * Sanitizers ask these for their options, the environment's come behind them: what ends the program
 * without a report, such as a sanitizer that finds no room for its shadow, is no rule that failed.
 */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "exitcode=2";
}

const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
	return "exitcode=2";
}

const char *__msan_default_options(void);
const char *__msan_default_options(void)
{
	return "exitcode=2";
}
