// SPDX-License-Identifier: GPL-2.0-only
/*
 * A run on a map as a C program that makes the same calls in the same order, on the map of src/ or of an
 * import, and needs none of the harness.
 *
 * Each call is a step with the value that it should return.  The rule that failed is looked at where it
 * failed, and only what looks at that rule is written: a rule that holds at any time is a function
 * check() that every step and every request for memory calls, others are a statement behind their step.
 */
#include "c.h"

#include "fuzz/map/ops.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct region_c region_c;

static const char *import(void)
{
	const char *folder = getenv("RESVMAP_IMPORT");

	return folder && *folder ? folder : "build/import/ID";
}

static void print_command(void)
{
	enum rule rule = region_c.failing->verdict->rule;
	const char *cc = "cc";

	if (region_c.failing->stopped)
		cc = rule == RULE_UNINITIALISED ? "clang -g -fsanitize=memory"
		     : rule == RULE_UNDEFINED
		             ? "cc -g -fsanitize=undefined -fno-sanitize-recover=all"
		             : "cc -g -fsanitize=address";
	fprintf(region_c.out,
	        " *\n * In a checkout of resvmap-fuzz, with this in the file repro.c:\n *\n");
	fprintf(region_c.out, " *\t%s -std=gnu11 -I. ", cc);
	if (region_c_is_kernel())
		fprintf(region_c.out,
		        "-I%s -w -fno-strict-aliasing -o repro repro.c fuzz/import/kernel_map.c ",
		        import());
	else
		fprintf(region_c.out,
		        "-o repro repro.c src/map/resv_map%s.c src/map/resv_map_common.c ",
		        strcmp(region_c.facts->of->name, "port") ? "_coalescing" : "");
	fprintf(region_c.out, "src/shim/hooks.c\n *\t./repro\n");
}

static void print_head(void)
{
	fprintf(region_c.out, "// SPDX-License-Identifier: GPL-2.0-only\n/*\n");
	text_comment(region_c.out, region_c.failing);
	print_command();
	fprintf(region_c.out,
	        " *\n * Ends with 0 if every step came to what it should, else with 1 and the step "
	        "that did not.\n */\n");
	if (region_c_is_kernel())
		fprintf(region_c.out,
		        "#include \"import.h\"\n#include \"src/shim/kernel.h\"\n#include "
		        "\"types.h\"\n"
		        "#include \"fuzz/map/map.h\"\n");
	else
		fprintf(region_c.out, "#include \"src/map/resv_map.h\"\n");
	fprintf(region_c.out, "\n#include <stdio.h>\n#include <stdlib.h>\n\n");
	if (region_c_is_kernel())
		fprintf(region_c.out, "extern const struct map map_kernel;\n\n");
}

static void print_variables(void)
{
	unsigned slots = 0;

	fprintf(region_c.out, "static struct resv_map *resv;\n");
	for (size_t i = 0; i < region_c.trace->count; i++)
		if (region_c_ran(i) && region_c.trace->op[i].kind == OP_chg)
			slots |= 1u << region_c.trace->op[i].slot;
	for (size_t i = 0; i < region_c.trace->count; i++)
		if (region_c_ran(i) && region_c.trace->op[i].kind == OP_bad) {
			fprintf(region_c.out, "static long needed_bad = 1;\n");
			break;
		}
	for (unsigned slot = 0; slot < SLOTS; slot++)
		if (slots >> slot & 1)
			fprintf(region_c.out, "static long needed_%c;\n", 'a' + slot);
	fprintf(region_c.out,
	        "static const char *rule = \"expected-result\", *step = \"a new map\";\n\n"
	        "static _Noreturn void fail(const char *what, long is, long should)\n{\n"
	        "\tprintf(\"FAIL %%s: %%s: %%s %%ld, not %%ld\\n\", rule, step, what, is, "
	        "should);\n"
	        "\texit(1);\n}\n\n");
}

static void print_blocks(void)
{
	fprintf(region_c.out,
	        "/* Every block that was ever handed out, for none is used again. */\n"
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
	fprintf(region_c.out,
	        "/* Walk a list: it closes in both directions%s. */\n"
	        "static long length(const struct list_head *head)\n{\n"
	        "\tconst struct list_head *at = head;\n\tlong entries = 0;\n\n"
	        "\tfor (; at->next != head; at = at->next, entries++)\n"
	        "\t\tif (entries > 1000 || %sat->next->prev != at)\n"
	        "\t\t\tfail(\"a list does not close:\", 1, 0);\n"
	        "\treturn entries;\n}\n\n",
	        region_c_minds_blocks() ? ", over live entries" : "",
	        region_c_minds_blocks()
	                ? "!is_live(list_entry(at->next, struct file_region, link)) || "
	                : "");
	fprintf(region_c.out, "static void check(void)\n{\n");
	if (region_c_failed_by(RULE_CACHE_COUNTED))
		fprintf(region_c.out,
		        "\tlong is = length(&resv->region_cache);\n\n"
		        "\tif (is != resv->region_cache_count)\n"
		        "\t\tfail(\"region_cache_count is\", resv->region_cache_count, is);\n");
	else
		fprintf(region_c.out, "\tif (resv) {\n\t\tlength(&resv->regions);\n"
		                      "\t\tlength(&resv->region_cache);\n\t}\n");
	fprintf(region_c.out, "}\n\n");
}

static void print_breach(void)
{
	fprintf(region_c.out,
	        "static void breach(enum shim_breach kind, const char *what, const char "
	        "*file, int line)\n"
	        "{\n\tprintf(\"FAIL %%s: %%s at %%s:%%d\\n\", rule, what, file, line);\n"
	        "\texit(kind >= 0);\n}\n\n");
}

static void print_regions_are(void)
{
	fprintf(region_c.out,
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
	        region_c.facts->of->traits.keeps_empty
	                ? "\t\tif (rg->from == rg->to)\n\t\t\tcontinue;\n"
	                : "");
}

static void print_books_are(void)
{
	fprintf(region_c.out, "/* Open tickets were handed out so many entries. */\n"
	                      "static void books_are(long tickets)\n{\n");
	if (region_c_failed_by(RULE_TICKETS_COUNTED))
		fprintf(region_c.out,
		        "\tif (resv->adds_in_progress != tickets)\n"
		        "\t\tfail(\"adds_in_progress is\", resv->adds_in_progress, tickets);\n");
	else
		fprintf(region_c.out,
		        "\tif (resv->region_cache_count < tickets)\n"
		        "\t\tfail(\"the cache holds\", resv->region_cache_count, tickets);\n");
	fprintf(region_c.out, "}\n\n");
}

static bool refuses_or_nests(void)
{
	if (region_c.trace->head.refuse)
		return true;
	for (size_t i = 0; i < region_c.trace->count; i++)
		if (region_c_ran(i) &&
		    (region_c.trace->op[i].refuse || region_c_has_steps_inside(i)))
			return true;
	return region_c_minds_requests() || region_c_failed_by(RULE_COUNT_COUNT);
}

static void print_machine(void)
{
	bool plan = refuses_or_nests();

	if (plan)
		fprintf(region_c.out,
		        "/* A call under way. */\n"
		        "static struct call {\n"
		        "\tunsigned refuse; /* bit n: request n + 1 for memory is refused; "
		        "bit 5: all later "
		        "ones too */\n"
		        "\tvoid (*during)(unsigned request); /* what runs while a request "
		        "is under way */\n"
		        "\tunsigned asked;\n"
		        "\tstruct call *outer;\n} *now;\n\n");
	if (plan || region_c_minds_blocks() || region_c_walks_lists()) {
		fprintf(region_c.out, "static void *alloc(size_t size)\n{\n");
		if (plan)
			fprintf(region_c.out, "\tstruct call *call = now;\n"
			                      "\tunsigned request = ++call->asked;\n\n");
		if (region_c_walks_lists())
			fprintf(region_c.out, "\tif (resv)\n\t\tcheck();\n");
		if (plan)
			fprintf(region_c.out,
			        "\tif (call->during)\n\t\tcall->during(request);\n"
			        "\tif (call->refuse >> (request < 6 ? request - 1 : 5) & 1)\n"
			        "\t\treturn NULL;\n");
		if (region_c_minds_blocks())
			fprintf(region_c.out,
			        "\tblock[blocks].live = true;\n"
			        "\treturn block[blocks++].start = malloc(size);\n}\n\n");
		else
			fprintf(region_c.out, "\treturn malloc(size);\n}\n\n");
	}
	if (region_c_failed_by(RULE_NEEDED_MATCHES_HOLES))
		fprintf(region_c.out, "static void handed_out(long needed, long holes)\n{\n"
		                      "\tif (needed != holes)\n"
		                      "\t\tfail(\"hands out\", needed, holes);\n}\n\n");
	if (region_c_minds_requests() || region_c_failed_by(RULE_COUNT_COUNT))
		fprintf(region_c.out,
		        "static unsigned asked; /* how often the last step asked for memory */\n\n"
		        "static void asked_nothing(void)\n{\n"
		        "\tif (asked)\n\t\tfail(\"asked for memory, times:\", asked, 0);\n}\n\n");
}

static bool is_unknown(size_t at)
{
	const struct op *op = &region_c.trace->op[at];

	if (region_c_never_came_back(at))
		return true;
	return at == region_c.bad && op->kind != OP_bad && op->kind != OP_abort &&
	       !region_c_was_refused(at) && !region_c.facts->wanted[at].known;
}

static void print_step_macro(void)
{
	bool any = false;

	for (size_t i = 0; i < region_c.trace->count; i++)
		any |= region_c_ran(i) && is_unknown(i);
	if (any)
		fprintf(region_c.out, "#define ANY LONG_MIN /* the call never came back */\n\n");
	if (refuses_or_nests())
		fprintf(region_c.out,
		        "/* Make a call, inside of the one under way, and compare what it "
		        "returns. */\n"
		        "#define STEP(do_it, should, ...) \\\n\tdo { \\\n"
		        "\t\tstruct call this = { .outer = now, ##__VA_ARGS__ }; \\\n"
		        "\t\tlong is; \\\n\\\n"
		        "\t\tstep = #do_it; \\\n\t\tnow = &this; \\\n\t\tis = do_it; \\\n"
		        "\t\tnow = this.outer; \\\n\t\tstep = #do_it; \\\n");
	else
		fprintf(region_c.out,
		        "/* Make a call, and compare what it returns. */\n"
		        "#define STEP(do_it, should) \\\n\tdo { \\\n\t\tlong is; \\\n\\\n"
		        "\t\tstep = #do_it; \\\n\t\tis = do_it; \\\n");
	if (region_c_minds_requests() || region_c_failed_by(RULE_COUNT_COUNT))
		fprintf(region_c.out, "\t\tasked = this.asked; \\\n");
	if (region_c_walks_lists())
		fprintf(region_c.out, "\t\tcheck(); \\\n");
	if (region_c_failed_by(RULE_LOCK_DISCIPLINE))
		fprintf(region_c.out,
		        "\t\tif (shim_locks_held) \\\n"
		        "\t\t\tfail(\"locks held at its end:\", shim_locks_held, 0); \\\n");
	fprintf(region_c.out,
	        "\t\tif (%sis != (should)) \\\n\t\t\tfail(\"returned\", is, should); \\\n"
	        "\t} while (0)\n",
	        any ? "(should) != ANY && " : "");
}

/* What the release is asked for: no block is left, no assertion fires. */
static void print_release(void)
{
	fprintf(region_c.out, "\trule = \"%s\"; /* it fails here */\n",
	        rule_name[region_c.failing->verdict->rule]);
	fprintf(region_c.out, "\tstep = \"release\";\n%s",
	        refuses_or_nests() ? "\tnow = &(struct call){ 0 };\n" : "");
	for (size_t i = 0; i < region_c.trace->count; i++) {
		bool open = region_c_ran(i) && region_c.trace->op[i].kind == OP_chg &&
		            region_c.result[i].value >= 0;

		for (size_t j = i + 1; open && j < region_c.trace->count; j++)
			if (region_c_ran(j) &&
			    region_c.trace->op[j].slot == region_c.trace->op[i].slot &&
			    (region_c.trace->op[j].kind == OP_abort ||
			     (region_c.trace->op[j].kind == OP_add &&
			      region_c.result[j].value >= 0)))
				open = false;
		if (!open)
			continue;
		fprintf(region_c.out, "\t%s", region_c_call_name("abort"));
		region_c_print_range(&region_c.trace->op[i]);
		fprintf(region_c.out, ", needed_%c);\n", 'a' + region_c.trace->op[i].slot);
		region_c_print_look(1);
	}
	fprintf(region_c.out, region_c_is_kernel()
	                              ? "\tmap_kernel.close(resv);\n"
	                              : "\tkref_put(&resv->refs, resv_map_release);\n");
	if (region_c_minds_blocks() && region_c_failed_by(RULE_MEMORY_CLEAN))
		fprintf(region_c.out,
		        "\tfor (int i = 0; i < blocks; i++)\n"
		        "\t\tif (block[i].live)\n\t\t\tfail(\"leaks blocks:\", 1, 0);\n");
}

static void print_main(void)
{
	bool hooks = refuses_or_nests() || region_c_minds_blocks() || region_c_walks_lists();
	const struct trace *trace = region_c.trace;

	fprintf(region_c.out, "\nint main(void)\n{\n");
	if (trace->head.refuse)
		fprintf(region_c.out, "\tstruct call making = { .refuse = 0x%x };\n\n",
		        trace->head.refuse);
	else if (refuses_or_nests())
		fprintf(region_c.out, "\tstruct call making = { 0 };\n\n");
	if (hooks)
		fprintf(region_c.out, "\tshim_hooks.alloc = alloc;\n");
	if (region_c_minds_blocks())
		fprintf(region_c.out, "\tshim_hooks.free = free_block;\n");
	if (region_c_minds_breaches())
		fprintf(region_c.out, "\tshim_hooks.breach = breach;\n");
	if (refuses_or_nests())
		fprintf(region_c.out, "\tnow = &making;\n");
	fprintf(region_c.out, "\tresv = %s();\n",
	        region_c_is_kernel() ? "map_kernel.open" : "resv_map_alloc");
	if (refuses_or_nests())
		fprintf(region_c.out, "\tnow = NULL;\n");
	if (trace->head.refuse && !region_c_ran_any()) {
		fprintf(region_c.out,
		        "\tif (resv)\n\t\tfail(\"is there though its memory was refused:\", "
		        "1, 0);\n"
		        "\treturn 0;\n}\n");
		return;
	}
	fprintf(region_c.out, "\tif (!resv)\n\t\tfail(\"is there:\", 0, 1);\n");
	for (size_t i = 0; i < trace->count; i = trace_behind(trace, i))
		if (region_c_ran(i))
			region_c_print_step(i, 1);
	if (region_c.bad == trace->count)
		print_release();
	fprintf(region_c.out,
	        "\tprintf(\"every step came to what it should\\n\");\n\treturn 0;\n}\n");
}

/* What is judged by numbers that the harness keeps beside the map, or of a cgroup that no map of src/ has. */
static bool can_be_said(void)
{
	static const enum rule needs_harness[] = { RULE_SAME_AGAIN, RULE_UNCHARGE_EXACT,
		                                   RULE_CSS_BALANCED, RULE_SPARE_FIRST };

	for (size_t i = 0; i < sizeof(needs_harness) / sizeof(needs_harness[0]); i++)
		if (region_c_failed_by(needs_harness[i])) {
			fprintf(stderr,
			        "%s is judged by what the harness keeps beside the map; it cannot "
			        "be "
			        "said as a program\n",
			        rule_name[needs_harness[i]]);
			return false;
		}
	for (size_t i = 0; i < region_c.trace->count; i++)
		if (op_takes(region_c.trace->target, &region_c.trace->op[i], OP_ORDER)) {
			fprintf(stderr, "calls that wait for one another (wait, resume) cannot be "
			                "said as a program\n");
			return false;
		}
	return true;
}

bool region_write_c(FILE *out, const struct failing *failing)
{
	const struct story *story = &report_story;

	region_c.out = out;
	region_c.failing = failing;
	region_c.trace = story->trace;
	region_c.result = story->result;
	region_c.facts = region_facts();
	region_c.bad = failing->verdict->failed ? story->op : SIZE_MAX;
	if (!can_be_said())
		return false;
	print_head();
	print_variables();
	if (region_c_minds_blocks())
		print_blocks();
	if (region_c_walks_lists())
		print_check();
	if (region_c_minds_breaches())
		print_breach();
	if (region_c_minds_regions())
		print_regions_are();
	if (region_c_minds_books())
		print_books_are();
	print_machine();
	print_step_macro();
	for (size_t i = 0; i < region_c.trace->count; i = trace_behind(region_c.trace, i))
		region_c_print_windows(i);
	print_main();
	return true;
}
