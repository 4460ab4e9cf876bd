#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# afl.sh TRACE_TOOL SEEDS WORK: fuzzes with AFL++, called by `make fuzz-afl`.
#
# $JOBS instances (fuzz/engines/afl_instance.sh says which is what) fuzz from SEEDS and WORK/corpus, which
# is libFuzzer's too and grows, for $FUZZ_TIME seconds (0: until interrupted), or until one finds
# something.  It comes back as from libfuzzer.sh, with the same exit statuses.  What a run that was
# killed has found is taken up first.
set -eu
export LC_ALL=C

tool=$1 seeds=$2 work=$3
out=$work/afl corpus=$work/corpus

mkdir -p "$out" "$corpus" "$work/afl.new"

# An input that Ctrl-C stops here is still there at the next start.
collect() {
	found=0 unfinished=0
	for input in "$work"/afl.new/* "$out"/*/crashes/id:* "$out"/*/hangs/id:*; do
		[ -e "$input" ] || continue
		ended=0
		fuzz/engines/finding.sh "$tool" "$input" "$work/findings" || ended=$?
		case $ended in
		0) found=$((found + 1)) ;;
		3) known=$((known + 1)) ;;
		*) found=$((found + 1)) unfinished=$((unfinished + 1)) ;;
		esac
	done
	[ $unfinished = 0 ] ||
		echo "$unfinished of $found findings are not minimized yet: the next start takes them up" >&2
	[ $found = 0 ] || exit 1
}

take_up() {
	for input in "$work"/afl.new/* "$out"/*/crashes/id:* "$out"/*/hangs/id:*; do
		[ -e "$input" ] || continue
		echo "taken up: what a run found that was killed"
		break
	done
	collect
}

# afl-fuzz passes over an input that fails from the start.  Here it is what is looked for.
try_inputs() {
	fuzz/engines/corpus.sh failing "$FUZZER" "$seeds" "$corpus" | sed -n 1p | while read -r input; do
		cp "$input" "$work/afl.new/"
	done
}

start() {
	set -- -V $((FUZZ_TIME - $(date +%s) + started))
	[ "$FUZZ_TIME" != 0 ] || set --
	number=0 running=
	while [ "$number" -lt "$JOBS" ]; do
		number=$((number + 1))
		foreign=
		[ $number != 1 ] || foreign="-F$corpus"
		RESVMAP_STATS=$work/afl.stats RESVMAP_KNOWN=$work/afl.known \
			AFL_BENCH_UNTIL_CRASH=1 fuzz/engines/afl_instance.sh "$number" "$seeds" "$out" \
			${foreign:+"$foreign"} "$@" >"$work/log.$number" 2>&1 &
		running="$running $!"
	done
}

# afl-fuzz counts its runs for others once a minute only, but inputs are files.
show_progress() {
	printf '%5d s  inputs %d\n' "$tick" \
		"$(find "$out" -path '*/queue/id:*' -type f 2>/dev/null | wc -l)"
}

# Until the first one ends; then all do.
watch() {
	tick=0
	while :; do
		for pid in $running; do
			kill -0 "$pid" 2>/dev/null || break 2
		done
		tick=$((tick + 1))
		[ $((tick % 5)) != 0 ] || show_progress
		sleep 1 || :
	done
	[ "$FUZZ_TIME" = 0 ] || [ -n "$(find "$out" -path '*/crashes/id:*' | head -1)" ] || wait || :
	# shellcheck disable=SC2086 # a list
	kill -INT $running 2>/dev/null || :
	wait || :
}

summarize() {
	cat "$out"/*/fuzzer_stats | awk -v before="$before" \
		-v after="$(find "$corpus" -type f | wc -l)" -F' *: *' '
	$1 == "execs_done" { runs += $2 }
	$1 == "execs_per_sec" { speed += $2 }
	$1 == "edges_found" { edges = $2 > edges ? $2 : edges }
	$1 == "stability" { sub(/%/, "", $2); stable = stable == "" || $2 < stable ? $2 + 0 : stable }
	END {
		printf "runs %d, runs per second %d, edges %d, corpus %d -> %d inputs, stability %s %%\n",
			runs, speed, edges, before, after, stable
		exit stable != 100
	}'
}

# Ctrl-C ends the instances; this script goes on to tell.
interrupted=
trap 'interrupted=1' INT
known=0
take_up
fuzz/engines/corpus.sh harvest "$out" "$corpus"
rm -rf "$out" "$work"/log.* "$work/afl.stats" "$work/afl.known"
mkdir "$work/afl.known"
try_inputs
collect
before=$(find "$corpus" -type f | wc -l)
started=$(date +%s)
# What fails on the base too may still end an instance, in a build without sanitizers.
while :; do
	known=0
	start
	watch
	[ -n "$(find "$out" -path '*/crashes/id:*' | head -1)" ] && [ -n "${RESVMAP_BASE_REPLAY-}" ] || break
	collect
	[ $known != 0 ] && [ -z "$interrupted" ] || break
	[ "$FUZZ_TIME" = 0 ] || [ $(($(date +%s) - started)) -lt "$FUZZ_TIME" ] || break
done
fuzz/engines/corpus.sh harvest "$out" "$corpus"
stable=1
summarize || stable=0
[ -z "${RESVMAP_BASE_REPLAY-}" ] ||
	fuzz/engines/known.sh "$work/afl.known" "$work/known" "$RESVMAP_BASE_REPLAY" "$seeds" "$corpus"
collect
for log in "$work"/log.*; do
	if [ $known = 0 ] && ! grep -q "We're done here" "$log"; then
		tail -20 "$log" >&2
		echo "an instance stopped without a finding; all it said is in $log" >&2
		exit 2
	fi
done
if [ $stable = 0 ]; then
	echo "an input took other ways when it ran again: a run depends on more than its trace" >&2
	exit 2
fi
fuzz/engines/stats.sh "$work/afl.stats" >"$work/afl.counts"
read -r _ ops _ <"$work/afl.counts"
if [ "$ops" = 0 ]; then
	echo "no op was run, so nothing was tested" >&2
	exit 2
fi
echo "no finding${RESVMAP_PART:+; under test were $RESVMAP_PART}"
