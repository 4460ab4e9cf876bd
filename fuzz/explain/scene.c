// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records the moments: one when a call returns, and for a call inside of which others run one when it
 * begins too, so that the moments stand in the order of time.
 */
#include "moments.h"

#include "fuzz/run/run.h"

#include <stdlib.h>
#include <string.h>

struct moments moments;

/* Room for one more in an array of @count. */
static void *one_more(void *array, size_t count, size_t size)
{
	if (count & (count - 1))
		return array;
	array = realloc(array, (count ? 2 * count : 1) * size);
	if (!array) {
		fprintf(stderr, "no memory for a picture of so long a run\n");
		exit(2);
	}
	return array;
}

void scene_lane(const char *name, const char *note)
{
	struct lane *lane;

	moments.lane = one_more(moments.lane, moments.lanes, sizeof(*moments.lane));
	lane = &moments.lane[moments.lanes++];
	lane->first_bar = moments.bars;
	lane->bars = 0;
	snprintf(lane->name, sizeof(lane->name), "%s", name);
	snprintf(lane->note, sizeof(lane->note), "%s", note ? note : "");
	moments.moment[moments.count - 1].lanes++;
}

void scene_bar(enum look look, long from, long to)
{
	moments.bar = one_more(moments.bar, moments.bars, sizeof(*moments.bar));
	moments.bar[moments.bars++] = (struct bar){ look, from, to };
	moments.lane[moments.lanes - 1].bars++;
}

void scene_number(const char *name, long value)
{
	struct moment_shown *moment = &moments.moment[moments.count - 1];

	if (moment->numbers == NUMBERS)
		return;
	moments.number_name[moment->numbers] = name;
	moment->number[moment->numbers++] = value;
}

bool scene_is_failure(void)
{
	return moments.moment[moments.count - 1].what == MOMENT_FAILS;
}

static void show(size_t op, enum moment_kind what)
{
	const struct story *story = &report_story;

	moments.moment = one_more(moments.moment, moments.count, sizeof(*moments.moment));
	moments.moment[moments.count] = (struct moment_shown){
		.what = what,
		.op = op,
		.first_lane = moments.lanes,
	};
	if (op < story->trace->count)
		moments.moment[moments.count].result = story->result[op];
	moments.count++;
	if (what != MOMENT_SKIPPED && story->target->show)
		story->target->show();
}

static void watch(size_t op, enum run_event event)
{
	bool has_inside = event != RUN_OPENED && trace_behind(report_story.trace, op) > op + 1;

	if (event == RUN_OPENED) {
		/* A second run of the same trace has the same moments. */
		moments.count = moments.lanes = moments.bars = 0;
		show(op, MOMENT_OPENED);
	} else if (event == RUN_RETURNS) {
		show(op, has_inside ? MOMENT_RETURNS : MOMENT_RUNS);
	} else if (event == RUN_BEGINS && has_inside) {
		show(op, MOMENT_BEGINS);
	} else if (event == RUN_SKIPS) {
		show(op, MOMENT_SKIPPED);
	}
}

void scene_begin(void)
{
	free(moments.moment);
	free(moments.lane);
	free(moments.bar);
	memset(&moments, 0, sizeof(moments));
	run_watch = watch;
}

void scene_end(const struct failing *failing)
{
	run_watch = NULL;
	if (failing->verdict->failed)
		show(report_story.op, MOMENT_FAILS);
}
