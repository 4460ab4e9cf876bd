// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who waits stands in a queue.  What a task waits for is not asked here: every lock that is given back makes
 * all of them look again, which costs a switch each and is always right.
 */
#include "tasks.h"

#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { OWN = 4, OWN_BYTES = 64 };

static struct {
	struct {
		void *what;
		size_t size;
	} own[OWN];
	unsigned owns;
	struct waiting {
		int fiber;
		unsigned seen; /* locks given back when it last looked */
		unsigned holders;
		const char *what, *file;
		int line;
		bool is_parked; /* ... for no lock */
		char own[OWN][OWN_BYTES];
	} queue[FIBERS];
	void (*run)(size_t at);
	size_t at[FIBERS];        /* what each task runs: the number of an op */
	unsigned parked;          /* of those in the queue, who waits for no lock */
	const unsigned *unlocked; /* locks given back so far */
} tasks;
unsigned tasks_in_queue;

void tasks_reset(const unsigned *unlocked)
{
	tasks.owns = tasks_in_queue = tasks.parked = 0;
	tasks.unlocked = unlocked;
}

void tasks_own(void *what, size_t size)
{
	tasks.own[tasks.owns].what = what;
	tasks.own[tasks.owns++].size = size;
}

static void save(char own[OWN][OWN_BYTES])
{
	for (unsigned i = 0; i < tasks.owns; i++)
		memcpy(own[i], tasks.own[i].what, tasks.own[i].size);
}

static void restore(char own[OWN][OWN_BYTES])
{
	for (unsigned i = 0; i < tasks.owns; i++)
		memcpy(tasks.own[i].what, own[i], tasks.own[i].size);
}

static void begin(size_t at)
{
	tasks.at[fiber_current()] = at;
	tasks.run(at);
}

bool tasks_run(void (*run)(size_t at), size_t at)
{
	char own[OWN][OWN_BYTES];
	int fiber;

	save(own);
	tasks.run = run;
	fiber = fiber_start(begin, at);
	restore(own);
	return fiber >= 0;
}

/* Go on with number @i of the queue. */
static void resume(unsigned i)
{
	struct waiting task = tasks.queue[i];
	char own[OWN][OWN_BYTES];

	memmove(&tasks.queue[i], &tasks.queue[i + 1],
	        (--tasks_in_queue - i) * sizeof(tasks.queue[0]));
	save(own);
	restore(task.own);
	tasks.parked -= task.is_parked;
	fiber_resume(task.fiber);
	restore(own);
}

/* Go on with the first that may look again. */
static bool resume_one(void)
{
	unsigned i = 0;

	while (i < tasks_in_queue &&
	       (tasks.queue[i].is_parked || tasks.queue[i].seen == *tasks.unlocked))
		i++;
	if (i == tasks_in_queue)
		return false;
	resume(i);
	return true;
}

bool tasks_go_on(unsigned past)
{
	unsigned i = 0;

	while (i < tasks_in_queue && (!tasks.queue[i].is_parked || past--))
		i++;
	if (i == tasks_in_queue)
		return false;
	resume(i);
	return true;
}

bool tasks_moment(void)
{
	bool somebody = false;

	while (tasks_in_queue > tasks.parked && resume_one())
		somebody = true;
	return somebody;
}

/* Add to what stands in @text. */
static __attribute__((format(printf, 3, 4))) void add(char *text, size_t size, const char *format,
                                                      ...)
{
	size_t used = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + used, size - used, format, args);
	va_end(args);
}

/* The op that task @number is, counted from 1 as a report counts them. */
static size_t op_of(unsigned number)
{
	return (number == 1 ? report_story.op : tasks.at[number - 2]) + 1;
}

/* Who waits for whom, for a report. */
static void add_waiting(char *text, size_t size, unsigned number, const char *what,
                        unsigned holders)
{
	const char *of = "of op";

	add(text, size, "%sop %zu waits for %.32s", *text ? "; " : "", op_of(number), what);
	for (unsigned other = 1; other < FIBERS + 2; other++) {
		if (!(holders & 1U << other))
			continue;
		add(text, size, " %s %zu", of, op_of(other));
		of = "and";
	}
}

/* Everybody waits; @outermost, if it is not NULL, is what the outermost call waits for. */
static void fail_deadlock(const struct waiting *outermost)
{
	const struct waiting *first = outermost ? outermost : &tasks.queue[0];
	char all[sizeof(report_verdict.what)] = "";

	if (outermost)
		add_waiting(all, sizeof(all), 1, outermost->what, outermost->holders);
	for (unsigned i = 0; i < tasks_in_queue; i++)
		add_waiting(all, sizeof(all), (unsigned)tasks.queue[i].fiber + 2,
		            tasks.queue[i].what, tasks.queue[i].holders);
	report_fail(RULE_CALL_ENDS, "deadlock: %s; at %s:%d", all, first->file, first->line);
}

/* The task that runs gives the processor back; what it waits for stands in the queue's last place. */
static void wait_in_queue(struct waiting *task)
{
	task->fiber = fiber_current();
	task->seen = *tasks.unlocked;
	save(task->own);
	tasks_in_queue++;
	fiber_yield();
}

bool tasks_park(void)
{
	struct waiting *task = &tasks.queue[tasks_in_queue];

	if (fiber_current() < 0)
		return false;
	*task = (struct waiting){ .what = "its turn", .is_parked = true };
	tasks.parked++;
	wait_in_queue(task);
	return true;
}

void tasks_wait(unsigned holders, const char *what, const char *file, int line)
{
	const struct waiting waiting = {
		.holders = holders, .what = what, .file = file, .line = line
	};
	struct waiting *task = &tasks.queue[tasks_in_queue];

	if (fiber_current() < 0) {
		if (!resume_one() && !tasks_go_on(0))
			fail_deadlock(&waiting);
		return;
	}
	*task = waiting;
	wait_in_queue(task);
}

void tasks_finish(void)
{
	while (tasks_in_queue > tasks.parked)
		if (!resume_one() && !tasks_go_on(0))
			fail_deadlock(NULL);
}
