#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# libfuzzer.sh FUZZER TRACE_TOOL SEEDS WORK DICT: the main job, called by `make fuzz-libfuzzer`.
#
# Fuzzes from SEEDS into WORK/corpus for $FUZZ_TIME seconds (0: until interrupted) with $JOBS
# processes, shows progress and a summary.  A finding is minimized to a trace beside its original
# bytes under WORK/findings, and printed; then the exit status is 1.
set -eu

fuzzer=$1 tool=$2 seeds=$3 work=$4 dict=$5
log=$work/log
stats=$work/stats

mkdir -p "$work/corpus" "$work/new"
rm -f "$stats" "$work"/new/*
before=$(find "$work/corpus" -type f | wc -l)

set -- -max_len=1024 -timeout=25 -print_final_stats=1 -artifact_prefix="$work/new/"
[ "$FUZZ_TIME" = 0 ] || set -- "$@" -max_total_time="$FUZZ_TIME"
[ "$JOBS" = 1 ] || set -- "$@" -fork="$JOBS"
[ ! -e "$dict" ] || set -- "$@" -dict="$dict"

# The engine says much; a person wants to see that it gets on.
show_progress() {
	tee "$log" | grep --line-buffered -E 'INITED|pulse|^#[0-9]+: cov|^FAIL|^==|DONE' || :
}

started=$(date +%s)
# Ctrl-C ends the engine, which sums up; this script goes on to tell.
trap : INT
status_file=$work/status
{ RESVMAP_STATS=$stats "$fuzzer" "$@" "$work/corpus" "$seeds" 2>&1; echo $? >"$status_file"; } |
	show_progress

last() { sed -nE "s/.*$1 *([0-9]+).*/\1/p" "$log" | tail -1; }

seconds=$(($(date +%s) - started))
# Processes that a finding stopped did not count; of -fork=N the engine gives no sum.
runs=$(last 'stat::number_of_executed_units:')
runs=${runs:-$(last '^#')}
ops=$(awk '{ ops += $4 } END { print ops }' "$stats" 2>/dev/null || :)
after=$(find "$work/corpus" -type f | wc -l)
echo "runs ${runs:-unknown}, ops ${ops:-not counted}," \
	"ops per second $((${ops:-0} / (seconds > 0 ? seconds : 1))), edges $(last cov:)," \
	"corpus $before -> $after inputs beside $(find "$seeds" -type f | wc -l) seeds"

found=0
for input in "$work"/new/*; do
	[ -e "$input" ] || break
	found=1
	fuzz/engines/finding.sh "$tool" "$input" "$work/findings"
done
[ $found = 0 ] || exit 1

if [ "$(cat "$status_file")" != 0 ]; then
	tail -20 "$log" >&2
	echo "the fuzzer stopped without a finding; all it said is in $log" >&2
	exit 2
fi
echo "no finding"
