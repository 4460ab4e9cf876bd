// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every trace runs in a child process, which says through a pipe how it ended.
 */
#include "failure.h"

#include "fuzz/run/base.h"
#include "fuzz/run/stop.h"
#include "fuzz/trace/file.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

void failure_begin(char **argv)
{
	static const char *const options[] = { "ASAN_OPTIONS", "UBSAN_OPTIONS", "MSAN_OPTIONS" };

	if (getenv("RESVMAP_BARE"))
		return;
	setenv("RESVMAP_BARE", "1", 1);
	for (int i = 0; i < 3; i++)
		setenv(options[i], "symbolize=0", 1);
	execv("/proc/self/exe", argv);
	perror("/proc/self/exe");
	exit(EXIT_UNUSABLE);
}

static int parent; /* the child's end of the pipe */

static _Noreturn void tell_parent(const struct verdict *verdict, bool stopped, bool hidden)
{
	struct failure failure = { *verdict, stopped, hidden };

	_exit(write(parent, &failure, sizeof(failure)) != sizeof(failure));
}

static void tell_stop(const struct verdict *verdict)
{
	tell_parent(verdict, true, false);
}

/* Of a failure that the base does not have. */
static void run_and_compare(const struct target *target, const struct trace *trace)
{
	struct ending here, there;
	bool fails;

	if (run_trace(target, trace, NULL, RUN_TWICE))
		return;
	here = base_ending();
	fails = base_fails(target, trace, RUN_TWICE, &there);
	if (!fails || !base_is_same(&here, &there))
		tell_parent(&here.verdict, stop_is(&here.verdict),
		            fails && base_hides(trace, &here, &there));
}

/* In the child; a trace that never ends is ended. */
static _Noreturn void run_and_tell(const struct target *target, const struct trace *trace)
{
	struct rlimit cpu = { .rlim_cur = 10, .rlim_max = 10 };

	setrlimit(RLIMIT_CPU, &cpu);
	if (!freopen("/dev/null", "w", stderr))
		_exit(EXIT_UNUSABLE);
	report_stop = tell_stop;
	run_and_compare(target, trace);
	_exit(EXIT_GOOD);
}

/* A signal that no sanitizer caught. */
static bool was_killed(int status, struct failure *failure)
{
	if (!WIFSIGNALED(status) || WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL)
		return false;
	*failure = (struct failure){ .verdict = { .failed = true, .rule = RULE_MEMORY_CLEAN },
		                     .stopped = true };
	snprintf(failure->verdict.what, sizeof(failure->verdict.what), "signal %d",
	         WTERMSIG(status));
	return true;
}

bool failure_of(const struct target *target, const struct trace *trace, struct failure *failure)
{
	int ends[2], status;
	ssize_t got;
	pid_t child;

	if (pipe(ends) || (child = fork()) < 0) {
		perror("cannot start a child process");
		exit(EXIT_UNUSABLE);
	}
	if (!child) {
		parent = ends[1];
		run_and_tell(target, trace);
	}
	close(ends[1]);
	got = read(ends[0], failure, sizeof(*failure));
	close(ends[0]);
	waitpid(child, &status, 0);
	return got == sizeof(*failure) || was_killed(status, failure);
}

bool failure_same(const struct failure *one, const struct failure *other)
{
	bool has_place = one->stopped || one->verdict.rule == RULE_KERNEL_ASSERT;

	return one->verdict.rule == other->verdict.rule && one->stopped == other->stopped &&
	       (!one->hidden || other->hidden) &&
	       (!has_place || !strcmp(one->verdict.what, other->verdict.what));
}
