#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# campaign.sh TRACE_TOOL SEEDS WORK: all engines on one growing corpus, called by `make campaign`.
#
# $JOBS processes, half of them AFL++ (fuzz/engines/afl_instance.sh says which is what), half libFuzzer, for
# $FUZZ_TIME seconds (0: until interrupted).  WORK has
#
#	corpus/		everything found, named by content: the one truth
#	afl/		the instances' folders: harvested, and made anew at each start
#	new/		what libFuzzer found and nobody looked at yet
#	findings/	once for each rule and place: a minimized trace and the bytes it came from
#	log/		what everybody said
#
# Files appear whole and go last, so this may be killed at any moment: the next start takes up what
# lies about.  libFuzzer reads the corpus again and again, AFL++ does by -F.
set -eu
export LC_ALL=C

tool=$1 seeds=$2 work=$3
corpus=$work/corpus afl=$work/afl

collect() {
	for input in "$work"/new/* "$afl"/*/crashes/id:* "$afl"/*/hangs/id:*; do
		[ -e "$input" ] || continue
		fuzz/engines/finding.sh "$tool" "$input" "$work/findings" once >"$work/log/said" \
			2>>"$work/log/minimizer" || [ $? = 3 ] || continue
		# That it is found again is said once; how often, campaign-status counts.
		if ! grep -q '^found again: ' "$work/log/said" ||
				! grep -sqxF -f "$work/log/said" "$work/log/findings"; then
			cat "$work/log/said"
		fi
		cat "$work/log/said" >>"$work/log/findings"
	done
}

# What an earlier session left behind, and inputs that fail with today's build: they would end
# libFuzzer at each start.
take_up() {
	mkdir -p "$corpus" "$afl" "$work/new" "$work/findings" "$work/log"
	collect
	fuzz/engines/corpus.sh harvest "$afl" "$corpus"
	rm -rf "$afl" "$work/seeds" && mkdir "$afl"
	cp -r "$seeds" "$work/seeds"
	fuzz/engines/corpus.sh failing "$LIBFUZZER" "$work/seeds" "$corpus" | while read -r input; do
		mv "$input" "$work/new/"
	done
	collect
	if [ -z "$(ls "$work/seeds")" ]; then
		echo "every seed is a finding; there is nothing to start from" >&2
		exit 1
	fi
}

start_afl() {
	log=$work/log/afl.$1
	set -- "$1" "$work/seeds" "$afl"
	[ "$1" != 1 ] || set -- "$@" -F "$corpus"
	RESVMAP_STATS=$work/log/stats RESVMAP_KNOWN=$work/log/known AFL_SYNC_TIME=1 fuzz/engines/afl_instance.sh "$@" >>"$log" 2>&1 &
}

start_libfuzzer() {
	set -- "$1" -max_len=1024 -timeout=25 -print_final_stats=1 -artifact_prefix="$work/new/"
	[ ! -e "$DICT" ] || set -- "$@" -dict="$DICT"
	log=$work/log/libfuzzer.$1
	shift
	echo "start" >>"$log"
	RESVMAP_STATS=$work/log/stats RESVMAP_KNOWN=$work/log/known "$LIBFUZZER" "$@" "$corpus" "$work/seeds" >>"$log" 2>&1 &
}

# $workers: a word for each, engine.number.pid
start_all() {
	workers=
	number=0
	while [ $((number += 1)) -le $(((JOBS + 1) / 2)) ]; do
		start_afl $number
		workers="$workers afl.$number.$!"
	done
	number=0
	while [ $((number += 1)) -le $(((JOBS) / 2)) ] || [ $number = 1 ]; do
		start_libfuzzer $number
		workers="$workers libfuzzer.$number.$!"
	done
}

# libFuzzer ends with each finding.  Who ends again and again without one is broken.
start_ended() {
	alive=
	for worker in $workers; do
		pid=${worker##*.} who=${worker%.*}
		if ! kill -0 "$pid" 2>/dev/null; then
			[ -n "$(ls "$work/new")" ] || failures=$((failures + 1))
			if [ $failures -gt 5 ]; then
				tail -5 "$work/log/$who" >&2
				echo "$who does not stay; all it said is in $work/log/$who" >&2
				return 1
			fi
			"start_${who%.*}" "${who#*.}"
			pid=$!
		fi
		alive="$alive $who.$pid"
	done
	workers=$alive
}

end_all() {
	for worker in $workers; do
		kill -INT "${worker##*.}" 2>/dev/null || :
	done
	wait || :
	collect
	fuzz/engines/corpus.sh harvest "$afl" "$corpus"
}

ended=
trap 'ended=1' INT TERM
take_up
rm -rf "$work/log/stats" "$work/log/known"
mkdir "$work/log/known"
start_all
failures=0 status=0
begin=$(date +%s)
minute=0
while [ -z "$ended" ]; do
	sleep 1 || :
	start_ended || { status=2; break; }
	collect
	seconds=$(($(date +%s) - begin))
	if [ $((seconds / 60)) != $minute ]; then
		minute=$((seconds / 60)) failures=0
		fuzz/engines/corpus.sh harvest "$afl" "$corpus"
		fuzz/engines/campaign_status.sh "$work" | head -1
	fi
	[ "$FUZZ_TIME" = 0 ] || [ $seconds -lt "$FUZZ_TIME" ] || break
done
trap : INT TERM
end_all
fuzz/engines/campaign_status.sh "$work"
[ -z "${RESVMAP_BASE_REPLAY-}" ] ||
	fuzz/engines/known.sh "$work/log/known" "$work/known" "$RESVMAP_BASE_REPLAY" "$work/seeds" "$corpus"
[ $status != 0 ] || [ -z "$(ls "$work/findings")" ] || status=1
fuzz/engines/stats.sh "$work/log/stats" >"$work/log/counts"
read -r _ ops _ <"$work/log/counts"
if [ $status = 0 ] && [ "$ops" = 0 ]; then
	echo "no op was run, so nothing was tested" >&2
	status=2
fi
exit $status
