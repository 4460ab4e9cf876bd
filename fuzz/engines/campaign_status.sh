#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# campaign_status.sh WORK: how a campaign stands, at a glance; called by `make campaign-status`.
set -eu
export LC_ALL=C

work=$1
if [ ! -d "$work/log" ]; then
	echo "$work: no campaign was ever started there; make campaign starts one" >&2
	exit 2
fi

count() { find "$@" -type f ! -name '.*' 2>/dev/null | wc -l; }

# One line for each worker: name, runs, runs per second, inputs, edges.
workers() {
	for stats in "$work"/afl/*/fuzzer_stats; do
		[ ! -e "$stats" ] || awk -F' *: *' '
			{ of[$1] = $2 }
			END { print of["afl_banner"], of["execs_done"], int(of["execs_per_sec"]),
				of["corpus_count"], of["edges_found"] }' "$stats" |
			sed "s|^[^ ]*|$(basename "$(dirname "$stats")")|"
	done
	for log in "$work"/log/libfuzzer.*; do
		# Its sessions follow each other; #N is its count of runs in each.
		[ ! -e "$log" ] || awk -v name="$(basename "$log")" '
			/^start$/ { before += runs; runs = 0 }
			/^#[0-9]/ {
				runs = substr($1, 2)
				for (i = 2; i < NF; i++)
					last[$i] = $(i + 1)
			}
			END { print name, before + runs, last["exec/s:"] + 0, last["corp:"] + 0,
				last["cov:"] + 0 }' "$log"
	done
}

running=stopped
flock -n "$work/.lock" true 2>/dev/null || running=running
findings=$(find "$work/findings" -name '[!.]*.trace' ! -name '*.original.trace' | wc -l)
workers | awk -v is=$running -v inputs="$(count "$work/corpus")" -v findings="$findings" \
	-v work="$work" '
	{ line[NR] = sprintf("  %-14s %12d %10d %8d %6d", $1, $2, $3, $4, $5); runs += $2 }
	END {
		printf "%s: %s, runs %d, corpus %d inputs, findings %d\n", work, is, runs, inputs, findings
		printf "  %-14s %12s %10s %8s %6s\n", "who", "runs", "runs/s", "inputs", "edges"
		for (i = 1; i <= NR; i++)
			print line[i]
	}'
for trace in "$work"/findings/[!.]*.trace; do
	case $trace in *'*'* | *.original.trace) continue ;; esac
	printf '  %-40s %4d times\n' "$trace" \
		$((1 + $(grep -cxF "found again: $trace" "$work/log/findings" || :)))
done
