#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# fuzz.sh IMAGE FOLDER PROGRAMS: generated traces on a booted kernel, in batches, until FUZZ_TIME seconds are
# over (0: until interrupted).  The model judges what the kernel shows, and its own log.  A trace that shows a behaviour
# for the first time (judge/seen.h) goes into FOLDER/corpus, from which the next batches begin.
#
# A trace that breaks a rule is minimized if none was that broke it at such an op and has the same kinds of
# ops.  A finding is kept once for each rule and row of ops that is left: FOLDER/found/RULE-OP-OP-....trace.
#
# Environment: FUZZ_TIME; BOOT_SEED, the first batch's seed (1), so that a run can be had again; BOOT_SEEDS, a folder
# of traces to begin with, or nothing: from the plainest trace; BOOT_BATCH, traces in a batch (1000).  The first one has an
# eighth of that, and each twice as many as the one before it, so that what is easily found is found at once.
#
# Exit status: 0 nothing was found, 1 something was, 2 it did not work, 125 the image does not boot.
set -eu
export LC_ALL=C

image=$1 folder=$2 programs=$3
here=$(dirname "$0")
found=$folder/found
time=${FUZZ_TIME-60} seed=${BOOT_SEED-1} most=${BOOT_BATCH-1000}
batch=$(((most + 7) / 8))
start=$(date +%s)

# How long it has been: on a machine that others use too, the processor's seconds say more than the clock's.
so_far() {
	times >"$folder/times"
	echo "$(($(date +%s) - start)) s ($(awk 'NR == 2 { split($1 "m" $2, t, "[ms]+")
		printf "%.0f", t[1] * 60 + t[2] + t[3] * 60 + t[4] }' "$folder/times") of the processor)"
}

# run FOLDER_OR_FILE: boots it; what compare.c says is in $folder/said
run() {
	status=0
	"$here/boot.sh" "$image" "$folder" "$programs" '' "$1" >"$folder/said" 2>"$folder/errors" || status=$?
	case $status in 0|1) ;; *) cat "$folder/errors" >&2; exit $status ;; esac
}

# The findings of $folder/said, a line each: RULE-at-OP, and the trace.  Where a number is out of its bounds RULE says on which
# side: who promises too much has another bug than who promises too little.
findings() {
	sed -nE '/^FINDING/ {
		s/ \(too (many|few)\)$/ \1/
		s/^FINDING ([a-z-]+): ([^:]+): step [0-9]+, (the |)([a-z]+).* (many|few)$/\1-\5-at-\4 \2/p
		s/^FINDING ([a-z-]+): ([^:]+): step [0-9]+, (the |)([a-z]+).*/\1-at-\4 \2/p
	}' "$folder/said"
}

# without OP...: is the finding $key still there without these ops of $kept?
without() {
	"$programs/boot_shrink" "$kept" "$folder/part.trace" "$@"
	run "$folder/part.trace"
	findings | grep -q "^$key "
}

# The kinds of ops of a trace, in their order.
ops_of() { sed -nE 's/^ *(in [0-9]+: )?([a-z]+).*/\2/p' "$1" | grep -vxE 'pool|board'; }
# ... as a set.
kinds_of() { ops_of "$1" | grep -vxE 'unmap|evict' | sort -u | tr '\n' ' '; }

# minimize: takes away what the finding does not need, half of the ops at a time, then smaller pieces, down to single ops:
# all pieces that can be spared if they can be spared together, else one of them.
minimize() {
	by=$((($(ops_of "$kept" | wc -l) + 1) / 2))
	while [ $by -gt 0 ]; do
		rm -rf "$folder/candidates" && mkdir -p "$folder/candidates"
		"$programs/boot_shrink" --by $by "$kept" "$folder/candidates"
		run "$folder/candidates"
		ops=$(ops_of "$kept" | wc -l)
		spare=$(findings | sed -nE "s|^$key .*/([0-9]+)\\.trace|\\1|p" | sort -n |
			awk -v by=$by -v ops="$ops" '{ for (i = $1; i < $1 + by && i < ops; i++) printf "%d ", i }')
		# shellcheck disable=SC2046,SC2086 # lists of numbers
		if [ -n "$spare" ] && { { [ "$(echo $spare | wc -w)" -lt "$ops" ] && without $spare; } ||
				without $(echo $spare | tr ' ' '\n' | head -n $by); }; then
			mv "$folder/part.trace" "$kept"
			ops=$(ops_of "$kept" | wc -l)
			[ $by -lt "$ops" ] || by=$((ops / 2))
		else
			by=$((by / 2))
		fi
	done
}

keep() {
	key=$1 kept=$folder/kept.trace
	! grep -qxF "$1 $(kinds_of "$2")" "$folder/seen" || return 0
	echo "$1 $(kinds_of "$2")" >>"$folder/seen"
	cp "$2" "$kept"
	so_far >"$folder/when"
	minimize
	name=${key%-at-*}$(ops_of "$kept" | sed 's/^/-/' | tr -d '\n')
	[ ! -e "$found/$name.trace" ] || return 0
	cp "$kept" "$found/$name.trace"
	echo "$name: after $(cat "$folder/when") and $traces traces; $found/$name.trace:"
	sed 's/^/    /' "$kept"
}

rm -rf "$folder/corpus"
mkdir -p "$found" "$folder/corpus"
: >"$folder/seen"
: >"$folder/behaviours"
traces=0 generates=
[ "${MODULE-0}" = 0 ] || generates=--module
[ -z "${BOOT_SEEDS-}" ] || cp "$BOOT_SEEDS"/*.trace "$folder/corpus"
while [ "$time" = 0 ] || [ $(($(date +%s) - start)) -lt "$time" ]; do
	rm -rf "$folder/new" && mkdir -p "$folder/new"
	set -- "$folder/corpus"/*.trace
	[ -e "$1" ] || set --
	# shellcheck disable=SC2086 # one word or none
	"$programs/boot_generate" $generates "$folder/new" "$batch" "$seed" "$@" || exit 2
	BOOT_SEEN=$folder/behaviours
	export BOOT_SEEN
	run "$folder/new"
	unset BOOT_SEEN
	# What was skipped has no part in what is new.
	sed -n 's/^NEW //p' "$folder/said" | while read -r trace skipped; do
		# shellcheck disable=SC2086 # numbers
		"$programs/boot_shrink" "$trace" "$folder/corpus/$seed-$(basename "$trace")" $skipped
	done
	traces=$((traces + batch))
	seed=$((seed + 1)) batch=$((2 * batch > most ? most : 2 * batch))
	findings | sort -u >"$folder/list"
	so_far >"$folder/when"
	echo "$traces traces, $(cat "$folder/when"), $(wc -l <"$folder/behaviours") behaviours, $(wc -l <"$folder/list") findings in this batch"
	# What was found least often comes first, and of that the shortest trace.
	while read -r name trace; do
		echo "$(grep -c "^$name " "$folder/seen") $(ops_of "$trace" | wc -l) $name $trace"
	done <"$folder/list" | sort -n >"$folder/new-first"
	while read -r _ _ name trace; do
		keep "$name" "$trace"
	done <"$folder/new-first"
done
count=$(find "$found" -name '*.trace' | wc -l)
so_far >"$folder/when"
echo "$traces traces in $(cat "$folder/when"), $count findings in $found"
[ "$count" = 0 ]
