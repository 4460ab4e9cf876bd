#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Which file may include which: every #include "..." must be in this table.  One direction, no layer
# reaches back; the model's independence shows in its list being empty.
#
#	file (a shell pattern)		what it may include (a regular expression)
set -eu

table='
src/shim/*				shim/|hooks|dup|stubs|custom|kernel|kernel_mm|nocgroup|mm
src/*					shim/.*|resv_map(_common)?|reserve|subpool|hugetlbfs
fuzz/*_fuzzer.c				input
fuzz/trace_tool.c			failure|file|minimize|run
fuzz/op.[ch]				ops|op
fuzz/trace*.[ch]			ops|op|trace|trace_lex
fuzz/family_*.c				trace
fuzz/dictionary.c			op|trace
fuzz/minimize*.[ch]			op|trace|minimize|minimize_passes
fuzz/mutate*.[ch]			op|trace|mutate|mutate_kinds
fuzz/model.[ch]				model
fuzz/pool.[ch]				pool
fuzz/fault.[ch]				fault|op|pool|report|src/shim/hooks
fuzz/window.[ch]			window|trace
fuzz/kernel_map.[ch]			kernel_map|import|types|map|src/shim/kernel
fuzz/kernel_reserve.[ch]			kernel_reserve|import|types|reserve|src/shim/(kernel_)?mm
fuzz/kernel_names.h			kernel_reserve
fuzz/target*				target.*|kernel_map|pool|src/.*|build/import/.*
fuzz/reserve_target*			reserve_target.*|target.*|import|types|pool|src/.*
fuzz/reserve_world.[ch]			reserve_world|op|ops|reserve_target|src/hugetlbfs
fuzz/reserve_model.[ch]			reserve_model
fuzz/reserve_check.[ch]			reserve_check|reserve_model|report|reserve_world|pool
fuzz/reserve_print.c			reserve_check
fuzz/reserve_calls.c			calls|ops|fault|pool|report|reserve_check|window
fuzz/view.c				target
fuzz/other.h				none
fuzz/check.[ch]				check|fault|model|report|target
fuzz/report.[ch]			report|rules|pool|model|target|trace
fuzz/stats.[ch]				stats
fuzz/run.[ch]				run|calls|trace|report|stats
fuzz/calls.[ch]				calls|ops|trace|fault|window|pool|model|target|check|report|src/shim/hooks
fuzz/diff.c				run|ops|fault|pool
fuzz/roundtrip.c			run
fuzz/input.[ch]				input|run|stats|without
fuzz/file.[ch]				file|trace|without
fuzz/without.[ch]			without|trace
fuzz/failure.[ch]			failure|file|report|run
fuzz/replay.c				file|run
fuzz/explore.c				file|run
fuzz/bench_empty.c			none
fuzz/make_status.c			none
'

# The first pattern of the table that fits decides.
allowed() {
	echo "$table" | while read -r pattern allowed; do
		# shellcheck disable=SC2254 # a pattern
		case $1 in $pattern) echo "$allowed"; break ;; esac
	done
}

failed=0
for file in src/*.[ch] src/shim/* fuzz/*.[ch]; do
	allowed=$(allowed "$file")
	if [ -z "$allowed" ]; then
		echo "$file: in no layer; give it a line in tests/layers.sh"
		failed=1
		continue
	fi
	for included in $(sed -n 's/^#include "\(.*\)"$/\1/p' "$file"); do
		if ! echo "$included" | grep -qE "^($allowed)(\.h|\.def|\.c)?$"; then
			echo "$file: may not include $included (allowed: $allowed)"
			failed=1
		fi
	done
	lines=$(wc -l <"$file")
	case $file in
	fuzz/*_fuzzer.c) [ "$lines" -le 40 ] || { echo "$file: over 40 lines"; failed=1; } ;;
	*) [ "$lines" -le 450 ] || { echo "$file: over 450 lines"; failed=1; } ;;
	esac
done
exit $failed
