/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The executor: PID 1 of a virtual machine, which performs the ops of traces as system calls of the
 * kernel that was booted.  guest.c goes through the traces, call.c runs an op where it stands, ops.c (mappings) and
 * admin.c (files, pool, cgroups, mounts) have a function for each, books.c reads what the kernel shows; the processes
 * that hold mappings are in task.h.
 *
 * A static program of libc and fuzz/trace only; it must not know models, rules and maps.  One
 * thread; each slot of a trace is a process of its own, as a slot stands for a process there.
 */
#ifndef BOOT_GUEST_H
#define BOOT_GUEST_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* fallocate(), strerrorname_np() */
#endif

#include "task.h"

#include "fuzz/boot/books.h"
#include "fuzz/targets/reserve/ops.h"
#include "fuzz/trace/trace.h"

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

enum { GUEST_BAD = 16 };

/* What is there: the same questions decide what is skipped here and in fuzz/targets/reserve. */
struct guest {
	const struct trace *trace;
	struct boot_step step[TRACE_OPS]; /* what each op came to so far */
	const struct guest_call *call;    /* the innermost that is under way */
	bool mounted, limited; /* both mounts are made; the one with limits is still there */
	bool exists[FILES];
	unsigned size[FILES]; /* of a file, in pages */
	bool blocks_lie
		[FILES]; /* st_blocks is no more the page cache: who takes off was refused memory */
	struct guest_slot {
		bool mapped;
		unsigned file, from, to;
		unsigned task;   /* that maps it */
		unsigned cgroup; /* that this one is in when the slot makes a call */
		bool keeps;      /* a page is kept, ... */
		unsigned
			keeper; /* ... by this task, or NO_TASK: it is one whose memory has failed, ... */
		unsigned long bad; /* ... and this its number */
	} slot[SLOTS];
	unsigned long bad
		[GUEST_BAD]; /* failed memory that its file had still when nobody was to keep it any more */
	unsigned bad_in_files;
};

extern struct guest guest;

/* One line of the report, on the second serial port. */
void guest_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The machine cannot go on: say why, and end it. */
_Noreturn void guest_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* --- call.c */

/*
 * Run op @at of the trace, and in its windows those that are nested in it; what each came to is the outcome of
 * its step in guest.step.
 */
void guest_run(size_t at);

/* The call @call waits in its request @number for memory: what is to run there does. */
void guest_open_window(const struct guest_call *call, unsigned number);

/* Every mapping, file and page that is kept goes. */
void guest_clear(void);

/* ops.c: memory that failed and has left its file since then is good again. */
void guest_unpoison(void);

/* --- ops.c and admin.c */

/* Of each op of ops.def: does it make sense where it stands?  Run it: as task_do(). */
#define SAID(name, when, module) \
	bool when(const struct op *op); \
	int run_##name(const struct op *op);
#include "fuzz/boot/ops.def"
#undef SAID

/* Files 0 and 1 are on the mount with limits. */
enum { LIMITED_FILES = 2 };

/* The path of a file, which is there from the first time that somebody maps it. */
void guest_path(unsigned file, char path[32]);
void guest_make_file(unsigned file);
bool guest_may_make(unsigned file);

/* Make the mounts of guest.trace, false: an errno says why not; and take them away. */
bool guest_mount(void);
void guest_unmount(void);

/* The cgroup that an op's task is in; 0: the root, for its own is gone. */
unsigned guest_cgroup_of(const struct op *op);

/* --- books.c */

void books_open(void);
void books_read(struct boot_books *books);

/* Set a number of the kernel's: nr_hugepages or nr_overcommit_hugepages. */
void books_set(const char *name, unsigned value);

/* The pool is to have so many pages; none of them is on the far node. */
void books_resize(unsigned pages);
void books_fetch_far_pages(void);

/* Is there memory that has failed, and is not said to be good again?  It may be in the pool, where books do not show it. */
bool books_have_failed_memory(void);

/* Put process @pid into cgroup @number, 1 to BOOT_CGROUPS, or 0, the root. */
void cgroup_enter(unsigned number, int pid);

/* A cgroup without processes goes: 0 or an errno.  Is it there?  The root is.  Make all again that are not. */
int cgroup_remove(unsigned number);
bool cgroup_is_there(unsigned number);
void cgroup_restore(void);

/* Wait until the kernel has freed those that have gone. */
void cgroups_wait(void);

/* From now on cgroup @number may not be charged more than it is, or as much as it likes. */
void cgroup_limit(unsigned number, bool limited);

/* Say what the kernel has complained of in its log since the last time; true: something. */
bool kernel_log(unsigned step);

#endif
