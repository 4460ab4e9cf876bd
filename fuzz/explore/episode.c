// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each call is on a fiber of its own, this here is on the program's stack and says who runs next.  With
 * one call at a time there is nobody else to run: then calls are made here.
 */
#include "episode.h"

#include "fuzz/run/call.h"
#include "fuzz/run/fiber.h"
#include "fuzz/run/report.h"

struct episode episode;
unsigned long episode_looks, episode_looks_that_change;

/* The ops that may begin where a tape has a choice: the same whenever the tape comes by again. */
struct options {
	size_t ops;
	struct op op[EXPLORED_OPS];
};

static const struct target *target;
static struct limits limits;
static struct options options[TAPE_CHOICES];

static struct {
	struct tape *tape;
	unsigned most_ops;
	size_t listed; /* options[] below this are known */
	unsigned under_way, waiting;
	struct {
		int fiber;
		uint8_t op;
	} queue[EPISODE_CALLS];
	bool refused; /* what the call that goes on is told */
	bool is_lost, is_same;
	struct {
		unsigned asked;
		uint64_t past; /* a sum of the op and of every state that it has seen */
	} call[EPISODE_OPS];
} now;

static unsigned choose(unsigned choices)
{
	int chosen = tape_choose(now.tape, choices);

	if (chosen >= 0)
		return chosen;
	now.is_lost = true;
	return 0;
}

static bool is_as_before(const struct state_key *before)
{
	struct state_key key = target->explored->key();

	return key.state == before->state && key.hidden == before->hidden;
}

static uint64_t mix(uint64_t sum, uint64_t word)
{
	sum = (sum ^ word) * 0x9e3779b97f4a7c15u;
	return sum ^ sum >> 32;
}

/* What @op finds, now that it begins, waits or goes on: all that it can do from here follows from that. */
static void see(unsigned op, uint64_t what)
{
	struct state_key key = target->explored->key();

	now.call[op].past = mix(mix(mix(now.call[op].past, key.state), key.hidden), what);
}

/* Request @n of op @op is refused: the op's plan says so. */
static bool note_answer(unsigned op, bool refused)
{
	unsigned n = now.call[op].asked++;

	if (refused)
		episode.trace.op[op].refuse |= plan_bit(n);
	return refused;
}

static bool answer_here(void)
{
	return note_answer(call_innermost()->at, choose(2));
}

static bool wait_for_answer(void)
{
	struct call *call = call_pause();

	now.queue[now.waiting].fiber = fiber_current();
	now.queue[now.waiting++].op = call->at;
	see(call->at, 0);
	fiber_yield();
	call_go_on(call);
	report_story.op = call->at;
	return note_answer(call->at, now.refused);
}

static bool refuses(void)
{
	return limits.calls > 1 ? wait_for_answer() : answer_here();
}

static void run_call(size_t op)
{
	call_step(op);
	now.under_way--;
}

static struct event *note_event(unsigned kind, unsigned op)
{
	struct event *event = &episode.event[episode.events];

	if (episode.events + 1 < EPISODE_EVENTS)
		episode.events++;
	*event = (struct event){ .kind = kind, .op = op };
	return event;
}

static void append(const struct op *op)
{
	episode.trace.op[episode.begun++] = *op;
	episode.trace.count = episode.begun;
}

static void begin_past(unsigned at, const struct op *op)
{
	now.call[at].past = mix(mix(op->kind, op->from | op->to << 8), op->slot | op->cgroup << 8);
	see(at, 1);
}

static void begin_op(const struct op *op)
{
	unsigned at = episode.begun, waited = now.waiting;
	struct event *event = note_event(EVENT_BEGIN, at);

	append(op);
	if (limits.calls > 1)
		begin_past(at, op);
	now.call[at].asked = 0;
	now.under_way++;
	if (limits.calls > 1)
		fiber_start(run_call, at);
	else
		run_call(at);
	event->ended = now.waiting == waited;
}

/* The one that stands at @place goes on. */
static void resume(unsigned place, bool refused)
{
	int fiber = now.queue[place].fiber;
	unsigned op = now.queue[place].op;
	struct event *event = note_event(EVENT_RESUME, op);

	now.waiting--;
	for (unsigned i = place; i < now.waiting; i++)
		now.queue[i] = now.queue[i + 1];
	now.refused = refused;
	see(op, 2 + refused);
	place = now.waiting;
	fiber_resume(fiber);
	event->ended = now.waiting == place;
}

/*
 * States in which every op that only looks was made: most of them, for where two fall on one place the
 * later one stays.
 */
enum { LOOKED = 1 << 16 };
static struct {
	uint64_t state;
	uint32_t hidden;
	bool is_set;
} looked[LOOKED];

static bool was_looked_at(const struct state_key *key)
{
	uint64_t sum = (key->state ^ key->hidden) * 0x9e3779b97f4a7c15u;
	size_t at = sum >> 48;

	if (looked[at].is_set && looked[at].state == key->state && looked[at].hidden == key->hidden)
		return true;
	looked[at].state = key->state;
	looked[at].hidden = key->hidden;
	looked[at].is_set = true;
	return false;
}

/* Every op that only looks, once in each state, whether a call is under way or not. */
static void look(void)
{
	static struct op op[EXPLORED_OPS];
	struct state_key before = target->explored->key();
	size_t looks;

	if (was_looked_at(&before))
		return;
	looks = target->explored->looks(op);

	for (size_t i = 0; i < looks; i++) {
		struct event *event = note_event(EVENT_BEGIN, episode.begun);

		append(&op[i]);
		event->ended = true;
		call_step(episode.begun - 1);
		episode.trace.count = --episode.begun;
		episode.events--;
	}
	episode_looks += looks;
	episode_looks_that_change += !is_as_before(&before);
}

static const struct options *list_options(void)
{
	struct options *list = &options[now.tape->at];
	bool may_begin = now.under_way < limits.calls && episode.begun < now.most_ops;

	if (now.tape->at < now.listed)
		return list;
	now.listed = now.tape->at + 1;
	list->ops = may_begin ? target->explored->ops(list->op) : 0;
	return list;
}

/*
 * Where this expansion has been with calls under way: the state, and all that those calls have seen.
 * The same place with no fewer ops to go leads nowhere else.
 */
enum { PLACES = 1 << 20 };
static struct {
	uint64_t place;
	uint32_t expansion;
	uint8_t begun;
} been[PLACES];
static uint32_t expansion;

static bool was_here(void)
{
	struct state_key key = target->explored->key();
	uint64_t place = mix(key.state, key.hidden), all = 0;
	size_t at;

	for (unsigned i = 0; i < now.waiting; i++)
		all += mix(now.call[now.queue[i].op].past, 4);
	place = mix(place, all);
	for (at = place >> 44; been[at].expansion == expansion; at = (at + 1) % PLACES)
		if (been[at].place == place)
			break;
	if (been[at].expansion == expansion && been[at].begun <= episode.begun)
		return true;
	been[at].place = place;
	been[at].expansion = expansion;
	been[at].begun = episode.begun;
	return false;
}

void episode_expand(void)
{
	expansion++;
}

/* What happens next. */
static void go_on(void)
{
	const struct options *list;
	unsigned may_resume = limits.is_nested ? now.waiting > 0 : now.waiting;
	unsigned chosen;

	if (now.tape->at == TAPE_CHOICES) {
		now.is_lost = true;
		return;
	}
	if (tape_is_new(now.tape)) {
		if (now.waiting && was_here()) {
			now.is_same = true;
			return;
		}
		look();
	}
	list = list_options();
	chosen = choose(2 * may_resume + list->ops);
	if (now.is_lost)
		return;
	if (chosen < 2 * may_resume)
		resume(now.waiting - 1 - chosen / 2, chosen % 2);
	else
		begin_op(&list->op[chosen - 2 * may_resume]);
}

enum episode_end episode_run(struct tape *tape, unsigned most_ops, bool is_told)
{
	/* Where the tape has changed last, the list is the one that it was chosen from. */
	now.listed = is_told ? 0 : tape->length;
	now.tape = tape;
	now.most_ops = most_ops;
	now.under_way = now.waiting = 0;
	now.is_lost = now.is_same = false;
	episode.begun = episode.events = 0;
	episode.trace.count = 0;
	tape_rewind(tape);
	do
		go_on();
	while (now.under_way && !now.is_same && !now.is_lost);
	/* What is given up is run to its end all the same. */
	while (now.waiting)
		resume(now.waiting - 1, false);
	return now.is_lost ? EPISODE_LOST : now.is_same ? EPISODE_SAME : EPISODE_SETTLED;
}

bool episode_open(const struct target *of, const struct op *head, const struct limits *with)
{
	target = of;
	limits = *with;
	trace_begin(&episode.trace, target);
	episode.trace.head = *head;
	trace_set_board(&episode.trace, head->board);
	episode.begun = episode.events = 0;
	return call_steps_open(target, &episode.trace, refuses);
}

void episode_own(void (*piece)(void *at, size_t size))
{
	call_own(piece);
	target->explored->own(piece);
}
