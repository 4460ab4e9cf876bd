// SPDX-License-Identifier: GPL-2.0-only
/*
 * A run on a map as a C program that makes the same calls in the same order, on the map of src/ or of an
 * import, and needs none of the harness.
 *
 * Each call is a step with the value that it should return.  The rule that failed is looked at where it
 * failed, and only what looks at that rule is written: a rule that holds at any time is a function
 * check() that every step and every request for memory calls, others are a statement behind their step.
 */
#include "calls.h"

#include "fuzz/explain/text.h"
#include "fuzz/map/ops.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static struct {
	FILE *out;
	const struct failing *failing;
	const struct trace *trace;
	const struct result *result;
	const struct region_facts *facts;
	size_t bad; /* the op that failed; trace->count: the release; SIZE_MAX: none */
} c;

static bool failed_by(enum rule rule)
{
	return c.failing->verdict->failed && c.failing->verdict->rule == rule;
}

/* The rule is about what a list holds, and holds whenever no lock is held. */
static bool walks_lists(void)
{
	return failed_by(RULE_LINKS_SANE) || failed_by(RULE_CACHE_COUNTED);
}

static bool minds_regions(void)
{
	return failed_by(RULE_MAP_MATCHES_MODEL) || failed_by(RULE_MAP_SHAPE) ||
	       failed_by(RULE_MAP_ORDERED) || failed_by(RULE_ENOMEM_UNCHANGED) ||
	       failed_by(RULE_BAD_RANGE);
}

static bool minds_books(void)
{
	return failed_by(RULE_TICKETS_COUNTED) || failed_by(RULE_CACHE_COVERS_TICKETS);
}

static bool minds_requests(void)
{
	return failed_by(RULE_ONE_PAGE_ADD) || failed_by(RULE_UNDISTURBED_ADD) ||
	       failed_by(RULE_SPLIT_DEL);
}

static bool minds_blocks(void)
{
	return !c.failing->stopped && (failed_by(RULE_MEMORY_CLEAN) || failed_by(RULE_LINKS_SANE));
}

static bool minds_breaches(void)
{
	return failed_by(RULE_KERNEL_ASSERT) || failed_by(RULE_LOCK_DISCIPLINE) ||
	       failed_by(RULE_CALL_ENDS);
}

static bool is_kernel(void)
{
	return strcmp(c.facts->of->name, "port") && strcmp(c.facts->of->name, "coalescing");
}

static const char *import(void)
{
	const char *folder = getenv("RESVMAP_IMPORT");

	return folder && *folder ? folder : "build/import/ID";
}

/* The op was run, or never came back, since it failed or one inside of it did. */
static bool ran(size_t at)
{
	return c.result[at].kind == RESULT_VALUE ||
	       (c.bad < c.trace->count && at <= c.bad && trace_behind(c.trace, at) > c.bad);
}

static bool never_came_back(size_t at)
{
	return at != c.bad && c.result[at].kind != RESULT_VALUE;
}

static bool ran_any(void)
{
	for (size_t i = 0; i < c.trace->count; i++)
		if (ran(i))
			return true;
	return false;
}

/* What a page number is in C. */
static void print_page(long page)
{
	fprintf(c.out, page == LONG_MAX ? "LONG_MAX" : "%ld", page);
}

static long page_of(unsigned cell)
{
	return cell == CELL_END ? LONG_MAX : c.trace->at[cell];
}

static const char *call_name(const char *call)
{
	static char name[32];

	snprintf(name, sizeof(name), "%s%s", is_kernel() ? "map_kernel." : "region_", call);
	return name;
}

/* --- the steps */

/* The chg that opened the ticket which op @at closes. */
static const struct op *opened_by(size_t at)
{
	unsigned slot = c.trace->op[at].slot;

	while (at--)
		if (c.trace->op[at].kind == OP_chg && c.trace->op[at].slot == slot &&
		    c.result[at].kind == RESULT_VALUE && c.result[at].value >= 0)
			break;
	return &c.trace->op[at];
}

static void print_range(const struct op *op)
{
	fprintf(c.out, "(resv, ");
	print_page(page_of(op->from));
	fprintf(c.out, ", ");
	print_page(page_of(op->to));
}

static void print_call(size_t at)
{
	const struct op *op = &c.trace->op[at];
	char slot = 'a' + op->slot;

	switch (op->kind) {
	case OP_chg:
		fprintf(c.out, "%s", call_name("chg"));
		print_range(op);
		fprintf(c.out, ", &needed_%c)", slot);
		break;
	case OP_add:
		fprintf(c.out, "%s", call_name("add"));
		print_range(opened_by(at));
		fprintf(c.out, ", needed_%c", slot);
		if (is_kernel())
			fprintf(c.out, ", %u", op->cgroup);
		fprintf(c.out, ")");
		break;
	case OP_abort:
		fprintf(c.out, "(%s", call_name("abort"));
		print_range(opened_by(at));
		fprintf(c.out, ", needed_%c), 0L)", slot);
		break;
	default:
		fprintf(c.out, "%s", call_name(map_op[op->kind].name));
		print_range(op);
		fprintf(c.out, ")");
	}
}

static bool was_refused(size_t at)
{
	for (unsigned i = 0; i < c.result[at].asked; i++)
		if (plan_refuses(c.trace->op[at].refuse, i))
			return true;
	return false;
}

static void print_number(long value)
{
	if (value == -ENOMEM)
		fprintf(c.out, "-ENOMEM");
	else if (value == -EINVAL)
		fprintf(c.out, "-EINVAL");
	else
		fprintf(c.out, "%ld", value);
}

/* What the step should return: before the failure what it did, at the failure what it should have. */
static void print_wanted(size_t at)
{
	const struct region_wanted *wanted = &c.facts->wanted[at];
	const struct op *op = &c.trace->op[at];

	if (never_came_back(at))
		fprintf(c.out, "ANY");
	else if (at != c.bad)
		print_number(c.result[at].value);
	else if (op->kind == OP_bad)
		print_number(-EINVAL);
	else if (was_refused(at))
		print_number(-ENOMEM);
	else if (op->kind == OP_abort)
		print_number(0);
	else if (wanted->known)
		print_number(wanted->pages);
	else
		fprintf(c.out, "ANY");
}

static void indent(unsigned depth)
{
	while (depth--)
		fputc('\t', c.out);
}

/* The regions that there should be. */
static void print_regions(unsigned depth)
{
	unsigned from, to = 0, count = 0;

	indent(depth);
	fprintf(c.out, "regions_are((const long[][2]){");
	while (model_region(c.facts->model, to, &from, &to)) {
		fprintf(c.out, "%s{ ", count++ ? ", " : " ");
		print_page(page_of(from));
		fprintf(c.out, ", ");
		print_page(page_of(to));
		fprintf(c.out, " }");
	}
	fprintf(c.out, "%s }, %u);\n", count ? "" : " { 0, 0 }", count);
}

/* Look at the rule, where it failed. */
static void print_look(unsigned depth)
{
	if (minds_regions())
		print_regions(depth);
	if (minds_books()) {
		indent(depth);
		fprintf(c.out, "books_are(%ld);\n", c.facts->tickets);
	}
}

/* Every call with a range that no caller may pass, as the target makes them: backwards, and negative. */
static void print_bad(size_t at, unsigned depth)
{
	const struct op *op = &c.trace->op[at];
	long to = page_of(op->to), from = page_of(op->from);

	for (int i = 0; i < 2; i++) {
		long first = i ? -to : to;

		indent(depth);
		fprintf(c.out, "STEP(%s(resv, %ld, %ld, &needed_bad), -EINVAL);\n",
		        call_name("chg"), first, from);
		indent(depth);
		fprintf(c.out, "STEP(%s(resv, %ld, %ld, needed_bad%s), -EINVAL);\n",
		        call_name("add"), first, from, is_kernel() ? ", 0" : "");
		indent(depth);
		fprintf(c.out, "STEP(%s(resv, %ld, %ld), -EINVAL);\n", call_name("del"), first,
		        from);
		indent(depth);
		fprintf(c.out, "STEP(%s(resv, %ld, %ld), -EINVAL);\n", call_name("count"), first,
		        from);
	}
}

static bool has_steps_inside(size_t at)
{
	for (size_t i = at + 1; i < trace_behind(c.trace, at); i++)
		if (ran(i))
			return true;
	return at == c.bad && c.facts->window && (minds_regions() || minds_books());
}

static void print_step(size_t at, unsigned depth)
{
	const struct op *op = &c.trace->op[at];

	if (at == c.bad) {
		indent(depth);
		fprintf(c.out, "rule = \"%s\"; /* it fails here */\n",
		        rule_name[c.failing->verdict->rule]);
	}
	if (op->kind == OP_bad) {
		print_bad(at, depth);
		if (at == c.bad)
			print_look(depth);
		return;
	}
	indent(depth);
	fprintf(c.out, "STEP(");
	print_call(at);
	fprintf(c.out, ", ");
	print_wanted(at);
	if (op->refuse)
		fprintf(c.out, ", .refuse = 0x%x", op->refuse);
	if (has_steps_inside(at))
		fprintf(c.out, ", .during = during_%zu", at + 1);
	fprintf(c.out, ");\n");
	if (op->kind == OP_chg && at == c.bad && failed_by(RULE_NEEDED_MATCHES_HOLES)) {
		indent(depth);
		fprintf(c.out, "handed_out(needed_%c, %ld);\n", 'a' + op->slot,
		        c.facts->wanted[at].needs);
	}
	if (at == c.bad && (minds_requests() || failed_by(RULE_COUNT_COUNT))) {
		indent(depth);
		fprintf(c.out, "asked_nothing();\n");
	}
	if (at == c.bad && !c.facts->window)
		print_look(depth);
}

/* The ops that run in window @request of op @at, from 1. */
static void print_inside(size_t at, unsigned request)
{
	bool looks = at == c.bad && c.facts->window == request;
	bool begun = false;

	for (size_t i = at + 1; i < trace_behind(c.trace, at); i = trace_behind(c.trace, i)) {
		if (!ran(i) || c.trace->op[i].request + 1u != request)
			continue;
		if (!begun)
			fprintf(c.out, "\tif (request == %u) {\n", request);
		if (!begun && looks)
			print_look(2);
		begun = true;
		print_step(i, 2);
	}
	if (!begun && looks) {
		fprintf(c.out, "\tif (request == %u) {\n", request);
		print_look(2);
		begun = true;
	}
	if (begun)
		fprintf(c.out, "\t}\n");
}

/* A function for every call inside of which others ran, the inner ones first. */
static void print_windows(size_t at)
{
	if (!ran(at) || !has_steps_inside(at))
		return;
	for (size_t i = at + 1; i < trace_behind(c.trace, at); i = trace_behind(c.trace, i))
		print_windows(i);
	fprintf(c.out, "\n/* While \"");
	trace_print_op(c.out, c.trace->target,
	               &(struct op){ .kind = c.trace->op[at].kind,
	                             .from = c.trace->op[at].from,
	                             .to = c.trace->op[at].to,
	                             .slot = c.trace->op[at].slot });
	fprintf(c.out,
	        "\" waits for memory, the lock dropped. */\n"
	        "static void during_%zu(unsigned request)\n{\n",
	        at + 1);
	for (unsigned request = 1; request <= 8; request++)
		print_inside(at, request);
	fprintf(c.out, "}\n");
}

/* --- what the steps need */

static void print_command(void)
{
	enum rule rule = c.failing->verdict->rule;
	const char *cc = "cc";

	if (c.failing->stopped)
		cc = rule == RULE_UNINITIALISED ? "clang -g -fsanitize=memory"
		     : rule == RULE_UNDEFINED
		             ? "cc -g -fsanitize=undefined -fno-sanitize-recover=all"
		             : "cc -g -fsanitize=address";
	fprintf(c.out,
	        " *\n * In a checkout of resvmap-fuzz, with this in the file repro.c:\n *\n");
	fprintf(c.out, " *\t%s -std=gnu11 -I. ", cc);
	if (is_kernel())
		fprintf(c.out,
		        "-I%s -w -fno-strict-aliasing -o repro repro.c fuzz/import/kernel_map.c ",
		        import());
	else
		fprintf(c.out, "-o repro repro.c src/map/resv_map%s.c src/map/resv_map_common.c ",
		        strcmp(c.facts->of->name, "port") ? "_coalescing" : "");
	fprintf(c.out, "src/shim/hooks.c\n *\t./repro\n");
}

static void print_head(void)
{
	fprintf(c.out, "// SPDX-License-Identifier: GPL-2.0-only\n/*\n");
	text_comment(c.out, c.failing);
	print_command();
	fprintf(c.out,
	        " *\n * Ends with 0 if every step came to what it should, else with 1 and the step "
	        "that did not.\n */\n");
	if (is_kernel())
		fprintf(c.out, "#include \"import.h\"\n#include \"src/shim/kernel.h\"\n#include "
		               "\"types.h\"\n"
		               "#include \"fuzz/map/map.h\"\n");
	else
		fprintf(c.out, "#include \"src/map/resv_map.h\"\n");
	fprintf(c.out, "\n#include <stdio.h>\n#include <stdlib.h>\n\n");
	if (is_kernel())
		fprintf(c.out, "extern const struct map map_kernel;\n\n");
}

static void print_variables(void)
{
	unsigned slots = 0;

	fprintf(c.out, "static struct resv_map *resv;\n");
	for (size_t i = 0; i < c.trace->count; i++)
		if (ran(i) && c.trace->op[i].kind == OP_chg)
			slots |= 1u << c.trace->op[i].slot;
	for (size_t i = 0; i < c.trace->count; i++)
		if (ran(i) && c.trace->op[i].kind == OP_bad) {
			fprintf(c.out, "static long needed_bad = 1;\n");
			break;
		}
	for (unsigned slot = 0; slot < SLOTS; slot++)
		if (slots >> slot & 1)
			fprintf(c.out, "static long needed_%c;\n", 'a' + slot);
	fprintf(c.out, "static const char *rule = \"expected-result\", *step = \"a new map\";\n\n"
	               "static _Noreturn void fail(const char *what, long is, long should)\n{\n"
	               "\tprintf(\"FAIL %%s: %%s: %%s %%ld, not %%ld\\n\", rule, step, what, is, "
	               "should);\n"
	               "\texit(1);\n}\n\n");
}

static void print_blocks(void)
{
	fprintf(c.out, "/* Every block that was ever handed out, for none is used again. */\n"
	               "static struct {\n\tvoid *start;\n\tbool live;\n} block[1024];\n"
	               "static int blocks;\n\n"
	               "static bool is_live(const void *start)\n{\n"
	               "\tfor (int i = 0; i < blocks; i++)\n"
	               "\t\tif (block[i].start == start)\n\t\t\treturn block[i].live;\n"
	               "\treturn false;\n}\n\n"
	               "static void free_block(void *start)\n{\n"
	               "\tif (!is_live(start))\n"
	               "\t\tfail(\"frees what is no live block:\", 1, 0);\n"
	               "\tfor (int i = 0; i < blocks; i++)\n"
	               "\t\tif (block[i].start == start)\n\t\t\tblock[i].live = false;\n}\n\n");
}

static void print_check(void)
{
	fprintf(c.out,
	        "/* Walk a list: it closes in both directions%s. */\n"
	        "static long length(const struct list_head *head)\n{\n"
	        "\tconst struct list_head *at = head;\n\tlong entries = 0;\n\n"
	        "\tfor (; at->next != head; at = at->next, entries++)\n"
	        "\t\tif (entries > 1000 || %sat->next->prev != at)\n"
	        "\t\t\tfail(\"a list does not close:\", 1, 0);\n"
	        "\treturn entries;\n}\n\n",
	        minds_blocks() ? ", over live entries" : "",
	        minds_blocks() ? "!is_live(list_entry(at->next, struct file_region, link)) || "
	                       : "");
	fprintf(c.out, "static void check(void)\n{\n");
	if (failed_by(RULE_CACHE_COUNTED))
		fprintf(c.out,
		        "\tlong is = length(&resv->region_cache);\n\n"
		        "\tif (is != resv->region_cache_count)\n"
		        "\t\tfail(\"region_cache_count is\", resv->region_cache_count, is);\n");
	else
		fprintf(c.out, "\tif (resv) {\n\t\tlength(&resv->regions);\n"
		               "\t\tlength(&resv->region_cache);\n\t}\n");
	fprintf(c.out, "}\n\n");
}

static void print_breach(void)
{
	fprintf(c.out, "static void breach(enum shim_breach kind, const char *what, const char "
	               "*file, int line)\n"
	               "{\n\tprintf(\"FAIL %%s: %%s at %%s:%%d\\n\", rule, what, file, line);\n"
	               "\texit(kind >= 0);\n}\n\n");
}

static void print_regions_are(void)
{
	fprintf(c.out,
	        "static void regions_are(const long (*should)[2], int count)\n{\n"
	        "\tstruct file_region *rg;\n\tint i = 0;\n\n"
	        "\tlist_for_each_entry(rg, &resv->regions, link) {\n"
	        "%s"
	        "\t\tif (i == count)\n\t\t\tfail(\"there is a region more, from\", rg->from, "
	        "LONG_MAX);\n"
	        "\t\tif (rg->from != should[i][0])\n"
	        "\t\t\tfail(\"a region begins at\", rg->from, should[i][0]);\n"
	        "\t\tif (rg->to != should[i][1])\n"
	        "\t\t\tfail(\"a region ends at\", rg->to, should[i][1]);\n"
	        "\t\ti++;\n\t}\n"
	        "\tif (i != count)\n\t\tfail(\"the number of regions is\", i, count);\n}\n\n",
	        c.facts->of->traits.keeps_empty ? "\t\tif (rg->from == rg->to)\n\t\t\tcontinue;\n"
	                                        : "");
}

static void print_books_are(void)
{
	fprintf(c.out, "/* Open tickets were handed out so many entries. */\n"
	               "static void books_are(long tickets)\n{\n");
	if (failed_by(RULE_TICKETS_COUNTED))
		fprintf(c.out,
		        "\tif (resv->adds_in_progress != tickets)\n"
		        "\t\tfail(\"adds_in_progress is\", resv->adds_in_progress, tickets);\n");
	else
		fprintf(c.out,
		        "\tif (resv->region_cache_count < tickets)\n"
		        "\t\tfail(\"the cache holds\", resv->region_cache_count, tickets);\n");
	fprintf(c.out, "}\n\n");
}

static bool refuses_or_nests(void)
{
	if (c.trace->head.refuse)
		return true;
	for (size_t i = 0; i < c.trace->count; i++)
		if (ran(i) && (c.trace->op[i].refuse || has_steps_inside(i)))
			return true;
	return minds_requests() || failed_by(RULE_COUNT_COUNT);
}

static void print_machine(void)
{
	bool plan = refuses_or_nests();

	if (plan)
		fprintf(c.out, "/* A call under way. */\n"
		               "static struct call {\n"
		               "\tunsigned refuse; /* bit n: request n + 1 for memory is refused; "
		               "bit 5: all later "
		               "ones too */\n"
		               "\tvoid (*during)(unsigned request); /* what runs while a request "
		               "is under way */\n"
		               "\tunsigned asked;\n"
		               "\tstruct call *outer;\n} *now;\n\n");
	if (plan || minds_blocks() || walks_lists()) {
		fprintf(c.out, "static void *alloc(size_t size)\n{\n");
		if (plan)
			fprintf(c.out, "\tstruct call *call = now;\n"
			               "\tunsigned request = ++call->asked;\n\n");
		if (walks_lists())
			fprintf(c.out, "\tif (resv)\n\t\tcheck();\n");
		if (plan)
			fprintf(c.out,
			        "\tif (call->during)\n\t\tcall->during(request);\n"
			        "\tif (call->refuse >> (request < 6 ? request - 1 : 5) & 1)\n"
			        "\t\treturn NULL;\n");
		if (minds_blocks())
			fprintf(c.out, "\tblock[blocks].live = true;\n"
			               "\treturn block[blocks++].start = malloc(size);\n}\n\n");
		else
			fprintf(c.out, "\treturn malloc(size);\n}\n\n");
	}
	if (failed_by(RULE_NEEDED_MATCHES_HOLES))
		fprintf(c.out, "static void handed_out(long needed, long holes)\n{\n"
		               "\tif (needed != holes)\n"
		               "\t\tfail(\"hands out\", needed, holes);\n}\n\n");
	if (minds_requests() || failed_by(RULE_COUNT_COUNT))
		fprintf(c.out,
		        "static unsigned asked; /* how often the last step asked for memory */\n\n"
		        "static void asked_nothing(void)\n{\n"
		        "\tif (asked)\n\t\tfail(\"asked for memory, times:\", asked, 0);\n}\n\n");
}

static bool is_unknown(size_t at)
{
	const struct op *op = &c.trace->op[at];

	if (never_came_back(at))
		return true;
	return at == c.bad && op->kind != OP_bad && op->kind != OP_abort && !was_refused(at) &&
	       !c.facts->wanted[at].known;
}

static void print_step_macro(void)
{
	bool any = false;

	for (size_t i = 0; i < c.trace->count; i++)
		any |= ran(i) && is_unknown(i);
	if (any)
		fprintf(c.out, "#define ANY LONG_MIN /* the call never came back */\n\n");
	if (refuses_or_nests())
		fprintf(c.out, "/* Make a call, inside of the one under way, and compare what it "
		               "returns. */\n"
		               "#define STEP(do_it, should, ...) \\\n\tdo { \\\n"
		               "\t\tstruct call this = { .outer = now, ##__VA_ARGS__ }; \\\n"
		               "\t\tlong is; \\\n\\\n"
		               "\t\tstep = #do_it; \\\n\t\tnow = &this; \\\n\t\tis = do_it; \\\n"
		               "\t\tnow = this.outer; \\\n\t\tstep = #do_it; \\\n");
	else
		fprintf(c.out, "/* Make a call, and compare what it returns. */\n"
		               "#define STEP(do_it, should) \\\n\tdo { \\\n\t\tlong is; \\\n\\\n"
		               "\t\tstep = #do_it; \\\n\t\tis = do_it; \\\n");
	if (minds_requests() || failed_by(RULE_COUNT_COUNT))
		fprintf(c.out, "\t\tasked = this.asked; \\\n");
	if (walks_lists())
		fprintf(c.out, "\t\tcheck(); \\\n");
	if (failed_by(RULE_LOCK_DISCIPLINE))
		fprintf(c.out, "\t\tif (shim_locks_held) \\\n"
		               "\t\t\tfail(\"locks held at its end:\", shim_locks_held, 0); \\\n");
	fprintf(c.out,
	        "\t\tif (%sis != (should)) \\\n\t\t\tfail(\"returned\", is, should); \\\n"
	        "\t} while (0)\n",
	        any ? "(should) != ANY && " : "");
}

/* What the release is asked for: no block is left, no assertion fires. */
static void print_release(void)
{
	fprintf(c.out, "\trule = \"%s\"; /* it fails here */\n",
	        rule_name[c.failing->verdict->rule]);
	fprintf(c.out, "\tstep = \"release\";\n%s",
	        refuses_or_nests() ? "\tnow = &(struct call){ 0 };\n" : "");
	for (size_t i = 0; i < c.trace->count; i++) {
		bool open = ran(i) && c.trace->op[i].kind == OP_chg && c.result[i].value >= 0;

		for (size_t j = i + 1; open && j < c.trace->count; j++)
			if (ran(j) && c.trace->op[j].slot == c.trace->op[i].slot &&
			    (c.trace->op[j].kind == OP_abort ||
			     (c.trace->op[j].kind == OP_add && c.result[j].value >= 0)))
				open = false;
		if (!open)
			continue;
		fprintf(c.out, "\t%s", call_name("abort"));
		print_range(&c.trace->op[i]);
		fprintf(c.out, ", needed_%c);\n", 'a' + c.trace->op[i].slot);
		print_look(1);
	}
	fprintf(c.out, is_kernel() ? "\tmap_kernel.close(resv);\n"
	                           : "\tkref_put(&resv->refs, resv_map_release);\n");
	if (minds_blocks() && failed_by(RULE_MEMORY_CLEAN))
		fprintf(c.out, "\tfor (int i = 0; i < blocks; i++)\n"
		               "\t\tif (block[i].live)\n\t\t\tfail(\"leaks blocks:\", 1, 0);\n");
}

static void print_main(void)
{
	bool hooks = refuses_or_nests() || minds_blocks() || walks_lists();
	const struct trace *trace = c.trace;

	fprintf(c.out, "\nint main(void)\n{\n");
	if (trace->head.refuse)
		fprintf(c.out, "\tstruct call making = { .refuse = 0x%x };\n\n",
		        trace->head.refuse);
	else if (refuses_or_nests())
		fprintf(c.out, "\tstruct call making = { 0 };\n\n");
	if (hooks)
		fprintf(c.out, "\tshim_hooks.alloc = alloc;\n");
	if (minds_blocks())
		fprintf(c.out, "\tshim_hooks.free = free_block;\n");
	if (minds_breaches())
		fprintf(c.out, "\tshim_hooks.breach = breach;\n");
	if (refuses_or_nests())
		fprintf(c.out, "\tnow = &making;\n");
	fprintf(c.out, "\tresv = %s();\n", is_kernel() ? "map_kernel.open" : "resv_map_alloc");
	if (refuses_or_nests())
		fprintf(c.out, "\tnow = NULL;\n");
	if (trace->head.refuse && !ran_any()) {
		fprintf(c.out, "\tif (resv)\n\t\tfail(\"is there though its memory was refused:\", "
		               "1, 0);\n"
		               "\treturn 0;\n}\n");
		return;
	}
	fprintf(c.out, "\tif (!resv)\n\t\tfail(\"is there:\", 0, 1);\n");
	for (size_t i = 0; i < trace->count; i = trace_behind(trace, i))
		if (ran(i))
			print_step(i, 1);
	if (c.bad == trace->count)
		print_release();
	fprintf(c.out, "\tprintf(\"every step came to what it should\\n\");\n\treturn 0;\n}\n");
}

/* What needs the harness' own eyes, or a cgroup that no map of src/ has. */
static bool can_be_said(void)
{
	static const enum rule needs_harness[] = { RULE_SAME_AGAIN, RULE_UNCHARGE_EXACT,
		                                   RULE_CSS_BALANCED };

	for (size_t i = 0; i < sizeof(needs_harness) / sizeof(needs_harness[0]); i++)
		if (failed_by(needs_harness[i])) {
			fprintf(stderr,
			        "%s is judged by what the harness keeps beside the map; it cannot "
			        "be "
			        "said as a program\n",
			        rule_name[needs_harness[i]]);
			return false;
		}
	return true;
}

bool region_write_c(FILE *out, const struct failing *failing)
{
	const struct story *story = &report_story;

	c.out = out;
	c.failing = failing;
	c.trace = story->trace;
	c.result = story->result;
	c.facts = region_facts();
	c.bad = failing->verdict->failed ? story->op : SIZE_MAX;
	if (!can_be_said())
		return false;
	print_head();
	print_variables();
	if (minds_blocks())
		print_blocks();
	if (walks_lists())
		print_check();
	if (minds_breaches())
		print_breach();
	if (minds_regions())
		print_regions_are();
	if (minds_books())
		print_books_are();
	print_machine();
	print_step_macro();
	for (size_t i = 0; i < c.trace->count; i = trace_behind(c.trace, i))
		print_windows(i);
	print_main();
	return true;
}
