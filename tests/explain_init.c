// SPDX-License-Identifier: GPL-2.0-only
/*
 * PID 1 of a virtual machine that tries generated C programs: runs /1, /2, ... one after the other, with what they
 * print on the second serial port, a line in front of each and one with its exit status behind it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static void prepare(void)
{
	struct termios raw;
	int report;

	mkdir("/dev", 0755);
	mkdir("/proc", 0755);
	mkdir("/tmp", 01777);
	mount("none", "/dev", "devtmpfs", 0, NULL);
	mount("none", "/proc", "proc", 0, NULL);
	report = open("/dev/ttyS1", O_RDWR | O_NOCTTY);
	if (report < 0)
		reboot(RB_AUTOBOOT);
	if (!tcgetattr(report, &raw)) {
		cfmakeraw(&raw);
		tcsetattr(report, TCSANOW, &raw);
	}
	dup2(report, STDOUT_FILENO);
	dup2(report, STDERR_FILENO);
	setvbuf(stdout, NULL, _IOLBF, 0);
}

static int run(const char *path)
{
	int status = -1;
	pid_t pid = fork();

	if (!pid) {
		execl(path, path, (char *)NULL);
		_exit(126);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(void)
{
	char path[16];

	prepare();
	for (int i = 1; snprintf(path, sizeof(path), "/%d", i), !access(path, X_OK); i++) {
		printf("program %d\n", i);
		printf("status %d\n", run(path));
	}
	printf("done\n");
	tcdrain(STDOUT_FILENO);
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}
