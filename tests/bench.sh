#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What `make bench-bugs` writes, of one bug that is found at once and one that so few runs do not find: a line for
# each engine and seed, the table, the curves; and that a run goes on where one was ended.  Silent and 0
# when good; CC is the compiler.
set -eu
LC_ALL=C
export LC_ALL

: "${CC:?is not set: run this by make check}"
export BENCH=build/bench-test
make="${MAKE:-make} --no-print-directory -s bench-bugs CC=$CC RUNS=2000"

fail() { echo "$*"; cat $BENCH/results.tsv $BENCH/table.md || :; exit 1; }

# lines PATTERN: of the results that are like that
lines() { grep -cE "$(echo "$1" | sed 's/ /\t/g')" $BENCH/results.tsv || :; }

rm -rf $BENCH
$make BUG=count-forgets-the-front TRIES=2 WAYS='libfuzzer explore' >$BENCH.log 2>&1 || fail "$(cat $BENCH.log)"
[ "$(lines '^count-forgets-the-front libfuzzer [12] 1 [1-9][0-9]* [0-9]+\.[0-9]+$')" = 2 ] || fail 'libFuzzer: two seeds find it'
[ "$(lines '^count-forgets-the-front explore 0 1 [1-9][0-9]* [0-9.]+$')" = 1 ] || fail 'explore finds it'
# Another engine on top of that, and a bug that no engine finds so soon.
was=$(cat $BENCH/results.tsv)
$make BUG='count-forgets-the-front' TRIES=1 WAYS=afl KEEP=1 >$BENCH.log 2>&1 || fail "$(cat $BENCH.log)"
$make BUG='del-keeps-a-stale-region' TRIES=1 WAYS=libfuzzer KEEP=1 >$BENCH.log 2>&1 || fail "$(cat $BENCH.log)"
[ "$(head -n 3 $BENCH/results.tsv)" = "$was" ] || fail 'KEEP=1: what was there is not kept'
[ "$(lines '^count-forgets-the-front afl 1 [01] [1-9][0-9]* ')" = 1 ] || fail 'AFL++ has not run'
[ "$(lines '^del-keeps-a-stale-region libfuzzer 1 0 2000 ')" = 1 ] || fail 'a bug that is not found'
grep -qF '| `del-keeps-a-stale-region` | >2000 | ' $BENCH/table.md || fail 'the table says what was not found'
grep -qE '^. .count-forgets-the-front. . [0-9]+ \[[0-9]+, [0-9]+\] . ' $BENCH/table.md || fail 'the table has quartiles'
grep -q '<svg' $BENCH/survival.svg || fail 'no curves'
[ "$(tail -n 1 $BENCH/survival-libfuzzer | cut -d' ' -f2 | cut -c1-4)" = 0.33 ] || fail 'a third is not found'
status=0
$make KEEP=1 RUNS=3000 BUG=del-keeps-a-stale-region >$BENCH.log 2>&1 || status=$?
if [ $status != 2 ] || ! grep -q 'RUNS=2000' $BENCH.log; then fail 'results of other RUNS are kept'; fi
rm -rf $BENCH $BENCH.log
