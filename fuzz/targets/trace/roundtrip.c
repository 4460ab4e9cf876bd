// SPDX-License-Identifier: GPL-2.0-only
/*
 * The trace target's run: no map, only the trace's three forms.  What reads back must be what was
 * written, through the text and through the bytes.
 */
#include "fuzz/run/run.h"

#include <string.h>

struct run_totals run_totals;

static struct result result[TRACE_OPS];

const struct result *run_results(void)
{
	return result;
}

static void check_same(const struct trace *is, const struct trace *was, const char *form)
{
	CHECK(PARSE_PRINT,
	      is->family == was->family && is->board == was->board && is->longs == was->longs &&
	              is->open_refuse == was->open_refuse &&
	              !memcmp(is->at, was->at, sizeof(is->at)),
	      "the board is another one after the way through its %s", form);
	CHECK(PARSE_PRINT,
	      is->pages == was->pages && is->surplus == was->surplus && is->max == was->max &&
	              is->min == was->min,
	      "the pool is another one after the way through its %s", form);
	CHECK(PARSE_PRINT, is->count == was->count, "%zu ops became %zu in the %s", was->count,
	      is->count, form);
	for (size_t i = 0; i < was->count; i++) {
		report_story.op = i;
		CHECK(PARSE_PRINT, !memcmp(&is->op[i], &was->op[i], sizeof(is->op[i])),
		      "op %zu is another one after the way through its %s", i + 1, form);
	}
}

static void through_text(const struct trace *trace)
{
	/* The longest line is under 100 characters; a raw board's numbers are 20 each. */
	static char text[TRACE_OPS * 100 + 64 * 20 + 80];
	static struct trace again;
	struct trace_error error = { 0 };
	FILE *out = fmemopen(text, sizeof(text), "w");

	CHECK(PARSE_PRINT, out, "no memory to print a trace");
	trace_print(out, trace, NULL, SIZE_MAX);
	fclose(out);
	CHECK(PARSE_PRINT, trace_parse(&again, NULL, text, strlen(text), &error),
	      "its own print does not parse: line %u, column %u: %s", error.line, error.column,
	      error.what);
	check_same(&again, trace, "text");
}

static void through_bytes(const struct trace *trace)
{
	static uint8_t bytes[TRACE_BYTES], twice[TRACE_BYTES];
	static struct trace again;
	size_t size = trace_encode(trace, bytes);

	trace_decode_as(&again, trace->family, bytes, size);
	check_same(&again, trace, "bytes");
	CHECK(PARSE_PRINT, trace_encode(&again, twice) == size && !memcmp(bytes, twice, size),
	      "its bytes are not canonical");
}

bool run_trace(const struct trace *trace, const struct result *expect, enum run_times times)
{
	(void)expect;
	(void)times;
	report_verdict.failed = false;
	report_story = (struct story){ .trace = trace };
	run_totals.runs++;
	run_totals.ops += trace->count;
	if (!setjmp(report_catch)) {
		through_text(trace);
		through_bytes(trace);
	}
	return !report_verdict.failed;
}
