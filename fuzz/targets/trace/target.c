// SPDX-License-Identifier: GPL-2.0-only
/*
 * The trace target: the text parser.  No map, only the trace's three forms; what reads back must be
 * what was written, through the text and through the bytes.
 *
 * Text is the archive of every finding, so the parser must take any bytes, and never lie.
 */
#include "fuzz/run/report.h"
#include "fuzz/trace/trace.h"

#include <string.h>

extern const struct target trace_target;

static void check_same(const struct trace *is, const struct trace *was, const char *form)
{
	CHECK(PARSE_PRINT,
	      is->target == was->target && !memcmp(&is->head, &was->head, sizeof(is->head)) &&
	              !memcmp(is->at, was->at, sizeof(is->at)),
	      "the %s is another one after the way through its %s", was->target->op[0].name, form);
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
	CHECK(PARSE_PRINT, trace_parse(&again, NULL, trace->target, text, strlen(text), &error),
	      "its own print does not parse: line %u, column %u: %s", error.line, error.column,
	      error.what);
	check_same(&again, trace, "text");
}

static void through_bytes(const struct trace *trace)
{
	static uint8_t bytes[TRACE_BYTES], twice[TRACE_BYTES];
	static struct trace again;
	size_t size = trace_encode(trace, bytes);

	trace_decode(&again, trace->target, bytes, size);
	check_same(&again, trace, "bytes");
	CHECK(PARSE_PRINT, trace_encode(&again, twice) == size && !memcmp(bytes, twice, size),
	      "its bytes are not canonical");
}

static void check_text(const struct trace *trace)
{
	through_text(trace);
	through_bytes(trace);
}

const struct target trace_target = { .name = "trace", .check_text = check_text };
