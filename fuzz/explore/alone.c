// SPDX-License-Identifier: GPL-2.0-only
#include "alone.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static FILE *progress;
static void (*tell)(const struct verdict *verdict);
static bool *was_stopped;

void *alone_share(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

FILE *alone_progress(void)
{
	return progress;
}

static void stop(const struct verdict *verdict)
{
	*was_stopped = true;
	tell(verdict);
	fflush(stdout);
}

static void stop_by_signal(int signal)
{
	struct verdict verdict = { .failed = true, .rule = RULE_MEMORY_CLEAN };

	snprintf(verdict.what, sizeof(verdict.what), "stopped by signal %d", signal);
	stop(&verdict);
	_exit(ALONE_STOPPED);
}

/* Sanitizers have set handlers of their own, which tell more. */
static void catch_signals(void)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
	static char stack[64 << 10];

	sigaltstack(&(stack_t){ .ss_sp = stack, .ss_size = sizeof(stack) }, NULL);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct sigaction was, action = { .sa_handler = stop_by_signal,
			                         .sa_flags = SA_ONSTACK | SA_NODEFER };

		if (!sigaction(signals[i], NULL, &was) && was.sa_handler == SIG_DFL)
			sigaction(signals[i], &action, NULL);
	}
}

static void begin_alone(void)
{
	progress = isatty(STDERR_FILENO) ? fdopen(dup(STDERR_FILENO), "w") : NULL;
	if (!freopen("/dev/null", "w", stderr))
		_exit(ALONE_DIED);
	report_stop = stop;
	catch_signals();
}

int alone_run(int (*run)(void), void (*stopped)(const struct verdict *verdict))
{
	int status = 0;
	pid_t pid;

	if (!was_stopped)
		was_stopped = alone_share(sizeof(*was_stopped));
	if (!was_stopped)
		return ALONE_DIED;
	*was_stopped = false;
	tell = stopped;
	fflush(NULL);
	pid = fork();
	if (!pid) {
		begin_alone();
		status = run();
		fflush(stdout);
		_exit(status);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return ALONE_DIED;
	if (*was_stopped)
		return ALONE_STOPPED;
	return WIFEXITED(status) && WEXITSTATUS(status) <= 100 ? WEXITSTATUS(status) : ALONE_DIED;
}
