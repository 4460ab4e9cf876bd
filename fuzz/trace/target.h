/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A target: everything that the machine (decoder, parser, mutator, interpreter, minimizer, programs)
 * has to know of what it fuzzes.  Each folder of fuzz/targets/ exports one, NAME_target; nothing
 * outside of that folder names it, programs are linked with a list of those they serve.
 */
#ifndef TARGET_H
#define TARGET_H

#include "op.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct trace;
struct result;
struct mutating;
struct failing;

/* A mutation: changes the trace in one respect; false: it found nothing to change. */
struct mutation {
	const char *name;
	bool (*run)(struct mutating *m);
	unsigned weight; /* how often it is chosen, by the sum of all weights */
};

/* When a rule is looked at while a call is under way. */
enum moment {
	MOMENT_REQUEST, /* the call asks for memory and holds no lock */
	MOMENT_WINDOW,  /* it holds no lock, and has held one since the last moment */
};

/* How big a board is tried out whole (fuzz/explore). */
struct scope {
	unsigned cells;         /* cells of a map, pages of a file */
	unsigned tickets;       /* open at once, or mappings */
	unsigned owners;        /* cgroups, from 1 on; 0: no cgroup */
	unsigned board;         /* enum board */
	unsigned pool, surplus; /* pages that are there, and to be had */
	unsigned max, min;      /* limits of the mount, as a head has them: limit + 1, 0 for none */
};

/* Which of the calls that wait may go on; ONE_CALL: there is none, only one is under way at once. */
enum orders { ANY_ORDER, NESTED_ORDER, ONE_CALL };

/* What tells states apart. */
struct state_key {
	uint64_t state;  /* all that the target's model and books know of it, in one form of many */
	uint32_t hidden; /* a sum of what else is there, in the memory of what is under test */
	uint32_t surplus; /* what could grow without end, so that it can be bounded */
};

/**
 * struct explored - how fuzz/explore gets through all states of a target
 * @usual: how big a board is, unless somebody says otherwise; @usual_calls: and how many calls are under way at once
 * @orders: NULL: any; or: in which order calls that wait may go on
 * @begin: set @head for a board of @scope.  Returns NULL, or what is wrong with @scope
 * @looks: the ops that only look: they change nothing and ask for no memory.  Returns how many
 * @ops: the other ops that may run now; of those that differ in the names of slots only, one.  Both have
 *	room for EXPLORED_OPS
 * @key: of the state as it is, without the calls that are under way
 * @settled: judge what holds when no call is under way and is not judged after every op: all live blocks
 *	are accounted for
 * @own: tell @piece what memory besides blocks is the target's state
 */
struct explored {
	struct scope usual;
	unsigned usual_calls;
	enum orders (*orders)(void);
	const char *(*begin)(const struct scope *scope, struct op *head);
	size_t (*looks)(struct op *op);
	size_t (*ops)(struct op *op);
	struct state_key (*key)(void);
	void (*settled)(void);
	void (*own)(void (*piece)(void *at, size_t size));
};

enum { EXPLORED_OPS = 240 };

/**
 * struct target - what is fuzzed
 * @name: what TARGET= says
 * @op: the kinds of ops; op[0] is the head, the line in front of the ops
 * @ops: how many kinds there are
 * @first_ops: how many there were, the head apart, when bytes got their meaning; a byte that is no
 *	letter stands for one of these, for good
 * @kind_of: the kind whose letter it is, for each byte; 0: it is none
 * @mutation: NULL, or mutations of its own, ended by one without a name; one that is a generic one gives
 *	that another weight
 * @open_slots: the slots that hold a ticket or mapping in front of op @at, if every call before it
 *	succeeded
 * @opens: a kind that opens a slot, for the mutator; or 0: its ops have none.  Another kind without a range
 *	is about what it opened
 * @rarely: a kind that is mostly refused and so has little to show, or 0
 * @aim: NULL, or: give an op that is to stand at @at operands that mean something there
 * @open: make what @trace's head says; false: it was refused, and every op is skipped
 * @can: NULL: every kind; or: false: what is linked here cannot do ops of this kind, and each is skipped
 * @may_run: false: the op makes no sense where it stands, or its caller may not call here: skipped
 * @call: make the call, right behind the may_run() that allowed it, and judge what it did: ends by report_fail() when a rule does not hold
 * @look: NULL, or: judge what holds while a call is under way
 * @close: give back what is left, and judge that nothing is
 * @print_state: the state beside what it should be, for a report
 * @show: NULL, or: the state as lanes and numbers of a picture (fuzz/explain/scene.h); also of one that is broken
 * @write_c: NULL, or: write the last run, which ended as fuzz/explain/text.h says, as a C program; false: it
 *	cannot be said as one, and stderr says why
 * @waits: NULL, or: do calls find each other's sleeping locks held?  Then an op in a window is a task
 *	that waits for them; else it simply runs there
 * @use_base: NULL, or: runs are on the base's text from now on (fuzz/run/base.h), or with false on the text
 *	under test again.  False: this program has no base, and nothing changes
 * @flat: no window opens, nested ops run behind the op they stand in, and expected results are not
 *	held against it: they are another map's
 * @check_text: NULL, or: the target is the text itself, of whatever target it is a trace: no op runs,
 *	this judges the trace
 * @explored: NULL, or: its states can be tried one and all
 *
 * The machine calls may_run() only between a good open() and close().  A call runs other ops inside
 * itself by asking for memory or by letting go of a lock (run.h).
 */
struct target {
	const char *name;
	const struct op_info *op;
	unsigned ops, first_ops;
	const uint8_t *kind_of;
	const struct mutation *mutation;
	uint32_t (*open_slots)(const struct trace *trace, size_t at);
	unsigned opens, rarely;
	void (*aim)(struct mutating *m, struct op *op, size_t at);
	bool (*open)(const struct trace *trace);
	bool (*can)(unsigned kind);
	bool (*may_run)(const struct op *op);
	void (*call)(const struct op *op, struct result *result);
	void (*look)(enum moment moment);
	void (*close)(void);
	void (*print_state)(FILE *out);
	void (*show)(void);
	bool (*write_c)(FILE *out, const struct failing *failing);
	bool (*waits)(void);
	bool (*use_base)(bool base);
	bool flat;
	void (*check_text)(const struct trace *trace);
	const struct explored *explored;
};

/* Is @op of a kind that takes any of @operands? */
static inline bool op_takes(const struct target *target, const struct op *op, unsigned operands)
{
	return target->op[op->kind].operands & operands;
}

/* The targets that this program serves, in the order of their names; NULL ends them. */
extern const struct target *const targets[];

/* Is targets[@i] the first with its ops? */
bool target_is_first(int i);

/* The one called @name, or NULL. */
const struct target *target_find(const char *name);

#endif
