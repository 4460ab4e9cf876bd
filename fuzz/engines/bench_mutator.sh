#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# bench_mutator.sh: what the mutator is worth, called by `make bench-mutator`.
#
# For each bug in tests/bugs: runs to the first finding from an empty corpus, the median of 9 seeds,
# as a table.  Runs, not seconds: the figures are the same on every machine.
#
#	plain		plain bytes
#	long		the same with -len_control=0, which is what libFuzzer does when it is given a
#			mutator: what is won by that is not the mutator's
#	mutator		with the mutator
#
#	BUG	a bug's name; default: all that byte mutation takes more than EASY runs for
#	EASY	runs within which a bug is too easy to tell (by the median of 3 seeds)
#	RUNS	give up beyond so many; then the table says `>RUNS`
#	WAYS	names of the ways to take, out of: plain long mutator
set -u

: "${CC:?is not set: run this by make}" "${BUG:=*}" "${EASY:=2000}" "${RUNS:=300000}"
: "${WAYS:=plain long mutator}"
work=build/bench-mutator
make="${MAKE:-make} -s"

# field NAME: what the bug's header says
field() { sed -n "/^--- /q; s/^$1: *//p" "$patch"; }

# switches WAY: what make is given for it
switches() {
	case $1 in
	plain|long) echo MUTATOR=0 ;;
	mutator) echo MUTATOR=1 ;;
	esac
}

# build WAY FOLDER: of the sources that stand there
build() {
	# shellcheck disable=SC2046,SC2086 # words
	$make -C "$2" $settings $(switches "$1") "BUILD=$objects-$1" "$objects-$1/${target}_fuzzer"
}

# plant: the bug in a copy of the sources, built in every way.  Objects are copied too, so only what
# the patch touches is compiled; it is touched last.
plant() {
	tree=$work/tree objects=build/bench-mutator-$(echo "$settings" | cksum | cut -d' ' -f1)
	rm -rf "$tree" && mkdir -p "$tree/build"
	for way in $WAYS; do
		build "$way" . && cp -a "$objects-$way" "$tree/build" || return
		ln -s "$objects-$way/${target}_fuzzer" "$tree/$way"
	done
	cp -a Makefile src fuzz "$tree" && patch -p1 -s -F0 -d "$tree" <"$patch" || return
	for way in $WAYS; do build "$way" "$tree" || return; done
}

# first_finding WAY SEED LIMIT: runs to it, or LIMIT + 1
first_finding() {
	length=
	[ "$1" != long ] || length=-len_control=0
	# shellcheck disable=SC2086 # a word or none
	if "$tree/$1" $length -seed="$2" -runs="$3" -max_len=1024 -print_final_stats=1 \
		"-dict=dictionaries/$target.dict" "-artifact_prefix=$tree/" >"$tree/log" 2>&1; then
		echo $(($3 + 1))
	else
		# MSan ends without a final count: then the last line of progress is as good as it gets.
		sed -n 's/^stat::number_of_executed_units: *//p; s/^#\([0-9]\{1,\}\).*/\1/p' \
			"$tree/log" | tail -n 1
	fi
}

# median WAY SEEDS: once more than half have found, later ones need not run beyond the worst of
# the better half: the median cannot be there.
median() {
	half=$((($2 + 1) / 2)) limit=$RUNS all=
	for seed in $(seq "$2"); do
		all="$all $(first_finding "$1" "$seed" "$limit")"
		# shellcheck disable=SC2086 # words
		worst=$(printf '%s\n' $all | sort -n | sed -n "${half}p")
		if [ -n "$worst" ] && [ "$worst" -lt "$limit" ]; then limit=$worst; fi
		# More than half have given up: so has the median.
		# shellcheck disable=SC2086 # words
		[ "$(printf '%s\n' $all | grep -cx $((RUNS + 1)))" -lt "$half" ] || break
	done
	# shellcheck disable=SC2086 # words
	printf '%s\n' $all | sort -n | sed -n "${half}p"
}

shown() { if [ "$1" -gt "$RUNS" ]; then echo ">$RUNS"; else echo "$1"; fi; }

mkdir -p "$work"
printf '| bug |'
for way in $WAYS; do printf ' %s |' "$way"; done
printf '\n|---|'
for way in $WAYS; do printf -- '---:|'; done
echo
skipped=0
for patch in tests/bugs/$BUG.patch; do
	target=$(field Target) map=$(field Map) san=$(field San)
	: "${target:=region}"
	settings="CC=$CC ENGINE=libfuzzer MAP=${map:-port} SAN=${san:-address,undefined}"
	case $target:$(field Rule) in trace:*|*:expected-result) continue ;; esac
	if ! plant >"$work/log" 2>&1; then
		echo "$patch: does not build; see $work/log" >&2
		exit 2
	fi
	if [ "$BUG" = '*' ] && [ "$(median "${WAYS%% *}" 3)" -lt "$EASY" ]; then
		skipped=$((skipped + 1))
		continue
	fi
	printf '| %s |' "$(basename "$patch" .patch)"
	for way in $WAYS; do printf ' %s |' "$(shown "$(median "$way" 9)")"; done
	echo
done
echo
echo "$skipped bugs are found in less than $EASY runs by the first way, and left out"
