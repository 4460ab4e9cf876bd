#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# bench_bugs.sh: how soon each bug of tests/bugs is found, called by `make bench-bugs`.
#
# Plants a bug, and has each engine look for it, from nothing, with the seeds 1 to TRIES, until it is found or
# after RUNS runs.  explore has no seed and is asked once: its runs are transitions, and what it does not find on its
# board it never will.  Where a bug shows by a rule is not asked here: `make bugs` holds that.
#
#	BUG	a bug's name, or a pattern; default: all of them
#	TRIES	how many; default 9
#	RUNS	give up beyond so many; default 200000
#	WAYS	names of engines out of: libfuzzer afl explore; default: all
#
# Writes into build/bench-bugs/
#
#	results.tsv	"bug engine seed found runs seconds" for each, with tabs between; found is 1 or 0, seconds are the
#			processor's
#	table.md	the median of runs and of seconds, and in brackets the first and third quartile
#	survival.svg	which part of all pairs of bug and seed each engine has not found after so many runs; by gnuplot
#
# and prints the table.  Exit status: 0, or 2 where a bug cannot be planted.
set -u
export LC_ALL=C

: "${CC:?is not set: run this by make}" "${BUG:=*}" "${TRIES:=9}" "${RUNS:=200000}" "${WAYS:=libfuzzer afl explore}"
work=build/bench-bugs
make="${MAKE:-make} -s --no-print-directory KERNEL="

give_up() { echo "bench-bugs: $*" >&2; exit 2; }

# field NAME: what the bug's header says
field() { sed -n "/^--- /q; s/^$1: *//p" "$patch"; }

# program_of WAY
program_of() {
	case $1 in
	explore) echo "$objects-$1/explore" ;;
	*) echo "$objects-$1/${target}_fuzzer" ;;
	esac
}

# build WAY FOLDER: of the sources that stand there
build() {
	case $1 in explore) engine=replay ;; *) engine=$1 ;; esac
	# shellcheck disable=SC2086 # words
	$make -C "$2" CC="$CC" ENGINE=$engine $settings "BUILD=$objects-$1" "$(program_of "$1")"
}

# plant: the bug in a copy of the sources, built for every engine.  Objects are copied too, so only what the
# patch touches is compiled; it is touched last.
plant() {
	tree=$work/tree objects=build/bench-bugs-$(echo "$settings $target" | cksum | cut -d' ' -f1)
	rm -rf "$tree" && mkdir -p "$tree/build"
	for way in $WAYS; do
		build "$way" . && cp -a "$objects-$way" "$tree/build" || return
	done
	cp -a Makefile src fuzz "$tree" && patch -p1 -s -F0 -d "$tree" <"$patch" || return
	for way in $WAYS; do build "$way" "$tree" || return; done
}

# cpu: seconds of the processor that what has ended so far took
cpu() { times | awk 'NR == 2 { split($0, t, /[ms ]+/); printf "%.2f", t[1] * 60 + t[2] + t[3] * 60 + t[4] }'; }

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
	RESVMAP_WITHOUT=$without FUZZER=$tree/$(program_of afl) DICT=dictionaries/$target.dict AFL_BENCH_UNTIL_CRASH=1 \
		fuzz/engines/alone.sh "$tree" fuzz/engines/afl_instance.sh 1 "$tree/seed" "$tree/afl" \
		-s "$1" -E "$RUNS" >"$tree/log" 2>&1
	# A bug that the seed shows ends afl-fuzz before it starts.
	if [ ! -e "$tree/afl/main/fuzzer_stats" ]; then
		found=1 ran=1
		return
	fi
	ran=$(awk '$1 == "execs_done" { print $3 }' "$tree/afl/main/fuzzer_stats")
	found=0
	[ -z "$(find "$tree/afl/main/crashes" -name 'id:*' 2>/dev/null)" ] || found=1
}

by_explore() {
	found=1
	if "$tree/$(program_of explore)" "--target=$target" CELLS=4 TICKETS=2 >"$tree/log" 2>&1; then
		found=0
	fi
	ran=$(sed -n 's/.*[^0-9]\([0-9]\{1,\}\) transitions.*/\1/p' "$tree/log" | tail -n 1)
}

# look WAY SEED
look() {
	before=$(cpu)
	"by_$1" "$2"
	after=$(cpu)
	printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$name" "$1" "$2" "$found" "${ran:-0}" \
		"$(awk "BEGIN { printf \"%.2f\", $after - $before }")" >>"$work/results.tsv"
}

one_bug() {
	name=$(basename "$patch" .patch)
	target=$(field Target) map=$(field Map) san=$(field San) without=$(field Without)
	: "${target:=region}"
	settings="MAP=${map:-port} SAN=${san:-address,undefined} TARGET=$target"
	case $target:$(field Rule) in trace:* | *:expected-result) return ;; esac
	plant >"$work/log" 2>&1 || give_up "$patch: does not build; see $work/log"
	for way in $WAYS; do
		if [ "$way" = explore ]; then
			[ "$target" != region ] || look explore 0
			continue
		fi
		for seed in $(seq "$TRIES"); do look "$way" "$seed"; done
	done
	echo "$name: looked at" >&2
}

# write_table: quartiles of each bug and engine, where a seed that found nothing is behind all others
write_table() {
	sort -t"$(printf '\t')" -k1,1 -k2,2 -k4,4r -k5,5n "$work/results.tsv" | awk -F'\t' -v runs="$RUNS" -v ways="$WAYS" '
		function flush(n) {
			if (!count)
				return
			q = int((count + 3) / 4); m = int((count + 1) / 2); u = int((3 * count + 3) / 4)
			cell[bug, way] = count == 1 ? shown(1) " | " cpu[1] : \
				shown(m) " [" shown(q) ", " shown(u) "] | " middle()
			count = 0
		}
		function shown(i) { return ok[i] ? ran[i] : way == "explore" ? "never" : ">" runs }
		function middle(i, j, t) {
			for (i = 2; i <= count; i++)
				for (j = i; j > 1 && cpu[j] < cpu[j - 1]; j--) { t = cpu[j]; cpu[j] = cpu[j - 1]; cpu[j - 1] = t }
			return cpu[m]
		}
		$1 != bug || $2 != way { flush(); if ($1 != bug) order[++bugs] = $1; bug = $1; way = $2 }
		{ count++; ok[count] = $4; ran[count] = $5; cpu[count] = $6 + 0 }
		END {
			flush()
			n = split(ways, name, " ")
			printf "| bug |"
			for (i = 1; i <= n; i++) printf " %s, runs | seconds |", name[i]
			printf "\n|---|"
			for (i = 1; i <= n; i++) printf "---:|---:|"
			print ""
			for (b = 1; b <= bugs; b++) {
				printf "| `%s` |", order[b]
				for (i = 1; i <= n; i++)
					printf " %s |", (order[b], name[i]) in cell ? cell[order[b], name[i]] : "| "
				print ""
			}
		}' >"$work/table.md"
}

# survival WAY: "runs part" for each step of its curve
survival() {
	awk -F'\t' -v way="$1" '$2 == way { print ($4 ? $5 : "never") }' "$work/results.tsv" | sort -n |
		awk '{ all++; if ($1 != "never") run[++n] = $1 }
			END { print 1, 1; for (i = 1; i <= n; i++) print (run[i] > 0 ? run[i] : 1), 1 - i / all }'
}

draw() {
	plot=
	for way in $WAYS; do
		survival "$way" >"$work/survival-$way"
		plot="$plot${plot:+, }'$work/survival-$way' using 1:2 with steps linewidth 2 title '$way'"
	done
	gnuplot <<-END
		set terminal svg size 800,500 background 'white'
		set output '$work/survival.svg'
		set logscale x
		set xrange [1:*]
		set yrange [0:1]
		set xlabel 'runs (explore: transitions)'
		set ylabel 'bugs and seeds not found yet'
		set grid
		set title 'tests/bugs: $(cut -f1 "$work/results.tsv" | sort -u | wc -l) bugs, $TRIES seeds, at most $RUNS runs'
		plot $plot
	END
}

mkdir -p "$work"
: >"$work/results.tsv"
for patch in tests/bugs/$BUG.patch; do
	[ -e "$patch" ] || give_up "$patch: no such bug; see tests/bugs/"
	one_bug
done
[ -s "$work/results.tsv" ] || give_up "BUG=$BUG: no engine can look for any of these"
write_table
draw || give_up 'gnuplot cannot draw'
cat "$work/table.md"
echo
echo "each seed is in $work/results.tsv, and how many are not found yet in $work/survival.svg"
