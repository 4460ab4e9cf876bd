// SPDX-License-Identifier: GPL-2.0-only
#include "window.h"

void window_run(const struct trace *trace, size_t op, unsigned request, size_t (*run)(size_t op))
{
	size_t end = trace_behind(trace, op);

	for (size_t i = op + 1; i < end;)
		i = trace->op[i].request == request ? run(i) : trace_behind(trace, i);
}
