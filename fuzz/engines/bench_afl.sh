#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# bench_afl.sh FUZZER EMPTY SEEDS WORK: AFL++ against an empty target, called by `make bench-afl`.
#
# First FUZZER grows a corpus, then both fuzz from their own, in turn, so that a noisy machine
# troubles both alike.  The figure is runs per second of FUZZER divided by those of EMPTY.
set -eu

fuzzer=$1 empty=$2 seeds=$3 work=$4
slice=${BENCH_TIME:-10}

# afl PROGRAM SEEDS NAME
afl() {
	rm -rf "${work:?}/$3"
	FUZZER=$1 fuzz/engines/afl_instance.sh 1 "$2" "$work/$3" -s 1 -V "$slice" >"$work/log" 2>&1 || {
		tail -5 "$work/log" >&2
		exit 2
	}
}

stat() { sed -nE "s/^$2 *: *([0-9]+).*/\1/p" "$work/$1/main/fuzzer_stats"; }

mkdir -p "$work/one"
echo one >"$work/one/seed"
afl "$fuzzer" "$seeds" grown
rm -rf "$work/seeds" && mkdir "$work/seeds"
cp "$work"/grown/main/queue/id:* "$work/seeds"

printf '%6s %10s %14s %8s %12s\n' round runs/s 'empty runs/s' ratio stability
for round in 1 2 3; do
	afl "$fuzzer" "$work/seeds" own
	afl "$empty" "$work/one" none
	awk -v round=$round -v own="$(stat own execs_per_sec)" -v none="$(stat none execs_per_sec)" \
		-v stable="$(stat own stability)" 'BEGIN {
		printf "%6d %10d %14d %8.2f %10d %%\n", round, own, none, own / none, stable
	}'
done
