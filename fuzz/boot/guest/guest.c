// SPDX-License-Identifier: GPL-2.0-only
/*
 * PID 1: goes through the traces that come in by the second serial port, and writes the books after every op on it;
 * the first one is the kernel's console.
 *
 * A trace that leaves books behind which are not those of an empty machine, or about which the
 * kernel has complained, ends the machine, for what comes after it would be judged by its leftovers.  The
 * host then boots again for the traces behind it.
 */
#include "guest.h"

#include "module.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mempolicy.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

static int report = -1;

static void say(const char *format, va_list args)
{
	char text[512];
	int length = vsnprintf(text, sizeof(text), format, args);

	if (write(report, text, length) != length)
		reboot(RB_AUTOBOOT);
}

void guest_say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
}

static _Noreturn void end_machine(void)
{
	tcdrain(report);
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}

void guest_die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	guest_say("died ");
	say(format, args);
	guest_say("\n");
	va_end(args);
	end_machine();
}

static void must_mount(const char *type, const char *where)
{
	mkdir(where, 0755);
	if (mount("none", where, type, 0, NULL) && errno != EBUSY)
		guest_die("the kernel has no %s: %s", type, strerror(errno));
}

/* All processes have the near node's memory, as long as there is some. */
static void prefer_near_node(void)
{
	unsigned long near = 1;

	syscall(SYS_set_mempolicy, MPOL_PREFERRED, &near, 8 * sizeof(near));
}

static void prepare(void)
{
	struct termios raw;

	mkdir("/dev", 0755);
	mount("none", "/dev", "devtmpfs", 0, NULL);
	report = open("/dev/ttyS1", O_RDWR | O_NOCTTY);
	if (!tcgetattr(report, &raw)) {
		cfmakeraw(&raw);
		tcsetattr(report, TCSANOW, &raw);
	}
	must_mount("proc", "/proc");
	must_mount("sysfs", "/sys");
	must_mount("cgroup2", "/cgroup");
	mkdir(MOUNT_LIMITED, 0755);
	mkdir(MOUNT_UNLIMITED, 0755);
	must_mount("hugetlbfs", MOUNT_LIMITED);
	umount(MOUNT_LIMITED);
	module_load();
	books_open();
	cgroup_enter(1, getpid());
	task_init();
	prefer_near_node();
}

/*
 * What the host sends: empty lines, of which a port that nobody has opened yet may lose some; for each trace a line
 * `trace NUMBER`, its lines, and a line `.`; and `end`.
 */
static char *sent;

static bool has_come(size_t size)
{
	return (size == 4 && !memcmp(sent, "end\n", 4)) ||
	       (size > 4 && !memcmp(sent + size - 5, "\nend\n", 5));
}

static void read_traces(void)
{
	size_t size = 0, room = 0;
	ssize_t got;

	while (!has_come(size)) {
		if (size == room) {
			room = 2 * room + (1 << 16);
			sent = realloc(sent, room + 1);
		}
		got = read(report, sent + size, room - size);
		if (!sent || got < 0)
			guest_die("the traces cannot be read: %s", strerror(errno));
		size += got;
		sent[size] = '\0';
	}
}

/* The next trace of those that were sent; false: there is none. */
static bool next_trace(unsigned *number, struct trace *trace)
{
	struct trace_error error;
	char *text, *end;

	sent += strspn(sent, "\r\n");
	if (sscanf(sent, "trace %u\n", number) != 1)
		return false;
	text = strchr(sent, '\n') + 1;
	end = strstr(text, "\n.\n");
	if (!end)
		guest_die("trace %u has no end", *number);
	if (!trace_parse(trace, NULL, targets[0], text, end + 1 - text, &error))
		guest_die("trace %u, line %u: %s", *number, error.line, error.what);
	sent = end + 3;
	return true;
}

/* Write the books, and what the kernel complained of, after step @number; true: it did. */
static bool tell(unsigned number, struct boot_step *step)
{
	char line[BOOT_LINE];

	books_read(&step->books);
	boot_step_print(line, number, step);
	guest_say("%s", line);
	return kernel_log(number);
}

static struct boot_step *not_run(size_t at)
{
	guest.step[at] = (struct boot_step){ .outcome = BOOT_SKIPPED, .seen = "-" };
	boot_books_unknown(&guest.step[at].books);
	return &guest.step[at];
}

/* Run op @at with what is nested in it.  Their books are seen when all of them are over. */
static bool run_group(size_t at, size_t end)
{
	char line[BOOT_LINE];

	for (size_t i = at; i < end; i++)
		not_run(i);
	guest_run(at);
	for (size_t i = at; i + 1 < end; i++) {
		boot_step_print(line, i + 1, &guest.step[i]);
		guest_say("%s", line);
	}
	return tell(end, &guest.step[end - 1]);
}

/* The pool as the trace wants it; a machine whose memory is in pieces is of no more use. */
static bool set_pool(unsigned pages, unsigned surplus)
{
	struct boot_books books;

	books_set("nr_overcommit_hugepages", surplus);
	books_fetch_far_pages();
	books_resize(pages);
	books_read(&books);
	return books.pages == pages && books.free == pages && !books.resv && !books.surplus;
}

static bool is_empty(void)
{
	struct boot_books books;
	bool charged = false;

	books_read(&books);
	charged = books.nodes > 0 || (books.nodes < 0 && books.nodes != BOOT_UNKNOWN);
	for (int i = 0; i < BOOT_CGROUPS; i++)
		charged |= books.rsvd[i] > 0 || books.usage[i] > 0;
	return !charged && !books_have_failed_memory() && !books.resv && !books.surplus &&
	       books.free == books.pages;
}

static void mount_limited(struct boot_step *step)
{
	step->outcome = guest_mount() ? BOOT_GOOD : BOOT_FAILED;
	snprintf(step->seen, sizeof(step->seen), "%s",
	         step->outcome == BOOT_GOOD ? "-" : strerrorname_np(errno));
}

/* True: the machine is as before. */
static bool run_trace(unsigned number, const struct trace *trace)
{
	struct boot_step step;
	bool complained = false;
	size_t i, end;

	guest_say("trace %u\n", number);
	memset(&guest, 0, sizeof(guest));
	guest.trace = trace;
	cgroup_restore();
	tasks_return();
	if (!set_pool(trace->head.pages, trace->head.surplus))
		guest_die("a pool of %u pages cannot be had", trace->head.pages);
	mount_limited(&step);
	complained |= tell(0, &step);
	for (i = 0; i < trace->count; i = end) {
		end = trace_behind(trace, i);
		complained |= run_group(i, end);
	}
	guest_clear();
	step = (struct boot_step){ .outcome = BOOT_GOOD, .seen = "-" };
	complained |= tell(i + 1, &step);
	guest_unmount();
	cgroups_wait();
	complained |= tell(i + 2, &step);
	guest_say("end %u\n", number);
	return is_empty() && !complained;
}

/* The host may keep the machine as it is when it waits, and go on with it more than once. */
int main(void)
{
	static struct trace trace;
	unsigned number = 0;

	prepare();
	guest_say("waits\n");
	read_traces();
	guest_say("ready\n");
	while (next_trace(&number, &trace))
		if (!run_trace(number, &trace)) {
			guest_say("dirty %u\n", number);
			end_machine();
		}
	guest_say("done %u\n", number);
	end_machine();
}
