/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The processes of the executor: what PID 1 has them do, and what the functions that do it share.  A process
 * holds the mappings of some slots: of one, and after `split` of several; and perhaps a page that is kept.
 *
 * task.c has the pipes, mapping.c what is done to mappings, page.c what is done to their pages.
 */
#ifndef BOOT_GUEST_TASK_H
#define BOOT_GUEST_TASK_H

#include "fuzz/trace/op.h"

#include <stdbool.h>
#include <stdint.h>

/* Each slot may have one process that maps, and another one that keeps a page of an older mapping. */
enum { TASKS = 2 * SLOTS, NO_TASK = TASKS };

/* ORDER(name, function): what a process can be told to do. */
#define TASK_ORDERS \
	ORDER(MAP, do_map) \
	ORDER(TOUCH, do_touch) \
	ORDER(FORK, do_fork) \
	ORDER(FORGET, do_forget) \
	ORDER(ZAP, do_zap) \
	ORDER(COPY, do_copy) \
	ORDER(UNMAP, do_unmap) \
	ORDER(SPLIT, do_split) \
	ORDER(MREMAP, do_mremap) \
	ORDER(PROTECT, do_protect) \
	ORDER(PIN, do_pin) \
	ORDER(UNPIN, do_unpin) \
	ORDER(MIGRATE, do_migrate) \
	ORDER(POISON, do_poison) \
	ORDER(CONTINUE, do_continue)

enum task_kind {
#define ORDER(name, function) TASK_##name,
	TASK_ORDERS
#undef ORDER
};

struct task_order {
	enum task_kind kind;
	unsigned slot, file, from, to, into;
	unsigned task; /* of a fork: the number of the new process */
	uint16_t opts;
};

/*
 * What comes back beside 0, an errno and -SIGBUS: the process is gone; the kernel cannot do it; it is done, and
 * the page stays with the file.
 */
enum { TASK_DIED = -1000, TASK_LACKS = -1001, TASK_KEPT = -1002 };

/* --- in PID 1 */

/* Make the channels; once. */
void task_init(void);

/* A process that holds nothing; returns its number. */
unsigned task_new(void);
int task_pid(unsigned task);

/*
 * Have the process do it.  Returns 0, an errno, -SIGBUS, or TASK_...  One that does not answer in time is a
 * hang, which ends the machine.
 */
int task_do(unsigned task, const struct task_order *order);

/*
 * The same of a fork: 0, an errno or TASK_DIED; @order->task is the new process, which has a mapping for slot
 * @order->into and nothing else.
 */
int task_fork(unsigned task, struct task_order *order);

/* The number of the page of memory that its last answer is about. */
unsigned long task_frame(unsigned task);

/* It is in this cgroup from now on, which is 0 for the root. */
void task_enter(unsigned task, unsigned cgroup);

/* Who is in the cgroup, PID 1 as well, leaves for the root; PID 1 is in the first one again. */
void tasks_leave(unsigned cgroup);
void tasks_return(void);

/* The process goes, with all that it holds. */
void task_end(unsigned task);

/* --- in the process */

#define HUGE_SIZE  (2UL << 20)
#define SMALL_SIZE 4096UL

struct mapping {
	char *start;
	unsigned first, pages;
	bool shared;
	int advice; /* what keeps the kernel from making one mapping of it and its neighbour */
	uint64_t writable; /* pages that may be written without a fault, if they are there */
	uint64_t kept;     /* ... and that are kept for a device */
};

extern struct mapping mapping[SLOTS];

/* The address of a page; whether the page table has it; whether it is the file's, and not the process' own. */
char *page_address(unsigned slot, unsigned page);
bool page_is_there(unsigned slot, unsigned page);
bool page_is_files(unsigned slot, unsigned page);

/* The number of its page of memory, which is told with the next answer. */
void page_tell_frame(unsigned slot, unsigned page);
extern unsigned long frame_told;

/* The slot keeps no page in this process. */
void forget_kept(unsigned slot);

#define ORDER(name, function) int function(const struct task_order *order);
TASK_ORDERS
#undef ORDER

#endif
