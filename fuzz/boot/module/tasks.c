// SPDX-License-Identifier: GPL-2.0
/*
 * A module for booted kernels: acts on marked tasks of the executor, and on nobody else.
 *
 * A kprobe stands at the entry of what gives memory, and of what can fail late.  For a marked task it sends
 * the call to a function here instead, which has the same arguments and returns to the same place.  As it
 * runs in the task, and not in the probe, it may sleep: a window of a call stays open for as long as the
 * executor wants, while other tasks run, on this processor too.
 *
 * What it does for the executor on subpools and pages is in books.c.
 *
 * Source: struct file_region and resv_map of include/linux/hugetlb.h, v5.10 to v7.3.
 */
#include "books.h"
#include "seam.h"

#include <linux/completion.h>
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/kprobes.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>
#include <linux/version.h>

static DEFINE_SPINLOCK(tasks_lock);
static struct marked {
	struct seam_task task;
	struct completion go;
	bool passing; /* it has been dealt with, and goes on to the function itself */
} marked[SEAM_TASKS];

static struct marked *find(int pid)
{
	int i;

	for (i = 0; i < SEAM_TASKS; i++)
		if (pid && marked[i].task.pid == pid)
			return &marked[i];
	return NULL;
}

/* --- what marked tasks call instead ---------------------------------------------------------------- */

typedef void *allocates(void *cache, unsigned long flags, unsigned long size, unsigned long more);

enum { PROBES = 14 };
static struct kprobe probes[PROBES];

/* Which request of the call it is decides what becomes of it. */
static void *request(unsigned probe, void *cache, unsigned long flags, unsigned long size,
                     unsigned long more)
{
	struct marked *own = find(current->pid);
	unsigned number = own->task.asked++;
	bool refused = own->task.refuse >> min(number, (unsigned)SEAM_LAST) & 1;
	void *block = NULL;

	if (number < 32 && own->task.hold >> number & 1) {
		reinit_completion(&own->go);
		WRITE_ONCE(own->task.held, number + 1);
		wait_for_completion(&own->go);
	}
	if (refused) {
		own->task.refused++;
		return NULL;
	}
	own->passing = true;
	block = ((allocates *)probes[probe].addr)(cache, flags, size, more);
	own->passing = false;
	return block;
}

#define REQUEST(n) \
	static void *request_##n(void *cache, unsigned long flags, unsigned long size, \
	                         unsigned long more) \
	{ \
		return request(n, cache, flags, size, more); \
	}
REQUEST(0)
REQUEST(1)
REQUEST(2)

static long no_memory(void)
{
	return -ENOMEM;
}

static void *nothing(void)
{
	return NULL;
}

static long poisoned(void)
{
	return -EHWPOISON;
}

/* A fault that got no memory would be taken again for ever: the task gets a signal instead. */
static long out_of_memory(void)
{
	struct marked *own = find(current->pid);

	own->task.out_of_memory = 1;
	force_sig(SIGBUS);
	return 0;
}

/* --- the probes ------------------------------------------------------------------------------------ */

static bool is_for_the_map(unsigned long size)
{
	return size == sizeof(struct file_region) || size == sizeof(struct resv_map);
}

/* Mappings have a lock since 6.1, which is of the size of a region since 7.1; then it is told by its being the first. */
static bool is_a_mapping_lock(struct marked *own, unsigned long size)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)
	if (size != sizeof(struct hugetlb_vma_lock))
		return false;
	if (!is_for_the_map(size))
		return true;
	return own->task.locks && own->task.locks--;
#else
	return false;
#endif
}

static int at_request(struct kprobe *probe, struct pt_regs *regs);
static int at_late(struct kprobe *probe, struct pt_regs *regs);
static int at_out_of_memory(struct kprobe *probe, struct pt_regs *regs);
static int at_buddy(struct kprobe *probe, struct pt_regs *regs);
static int at_memcg(struct kprobe *probe, struct pt_regs *regs);
static int at_table(struct kprobe *probe, struct pt_regs *regs);

/* A probe with a handler behind is one that may send the task elsewhere. */
static void behind(struct kprobe *probe, struct pt_regs *regs, unsigned long flags)
{
}

#define PROBE(name, handler) \
	{ \
		.symbol_name = name, .pre_handler = handler, .post_handler = behind \
	}

/* Each kernel has one or two of a kind; what it has none of is not probed. */
static struct kprobe probes[PROBES] = {
	PROBE("__kmalloc_cache_noprof", at_request),
	PROBE("kmalloc_trace", at_request),
	PROBE("kmem_cache_alloc_trace", at_request),
	PROBE("__filemap_add_folio", at_late),
	PROBE("copy_user_large_folio", at_late),
	PROBE("pagefault_out_of_memory", at_out_of_memory),
	PROBE("__alloc_pages", at_buddy),
	PROBE("__alloc_pages_noprof", at_buddy),
	PROBE("__alloc_frozen_pages_noprof", at_buddy),
	PROBE("mem_cgroup_hugetlb_try_charge", at_memcg),
	PROBE("mem_cgroup_charge_hugetlb", at_memcg),
	PROBE("huge_pte_alloc", at_table),
	PROBE("__add_to_page_cache_locked", at_late),
	PROBE("__alloc_pages_nodemask", at_buddy),
};
static bool probed[PROBES];

static void *const instead[PROBES] = {
	request_0, request_1, request_2, no_memory, poisoned, out_of_memory, nothing,
	nothing,   nothing,   no_memory, no_memory, nothing,  no_memory,     nothing,
};

static int send_to(void *function, struct pt_regs *regs)
{
	regs->ip = (unsigned long)function;
	return 1;
}

static int send_elsewhere(struct kprobe *probe, struct pt_regs *regs)
{
	return send_to(instead[probe - probes], regs);
}

static int at_request(struct kprobe *probe, struct pt_regs *regs)
{
	struct marked *own = find(current->pid);

	if (!own || own->passing)
		return 0;
	if (is_a_mapping_lock(own, regs->dx))
		return own->task.words & SEAM_NO_VMA ? send_to(nothing, regs) : 0;
	return is_for_the_map(regs->dx) ? send_elsewhere(probe, regs) : 0;
}

static int at_late(struct kprobe *probe, struct pt_regs *regs)
{
	struct marked *own = find(current->pid);

	if (!own || !own->task.late || own->task.was_late)
		return 0;
	own->task.was_late = 1;
	return send_elsewhere(probe, regs);
}

static int at_out_of_memory(struct kprobe *probe, struct pt_regs *regs)
{
	return find(current->pid) ? send_elsewhere(probe, regs) : 0;
}

static int refuse(struct kprobe *probe, struct pt_regs *regs, unsigned word)
{
	struct marked *own = find(current->pid);

	return own && own->task.words & word ? send_elsewhere(probe, regs) : 0;
}

/* The second argument is the order of the pages. */
static int at_buddy(struct kprobe *probe, struct pt_regs *regs)
{
	return regs->si == HUGETLB_PAGE_ORDER ? refuse(probe, regs, SEAM_NO_POOL) : 0;
}

static int at_memcg(struct kprobe *probe, struct pt_regs *regs)
{
	return refuse(probe, regs, SEAM_NO_MEMCG);
}

static int at_table(struct kprobe *probe, struct pt_regs *regs)
{
	return refuse(probe, regs, SEAM_NO_TABLE);
}

/* --- what the executor asks ------------------------------------------------------------------------ */

static long mark(struct seam_task *task)
{
	struct marked *own;
	long ret = 0;
	int i;

	spin_lock(&tasks_lock);
	own = find(task->pid);
	for (i = 0; !own && i < SEAM_TASKS; i++)
		if (!marked[i].task.pid)
			own = &marked[i];
	if (own) {
		task->asked = task->refused = task->was_late = task->held = 0;
		task->out_of_memory = 0;
		own->passing = false;
		own->task = *task;
	} else {
		ret = -ENOSPC;
	}
	spin_unlock(&tasks_lock);
	return ret;
}

static long ask_task(unsigned command, struct seam_task *task)
{
	struct marked *own;

	if (command == SEAM_MARK)
		return mark(task);
	own = find(task->pid);
	if (!own)
		return -ESRCH;
	if (command == SEAM_GO && own->task.held) {
		own->task.held = 0;
		complete(&own->go);
	}
	*task = own->task;
	if (command == SEAM_UNMARK) {
		complete(&own->go);
		own->task.pid = 0;
	}
	return 0;
}

static long ask(struct file *file, unsigned command, unsigned long at)
{
	union {
		struct seam_task task;
		struct seam_subpool subpool;
		struct seam_page page;
	} asked;
	size_t size = _IOC_SIZE(command);
	long ret;

	if (size > sizeof(asked) || copy_from_user(&asked, (void __user *)at, size))
		return -EFAULT;
	if (command == SEAM_SUBPOOL || command == SEAM_SET_MAX)
		ret = books_subpool(command, &asked.subpool);
	else if (command == SEAM_DISSOLVE || command == SEAM_MEMFD || command == SEAM_UNPOISON)
		ret = books_page(command, &asked.page);
	else
		ret = ask_task(command, &asked.task);
	if (!ret && copy_to_user((void __user *)at, &asked, size))
		ret = -EFAULT;
	return ret;
}

static const struct file_operations operations = { .owner = THIS_MODULE, .unlocked_ioctl = ask };
static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "resvmap",
	.fops = &operations,
};

static void __exit leave(void)
{
	int i;

	for (i = 0; i < PROBES; i++)
		if (probed[i])
			unregister_kprobe(&probes[i]);
	misc_deregister(&device);
}

static int __init enter(void)
{
	bool requests = false, late = false;
	int i, ret = misc_register(&device);

	if (ret)
		return ret;
	books_find();
	for (i = 0; i < SEAM_TASKS; i++)
		init_completion(&marked[i].go);
	for (i = 0; i < PROBES; i++) {
		probed[i] = !register_kprobe(&probes[i]);
		requests |= probed[i] && probes[i].pre_handler == at_request;
		late |= probed[i] && probes[i].pre_handler == at_late;
	}
	if (requests && late)
		return 0;
	pr_err("resvmap: this kernel has none of the functions that are to be probed\n");
	leave();
	return -ENOENT;
}

module_init(enter);
module_exit(leave);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("refusals, late failures and windows for marked tasks");
