#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The map's calls by many threads: every rule holds on both maps, and every bug of tests/threads/, which
# one thread alone cannot see, is reported as a race.  Silent and 0 when good; CC is the compiler.
set -eu
LC_ALL=C
export LC_ALL

: "${CC:?is not set: run this by make check}"
make="${MAKE:-make} -s --no-print-directory KERNEL= CC=$CC SAN=thread ENGINE=replay"
work=build/threads-test

fail() { echo "$*"; exit 1; }

for map in port coalescing; do
	program=build/replay-thread-$map-$(echo "$CC" | sed 's,[^ ]*/,,g' | tr ' ' -)/threads
	$make MAP=$map "$program"
	"$program" 4 500 >"$program.log" 2>&1 || fail "$map: $(cat "$program.log")"
	grep -q 'every rule held$' "$program.log" || fail "$map: not told: $(cat "$program.log")"
done
program=build/replay-thread-port-$(echo "$CC" | sed 's,[^ ]*/,,g' | tr ' ' -)/threads
for arguments in '1' '4 0' 'four' '4 10 1 1'; do
	status=0
	# shellcheck disable=SC2086 # words
	"$program" $arguments >/dev/null 2>&1 || status=$?
	[ $status = 2 ] || fail "threads $arguments: exit status $status, not 2"
done

for patch in tests/threads/*.patch; do
	rm -rf $work && mkdir -p $work/build
	cp -a Makefile src fuzz $work
	cp -a "$(dirname "$program")" $work/build
	patch -p1 -s -F0 -d $work <"$patch"
	$make -C $work MAP=port "$program"
	status=0
	$work/"$program" 4 500 >$work/log 2>&1 || status=$?
	[ $status = 1 ] || fail "$patch: exit status $status, not 1: $(tail -n 5 $work/log)"
	grep -q '^FAIL lock-discipline: two threads' $work/log || fail "$patch: no rule is named"
	grep -q 'ThreadSanitizer: data race' $work/log || fail "$patch: no race is told"
done
rm -rf $work
