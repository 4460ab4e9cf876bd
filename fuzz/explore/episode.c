// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each call is on a fiber of its own, this here is on the program's stack and says who runs next.  With
 * one call at a time there is nobody else to run: then calls are made here.  Calls that end in the order
 * of their nesting are made here too, each on top of the one that waits.
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
		uint8_t answers; /* that it may get */
	} queue[EPISODE_CALLS];
	bool on_fibers;
	bool refused; /* what the call that goes on is told */
	bool is_lost, is_same;
	struct state_key
		key; /* of the state, if is_known: no call has gone on since it was looked at */
	bool is_known;
	struct {
		unsigned asked;
		struct event *event; /* its last one */
		uint64_t past;       /* a sum of the op and of every state that it has seen */
	} call[EPISODE_OPS];
} now;

/* Nothing is chosen any more: what is under way ends somehow. */
static bool is_given_up(void)
{
	return now.is_lost || now.is_same;
}

static unsigned choose(unsigned choices)
{
	int chosen = tape_choose(now.tape, choices);

	if (chosen >= 0)
		return chosen;
	now.is_lost = true;
	return 0;
}

/* The sum of a state costs as much as an op. */
static const struct state_key *key_now(void)
{
	if (!now.is_known)
		now.key = target->explored->key();
	now.is_known = true;
	return &now.key;
}

static bool is_as_before(const struct state_key *before)
{
	const struct state_key *key = key_now();

	return key->state == before->state && key->hidden == before->hidden;
}

static uint64_t mix(uint64_t sum, uint64_t word)
{
	sum = (sum ^ word) * 0x9e3779b97f4a7c15u;
	return sum ^ sum >> 32;
}

/* What @op finds, now that it begins, waits or goes on: all that it can do from here follows from that. */
static void see(unsigned op, uint64_t what)
{
	const struct state_key *key = key_now();

	now.call[op].past = mix(mix(mix(now.call[op].past, key->state), key->hidden), what);
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

/* The call @op waits, and may get one of so many answers. */
static void queue_up(unsigned op, unsigned answers)
{
	now.queue[now.waiting].fiber = fiber_current();
	now.queue[now.waiting].answers = answers;
	now.queue[now.waiting++].op = op;
	now.call[op].event->ended = false;
	see(op, 0);
}

static void wait_on_fiber(unsigned answers)
{
	struct call *call = call_pause();

	queue_up(call->at, answers);
	fiber_yield();
	call_go_on(call);
	report_story.op = call->at;
}

static void wait_on_stack(unsigned answers);

/* Wait until whoever says what happens next says: this call.  What it is told is in now.refused. */
static void wait_for_answer(unsigned answers)
{
	if (now.on_fibers)
		wait_on_fiber(answers);
	else
		wait_on_stack(answers);
}

static bool refuses(void)
{
	unsigned op = call_innermost()->at;

	if (limits.calls == 1)
		return answer_here();
	wait_for_answer(2);
	return note_answer(op, now.refused);
}

static bool may_begin(void)
{
	return !is_given_up() && now.under_way < limits.calls && episode.begun < now.most_ops;
}

/* A window where no memory is asked for.  With nobody who could use it, it passes. */
static void moment(void)
{
	if (limits.calls == 1)
		return;
	if (may_begin() || (now.on_fibers && now.waiting))
		wait_for_answer(1);
	else
		now.call[call_innermost()->at].event->passed++;
}

static bool wants(size_t op, uint16_t opt)
{
	bool is_set = !is_given_up() && choose(2);

	if (is_set)
		episode.trace.op[op].opts |= opt;
	if (limits.calls > 1)
		see(op, 4 + 2 * opt + is_set);
	now.is_known = false;
	return is_set;
}

static void run_call(size_t op)
{
	call_step(op);
	now.under_way--;
}

/* What happens to @op, which ends by that unless it waits again. */
static void note_event(unsigned kind, unsigned op)
{
	struct event *event = &episode.event[episode.events];

	if (episode.events + 1 < EPISODE_EVENTS)
		episode.events++;
	*event = (struct event){ .kind = kind, .op = op, .ended = true };
	now.call[op].event = event;
}

static void append(const struct op *op)
{
	episode.trace.op[episode.begun++] = *op;
	episode.trace.count = episode.begun;
}

static void begin_past(unsigned at, const struct op *op)
{
	uint64_t whom = op->slot | op->cgroup << 8 | op->file << 16 | (uint64_t)op->into << 24;

	now.call[at].past = mix(mix(op->kind | op->opts << 8, op->from | op->to << 8), whom);
	see(at, 1);
}

static void begin_op(const struct op *op)
{
	unsigned at = episode.begun;

	note_event(EVENT_BEGIN, at);
	append(op);
	if (limits.calls > 1)
		begin_past(at, op);
	now.call[at].asked = 0;
	now.under_way++;
	now.is_known = false;
	if (now.on_fibers)
		fiber_start(run_call, at);
	else
		run_call(at);
}

/* The one that stands at @place goes on, with answer @answer. */
static void go_on_at(unsigned place, unsigned answer)
{
	unsigned op = now.queue[place].op;

	note_event(EVENT_RESUME, op);
	now.waiting--;
	for (unsigned i = place; i < now.waiting; i++)
		now.queue[i] = now.queue[i + 1];
	now.refused = answer;
	see(op, 2 + answer);
	now.is_known = false;
}

static void resume(unsigned place, unsigned answer)
{
	int fiber = now.queue[place].fiber;

	go_on_at(place, answer);
	fiber_resume(fiber);
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
	struct state_key before = *key_now();
	size_t looks;

	if (was_looked_at(&before))
		return;
	looks = target->explored->looks(op);

	for (size_t i = 0; i < looks; i++) {
		note_event(EVENT_BEGIN, episode.begun);
		append(&op[i]);
		call_step(episode.begun - 1);
		now.is_known = false;
		episode.trace.count = --episode.begun;
		episode.events--;
	}
	episode_looks += looks;
	episode_looks_that_change += !is_as_before(&before);
}

static const struct options *list_options(void)
{
	struct options *list = &options[now.tape->at];

	if (now.tape->at < now.listed)
		return list;
	now.listed = now.tape->at + 1;
	list->ops = may_begin() ? target->explored->ops(list->op) : 0;
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
	const struct state_key *key = key_now();
	uint64_t place = mix(key->state, key->hidden), all = 0;
	size_t at;

	/* In which order they wait counts only where it decides who goes on. */
	for (unsigned i = 0; i < now.waiting; i++)
		all += mix(now.call[now.queue[i].op].past, now.on_fibers ? 4 : 4 + i);
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

/*
 * What happens next: an answer to one that waits, below @answers, or an op out of *@list.  -1: nothing new
 * can come of it.
 */
static int choose_next(unsigned answers, const struct options **list)
{
	int chosen;

	if (is_given_up())
		return -1;
	if (now.tape->at == TAPE_CHOICES) {
		now.is_lost = true;
		return -1;
	}
	if (tape_is_new(now.tape)) {
		if (now.waiting && was_here()) {
			now.is_same = true;
			return -1;
		}
		look();
	}
	*list = list_options();
	chosen = choose(answers + (*list)->ops);
	return now.is_lost ? -1 : chosen;
}

/* With fibers, any of those that wait may go on, the last first. */
static void go_on(void)
{
	const struct options *list;
	unsigned answers = 0, place = now.waiting;
	int chosen;

	for (unsigned i = 0; i < now.waiting; i++)
		answers += now.queue[i].answers;
	chosen = choose_next(answers, &list);
	if (chosen >= (int)answers)
		begin_op(&list->op[chosen - answers]);
	while (chosen >= 0 && chosen < (int)answers && place--) {
		if (chosen < now.queue[place].answers) {
			resume(place, chosen);
			return;
		}
		chosen -= now.queue[place].answers;
		answers -= now.queue[place].answers;
	}
}

/* Without, the last one, and others begin on top of it. */
static void wait_on_stack(unsigned answers)
{
	unsigned op = call_innermost()->at;
	const struct options *list;
	int chosen;

	queue_up(op, answers);
	while ((chosen = choose_next(answers, &list)) >= (int)answers)
		begin_op(&list->op[chosen - answers]);
	go_on_at(now.waiting - 1, chosen > 0);
	report_story.op = op;
}

void episode_expand(void)
{
	expansion++;
}

enum episode_end episode_run(struct tape *tape, unsigned most_ops, bool is_told)
{
	/* Where the tape has changed last, the list is the one that it was chosen from. */
	now.listed = is_told ? 0 : tape->length;
	now.tape = tape;
	now.most_ops = most_ops;
	now.under_way = now.waiting = 0;
	now.on_fibers = limits.calls > 1 && !limits.is_nested;
	now.is_lost = now.is_same = now.is_known = false;
	episode.begun = episode.events = 0;
	episode.trace.count = 0;
	tape_rewind(tape);
	do
		go_on();
	while (now.under_way && !is_given_up());
	/* What is given up is run to its end all the same. */
	while (now.waiting)
		resume(now.waiting - 1, false);
	return now.is_lost ? EPISODE_LOST : now.is_same ? EPISODE_SAME : EPISODE_SETTLED;
}

bool episode_open(const struct target *of, const struct op *head, const struct limits *with)
{
	static const struct steps steps = { refuses, moment, wants };

	target = of;
	limits = *with;
	trace_begin(&episode.trace, target);
	episode.trace.head = *head;
	trace_set_board(&episode.trace, head->board);
	episode.begun = episode.events = 0;
	return call_steps_open(target, &episode.trace, &steps);
}

void episode_own(void (*piece)(void *at, size_t size))
{
	call_own(piece);
	target->explored->own(piece);
}
