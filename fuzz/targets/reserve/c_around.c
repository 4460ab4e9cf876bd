// SPDX-License-Identifier: GPL-2.0-only
/*
 * The functions that the steps of a program of system calls call; only those that it needs.
 */
#include "c.h"

#include <string.h>

bool reserve_c_has(unsigned kind)
{
	return reserve_c.kinds >> kind & 1;
}

static void print_head(const struct failing *failing)
{
	fprintf(reserve_c.out, "// SPDX-License-Identifier: GPL-2.0-only\n/*\n");
	text_comment(reserve_c.out, failing);
	fprintf(reserve_c.out,
	        " *\n"
	        " * WHAT IT DOES TO THE MACHINE: it wants to be root, and nobody else may use huge "
	        "pages.  It sets\n"
	        " * vm.nr_hugepages to %u and vm.nr_overcommit_hugepages to %u, mounts two "
	        "hugetlbfs on folders\n"
	        " * of its own in /tmp, and puts all of that back.  Where the kernel has the "
	        "defect that is looked for,\n"
	        " * its books may stay wrong until it is booted again: run it in a virtual "
	        "machine.\n"
	        " *\n"
	        " *\tcc -o repro repro.c && sudo ./repro\n"
	        " *\n"
	        " * Prints TAP: a line for each step, \"not ok\" where the step, HugePages_Rsvd, "
	        "the blocks that the\n"
	        " * mount has in use or the pages of a file are not what they should be.  Exit "
	        "status: 0 all ok, 1 not,\n"
	        " * 4 it could not be tried here.  Huge pages are those of 2 MB.\n"
	        " */\n",
	        reserve_c.trace->head.pages, reserve_c.trace->head.surplus);
	fprintf(reserve_c.out,
	        "#define _GNU_SOURCE\n#include <errno.h>\n#include <fcntl.h>\n#include <setjmp.h>\n"
	        "#include <signal.h>\n#include <stdbool.h>\n#include <stdio.h>\n#include "
	        "<stdlib.h>\n"
	        "#include <string.h>\n#include <sys/mman.h>\n#include <sys/mount.h>\n"
	        "#include <sys/stat.h>\n#include <sys/statfs.h>\n%s#include <unistd.h>\n\n",
	        reserve_c_has(OP_fork) ? "#include <sys/wait.h>\n" : "");
}

static void print_names(void)
{
	unsigned slots = 0;

	for (size_t i = 0; i < reserve_c.trace->count; i++) {
		const struct op *op = &reserve_c.trace->op[i];

		if (reserve_c_is_run(i) && reserve_op[op->kind].operands & OP_SLOT)
			slots |= 1u << op->slot;
		if (reserve_c_is_run(i) && op->kind == OP_fork)
			slots |= 1u << op->into;
	}
	fprintf(reserve_c.out,
	        "#define HUGE (2UL << 20)\n\nenum { WORKS, FAILS };\nenum { READ, WRITE };\n");
	fprintf(reserve_c.out, "enum {");
	for (unsigned slot = 0; slot < SLOTS; slot++)
		if (slots >> slot & 1)
			fprintf(reserve_c.out, " %c,", 'A' + slot);
	fprintf(reserve_c.out, " MAPPINGS };\nenum { FILES = 4 };\n\n");
}

static const char books[] =
	"/* What the kernel says; an upper and a lower end where more than one number is right. "
	"*/\n"
	"struct books {\n"
	"\tlong rsvd[2], used[2], there[FILES];\n"
	"\tbool gone; /* the mounts are */\n"
	"};\n\n"
	"/* The mount with limits has files 0 and 1, the other one the others. */\n"
	"static char limited[] = \"/tmp/limited.XXXXXX\", other[] = \"/tmp/other.XXXXXX\";\n"
	"static int steps, wrong;\n\n"
	"static const char *path_of(int file)\n{\n"
	"\tstatic char path[64];\n\n"
	"\tsnprintf(path, sizeof(path), \"%s/%d\", file < 2 ? limited : other, file);\n"
	"\treturn path;\n}\n\n"
	"static long meminfo(const char *name)\n{\n"
	"\tchar line[128];\n\tFILE *in = fopen(\"/proc/meminfo\", \"r\");\n\tlong value = -1;\n\n"
	"\twhile (in && fgets(line, sizeof(line), in))\n"
	"\t\tif (!strncmp(line, name, strlen(name)))\n"
	"\t\t\tvalue = (long)strtoul(line + strlen(name) + 1, NULL, 10);\n"
	"\tif (in)\n\t\tfclose(in);\n"
	"\treturn value;\n}\n\n"
	"static void print_books(const char *when)\n{\n"
	"\tprintf(\"# %s: HugePages_Total %ld, Free %ld, Rsvd %ld, Surp %ld\\n\", when,\n"
	"\t       meminfo(\"HugePages_Total\"), meminfo(\"HugePages_Free\"), "
	"meminfo(\"HugePages_Rsvd\"),\n"
	"\t       meminfo(\"HugePages_Surp\"));\n}\n\n"
	"static void cannot(const char *why)\n{\n"
	"\tprintf(\"Bail out! %s: %s\\n\", why, strerror(errno));\n"
	"\texit(4);\n}\n\n"
	"static int set(const char *name, long value)\n{\n"
	"\tchar path[64];\n\tFILE *out;\n\n"
	"\tsnprintf(path, sizeof(path), \"/proc/sys/vm/%s\", name);\n"
	"\tout = fopen(path, \"w\");\n"
	"\tif (!out)\n\t\treturn errno;\n"
	"\tfprintf(out, \"%ld\", value);\n"
	"\treturn fclose(out) ? errno : 0;\n}\n\n"
	"static long get(const char *name)\n{\n"
	"\tchar path[64];\n\tlong value = 0;\n\tFILE *in;\n\n"
	"\tsnprintf(path, sizeof(path), \"/proc/sys/vm/%s\", name);\n"
	"\tin = fopen(path, \"r\");\n"
	"\tif (!in || fscanf(in, \"%ld\", &value) != 1)\n\t\tcannot(path);\n"
	"\tfclose(in);\n"
	"\treturn value;\n}\n\n";

static void print_differs(const char *what, const char *is, const char *should)
{
	fprintf(reserve_c.out, "\tdiffers(text, \"%s\", %s, %s);\n", what, is, should);
}

static void print_step_function(void)
{
	fprintf(reserve_c.out,
	        "/* Add to @text that @what is not what it should be. */\n"
	        "static void differs(char text[512], const char *what, long is, const long "
	        "should[2])\n{\n"
	        "\tsize_t at = strlen(text);\n\n"
	        "\tif (is >= should[0] && is <= should[1])\n\t\treturn;\n"
	        "\tsnprintf(text + at, 512 - at, \"%%s %%s is %%ld, should be %%ld\", at ? \",\" : "
	        "\":\", what, is,\n"
	        "\t         should[0]);\n"
	        "\tat = strlen(text);\n"
	        "\tif (should[0] != should[1])\n\t\tsnprintf(text + at, 512 - at, \" to %%ld\", "
	        "should[1]);\n}\n\n"
	        "static void step(const char *name, int is, int should, struct books books)\n{\n"
	        "\tchar text[512] = \"\";\n\n"
	        "\tif (!is != !should)\n"
	        "\t\tsnprintf(text, sizeof(text), is ? \": fails (%%s)\" : \": does not fail\",\n"
	        "\t\t         is == -SIGBUS ? \"SIGBUS\" : strerror(is));\n");
	print_differs("HugePages_Rsvd", "meminfo(\"HugePages_Rsvd\")", "books.rsvd");
	fprintf(reserve_c.out, "\tif (!books.gone) {\n");
	if (reserve_c.trace->head.max)
		fprintf(reserve_c.out,
		        "\t\tstruct statfs fs;\n\n"
		        "\t\tif (!statfs(limited, &fs))\n"
		        "\t\t\tdiffers(text, \"the mount's pages in use\", fs.f_blocks - "
		        "fs.f_bfree,\n"
		        "\t\t\t        books.used);\n");
	fprintf(reserve_c.out,
	        "\t\tfor (int file = 0; file < FILES; file++) {\n"
	        "\t\t\tlong there[2] = { books.there[file], books.there[file] };\n"
	        "\t\t\tstruct stat st;\n\n"
	        "\t\t\tif (!stat(path_of(file), &st))\n"
	        "\t\t\t\tdiffers(text, \"pages in the file\", st.st_blocks / (HUGE / 512), "
	        "there);\n"
	        "\t\t}\n\t}\n"
	        "\tif (*text)\n\t\twrong++;\n"
	        "\tprintf(\"%%sok %%d - %%s%%s\\n\", *text ? \"not \" : \"\", ++steps, "
	        "name, text);\n}\n\n");
}

static const char mapping[] =
	"/* What is mapped where. */\n"
	"static struct {\n\tchar *start;\n\tint first, pages;\n} mapping[MAPPINGS];\n\n"
	"/* Pages [from, to) of a file, which is made if there is none. */\n"
	"static int map(int which, int file, int from, int to, int flags)\n{\n"
	"\tint fd = open(path_of(file), O_RDWR | O_CREAT, 0600);\n"
	"\tvoid *start;\n\n"
	"\tif (fd < 0)\n\t\treturn errno;\n"
	"\tstart = mmap(NULL, (to - from) * HUGE, PROT_READ | PROT_WRITE, flags, fd, from * "
	"HUGE);\n"
	"\tclose(fd);\n"
	"\tif (start == MAP_FAILED)\n\t\treturn errno;\n"
	"\tmapping[which].start = start;\n\tmapping[which].first = from;\n"
	"\tmapping[which].pages = to - from;\n";

static const char touching[] =
	"/* A fault that cannot be served is a SIGBUS. */\n"
	"static sigjmp_buf beyond;\n\n"
	"static void on_sigbus(int number)\n{\n"
	"\t(void)number;\n\tsiglongjmp(beyond, 1);\n}\n\n"
	"static int touch(int which, int page, int write)\n{\n"
	"\tvolatile char *at = mapping[which].start + (page - mapping[which].first) * HUGE;\n\n"
	"\tif (sigsetjmp(beyond, 1))\n\t\treturn -SIGBUS;\n"
	"\tif (write)\n\t\t*at = 1;\n\telse\n\t\t(void)*at;\n"
	"\treturn 0;\n}\n\n";

static const char zapping[] =
	"static int zap(int which, int page)\n{\n"
	"\treturn madvise(mapping[which].start + (page - mapping[which].first) * HUGE, HUGE,\n"
	"\t               MADV_DONTNEED) ? errno : 0;\n}\n\n";

static const char unmapping[] =
	"static int unmap(int which)\n{\n"
	"\treturn munmap(mapping[which].start, mapping[which].pages * HUGE) ? errno : 0;\n}\n\n";

static const char cutting[] = "static int cut(int file, int pages)\n{\n"
			      "\treturn truncate(path_of(file), pages * HUGE) ? errno : 0;\n}\n\n";

static const char punching[] = "static int punch(int file, int from, int to)\n{\n"
			       "\tint fd = open(path_of(file), O_RDWR), ret = 0;\n\n"
			       "\tif (fd < 0 || fallocate(fd, FALLOC_FL_PUNCH_HOLE | "
			       "FALLOC_FL_KEEP_SIZE, from * HUGE, (to - from) * HUGE))\n"
			       "\t\tret = errno;\n"
			       "\tif (fd >= 0)\n\t\tclose(fd);\n"
			       "\treturn ret;\n}\n\n";

static const char taking_away[] = "static int take_away(int file)\n{\n"
				  "\treturn unlink(path_of(file)) ? errno : 0;\n}\n\n";

/* The child does what it is told, one letter and a page at a time. */
static const char child_begins[] =
	"/* A process that fork() made, with the one mapping that it has: it is told what to do "
	"with it. */\n"
	"static struct {\n\tint order[2], answer[2];\n} child[MAPPINGS];\n\n"
	"struct order {\n\tint (*call)(int which, int page, int write);\n\tint page, write;\n};\n\n"
	"static _Noreturn void obey(int which)\n{\n"
	"\tstruct order order;\n\tint ret;\n\n"
	"\twhile (read(child[which].order[0], &order, sizeof(order)) == sizeof(order) && "
	"order.call) {\n"
	"\t\tret = order.call(which, order.page, order.write);\n"
	"\t\tif (write(child[which].answer[1], &ret, sizeof(ret)) != sizeof(ret))\n\t\t\tbreak;\n"
	"\t}\n\t_exit(0);\n}\n\n"
	"static int tell(int which, struct order order)\n{\n"
	"\tint ret = -1;\n\n"
	"\tif (write(child[which].order[1], &order, sizeof(order)) != sizeof(order) ||\n"
	"\t    read(child[which].answer[0], &ret, sizeof(ret)) != sizeof(ret))\n"
	"\t\tcannot(\"a child is gone\");\n"
	"\treturn ret;\n}\n\n"
	"/* The child gets the mapping @which, and no other one. */\n"
	"static int copy(int which, int into)\n{\n"
	"\tsize_t size = mapping[which].pages * HUGE;\n\tpid_t pid;\n\n"
	"\tmapping[into] = mapping[which];\n"
	"\tif (pipe(child[into].order) || pipe(child[into].answer))\n\t\treturn errno;\n"
	"\tif (madvise(mapping[which].start, size, MADV_DOFORK))\n\t\treturn errno;\n"
	"\tfflush(stdout);\n"
	"\tpid = fork();\n"
	"\tif (!pid)\n\t\tobey(into);\n"
	"\tif (pid < 0 || madvise(mapping[which].start, size, MADV_DONTFORK))\n\t\treturn errno;\n"
	"\treturn 0;\n}\n\n";

static void print_child(void)
{
	bool touches = false, zaps = false;

	memset(reserve_c.in_child, 0, sizeof(reserve_c.in_child));
	for (size_t i = 0; i < reserve_c.trace->count; i++) {
		const struct op *op = &reserve_c.trace->op[i];

		if (!reserve_c_is_run(i))
			continue;
		if (op->kind == OP_fork)
			reserve_c.in_child[op->into] = true;
		if (op->kind == OP_map)
			reserve_c.in_child[op->slot] = false;
		touches |= op->kind == OP_fault && reserve_c.in_child[op->slot];
		zaps |= op->kind == OP_zap && reserve_c.in_child[op->slot];
	}
	memset(reserve_c.in_child, 0, sizeof(reserve_c.in_child));
	fputs(child_begins, reserve_c.out);
	if (touches)
		fprintf(reserve_c.out,
		        "static int child_touch(int which, int page, int write)\n{\n"
		        "\treturn tell(which, (struct order){ touch, page, write });\n}\n\n");
	if (zaps)
		fprintf(reserve_c.out,
		        "static int zap_of(int which, int page, int write)\n{\n\t(void)write;\n"
		        "\treturn zap(which, page);\n}\n\n"
		        "static int child_zap(int which, int page)\n{\n"
		        "\treturn tell(which, (struct order){ zap_of, page, 0 });\n}\n\n");
	fprintf(reserve_c.out, "static int unmap_of(int which, int page, int write)\n{\n"
	                       "\t(void)page, (void)write;\n\treturn unmap(which);\n}\n\n"
	                       "/* The child goes with its mapping. */\n"
	                       "static int child_unmap(int which)\n{\n"
	                       "\tint ret = tell(which, (struct order){ unmap_of, 0, 0 });\n\n"
	                       "\tif (write(child[which].order[1], &(struct order){ 0 }, "
	                       "sizeof(struct order)) < 0)\n"
	                       "\t\treturn errno;\n\twait(NULL);\n\treturn ret;\n}\n\n");
}

/* A mapping came about, so it goes too. */
static bool maps_any(void)
{
	for (size_t i = 0; i < reserve_c.trace->count; i++)
		if (reserve_c_is_run(i) && reserve_c.trace->op[i].kind == OP_map &&
		    !reserve_c.result[i].value)
			return true;
	return false;
}

static void print_calls(void)
{
	if (reserve_c_has(OP_map)) {
		fputs(mapping, reserve_c.out);
		if (reserve_c_has(OP_fork))
			fprintf(reserve_c.out,
			        "\t/* Who forks gives the child one mapping only. */\n"
			        "\tif (madvise(start, (to - from) * HUGE, MADV_DONTFORK))\n"
			        "\t\treturn errno;\n");
		fprintf(reserve_c.out, "\treturn 0;\n}\n\n");
		fputs(taking_away, reserve_c.out);
		if (maps_any())
			fputs(unmapping, reserve_c.out);
	}
	if (reserve_c_has(OP_fault))
		fputs(touching, reserve_c.out);
	if (reserve_c_has(OP_zap))
		fputs(zapping, reserve_c.out);
	if (reserve_c_has(OP_truncate))
		fputs(cutting, reserve_c.out);
	if (reserve_c_has(OP_punch))
		fputs(punching, reserve_c.out);
	if (reserve_c_has(OP_fork))
		print_child();
}

static void print_mount(void)
{
	fprintf(reserve_c.out,
	        "static int unmount(void)\n{\n"
	        "\tif (umount(limited) || umount(other))\n\t\treturn errno;\n"
	        "\trmdir(limited);\n\trmdir(other);\n\treturn 0;\n}\n\n"
	        "/* The pool, and the mounts. */\n"
	        "static void begin(int pages, int more)\n{\n"
	        "\tif (meminfo(\"HugePages_Rsvd\") || meminfo(\"HugePages_Surp\") ||\n"
	        "\t    meminfo(\"HugePages_Free\") != meminfo(\"HugePages_Total\"))\n"
	        "\t\tcannot(\"somebody uses huge pages\");\n"
	        "\tif (set(\"nr_overcommit_hugepages\", more) || set(\"nr_hugepages\", pages))\n"
	        "\t\tcannot(\"the pool cannot be set\");\n"
	        "\tif (meminfo(\"HugePages_Total\") != pages)\n\t\tcannot(\"so many huge pages are "
	        "not to be had\");\n"
	        "\tif (!mkdtemp(limited) || !mkdtemp(other) ||\n"
	        "\t    mount(\"none\", limited, \"hugetlbfs\", 0, \"pagesize=2M");
	if (reserve_c.trace->head.max)
		fprintf(reserve_c.out, ",size=%uM", (reserve_c.trace->head.max - 1) * 2);
	if (reserve_c.trace->head.min)
		fprintf(reserve_c.out, ",min_size=%uM", (reserve_c.trace->head.min - 1) * 2);
	fprintf(reserve_c.out, "\") ||\n"
	                       "\t    mount(\"none\", other, \"hugetlbfs\", 0, \"pagesize=2M\"))\n"
	                       "\t\tcannot(\"hugetlbfs cannot be mounted\");\n}\n\n");
}

void reserve_c_print_around(const struct failing *failing)
{
	print_head(failing);
	print_names();
	fputs(books, reserve_c.out);
	print_step_function();
	print_calls();
	print_mount();
}
