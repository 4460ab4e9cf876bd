#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# libfuzzer.sh FUZZER TRACE_TOOL SEEDS WORK DICT: the main job, called by `make fuzz-libfuzzer`.
#
# Fuzzes from SEEDS into WORK/corpus for $FUZZ_TIME seconds (0: until interrupted) with $JOBS
# processes and libFuzzer's seed $SEED (0: another one each time), shows progress and a summary.  A
# finding is minimized to a trace beside its original bytes under WORK/findings, and printed; then the
# exit status is 1.  It is 0 only if the fuzzer ran to its end, or to Ctrl-C, and made calls; else 2.
#
# With a base (fuzz/run/base.h) RESVMAP_BASE_REPLAY is its replay program, for fuzz/engines/known.sh.
#
# Corpus and findings are everybody's; what else a run has is in WORK/run.NAME, which is locked while
# the run lives.  What a run that was killed has left there is taken up first.
set -eu
export LC_ALL=C

fuzzer=$1 tool=$2 seeds=$3 work=$4 dict=$5

# finish_findings FOLDER: counts in $found, and in $unfinished those that Ctrl-C stopped
finish_findings() {
	for input in "$1"/new/*; do
		[ -e "$input" ] || break
		ended=0
		fuzz/engines/finding.sh "$tool" "$input" "$work/findings" 6>&- || ended=$?
		case $ended in
		0) found=$((found + 1)) ;;
		3) known=$((known + 1)) ;;
		*) found=$((found + 1)) unfinished=$((unfinished + 1)) ;;
		esac
	done
}

# A finding is what the run was for.
end_if_found() {
	[ $unfinished = 0 ] ||
		echo "$unfinished of $found findings are not minimized yet: the next start takes them up" >&2
	[ $found = 0 ] || exit 1
}

take_up() {
	for old in "$work"/run.*; do
		[ -d "$old" ] || continue
		exec 6>"$old/.lock"
		flock -n 6 || continue
		if [ -n "$(ls "$old/new" 2>/dev/null)" ]; then
			echo "taken up: what a run found that was killed"
		fi
		finish_findings "$old"
		[ $unfinished != 0 ] || rm -rf "$old"
	done
	end_if_found
}

# The engine says much; a person wants to see that it gets on.  Ctrl-C is the fuzzer's, not theirs.
show_progress() {
	trap '' INT
	tee "$log" | grep --line-buffered -E 'INITED|pulse|^#[0-9]+: cov|^FAIL|^==|DONE' || :
}

# In the background, since a shell that waits for a program in the foreground hears no Ctrl-C.
start() {
	set -- -max_len=1024 -timeout=25 -print_final_stats=1 -artifact_prefix="$run/new/"
	[ "$FUZZ_TIME" = 0 ] || set -- "$@" -max_total_time=$((FUZZ_TIME - $(date +%s) + started))
	[ "$SEED" = 0 ] || set -- "$@" -seed="$SEED"
	[ "$JOBS" = 1 ] || set -- "$@" -fork="$JOBS"
	[ ! -e "$dict" ] || set -- "$@" -dict="$dict"
	rm -f "$run/said"
	mkfifo "$run/said"
	show_progress <"$run/said" 6>&- &
	progress=$!
	TMPDIR=$run RESVMAP_STATS=$run/stats RESVMAP_KNOWN=$run/known "$fuzzer" "$@" "$work/corpus" "$seeds" \
		>"$run/said" 2>&1 6>&- &
	running=$!
}

# A libFuzzer that waits for others does not hear Ctrl-C, but every one hears TERM, and sums up.
await() {
	status=0
	wait $running || status=$?
	while kill -0 $running 2>/dev/null; do
		[ -z "$interrupted" ] || kill -TERM $running 2>/dev/null || :
		status=0
		wait $running || status=$?
	done
	fuzz/engines/sweep.sh "RESVMAP_STATS=$run/stats"
	wait $progress || :
}

last() { sed -nE "s/.*$1 *([0-9]+).*/\1/p" "$log" | tail -1; }

# summarize SECONDS
summarize() {
	fuzz/engines/stats.sh "$run/stats" >"$run/counts"
	read -r counted ops _ <"$run/counts"
	# Ours has each trace that ran twice as two; of -fork=N, when killed, or of two starts, the engine has no sum.
	[ "$JOBS-$known" = 1-0 ] && runs=$(last 'stat::number_of_executed_units:') || runs=
	runs=${runs:-$counted}
	after=$(find "$work/corpus" -type f | wc -l)
	edges=$(last cov:)
	random=$(last 'INFO: Seed:')
	# For make report: when, seconds, runs, ops, edges, inputs before and after; and how this run's corpus grew.
	echo "$(date -u +%FT%TZ) $1 $runs $ops ${edges:-0} $before $after" >>"$work/history"
	sed -nE 's/^#([0-9]+).*cov: ([0-9]+).*corp: ([0-9]+).*/\1 \2 \3/p' "$log" >"$work/growth"
	echo "runs $runs, ops $ops, ops per second $((ops / ($1 > 0 ? $1 : 1)))," \
		"edges ${edges:-unknown}, corpus $before -> $after inputs" \
		"beside $(find "$seeds" -type f ! -name '.*' | wc -l) seeds, seed ${random:-unknown}${RESVMAP_PART:+; under test were $RESVMAP_PART}"
	[ -z "${RESVMAP_BASE_REPLAY-}" ] ||
		fuzz/engines/known.sh "$run/known" "$work/known" "$RESVMAP_BASE_REPLAY" "$seeds" "$work/corpus"
}

# What ended the fuzzer is all known, and there is time left.
has_to_go_on() {
	[ $found = 0 ] && [ $known -gt "$1" ] && [ -z "$interrupted" ] &&
		{ [ "$FUZZ_TIME" = 0 ] || [ $(($(date +%s) - started)) -lt "$FUZZ_TIME" ]; }
}

# fail WHY: it says no more than that nothing is known
fail() {
	tail -20 "$log" >&2
	cp "$log" "$work/log"
	echo "$1; all that the fuzzer said is in $work/log" >&2
	exit 2
}

found=0 unfinished=0 known=0
mkdir -p "$work/corpus"
# Ctrl-C ends the engine, which sums up; this script goes on to tell.
interrupted=
trap 'interrupted=1' INT
take_up
run=$(mktemp -d "$work/run.XXXXXX")
log=$run/log
mkdir "$run/new" "$run/known"
exec 6>"$run/.lock"
flock 6
before=$(find "$work/corpus" -type f | wc -l)
started=$(date +%s)
while :; do
	before_it=$known
	start
	await
	[ "$(ls "$run/new")" ] && [ -n "${RESVMAP_BASE_REPLAY-}" ] || break
	finish_findings "$run"
	has_to_go_on "$before_it" || break
done
summarize $(($(date +%s) - started))
finish_findings "$run"
[ $unfinished = 0 ] && trap 'rm -rf "$run"' EXIT
end_if_found
# libFuzzer ends with 72 when it was interrupted; before it listens, by the signal itself.
case $status-$interrupted in
0-* | 72-1 | 130-1 | 143-1) ;;
*) [ $known != 0 ] || fail "the fuzzer ended with status $status and no finding" ;;
esac
[ "$ops" != 0 ] || fail 'no op was run, so nothing was tested'
echo "no finding"
