#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# bench_bugs.sh: how soon each bug of tests/bugs is found, called by `make bench-bugs`.
#
# Plants a bug, and has each engine look for it, from nothing, with the seeds 1 to TRIES, until it is found or
# after RUNS runs.  Both fuzzers have the mutator of traces, as in `make fuzz-libfuzzer` and `make fuzz-afl`.
# explore has no seed and is asked once: its runs are transitions, and what it does not find on its
# board it never will.  By which rule a bug shows is not asked here: `make bugs` holds that.
#
#	BUG	a bug's name, or a pattern; default: all of them
#	TRIES	how many; default 9
#	RUNS	give up beyond so many; default 200000
#	WAYS	names of engines out of: libfuzzer afl explore; default: all
#	KEEP	1: results that are there stay, and only what is lacking is asked; so a run goes on that was ended
#
# Writes into BENCH, by default build/bench-bugs/
#
#	results.tsv	"bug engine seed found runs seconds" for each, with tabs between; found is 1 or 0, seconds are the
#			processor's
#	table.md	the median of runs and of seconds, and in brackets the first and third quartile
#	survival.svg	which part of all pairs of bug and seed each engine has not found after so many runs; by
#			gnuplot, as survival.png
#
# and prints the table.  Exit status: 0; 2 where a bug cannot be planted, an engine did not run, or what is kept is
# of another number of RUNS.
# shellcheck disable=SC2086,SC2046 # make with its options
set -u
export LC_ALL=C

: "${CC:?is not set: run this by make}" "${TRIES:=9}" "${RUNS:=200000}" "${WAYS:=libfuzzer afl explore}"
bugs=${BUG:-*}
# What make is given by its environment is for this run; those that build are told by their command line.
unset BUG
work=${BENCH:-build/bench-bugs}
tab=$(printf '\t')
make="${MAKE:-make} -s --no-print-directory KERNEL="

give_up() { echo "bench-bugs: $*" >&2; exit 2; }

# field NAME: what the bug's header says
field() { sed -n "/^--- /q; s/^$1: *//p" "$patch"; }

# What is built is where make has it by itself, so other commands' objects serve.
name_of() { echo "$1" | sed 's,[^ ]*/,,g' | tr ' ' -; }

# build_of WAY: its folder under build/, but for the engine in front
build_of() {
	case $1 in afl) compiler=afl-clang-fast ;; *) compiler=$(name_of "$CC") ;; esac
	echo "$(echo "$san" | tr , +)-$map-$compiler"
}

engine_of() { case $1 in explore) echo replay ;; *) echo "$1" ;; esac; }

# program_of WAY
program_of() {
	case $1 in
	explore) echo "build/replay-$(build_of explore)/explore" ;;
	*) echo "build/$1-$(build_of "$1")/${target}_fuzzer" ;;
	esac
}

# build WAY FOLDER: of the sources that stand there
build() {
	$make -C "$2" CC="$CC" ENGINE="$(engine_of "$1")" SAN="$san" MAP="$map" TARGET="$target" "$(program_of "$1")"
}

# build_mutator: for afl-fuzz, which loads it; no bug touches it
build_mutator() {
	mutator=build/mutator-none-$map-$(name_of "$CC")/${target}_mutator.so
	$make CC="$CC" ENGINE=mutator SAN=none MAP="$map" TARGET="$target" "$mutator"
}

# plant: the bug in a copy of the sources, built for every engine.  Objects are linked there, see tests/copy.sh,
# so only what the patch touches is compiled; it is touched last.
plant() {
	tree=$work/tree
	rm -rf "$tree" && mkdir -p "$tree/build"
	for way in $WAYS; do
		build "$way" . || return
		folder=$(dirname "$(program_of "$way")")
		objects=build/objects-$(engine_of "$way")-$(build_of "$way" | sed "s,-$map-,-,")
		cp -al "$folder" "$objects" "$tree/build" || return
	done
	case $WAYS in *afl*) build_mutator || return ;; esac
	cp -a Makefile src fuzz "$tree" && patch -p1 -s -F0 -d "$tree" <"$patch" || return
	for way in $WAYS; do build "$way" "$tree" || return; done
}

# worked FILE: seconds of the processor that what had ended took when this shell wrote its times there
worked() { awk 'NR == 2 { split($0, t, /[ms ]+/); printf "%.2f", t[1] * 60 + t[2] + t[3] * 60 + t[4] }' "$1"; }

# by_libfuzzer SEED, by_afl SEED, by_explore: sets $found and $ran
by_libfuzzer() {
	found=1
	if RESVMAP_WITHOUT=$without "$tree/$(program_of libfuzzer)" -seed="$1" -runs="$RUNS" -max_len=1024 \
		-print_final_stats=1 "-dict=dictionaries/$target.dict" "-artifact_prefix=$tree/" \
		>"$tree/log" 2>&1; then
		found=0
	fi
	ran=$(sed -n 's/^stat::number_of_executed_units: *//p; s/^#\([0-9]\{1,\}\).*/\1/p' "$tree/log" |
		tail -n 1)
}

# As `make bugs-afl`: one seed that is a board and no op.
by_afl() {
	rm -rf "$tree/afl" "$tree/seed" && mkdir "$tree/seed"
	case $target in
	reserve) printf 'p1\10\0\0\0\0\0' >"$tree/seed/board" ;;
	*) printf 'u1\0\0\0\0\0\0' >"$tree/seed/board" ;;
	esac
	RESVMAP_WITHOUT=$without AFL_CUSTOM_MUTATOR_LIBRARY=$mutator FUZZER=$tree/$(program_of afl) \
		DICT=dictionaries/$target.dict AFL_BENCH_UNTIL_CRASH=1 \
		fuzz/engines/alone.sh "$tree" fuzz/engines/afl_instance.sh 1 "$tree/seed" "$tree/afl" \
		-s "$1" -E "$RUNS" >"$tree/log" 2>&1
	# A bug that the seed shows ends afl-fuzz before it starts.
	if [ ! -e "$tree/afl/main/fuzzer_stats" ]; then
		ran=1
		! RESVMAP_WITHOUT=$without "$tree/$(program_of afl)" "$tree/seed/board" >"$tree/log.seed" 2>&1 || ran=
		found=1
		return
	fi
	ran=$(awk '$1 == "execs_done" { print $3 }' "$tree/afl/main/fuzzer_stats")
	found=0
	[ -z "$(find "$tree/afl/main/crashes" -name 'id:*' 2>/dev/null)" ] || found=1
}

by_explore() {
	found=1
	case $target in
	region) set -- CELLS=4 TICKETS=2 ;;
	*) set -- MIN=1 MAX=2 ;;
	esac
	if "$tree/$(program_of explore)" "--target=$target" "$@" >"$tree/log" 2>&1; then
		found=0
	fi
	ran=$(sed -n 's/.*[^0-9]\([0-9]\{1,\}\) transitions.*/\1/p' "$tree/log" | tail -n 1)
}

# look WAY SEED
look() {
	! grep -q "^$name$tab$1$tab$2$tab" "$work/results.tsv" || return 0
	times >"$work/before"
	"by_$1" "$2"
	times >"$work/after"
	[ -n "$ran" ] || give_up "$patch: $1 did not run; see $tree/log"
	printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$name" "$1" "$2" "$found" "$ran" \
		"$(echo "$(worked "$work/before") $(worked "$work/after")" | awk '{ printf "%.2f", $2 - $1 }')" \
		>>"$work/results.tsv"
}

# seeds WAY: those to try
seeds() { case $1:$target in explore:region | explore:reserve) echo 0 ;; explore:*) ;; *) seq "$TRIES" ;; esac; }

# is_known: nothing is left to ask
is_known() {
	for way in $WAYS; do
		for seed in $(seeds "$way"); do
			grep -q "^$name$tab$way$tab$seed$tab" "$work/results.tsv" || return
		done
	done
}

one_bug() {
	name=$(basename "$patch" .patch)
	target=$(field Target) map=$(field Map) san=$(field San) without=$(field Without)
	: "${target:=region}" "${map:=port}" "${san:=address,undefined}"
	case $target:$(field Rule) in trace:* | *:expected-result) return ;; esac
	! is_known || return 0
	plant >"$work/log" 2>&1 || give_up "$patch: does not build; see $work/log"
	for way in $WAYS; do
		for seed in $(seeds "$way"); do look "$way" "$seed"; done
	done
	echo "$name: looked at" >&2
}

# ways_seen: the engines that there are results of, in one order
ways_seen() { for way in libfuzzer afl explore; do ! grep -q "$tab$way$tab" "$work/results.tsv" || echo "$way"; done; }

# write_table: quartiles of each bug and engine, where a seed that found nothing is behind all others
write_table() {
	sort -t"$tab" -k1,1 -k2,2 -k4,4r -k5,5n "$work/results.tsv" | awk -F'\t' -v runs="$RUNS" \
		-v ways="$(ways_seen | tr '\n' ' ')" '
		function flush(i, j, t) {
			if (!count)
				return
			for (i = 2; i <= count; i++)
				for (j = i; j > 1 && cpu[j] < cpu[j - 1]; j--) { t = cpu[j]; cpu[j] = cpu[j - 1]; cpu[j - 1] = t }
			q = int((count + 3) / 4); m = int((count + 1) / 2); u = int((3 * count + 3) / 4)
			cell[bug, way] = count == 1 ? shown(1) " | " cpu[1] : \
				shown(m) " [" shown(q) ", " shown(u) "] | " cpu[m] " [" cpu[q] ", " cpu[u] "]"
			count = 0
		}
		function shown(i) { return ok[i] ? ran[i] : way == "explore" ? "never" : ">" runs }
		$1 != bug || $2 != way { flush(); if ($1 != bug) order[++bugs] = $1; bug = $1; way = $2 }
		{ count++; ok[count] = $4; ran[count] = $5; cpu[count] = $6 + 0 }
		END {
			flush()
			n = split(ways, name, " ")
			printf "| bug |"
			for (i = 1; i <= n; i++) printf " %s, %s | seconds |", name[i], name[i] == "explore" ? "transitions" : "runs"
			printf "\n|---|"
			for (i = 1; i <= n; i++) printf "---:|---:|"
			print ""
			for (b = 1; b <= bugs; b++) {
				printf "| `%s` |", order[b]
				for (i = 1; i <= n; i++)
					printf " %s |", (order[b], name[i]) in cell ? cell[order[b], name[i]] : "|"
				print ""
			}
		}' >"$work/table.md"
}

# survival WAY: "runs part" for each step of its curve, which ends where the engine gave up
survival() {
	awk -F'\t' -v way="$1" '$2 == way { print ($4 ? $5 : "never") }' "$work/results.tsv" | sort -n |
		awk -v runs="$RUNS" -v way="$1" '{ all++; if ($1 != "never") run[++n] = $1 }
			END {
				print 1, 1
				for (i = 1; i <= n; i++) print (run[i] > 0 ? run[i] : 1), 1 - i / all
				if (n < all && way != "explore") print runs, 1 - n / all
			}'
}

# draw TERMINAL FILE
draw() {
	plot=
	for way in $(ways_seen); do
		survival "$way" >"$work/survival-$way"
		bugs=$(grep "$tab$way$tab" "$work/results.tsv" | cut -f1 | sort -u | wc -l)
		plot="$plot${plot:+, }'$work/survival-$way' using 1:2 with steps linewidth 2 title '$way, $bugs bugs'"
	done
	gnuplot <<-END
		set terminal $1
		set output '$work/$2'
		set logscale x
		set xrange [1:*]
		set yrange [0:1]
		set xlabel 'runs (explore: transitions)'
		set ylabel 'bugs and seeds not found yet'
		set grid
		set title 'tests/bugs: $(cut -f1 "$work/results.tsv" | sort -u | wc -l) bugs, at most $RUNS runs'
		plot $plot
	END
}

# begin: no results, or those that are there
begin() {
	mkdir -p "$work"
	if [ "${KEEP:-}" = 1 ] && [ -s "$work/results.tsv" ]; then
		[ "$(cat "$work/runs")" = "$RUNS" ] || give_up "$work: is of RUNS=$(cat "$work/runs"); say the same"
		return
	fi
	: >"$work/results.tsv"
	echo "$RUNS" >"$work/runs"
}

begin
for patch in tests/bugs/$bugs.patch; do
	[ -e "$patch" ] || give_up "$patch: no such bug; see tests/bugs/"
	one_bug
done
[ -s "$work/results.tsv" ] || give_up "BUG=$bugs: no engine can look for any of these"
write_table
draw "svg size 800,500 background 'white'" survival.svg && draw 'png size 800,500' survival.png ||
	give_up 'gnuplot cannot draw'
cat "$work/table.md"
echo
echo "each seed is in $work/results.tsv, and how many are not found yet in $work/survival.svg"
