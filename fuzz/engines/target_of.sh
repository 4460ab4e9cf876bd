#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# target_of.sh TRACE: the target whose head the first line of the trace is, or of a folder's first trace;
# nothing where no line is one.
set -eu
export LC_ALL=C

trace=$("$(dirname "$0")/paths.sh" "$1" | head -n 1)
[ ! -d "$trace" ] || trace=$(find "$trace" -name '*.trace' | sort | head -n 1)
word=$(sed -n 's/^[> ]*\([a-z][a-z]*\).*/\1/p' "$trace" 2>/dev/null | head -n 1)
[ -n "$word" ] || exit 0
for list in fuzz/targets/*/ops.def; do
	! grep -q "^[A-Z]*('.', $word," "$list" || basename "$(dirname "$list")"
done
