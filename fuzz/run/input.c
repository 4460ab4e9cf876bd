// SPDX-License-Identifier: GPL-2.0-only
#include "input.h"

#include "run.h"
#include "fuzz/trace/without.h"

#include <stdlib.h>

/* Bytes that an engine wrote which MSan did not instrument. */
#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#define is_written(data, size) __msan_unpoison(data, size)
#endif
#endif
#ifndef is_written
#define is_written(data, size) ((void)0)
#endif

static struct trace trace;

void input_begin(void)
{
	stats_at_exit(&run_totals);
}

static void run_or_abort(enum run_times times)
{
	if (run_trace(&trace, NULL, times))
		return;
	report_print(stderr, &report_verdict, NULL);
	abort();
}

void input_bytes(const uint8_t *data, size_t size)
{
	uint8_t sum = 0;

	is_written(data, size);
	trace_decode(&trace, data, size);
	trace_without(&trace);
	for (size_t i = 0; i < size; i++)
		sum += data[i];
	run_or_abort(sum % 16 ? RUN_ONCE : RUN_TWICE);
}

void input_text(const uint8_t *data, size_t size)
{
	struct trace_error error;

	is_written(data, size);
	if (trace_parse(&trace, NULL, (const char *)data, size, &error))
		run_or_abort(RUN_ONCE);
}
