#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# mutants.sh FOLDER: a score for the rules, called by `make mutants`.
#
# Writes every mutant of the text under test into a copy of it, and judges each: first by the corpus; one
# that is still alive by RUNS runs of the fuzzer, from the corpus and from seed 1; then by the compiler,
# which may make the same program of it; then by the states of a small board, where there are any.  None of
# that depends on a clock.
#
# FOLDER/result has a line for each mutant, fields with tabs between:
#
#	number file line function kind text becomes verdict by what
#
# verdict is killed, equivalent (it is proved that it does what the text does), unseen (nothing looks at
# what it does, and KNOWN says why) or alive; by is corpus, fuzz, explore, compiler or list; what is the
# rule that failed, or the reason.  Survivors are printed, then the score: killed of all that are not
# equivalent, in functions that the corpus reaches.
#
# Environment: MAKE, CC, TARGET, RUNS, ONLY (a regular expression of files and functions), SAMPLE and DRAW (only so
# many mutants, drawn by that seed) and, from the Makefile, MUTANT_SOURCES, MUTANT_OF, MUTANT_BUT (functions),
# MUTANT_FLAGS, RULES_ONLY, SEEDS, CORPUS.
#
# Exit status: 0 every mutant that is alive has its reason, 1 some have none, or a reason is not needed; 2
# it could not be looked.
# shellcheck disable=SC2086 # words
set -u
export LC_ALL=C
# It looks at the files that overlay.yaml puts others in front of, and does not notice the others.
export CCACHE_DISABLE=1

out=$1
known=fuzz/mutants/known.list
patterns=fuzz/mutants/kernel.list
tab=$(printf '\t')
: "${RUNS:=20000}" "${ONLY:=}" "${SAMPLE:=}" "${DRAW:=1}" "${MUTANT_BUT:=}"
make="${MAKE:-make} --no-print-directory -s MUTANTS=$out"

give_up() { echo "mutants: $*" >&2; exit 2; }

# make_program GOAL WORDS...: prints where it is
make_program() {
	goal=$1
	shift
	$make "$@" "$goal" >"$out/log" 2>&1 || { tail -n 30 "$out/log" >&2; return 1; }
	tail -n 1 "$out/log"
}

# number N: of the mutant that a program shall run, and nothing that costs time is told of it
mutant() {
	number=$1
	shift
	ASAN_OPTIONS=symbolize=0 UBSAN_OPTIONS=symbolize=0 RESVMAP_MUTANT=$number "$@"
}

# alive: the numbers of those that nothing has judged yet
alive() { awk -F'\t' 'NR == FNR { judged[$1]; next } !($1 in judged) { print $1 }' "$out/judged" "$out/mutants"; }

# judged N VERDICT BY WHAT
judged() { printf '%s\t%s\t%s\t%s\n' "$@" >>"$out/judged"; }

by_corpus() {
	program=$(make_program build-mutants-corpus ENGINE=replay) || return
	mutant 0 "$program" $RULES_ONLY "--target=$TARGET" "$out/mutants" $CORPUS \
		>"$out/corpus" 2>"$out/log" || { grep mutants_corpus "$out/log" >&2; return 1; }
	grep 'without a mutant' "$out/log" >"$out/left-out"
	awk -F'\t' '$2 == "killed" { print $1 "\tkilled\tcorpus\t" $3 }' "$out/corpus" >>"$out/judged"
	# What is in a function that no trace enters is not asked of the rules.
	awk -F'\t' 'NR == FNR { if ($2 != "alive" || $4) reached[$1]; next }
		$1 in reached { entered[$2 ":" $4] }
		{ line[NR] = $1 "\t" $2 ":" $4 }
		END { for (n in line) { split(line[n], f, "\t"); if (!(f[2] in entered)) print f[1] "\toutside\tcorpus\tno trace enters " f[2] } }' \
		"$out/corpus" "$out/mutants" | sort -n >>"$out/judged"
}

# code N FILE: what the compiler makes of the text with that mutant of FILE and no other
code() {
	case " $MUTANT_SOURCES " in *" $2 "*) sources=$2 ;; *) sources=$MUTANT_SOURCES ;; esac
	for source in $sources; do
		$CC $MUTANT_FLAGS -O2 -g0 -w -DMUTANT_ALONE="$1" -ivfsoverlay "$out/overlay.yaml" \
			-include fuzz/mutants/mutant.h -S -o - "$source" || echo "$1 does not compile"
	done | cksum
}

by_compiler() {
	last= same=
	for n in $(alive); do
		file=$(awk -F'\t' -v n="$n" '$1 == n { print $2 }' "$out/mutants")
		[ "$file" = "$last" ] || same=$(code 0 "$file")
		last=$file
		[ "$(code "$n" "$file")" != "$same" ] ||
			judged "$n" equivalent compiler 'the same machine code'
	done
}

# fuzz_one N: 0, or the rule that it failed by, in $rule
fuzz_one() {
	mutant "$1" "$program" -seed=1 -runs="$RUNS" -max_len=1024 -dict="dictionaries/$TARGET.dict" \
		-artifact_prefix="$out/found-" "$SEEDS" >"$out/log" 2>&1 && return
	rule=$(sed -n 's/^FAIL \([a-z-]*\):.*/\1/p' "$out/log" | head -n 1)
	return 1
}

by_fuzz() {
	program=$(make_program build-fuzzer ENGINE=libfuzzer) || return
	rule=
	fuzz_one 0 || {
		echo "mutants: the text fails by ${rule:-no rule} without a mutant; say BASE=, or leave out what shows that, by WITHOUT=" >&2
		return 1
	}
	for n in $(alive); do
		fuzz_one "$n" || judged "$n" killed fuzz "${rule:-a sanitizer}"
	done
	rm -f "$out"/found-*
}

# A board that is small enough for all of its states: a rule fails, or they are as many as without the mutant,
# reached in as many ways, though its place was reached.  A state of the callers leaves out
# what no rule asks for, so as many of those prove nothing.
by_explore() {
	[ -n "$(alive)" ] || return 0
	program=$(make_program build-explore ENGINE=replay SAN=none) || return
	board='CELLS=3 TICKETS=2'
	[ "$TARGET" != reserve ] || board='CELLS=1 POOL=1 CALLS=2 MIN=1 MAX=1'
	mutant 0 "$program" --target="$TARGET" $board >"$out/explored" 2>"$out/log" || return 0
	same=$(counts "$out/explored")
	[ "$TARGET" != reserve ] || same=
	for n in $(alive); do
		rm -f "$out/reached"
		RESVMAP_MUTANT_REACHED=$out/reached mutant "$n" "$program" --target="$TARGET" $board \
			>"$out/explored" 2>&1
		rule=$(sed -n 's/^FAIL \([a-z-]*\):.*/\1/p' "$out/explored" | head -n 1)
		if [ -n "$rule" ]; then
			judged "$n" killed explore "$rule"
		elif [ -e "$out/reached" ] && [ "$(counts "$out/explored")" = "$same" ]; then
			judged "$n" equivalent explore 'the same states and transitions on 3 cells with 2 tickets'
		fi
	done
}

# counts FILE: what explore says it has seen, but not how long it took
counts() { sed -n 's/^\([0-9]* states\).*\( [0-9]* transitions\).*/\1\2/p' "$1"; }

# by_list: a reason that is written down; its key is file, function, text and what becomes of it
by_list() {
	: >"$out/unneeded"
	for n in $(alive); do echo "$n"; done >"$out/alive"
	awk -F'\t' -v only="$ONLY" -v alive="$out/alive" -v mutants="$out/mutants" -v unneeded="$out/unneeded" \
		-v judged="$out/judged" '
		BEGIN {
			while ((getline n <alive) > 0)
				is_alive[n]
			# A reason that holds for every call is needed also where a board is proof for itself.
			while ((getline line <judged) > 0) {
				split(line, f, "\t")
				if (f[2] == "equivalent")
					is_same[f[1]]
			}
			while ((getline line <mutants) > 0) {
				split(line, f, "\t")
				key = f[2] ":" f[4] ": " f[6] " => " f[7]
				if (count[key]++)
					key = key " #" count[key]
				number[key] = f[1]
				file[f[2]]
			}
		}
		/^(equivalent|unseen) / {
			verdict = $0
			sub(/ .*/, "", verdict)
			key = substr($0, length(verdict) + 2)
			getline
			reason = $0
			gsub(/^[ \t]+/, "", reason)
			path = key
			sub(/:.*/, "", path)
			if (key in number && number[key] in is_alive)
				print number[key] "\t" verdict "\tlist\t" reason
			else if (!(key in number && number[key] in is_same) && path in file && path ~ /^src\// && only == "")
				print key >unneeded
		}' "$known" >>"$out/judged"
}

# by_pattern: the same for texts of kernels, of which a reason holds for many; see the head of that list
by_pattern() {
	awk -F'\t' -v judged="$out/judged" -v patterns="$patterns" '
		BEGIN {
			while ((getline line <judged) > 0) {
				split(line, f, "\t")
				is_judged[f[1]]
			}
			while ((getline line <patterns) > 0) {
				if (line !~ /^(equivalent|unseen|outside) /)
					continue
				verdict[++all] = line
				sub(/ .*/, "", verdict[all])
				pattern[all] = substr(line, length(verdict[all]) + 2)
				getline reason[all] <patterns
				gsub(/^[ \t]+/, "", reason[all])
			}
		}
		# words_of FILE LINE: that line without what is blank around it
		function words_of(file, number,    line, n) {
			if (!(file in read)) {
				read[file]
				for (n = 1; (getline line <file) > 0; n++) {
					gsub(/^[ \t]+|[ \t]+$/, "", line)
					words[file, n] = line
				}
				close(file)
			}
			return words[file, number]
		}
		!($1 in is_judged) && $2 !~ /^src\// {
			key = $2
			sub(/^.*\/mm\//, "mm/", key)
			sub(/^.*\/fs\//, "fs/", key)
			sub(/^.*\/include\//, "include/", key)
			key = key ":" $4 ": " $6 " => " $7
			place = key " @ " words_of($2, $3 - 1) " | " words_of($2, $3)
			for (i = 1; i <= all; i++)
				if (key ~ "^(" pattern[i] ")$" || place ~ "^(" pattern[i] ")$") {
					print $1 "\t" verdict[i] "\tlist\t" reason[i]
					next
				}
		}' "$out/mutants" >"$out/by-pattern"
	cat "$out/by-pattern" >>"$out/judged"
}

write_result() {
	awk -F'\t' 'NR == FNR { if (!($1 in said)) said[$1] = $2 "\t" $3 "\t" $4; next }
		{ print $0 "\t" ($1 in said ? said[$1] : "alive\t-\t-") }' \
		"$out/judged" "$out/mutants" >"$out/result"
}

# tell: survivors with their reasons, then the figures, for each file and for all
tell() {
	awk -F'\t' '
		$8 == "alive" { printf "%s:%s: %s(): %s: %s => %s: alive\n", $2, $3, $4, $5, $6, $7 }
		$8 == "unseen" { printf "%s:%s: %s(): %s: %s => %s: unseen, %s\n", $2, $3, $4, $5, $6, $7, $10 }
		$8 == "equivalent" { same[$2]++; same[" all"]++ }
		$8 == "killed" { killed[$2]++; killed[" all"]++; by[$9]++ }
		$8 == "outside" { outside[$2]++; outside[" all"]++ }
		{ all[$2]++; all[" all"]++ }
		END {
			for (file in all) {
				asked = all[file] - same[file] - outside[file]
				printf "%s\t%d\t%d\t%d\t%d\t%d\t%.1f\n", file, all[file], outside[file], same[file],
					killed[file], asked - killed[file], asked ? 100 * killed[file] / asked : 0 >totals
			}
			printf "killed by corpus %d, fuzz %d, explore %d\n", by["corpus"], by["fuzz"], by["explore"]
		}' totals="$out/totals" "$out/result"
	printf '%-36s %7s %9s %11s %7s %9s %6s\n' file mutants 'outside' equivalent killed survivors score
	sort "$out/totals" | sed 's/^ all/all/' |
		awk -F'\t' '{ printf "%-36s %7s %9s %11s %7s %9s %5s%%\n", $1, $2, $3, $4, $5, $6, $7 }'
}

rm -rf "$out" && mkdir -p "$out" || give_up "$out cannot be written"
fuzz/mutants/mutate --out "$out" --of "$MUTANT_OF" ${ONLY:+--only "$ONLY"} ${MUTANT_BUT:+--but "$MUTANT_BUT"} \
	${SAMPLE:+--sample "$SAMPLE" --seed "$DRAW"} $MUTANT_SOURCES -- $CC $MUTANT_FLAGS || exit 2
: >"$out/judged"
by_corpus || give_up 'the corpus cannot be run'
by_fuzz || give_up 'the fuzzer cannot be run'
by_compiler
by_explore || give_up 'explore cannot be built'
by_list
by_pattern
write_result
tell
if [ -s "$out/unneeded" ]; then
	sed "s,^,$known: not needed\, for it is killed or is no mutant: ," "$out/unneeded" >&2
	exit 1
fi
! grep -q "${tab}alive${tab}" "$out/result"
