/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The executor: PID 1 of a virtual machine, which performs the ops of traces as system calls of the
 * kernel that was booted.  Four parts: guest.c goes through the traces, guest_ops.c has a function
 * for each op, guest_task.c the processes that hold mappings, guest_books.c what the kernel shows.
 *
 * A static program of libc and fuzz/trace only; it must not know models, rules and maps.  One
 * thread; each slot of a trace is a process of its own, as a slot stands for a process there.
 */
#ifndef BOOT_GUEST_H
#define BOOT_GUEST_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* fallocate(), strerrorname_np() */
#endif

#include "books.h"

#include "fuzz/targets/reserve/ops.h"
#include "fuzz/trace/trace.h"

#define HUGE_SIZE       (2UL << 20)
#define MOUNT_LIMITED   "/limited"
#define MOUNT_UNLIMITED "/unlimited"

/* A call of an op of the trace that is under way. */
struct guest_call {
	const struct op *op;
	size_t at;     /* its place in the trace */
	unsigned hold; /* the requests for memory in which others run, as bits */
	unsigned file; /* that it is about, or FILES */
	const struct guest_call *outer;
};

/* What is there: the same questions decide what is skipped here and in fuzz/targets/reserve. */
struct guest {
	const struct trace *trace;
	struct boot_step step[TRACE_OPS]; /* what each op came to so far */
	const struct guest_call *call;    /* the innermost that is under way */
	bool mounted;
	bool exists[FILES];
	unsigned size[FILES]; /* of a file, in pages */
	bool blocks_lie
		[FILES]; /* st_blocks is no more the page cache: who takes off was refused memory */
	struct {
		bool mapped;
		unsigned file, from, to;
	} slot[SLOTS];
};

extern struct guest guest;

/* One line of the report, on the second serial port. */
void guest_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The machine cannot go on: say why, and end it. */
_Noreturn void guest_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* --- guest_ops.c */

/*
 * Run op @at of the trace, and in its windows those that are nested in it; what each came to is the outcome of
 * its step in guest.step.
 */
void guest_run(size_t at);

/* The call @call waits in its request @number for memory: what is to run there does. */
void guest_open_window(const struct guest_call *call, unsigned number);

/* Make the mounts of guest.trace, and take them away with all that is left. */
void guest_mount(struct boot_step *step);
void guest_clear(void);
void guest_unmount(void);

/* The path of a file. */
void guest_path(unsigned file, char path[32]);

/* --- guest_task.c */

enum task_kind { TASK_MAP, TASK_TOUCH, TASK_FORK, TASK_ZAP, TASK_COPY, TASK_UNMAP };

struct task_order {
	enum task_kind kind;
	unsigned file, from, to, into;
	uint16_t opts;
};

/* What comes back for an order that the process did not survive. */
enum { TASK_DIED = -1000 };

/* Make the channels; once. */
void task_init(void);

/* A process for @slot, which holds nothing; returns its pid. */
int task_new(unsigned slot);
int task_pid(unsigned slot);

/*
 * Have @slot's process do it.  Returns 0, an errno, -SIGBUS, or TASK_DIED: the process is gone.  One that
 * does not answer in time is a hang, which ends the machine.
 */
int task_do(unsigned slot, const struct task_order *order);

/* The process of @slot goes, with all that it holds. */
void task_end(unsigned slot);

/* --- guest_books.c */

void books_open(void);
void books_read(struct boot_books *books);

/* Set a number of the kernel's: nr_hugepages or nr_overcommit_hugepages. */
void books_set(const char *name, unsigned value);

/* Put process @pid into cgroup @number, 1 to BOOT_CGROUPS. */
void cgroup_enter(unsigned number, int pid);

/* From now on cgroup @number may not be charged more than it is, or as much as it likes. */
void cgroup_limit(unsigned number, bool limited);

/* Say what the kernel has complained of in its log since the last time; true: something. */
bool kernel_log(unsigned step);

#endif
