// SPDX-License-Identifier: GPL-2.0-only
/*
 * States are expanded by their distance in ops from the first one, so when one is expanded its distance is
 * final.  A failure that was found bounds what is looked at from then on to what is shorter; so the
 * last one that was found is the shortest there is.
 */
#include "search.h"

#include "alone.h"
#include "snapshot.h"
#include "states.h"
#include "tell.h"

#include <string.h>

static const struct search *search;
static struct found *found;
static struct op head;
static struct snapshot *opened, *here;
static struct tape tape;
static struct trace way; /* from the first state to the one that is expanded */
static unsigned cost;    /* its ops */
static size_t expanded;  /* and its number */

/* At most so many ops of an episode are of interest. */
static unsigned most_ops(void)
{
	unsigned most = search->limits.ops;

	if (found->failed && found->cost - cost - 1 < most)
		most = found->cost - cost - 1;
	return most;
}

/* A rule failed in the episode under way, or in the release behind it. */
static void note_failure(void)
{
	if (found->failed && found->cost <= cost + episode.begun)
		return;
	found->failed = true;
	found->verdict = report_verdict;
	found->cost = cost + episode.begun;
	found->trace = way;
	tell_episode(&episode, &found->trace);
}

void search_stopped(const struct verdict *verdict)
{
	report_verdict = *verdict;
	note_failure();
}

static void cannot_be_told(void)
{
	memset(&report_verdict, 0, sizeof(report_verdict));
	report_verdict.failed = true;
	report_verdict.rule = RULE_SAME_AGAIN;
	snprintf(report_verdict.what, sizeof(report_verdict.what),
	         "an episode that was run again had other choices");
	note_failure();
}

/* No call is under way: which state is it? */
static void meet(void)
{
	struct state_key key = search->target->explored->key();
	bool hides;

	search->target->explored->settled();
	if (key.surplus > search->spare) {
		found->cut++;
		return;
	}
	switch (states_meet(&key, expanded, cost + episode.begun, &tape, &hides)) {
	case MET_CUT:
		found->cut++;
		found->full++;
		break;
	case MET_NEW:
		found->hidden += hides;
		break;
	default:
		break;
	}
}

/* A tape is one of episodes with the same number of ops, so @most does not change with what is found. */
static void try_episode(unsigned most)
{
	snapshot_restore(here);
	episode.begun = episode.events = 0;
	found->transitions++;
	if (setjmp(report_catch)) {
		note_failure();
		return;
	}
	switch (episode_run(&tape, most, false)) {
	case EPISODE_SETTLED:
		meet();
		break;
	case EPISODE_LOST:
		cannot_be_told();
		break;
	default:
		break;
	}
}

/* The map is released with the tickets that are open. */
static void try_release(void)
{
	snapshot_restore(here);
	episode.begun = episode.events = 0;
	if (setjmp(report_catch))
		note_failure();
	else
		search->target->close();
}

/* Run the episodes that lead to state @i, one after the other. */
static void go_to(size_t i)
{
	struct tape told;

	if (i) {
		go_to(states_at(i)->parent);
		states_tape(i, &told);
		episode_run(&told, STATES_MOST_COST, true);
		tell_episode(&episode, &way);
	} else {
		snapshot_restore(opened);
	}
}

static void expand(size_t i)
{
	struct snapshot *room = here;
	unsigned most = most_ops();

	expanded = i;
	states_at(i)->is_expanded = true;
	trace_begin(&way, search->target);
	way.head = head;
	trace_set_board(&way, head.board);
	go_to(i);
	here = snapshot_take(room);
	tape.length = 0;
	episode_expand();
	do
		try_episode(most);
	while (tape_next(&tape) && most_ops());
	try_release();
}

static void tell_progress(size_t i)
{
	FILE *out = alone_progress();

	if (out && !(i % 4096)) {
		fprintf(out, "\r%zu states, %u ops away, %lu transitions ", states_count(), cost,
		        found->transitions);
		fflush(out);
	}
}

/* All states at this distance; the number of those further away. */
static size_t expand_all_at(unsigned distance)
{
	size_t further = 0;

	cost = distance;
	for (size_t i = 0; i < states_count(); i++) {
		if (found->failed && found->cost <= distance + 1)
			return 0;
		tell_progress(i);
		if (states_at(i)->cost == distance && !states_at(i)->is_expanded)
			expand(i);
	}
	for (size_t i = 0; i < states_count(); i++)
		further += !states_at(i)->is_expanded;
	if (further)
		found->deepest = distance + 1;
	return further;
}

/* The first request of what is made first, the second, and so on. */
static void try_refused_opens(void)
{
	struct op refused = head;

	trace_begin(&way, search->target);
	for (unsigned n = 0; n < PLAN_BITS - 1; n++) {
		way.head.refuse = refused.refuse = 1u << n;
		if (setjmp(report_catch)) {
			note_failure();
			return;
		}
		found->transitions++;
		if (episode_open(search->target, &refused, &search->limits))
			break;
		search->target->close();
	}
}

/* The first state. */
static void open_first(void)
{
	struct state_key key;
	bool hides;

	trace_begin(&way, search->target);
	if (setjmp(report_catch)) {
		note_failure();
		return;
	}
	episode_open(search->target, &head, &search->limits);
	key = search->target->explored->key();
	search->target->explored->settled();
	opened = snapshot_take(NULL);
	tape.at = 0;
	states_meet(&key, 0, 0, &tape, &hides);
}

/* Counts begin anew, a failure stays. */
static void begin(void)
{
	memset(found, 0, offsetof(struct found, failed));
	episode_looks = 0;
	cost = 0;
}

bool search_all(const struct search *wanted, struct found *what)
{
	const char *wrong;

	search = wanted;
	found = what;
	begin();
	wrong = search->target->explored->begin(&search->scope, &head);
	found->room = wrong ? 0 : states_open(search->memory);
	if (!found->room) {
		snprintf(found->wrong, sizeof(found->wrong), "%s",
		         wrong ? wrong : "there is no so much memory; say MEMORY=MiB");
		return false;
	}
	try_refused_opens();
	if (!found->failed || found->cost)
		open_first();
	for (unsigned distance = 0; states_count() && expand_all_at(distance);)
		distance++;
	found->states = states_count();
	found->looks = episode_looks;
	found->hidden += episode_looks_that_change;
	return true;
}
