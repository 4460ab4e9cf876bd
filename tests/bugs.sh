#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Proves that the rules fire: plants each bug of tests/bugs/*.patch into a copy of the sources, and
# holds what is reported then against the rule that the bug's header names.
#
#	bugs.sh fuzz	from an empty corpus, for FUZZ seconds at most
#	bugs.sh afl	the same with AFL++, from one seed that is a board or pool and no op
#	bugs.sh explore	every behaviour of boards that grow, of those of src/map and of the callers; prints how long
#			the shortest trace is
#	bugs.sh replay	with the trace that the header names, which must be good without the bug
#	bugs.sh minimize	what `bugs.sh fuzz` finds is minimized, and must fail by the rule still; prints the ops of the
#			finding, those that are left, the runs it took, and seconds of the processor
#
# BUG=name takes one bug only; CC is the compiler.  A header has these lines, in front of the diff:
#
#	Rule: name		the rule that must be reported, and no other
#	Source: text		where the bug stood, or "planted"
#	Trace: file		fails by the rule
#	Also: name file		another trace, and the rule that it fails by; it is only replayed
#	Target: Map: San:	what to build, if not region, port, address,undefined
#	Without: words		what fuzzing leaves out, where the bug breaks another rule by that
#	Canary: text		this bug must NOT pass, and this must be said of it; for bugs/canary
#	Runs: n			fuzz so often, however fast the machine is: for a bug that takes many
#	Unseen: text		why explore does not find it, on none of its boards here
#
# Prints a line for each bug, when replaying only for those that fail, and a count.  Exit status: 0
# all passed, 1 some failed, 2 cannot start.
set -u
export LC_ALL=C

mode=${1-}
: "${CC:?is not set: run this by make}" "${FUZZ:=20}" "${BUG:=}"
passed=0 failed=0

pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); echo "FAILED $*"; }

# field NAME: what the header says
field() { sed -n "/^--- /q; s/^$1: *//p" "$patch"; }

read_header() {
	name=$(basename "$patch" .patch)
	rule=$(field Rule) trace=$(field Trace) canary=$(field Canary) runs=$(field Runs)
	without=$(field Without)
	target=$(field Target) map=$(field Map) san=$(field San)
	: "${target:=region}" "${map:=port}" "${san:=address,undefined}"
	tree=build/bugs/$name outcome=planted took='- -'
}

# build FOLDER ENGINE: $program, of the sources that stand there
build() {
	${MAKE:-make} -s -C "$1" KERNEL= DEBUG_VM=1 CC="$CC" ENGINE="$2" SAN="$san" MAP="$map" \
		TARGET="$target" "$program" >"$tree/log" 2>&1
}

# plant ENGINE PROGRAM: have $program built without the bug, and in $tree with it.  Objects are
# linked there, see tests/copy.sh, so only what the patch touches is compiled.
plant() {
	case $1 in afl) compiler=afl-clang-fast ;; *) compiler=$(echo "$CC" | sed 's,[^ ]*/,,g' | tr ' ' -) ;; esac
	built=$1-$(echo "$san" | tr , +)
	objects=build/$built-$map-$compiler
	case $2 in replay | explore | trace) program=$objects/$2 ;; *) program=$objects/${target}_$2 ;; esac
	# Another run may be at the same bug.
	mkdir -p build/bugs
	exec 8>"build/bugs/.$name.lock"
	flock 8
	rm -rf "$tree" && mkdir -p "$tree/build"
	if ! build . "$1"; then
		outcome='does not build even without it'
	elif ! cp -a Makefile src fuzz "$tree" || ! cp -al "build/objects-$built-$compiler" "$objects" "$tree/build"; then
		outcome='cannot be copied'
	elif ! patch -p1 -s -F0 -d "$tree" <"$patch" >"$tree/log" 2>&1; then
		outcome='does not apply'
	elif ! build "$tree" "$1"; then
		outcome='does not build'
	fi
	[ "$outcome" = planted ]
}

# judge RULE STATUS: what the log of the planted program says, and its exit status
judge() {
	seen=$(sed -n 's/^\(.*: \)*FAIL \([a-z-]*\): .*/\2/p' "$tree/log" | head -n 1)
	case $2:$seen in
	0:*) outcome=survived
		[ "$mode" != explore ] || return
		read -r _ ops _ <<-END
			$(fuzz/engines/stats.sh "$tree/stats")
		END
		[ "$mode" = replay ] || [ "$ops" != 0 ] || outcome='not tested: no op was run' ;;
	*:"$1") outcome=found ;;
	*) outcome="reported as ${seen:-no rule at all}" ;;
	esac
}

fuzz() {
	plant libfuzzer fuzzer || return
	set -- -seed=1 -max_len=1024 -timeout=10 -print_final_stats=1 -artifact_prefix="$tree/"
	[ ! -e "dictionaries/$target.dict" ] || set -- "$@" -dict="dictionaries/$target.dict"
	[ -z "$runs" ] || set -- "$@" -runs="$runs"
	[ -n "$runs" ] || set -- "$@" -max_total_time="$FUZZ"
	start=$(date +%s%N)
	RESVMAP_STATS=$tree/stats RESVMAP_WITHOUT="$without ${RESVMAP_WITHOUT-}" \
		"$tree/$program" "$@" >"$tree/log" 2>&1
	judge "$rule" $?
	took=$((($(date +%s%N) - start) / 100000000))
	# Runs: the final count, or of a program that died without one, its last line of progress.
	took="$(sed -n 's/^stat::number_of_executed_units: *//p; s/^#\([0-9]\{1,\}\).*/\1/p' \
		"$tree/log" | tail -n 1) $((took / 10)).$((took % 10))"
}

# afl-fuzz tells how often it ran, and the input; the program tells what is wrong with it.
afl() {
	plant afl fuzzer || return
	mkdir "$tree/seed"
	case $target in
	trace) echo 'board unit' >"$tree/seed/board" ;;
	reserve) printf 'p1\10\0\0\0\0\0' >"$tree/seed/board" ;;
	*) printf 'u1\0\0\0\0\0\0' >"$tree/seed/board" ;;
	esac
	set -- -s 1 -V "$FUZZ"
	[ -z "$runs" ] || set -- -s 1 -E "$runs"
	RESVMAP_STATS=$tree/stats RESVMAP_WITHOUT="$without ${RESVMAP_WITHOUT-}" \
		FUZZER=$tree/$program DICT=dictionaries/$target.dict AFL_BENCH_UNTIL_CRASH=1 \
		fuzz/engines/alone.sh "$tree" fuzz/engines/afl_instance.sh 1 "$tree/seed" "$tree/afl" "$@" \
		>"$tree/log" 2>&1
	crash=$(find "$tree/afl/main/crashes" -name 'id:*' 2>/dev/null | head -n 1)
	# A bug that the seed shows ends afl-fuzz before it starts.
	[ -e "$tree/afl/main/fuzzer_stats" ] || crash=$tree/seed/board
	took=$(awk '$1 == "execs_done" { runs = $3 } $1 == "run_time" { seconds = $3 }
		END { printf "%d %d", runs, seconds }' "$tree/afl/main/fuzzer_stats")
	if [ -z "$crash" ]; then
		judge "$rule" 0
		return
	fi
	"$tree/$program" "$crash" >"$tree/log" 2>&1
	judge "$rule" $?
}

# minimize: what the fuzzer has left in $tree, by the trace tool with the same bug.  That writes its results
# by the text that bugs of the text's own target break, so these are left out.
minimize() {
	fuzz
	[ "$outcome" = found ] || return
	raw=build/bugs/.$name.raw
	found=$(find "$tree" -maxdepth 1 -type f -name 'crash-*' -o -name 'leak-*' -o -name 'timeout-*' | head -n 1)
	[ -n "$found" ] || { outcome='found, but nothing was kept'; return; }
	mv "$found" "$raw"
	outcome=planted
	plant replay trace || return
	# Times of what has ended in this shell of its own.
	(
		RESVMAP_WITHOUT=$without "$tree/$program" minimize --target="$target" "$raw" "$tree/small.trace" \
			>"$tree/said" 2>&1 || exit
		times >"$tree/times"
	)
	rm -f "$raw"
	took=$(sed -n 's/^minimized to \([0-9]*\) of \([0-9]*\) ops after \([0-9]*\) runs$/\2 \1 \3/p' "$tree/said")
	[ -n "$took" ] || { outcome="cannot be minimized: $(cat "$tree/said")"; return; }
	took="$took $(awk 'NR == 2 { split($0, t, /[ms ]+/); printf "%.2f", t[1] * 60 + t[2] + t[3] * 60 + t[4] }' "$tree/times")"
	"$tree/$program" run --target="$target" "$tree/small.trace" >"$tree/log" 2>&1
	judge "$rule" $?
}

# replay_one RULE TRACE
replay_one() {
	timeout 60 "$tree/$program" --target="$target" "$2" >"$tree/log" 2>&1
	judge "$1" $?
	[ "$outcome" = found ] || return
	timeout 60 "$program" --target="$target" "$2" >"$tree/log" 2>&1 || outcome="not to blame: $2 fails without it"
}

replay() {
	plant replay replay || return
	replay_one "$rule" "$trace"
	field Also >"$tree/also"
	while [ "$outcome" = found ] && read -r also_rule also_trace; do
		replay_one "$also_rule" "$also_trace"
	done <"$tree/also"
}

# Boards that grow, each for what those before it do not show.
boards='CELLS=3 TICKETS=2
CELLS=3 TICKETS=2 BOARD=wide
CELLS=3 TICKETS=2 BOARD=high
CELLS=3 TICKETS=2 OPS=4
CELLS=4 TICKETS=2
CELLS=3 TICKETS=3 CALLS=3 OPS=3
CELLS=7 TICKETS=1 CALLS=1 OWNERS=0'
reserve_boards='MIN=1 MAX=2
CALLS=2 CELLS=1 MIN=1 MAX=2
TICKETS=1 CELLS=3 POOL=3
CALLS=2 TICKETS=1 MIN=1 MAX=2
TICKETS=1 CELLS=4 POOL=4
MIN=1 SURPLUS=1'

# explored: does a board show it?  The shortest trace may break another rule than a random one does first.
explored() {
	case $target in reserve) of_target=$reserve_boards ;; *) of_target=$boards ;; esac
	while read -r board; do
		# shellcheck disable=SC2086 # words
		timeout 600 "$tree/$program" "--target=$target" $board >"$tree/log" 2>&1
		judge "$rule" $?
		[ "$outcome" != survived ] || continue
		ops=$(sed -n 's/^no trace .* less than these \([0-9]*\) ops fails$/\1/p' "$tree/log")
		grep -q 'does not show it' "$tree/log" && [ "$rule" != same-again ] && return
		[ -z "$ops" ] || { outcome=found took="$seen $ops $board"; return; }
	done <<-END
		$of_target
	END
}

explore() {
	unseen=$(field Unseen)
	# The books say of a bug of the callers what there is to say, and much sooner than a sanitizer.
	case $target in reserve) san=$(field San) san=${san:-none} ;; *) target=region ;; esac
	plant replay explore || return
	explored
	case $outcome:$unseen in
	survived:?*) outcome=found took="- - $unseen" ;;
	found:?*) outcome='found, and Unseen: says that it is not' ;;
	esac
}

print_explored() { printf '%-28s %-30s %3s  ' "$name" "$1" "$2"; shift 2; echo "$*"; }

one_bug() {
	read_header
	case $mode:$patch in
	explore:*/canary/* | minimize:*/canary/*) return ;;
	minimize:*) [ "$target" != trace ] || return ;;
	explore:*) grep -q '^--- a/src/' "$patch" || return ;;
	esac
	# A wrong expectation is written by hand: no engine finds one.
	case $mode:$rule in
	fuzz:expected-result | afl:expected-result) replay ;;
	explore:expected-result | minimize:expected-result) return ;;
	*) "$mode" ;;
	esac
	if [ "$outcome" != "${canary:-found}" ]; then
		fail "$name ($rule): $outcome${canary:+, should be: $canary}; see $tree/log"
		return
	fi
	pass
	# For make report: how hard each bug is to find.
	case $mode:$outcome:$took in
	fuzz:found:[0-9]*) echo "$name $rule $took" >>build/bugs/found ;;
	esac
	# shellcheck disable=SC2086 # words
	case $mode in
	replay) ;;
	explore) print_explored $took ;;
	minimize) printf '%-30s %-32s %4s ops  %3s left %6s runs %6s s\n' "$name" "$rule" $took ;;
	*) printf '%-30s %-32s %8s runs %5s s\n' "$name" "${canary:-$rule}" $took ;;
	esac
	rm -rf "$tree"
	exec 8>&-
}

case $FUZZ in
*[!0-9]*|0) echo "FUZZ=$FUZZ is unknown; give seconds, at least 1" >&2; exit 2 ;;
esac
bugs="tests/bugs/*.patch tests/bugs/canary/*.patch" rules=
case $mode:$BUG in
explore: | minimize:) ;;
fuzz:|replay:|afl:) rules=$(sed -n 's/^RULE([^"]*"\([a-z-]*\)".*/\1/p' fuzz/run/rules.def) ;;
fuzz:*|replay:*|afl:*|explore:*|minimize:*) bugs=tests/bugs/$BUG.patch ;;
*) echo "usage: bugs.sh fuzz | bugs.sh afl | bugs.sh explore | bugs.sh replay | bugs.sh minimize" >&2; exit 2 ;;
esac
[ "$mode:$BUG" != fuzz: ] || rm -f build/bugs/found
for patch in $bugs; do
	[ -e "$patch" ] || { echo "$patch: no such bug; see tests/bugs/" >&2; exit 2; }
	one_bug
done
# Each rule has a bug that proves it; those of owners, which no map here has, in a made-up kernel.
for rule in $rules; do
	if grep -qx "Rule: $rule" tests/bugs/*.patch || grep -q "'FAIL $rule'" tests/import.sh; then
		pass
	else
		fail "$rule: no bug in tests/bugs has this rule"
	fi
done
echo "$passed passed, $failed failed"
[ "$passed$failed" != 00 ] || { echo "bugs.sh $mode: no bug was looked at; BUG=$BUG is not for it" >&2; exit 2; }
[ "$failed" = 0 ]
