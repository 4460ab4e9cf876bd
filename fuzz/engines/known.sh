#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# known.sh KNOWN KEEP REPLAY FOLDER...: says what fails on the base too, and what is mended.
#
# KNOWN is what fuzzers have written for $RESVMAP_KNOWN (fuzz/run/known.h).  The shortest trace of each rule is
# kept as KEEP/RULE.trace.  A fuzzer does not ask the base where nothing fails, so for rules that the base fails
# and the text under test keeps, REPLAY runs the inputs of each FOLDER on both.  Says nothing where there is
# nothing to say.
set -eu
export LC_ALL=C

known=$1 keep=$2 replay=$3
shift 3

keep_shortest() {
	mkdir -p "$keep"
	for trace in "$known/$1".?????.trace; do
		[ -e "$trace" ] || return 0
		here=$(grep -c '^[^#]' "$trace") there=$(grep -c '^[^#]' "$keep/$1.trace" 2>/dev/null || :)
		[ -n "$there" ] && [ "$there" -le "$here" ] || cp "$trace" "$keep/$1.trace"
		return
	done
}

for count in "$known"/*.count; do
	[ -e "$count" ] || break
	rule=$(basename "$count" .count)
	keep_shortest "$rule"
	od -An -v -t u8 -w8 "$count" | awk -v rule="$rule" -v trace="$keep/$rule.trace" '
		{ times += $1 }
		END { printf "%.0f %s %s\n", times, rule, trace }'
done | sort -rn | awk '
	{ times += $1; line[NR] = sprintf("  known: %-30s %8d times, for example %s", $2, $1, $3) }
	END {
		if (NR)
			printf "%d failures are known: the base fails by the same rule at the same op\n", times
		for (i = 1; i <= NR; i++)
			print line[i]
	}'

for folder; do
	[ -n "$(ls "$folder" 2>/dev/null)" ] || continue
	"$replay" --mended --target="$TARGET" "$folder" 2>/dev/null || :
done | sed -n 's/^\(.*\): mended: \([a-z-]*\): .*/\2 \1/p' | sort | awk '
	{ inputs[$1]++; example[$1] = example[$1] == "" ? substr($0, length($1) + 2) : example[$1] }
	END {
		for (rule in inputs)
			printf "  mended: %-29s %8d inputs fail on the base only, for example %s\n", rule,
				inputs[rule], example[rule]
	}' | sort
