// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a kernel shows of its books: /proc/meminfo, the mount's statfs, the files' blocks, the hugetlb
 * files of a cgroup, and its log.  Files that are read after every op stay open.
 */
#include "guest.h"

#include "module.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#define PROC_VM "/proc/sys/vm/"
#define ROOT    "/cgroup/"
#define CGROUP \
	ROOT "all/" /* the parent of all cgroups of a trace, which gets what one that goes is charged */

static int meminfo, kmsg;
static int of_nodes; /* numa_stat of them all; below 0: kernels up to 5.16 have none */
static int charged[BOOT_CGROUPS][2]; /* rsvd.current and current */
static bool there[BOOT_CGROUPS];     /* the cgroup is */

static int open_or_die(const char *path, int flags)
{
	int fd = open(path, flags);

	if (fd < 0)
		guest_die("lacks %s: %s", path, strerror(errno));
	return fd;
}

static void write_or_die(const char *path, const char *text)
{
	int fd = open_or_die(path, O_WRONLY);

	if (write(fd, text, strlen(text)) < 0)
		guest_die("%s refuses %s: %s", path, text, strerror(errno));
	close(fd);
}

/* The whole of a small file; what is behind @room is cut off. */
static void read_again(int fd, char *text, size_t room)
{
	ssize_t got = pread(fd, text, room - 1, 0);

	text[got > 0 ? got : 0] = '\0';
}

void books_open(void)
{
	meminfo = open_or_die("/proc/meminfo", O_RDONLY);
	kmsg = open_or_die("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	lseek(kmsg, 0, SEEK_END);
	write_or_die(ROOT "cgroup.subtree_control", "+hugetlb");
	if (mkdir(CGROUP, 0755))
		guest_die("cannot make %s: %s", CGROUP, strerror(errno));
	write_or_die(CGROUP "cgroup.subtree_control", "+hugetlb");
	of_nodes = open(CGROUP "hugetlb.2MB.numa_stat", O_RDONLY);
	cgroup_restore();
}

/* --- cgroups */

static void make_cgroup(unsigned number)
{
	char path[64];

	snprintf(path, sizeof(path), CGROUP "%u", number);
	if (mkdir(path, 0755))
		guest_die("cannot make %s: %s", path, strerror(errno));
	snprintf(path, sizeof(path), CGROUP "%u/hugetlb.2MB.rsvd.current", number);
	charged[number - 1][0] = open_or_die(path, O_RDONLY);
	snprintf(path, sizeof(path), CGROUP "%u/hugetlb.2MB.current", number);
	charged[number - 1][1] = open_or_die(path, O_RDONLY);
	there[number - 1] = true;
}

void cgroup_restore(void)
{
	for (int i = 1; i <= BOOT_CGROUPS; i++)
		if (!cgroup_is_there(i))
			make_cgroup(i);
}

bool cgroup_is_there(unsigned number)
{
	return !number || there[number - 1];
}

/*
 * A process that has ended may be in it for a moment still.  The kernel hands on what it is charged for a moment later, by a
 * worker behind a grace period of RCU, which nothing shows; in an emulated machine waiting costs nothing.
 */
int cgroup_remove(unsigned number)
{
	char path[64];

	snprintf(path, sizeof(path), CGROUP "%u", number);
	for (int tries = 0; rmdir(path); tries++) {
		if (errno != EBUSY || tries == 100)
			return errno;
		usleep(1000);
	}
	usleep(20000);
	there[number - 1] = false;
	close(charged[number - 1][0]);
	close(charged[number - 1][1]);
	return 0;
}

/* One that has gone counts as long as the kernel has not freed it, and hides what it has left behind. */
void cgroups_wait(void)
{
	int fd = open(CGROUP "cgroup.stat", O_RDONLY | O_CLOEXEC);
	char text[256];

	for (int tries = 0; tries < 100; tries++) {
		const char *dying;

		read_again(fd, text, sizeof(text));
		dying = strstr(text, "nr_dying_descendants ");
		if (!dying || !strtoul(dying + strlen("nr_dying_descendants "), NULL, 10))
			break;
		usleep(1000);
	}
	close(fd);
}

void cgroup_enter(unsigned number, int pid)
{
	char path[64] = ROOT "cgroup.procs", text[16];

	if (number)
		snprintf(path, sizeof(path), CGROUP "%u/cgroup.procs", number);
	snprintf(text, sizeof(text), "%d", pid);
	write_or_die(path, text);
}

void cgroup_limit(unsigned number, bool limited)
{
	static const char *const name[] = { "rsvd.", "" };
	char path[64], text[32];

	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), CGROUP "%u/hugetlb.2MB.%smax", number, name[i]);
		read_again(charged[number - 1][i], text, sizeof(text));
		write_or_die(path, limited ? text : "max");
	}
}

void books_set(const char *name, unsigned value)
{
	char path[64], text[16];

	snprintf(path, sizeof(path), PROC_VM "%s", name);
	snprintf(text, sizeof(text), "%u", value);
	write_or_die(path, text);
}

/*
 * Pages are of the near node, unless `migrate` has moved them: whether a page is a surplus one is counted for each
 * node.  What is left on the far one goes before the pool gets its size.
 */
void books_resize(unsigned pages)
{
	bool has_nodes = !access(PROC_VM "nr_hugepages_mempolicy", W_OK);

	books_set(has_nodes ? "nr_hugepages_mempolicy" : "nr_hugepages", pages);
}

void books_fetch_far_pages(void)
{
	char text[16] = "0";
	int fd = open("/sys/devices/system/node/node1/hugepages/hugepages-2048kB/nr_hugepages",
	              O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	read_again(fd, text, sizeof(text));
	close(fd);
	if (strtoul(text, NULL, 10))
		books_set("nr_hugepages", 0);
}

/* A number of meminfo; kernels print it as unsigned, so one below 0 is seen as what it is. */
static long meminfo_number(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	return at ? (long)strtoul(at + strlen(name), NULL, 10) : BOOT_UNKNOWN;
}

/* Memory that has failed and was not said to be good again; a kernel without memory failure has none. */
bool books_have_failed_memory(void)
{
	char text[4096];
	long failed;

	read_again(meminfo, text, sizeof(text));
	failed = meminfo_number(text, "HardwareCorrupted:");
	return failed && failed != BOOT_UNKNOWN;
}

static void read_files(struct boot_books *books)
{
	struct stat st;
	char path[32];

	for (unsigned file = 0; file < FILES; file++) {
		guest_path(file, path);
		books->there[file] = BOOT_UNKNOWN;
		if (guest.exists[file] && !guest.blocks_lie[file] && !stat(path, &st))
			books->there[file] = st.st_blocks / (long)(HUGE_SIZE / 512);
	}
}

/* One that is gone shows nothing. */
static long charge(unsigned cgroup, unsigned which)
{
	char text[64];

	if (!there[cgroup])
		return BOOT_UNKNOWN;
	read_again(charged[cgroup][which], text, sizeof(text));
	return (long)(strtoul(text, NULL, 10) / HUGE_SIZE);
}

/* "total=2097152 N0=2097152 N1=0": what is charged, and what each node says of it, which may be below 0. */
static long more_by_nodes(void)
{
	unsigned long sum = 0;
	char text[128], *at;

	if (of_nodes < 0)
		return BOOT_UNKNOWN;
	read_again(of_nodes, text, sizeof(text));
	if (strncmp(text, "total=", 6))
		return BOOT_UNKNOWN;
	for (at = strstr(text, " N"); at; at = strstr(at + 1, " N"))
		sum += strtoul(at + strcspn(at, "=") + 1, NULL, 10);
	sum -= strtoul(text + 6, NULL, 10);
	return (long)sum / (long)HUGE_SIZE;
}

void books_read(struct boot_books *books)
{
	char text[4096];
	struct statfs fs;

	read_again(meminfo, text, sizeof(text));
	books->pages = meminfo_number(text, "HugePages_Total:");
	books->free = meminfo_number(text, "HugePages_Free:");
	books->resv = meminfo_number(text, "HugePages_Rsvd:");
	books->surplus = meminfo_number(text, "HugePages_Surp:");
	books->used = BOOT_UNKNOWN;
	if (guest.limited && guest.trace->head.max && !statfs(MOUNT_LIMITED, &fs))
		books->used = (long)fs.f_blocks - (long)fs.f_bfree;
	read_files(books);
	for (int i = 0; i < BOOT_CGROUPS; i++) {
		books->rsvd[i] = charge(i, 0);
		books->usage[i] = charge(i, 1);
	}
	books->nodes = more_by_nodes();
	books->rsv = BOOT_UNKNOWN;
	if (guest.limited && guest.trace->head.min)
		books->rsv = module_rsv(MOUNT_LIMITED);
}

/* Stalls and tasks that hang are told by the time of day: a busy host would make them. */
static bool complains(const char *line)
{
	static const char *const mark[] = {
		"WARNING:",       "BUG:",
		"BUG at",         "Oops",
		"corruption",     "general protection",
		"underflow",      "invoked oom-killer",
		"Killed process",
	};

	/* What a copy that fails late, or memory that is said to fail, does to a process. */
	if (strstr(line, "MCE: Killing") || strstr(line, "Memory failure:"))
		return false;
	for (size_t i = 0; i < sizeof(mark) / sizeof(mark[0]); i++)
		if (strstr(line, mark[i]))
			return true;
	return false;
}

bool kernel_log(unsigned step)
{
	bool found = false;
	char record[1024];
	ssize_t got;

	while ((got = read(kmsg, record, sizeof(record) - 1)) > 0 || (got < 0 && errno == EPIPE)) {
		char *text;

		if (got < 0)
			continue;
		record[got] = '\0';
		record[strcspn(record, "\n")] = '\0';
		text = strchr(record, ';');
		if (!text || !complains(text))
			continue;
		found = true;
		guest_say("log %u %.200s\n", step, text + 1);
	}
	return found;
}
