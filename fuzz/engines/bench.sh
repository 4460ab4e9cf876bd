#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# bench.sh FUZZER EMPTY SEEDS WORK: speed against an empty target, called by `make bench`.
#
# First FUZZER grows a corpus, then both fuzz from it, in turn, with the same flags, so that a noisy
# machine troubles both alike.  The figure is operations per second of FUZZER, divided by runs per
# second of EMPTY.
set -eu

fuzzer=$1 empty=$2 seeds=$3 work=$4
flags='-max_len=1024 -seed=1 -verbosity=0 -print_final_stats=1'
slice=${BENCH_TIME:-10}

rm -rf "${work:?}"/* && mkdir -p "$work/corpus"
# shellcheck disable=SC2086 # words
"$fuzzer" $flags -max_total_time="$slice" "$work/corpus" "$seeds" >"$work/log" 2>&1

# $1 program, $2 a name: fuzz for a while; prints runs per second
runs_per_second() {
	rm -rf "${work:?}/$2" && cp -r "$work/corpus" "$work/$2"
	# shellcheck disable=SC2086 # words
	RESVMAP_STATS=$work/$2.stats "$1" $flags -max_total_time="$slice" "$work/$2" "$seeds" \
		>"$work/$2.log" 2>&1
	stat "$2" average_exec_per_sec
}

stat() { sed -n "s/^stat::$2: *//p" "$work/$1.log"; }

printf '%6s %12s %10s %14s %8s\n' round ops/s ops/run 'empty runs/s' ratio
for round in 1 2 3; do
	rm -f "$work/own.stats"
	own=$(runs_per_second "$fuzzer" own)
	none=$(runs_per_second "$empty" none)
	# Its own count of ops, in the time that the engine says its runs took.
	fuzz/engines/stats.sh "$work/own.stats" | awk -v round=$round -v own="$own" -v none="$none" \
		-v seconds="$(stat own number_of_executed_units)/$own" '{
		split(seconds, of, "/")
		ops = $2 / (of[1] / of[2])
		printf "%6d %12d %10.1f %14d %8.2f\n", round, ops, $2 / $1, none, ops / none
	}'
done
