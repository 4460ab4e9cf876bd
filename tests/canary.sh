#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# canary.sh: each kind of step of tests/check.sh is made to fail once, so that a step which cannot
# fail is noticed.  It works on a copy of the sources and never builds all of them:
#
#	1. with nothing built, and a make that says all is well and does nothing: every step that runs
#	   programs or commands must fail, for it has looked at nothing
#	2. with one thing of each kind broken in the sources: those steps must fail that look at it
#
# Silent and 0 when good.  MAKE and CC are make's and the compiler.
# shellcheck disable=SC2016 # what the README says
set -eu
LC_ALL=C
export LC_ALL

: "${CC:?is not set: run this by make check}" "${MAKE:=make}"
# One planted bug is enough here, and so is one import that fails.
BUG=split-keeps-the-middle STOP_AT_FIRST=1
export BUG STOP_AT_FIRST
here=$PWD tree=$PWD/build/canary
name=$(echo "$CC" | sed 's,[^ ]*/,,g' | tr ' ' -)
wrong=0

copy() { tests/copy.sh "$tree" "$@"; }

# all_fail MAKE GROUP [WORD...]: no step of that group passes
all_fail() {
	use=$1
	shift
	(cd "$tree" && MAKE=$use tests/check.sh "$@") >"$tree/said" 2>&1 || :
	if ! tail -n 1 "$tree/said" | grep -qE '^0 passed, [1-9][0-9]* failed'; then
		echo "with MAKE=$use, steps of \`check.sh $*\` pass though they must not: $(tail -n 1 "$tree/said")"
		wrong=1
	fi
}

# fails STEP GROUP [WORD...]: that step is among the failed ones
fails() {
	step=$1
	shift
	(cd "$tree" && tests/check.sh "$@") >"$tree/said" 2>&1 || :
	if ! grep -q "FAILED $step" "$tree/said"; then
		echo "\`check.sh $*\` does not see that this is broken: $step"
		wrong=1
	fi
}

# --- a group that nobody calls -------------------------------------------------------------------------

# sets calls build and run, by the names that it is given; make test calls test.
for group in $(sed -n 's/^group_\([a-z]*\)().*/\1/p' tests/check.sh); do
	case $group in build | run | test) continue ;; esac
	if [ "$(grep -cw "group_$group" tests/check.sh)" -lt 2 ]; then
		echo "group_$group of tests/check.sh is in no lane, so make check leaves it out"
		wrong=1
	fi
done

# --- nothing built, and a make that does nothing -------------------------------------------------------

# Not here: campaign, which waits minutes for inputs; build, whose only word is make's exit status.
copy
rm -rf "$tree"/build/*
for group in "run $CC address,undefined port" "run $CC memory coalescing" \
		'fuzz region address,undefined port' cli import bugs threads mutants bench readme; do
	# shellcheck disable=SC2086 # words
	all_fail true $group
done
for group in "build $CC address,undefined port" generated 'afl region' explore bugs readme; do
	# shellcheck disable=SC2086 # words
	all_fail false $group
done
for kernel in $(fuzz/engines/setup.sh kernels | head -n 1); do
	all_fail false kernel "$kernel"
done

# --- one thing of each kind broken ---------------------------------------------------------------------

# What the sources say.
copy
echo '#include "fuzz/targets/region/model.h"' >>"$tree/src/shim/hooks.c"
echo 'int  canary;' >>"$tree/fuzz/run/stats.c"
echo 'Then run `make tidy-up`.' >>"$tree/README.md"
echo 'static int canary;' >>"$tree/src/map/resv_map.c"
fails layers source
[ -z "$(fuzz/engines/setup.sh clang-format)" ] || fails format source
fails README source
fails gcc source

# A warning, in the last file that a build comes to: the objects are those of the real build.
copy build/replay-none-port-"$name"
echo 'static int canary;' >>"$tree/fuzz/programs/dictionary.c"
fails 'build the dictionary' generated

# A stale dictionary, an example that is wrong, a trace whose expectation is wrong.
copy build/replay-none-port-"$name" build/replay-address+undefined-port-"$name"
echo '"canary"' >>"$tree/dictionaries/region.dict"
fails 'dictionary of region is fresh' generated
printf 'board unit\nchg [0,1) a -> 7\n' >"$tree/corpus/region/canary.trace"
fails 'corpus/region through region' run "$CC" address,undefined port
printf '```\nboard unit\nchg [0,1) a -> 7\n```\n' >>"$tree/README.md"
sed -i '/^    [a-z$]/d; s/`make /`/g' "$tree/README.md"
find "$tree/fuzz" "$tree/corpus" -name README.md -delete
fails 'the examples' readme

mkdir -p "$tree/build/check" && : >"$tree/build/check/files"
fails 'nothing is written outside' tidy

# A bug in the map: units, fuzzing and exploring must see it.
copy build/replay-none-port-"$name" build/replay-address+undefined-port-"$name" \
	build/libfuzzer-address+undefined-port-"$name"
patch -p1 -s -F0 -d "$tree" <tests/bugs/split-keeps-the-middle.patch
(cd "$tree" && "$MAKE" -s WERROR=1 "build/replay-address+undefined-port-$name/tests/src/map_test") \
	>"$tree/said" 2>&1 || { cat "$tree/said"; wrong=1; }
fails tests/src/map_test run "$CC" address,undefined port
mkdir -p "$tree/build/seeds-check" && cp -r build/seeds-check/region "$tree/build/seeds-check"
fails 'a short fuzz of region' fuzz region address,undefined port
# And callers of whose states none is left: the same run of that group says so.
sed -i 's/^	return out - op;/	return 0;/' "$tree/fuzz/targets/reserve/explored.c"
fails 'every state' explore
grep -q 'FAILED a bug of the callers' "$tree/said" || {
	echo "\`check.sh explore\` does not see that no op of the callers is tried"
	wrong=1
}
fails 'a short fuzz of region with AFL++' afl region

# A race, a mutant that is none, an engine whose findings are lost.
copy build/replay-thread-port-"$name" build/libfuzzer-address+undefined-port-"$name"
patch -p1 -s -F0 -d "$tree" <tests/threads/count-takes-no-lock.patch
sed -i 's/mutant_now == (n)/0/' "$tree/fuzz/mutants/mutant.h"
sed -i 's/^	found=1$/	found=0/' "$tree/fuzz/engines/bench_bugs.sh"
fails 'the map by many threads' threads
fails 'mutants are written' mutants
fails 'how soon bugs are found' bench

cd "$here" && [ $wrong = 0 ] && rm -rf "$tree"
[ $wrong = 0 ]
