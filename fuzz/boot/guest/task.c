// SPDX-License-Identifier: GPL-2.0-only
/*
 * The processes that hold mappings, and the pipes by which they are told what to do.  A forked one is a child of
 * PID 1 too (CLONE_PARENT), so that PID 1 can wait for each.
 */
#include "guest.h"

#include "module.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * No call of ours takes a second, also in an emulated machine; but a busy host may give it no time.  Who goes round
 * for ever is known sooner than who waits for ever: by the time that the processor has spent on it.
 */
enum { SECONDS = 120, BUSY_SECONDS = 3, TICKS_A_SECOND = 100 };

static struct channel {
	int order[2], answer[2];
	bool taken; /* by a slot, also when the process has died */
	int pid;
	unsigned cgroup;
	unsigned long frame;
} channel[TASKS];

struct answer {
	int ret;
	unsigned long frame;
};

static unsigned own_cgroup = 1;

static int (*const perform[])(const struct task_order *order) = {
#define ORDER(name, function) [TASK_##name] = function,
	TASK_ORDERS
#undef ORDER
};

static _Noreturn void serve(unsigned task)
{
	struct task_order order;
	struct answer answer;

	for (;;) {
		if (read(channel[task].order[0], &order, sizeof(order)) != sizeof(order))
			_exit(1);
		answer.ret = perform[order.kind](&order);
		answer.frame = frame_told;
		/* The child says nothing, and has a channel of its own from now on. */
		if (order.kind == TASK_FORK && !answer.ret)
			task = order.task;
		else if (write(channel[task].answer[1], &answer, sizeof(answer)) != sizeof(answer))
			_exit(1);
	}
}

void task_init(void)
{
	for (int task = 0; task < TASKS; task++)
		if (pipe(channel[task].order) || pipe(channel[task].answer))
			guest_die("cannot make a pipe: %s", strerror(errno));
}

static unsigned free_task(void)
{
	unsigned task = 0;

	while (task < TASKS && channel[task].taken)
		task++;
	if (task == TASKS)
		guest_die("there are too many processes");
	return task;
}

unsigned task_new(void)
{
	unsigned task = free_task();
	int pid = fork();

	if (pid < 0)
		guest_die("cannot fork: %s", strerror(errno));
	if (!pid)
		serve(task);
	channel[task].taken = true;
	channel[task].pid = pid;
	channel[task].cgroup = own_cgroup;
	return task;
}

int task_pid(unsigned task)
{
	return channel[task].pid;
}

/* The process waits where others are to run inside its call: they do, and it goes on. */
static void open_windows(unsigned task, const struct guest_call *call)
{
	int pid = channel[task].pid;
	unsigned held = module_held(pid);

	if (!held)
		return;
	guest_open_window(call, held - 1);
	module_go(pid);
}

/* Source: Documentation/filesystems/proc.rst: /proc/PID/stat, whose fields 14 and 15 are in ticks. */
static bool goes_round(int pid)
{
	unsigned long user = 0, system = 0;
	char path[32];
	FILE *stat;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	stat = fopen(path, "r");
	if (!stat)
		return false;
	if (fscanf(stat, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
	           &system) != 2)
		user = system = 0;
	fclose(stat);
	return user + system > BUSY_SECONDS * TICKS_A_SECOND;
}

static int task_answer(unsigned task, const struct guest_call *call)
{
	struct pollfd ready = { .fd = channel[task].answer[0], .events = POLLIN };
	struct answer answer;

	for (int tick = 0; tick < SECONDS * TICKS_A_SECOND; tick++) {
		if (poll(&ready, 1, 1000 / TICKS_A_SECOND) > 0 &&
		    read(ready.fd, &answer, sizeof(answer)) == sizeof(answer)) {
			channel[task].frame = answer.frame;
			return answer.ret;
		}
		if (call && call->hold)
			open_windows(task, call);
		if (waitpid(channel[task].pid, NULL, WNOHANG) == channel[task].pid) {
			channel[task].pid = 0;
			return TASK_DIED;
		}
		if (tick % TICKS_A_SECOND == 0 && goes_round(channel[task].pid))
			guest_die("an op goes round for ever");
	}
	guest_die("an op hangs");
}

static void send(unsigned task, const struct task_order *order)
{
	if (write(channel[task].order[1], order, sizeof(*order)) != sizeof(*order))
		guest_die("cannot write to a pipe: %s", strerror(errno));
}

int task_do(unsigned task, const struct task_order *order)
{
	const struct guest_call *call = guest.call;
	int pid = channel[task].pid, ret;
	bool marked;

	if (!pid)
		return TASK_DIED;
	marked = call && module_mark(pid, call->op, call->hold);
	send(task, order);
	ret = task_answer(task, marked ? call : NULL);
	if (marked && module_unmark(pid))
		ret = ENOMEM;
	return ret;
}

int task_fork(unsigned task, struct task_order *order)
{
	struct task_order forget = { .kind = TASK_FORGET, .slot = order->into };
	int ret;

	order->task = free_task();
	ret = task_do(task, order);
	if (ret == TASK_DIED)
		return ret;
	if (ret < 0)
		return -ret;
	channel[order->task].taken = true;
	channel[order->task].pid = ret;
	channel[order->task].cgroup = channel[task].cgroup;
	send(order->task, &forget);
	return task_answer(order->task, NULL);
}

unsigned long task_frame(unsigned task)
{
	return channel[task].frame;
}

void task_enter(unsigned task, unsigned cgroup)
{
	if (channel[task].pid && channel[task].cgroup != cgroup)
		cgroup_enter(cgroup, channel[task].pid);
	channel[task].cgroup = cgroup;
}

void tasks_leave(unsigned cgroup)
{
	for (unsigned task = 0; task < TASKS; task++)
		if (channel[task].cgroup == cgroup)
			task_enter(task, 0);
	if (own_cgroup == cgroup)
		cgroup_enter(own_cgroup = 0, getpid());
}

void tasks_return(void)
{
	if (own_cgroup != 1)
		cgroup_enter(own_cgroup = 1, getpid());
}

void task_end(unsigned task)
{
	int pid = channel[task].pid;

	channel[task].taken = false;
	if (!pid)
		return;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	channel[task].pid = 0;
}
