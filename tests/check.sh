#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# check.sh: every test, called by `make check`.  A step that is good says nothing; one that fails
# says what it printed.  The last line is `N passed, N failed`.
#
# Environment: MAKE, CC.
set -u

passed=0 failed=0 skipped=0
log=build/check.log
make="$MAKE --no-print-directory"

# step NAME COMMAND...
step() {
	name=$1
	shift
	if [ -t 2 ]; then printf '\r\033[K%s' "$name" >&2; fi
	if "$@" >"$log" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf '\rFAILED %s\n' "$name"
		tail -60 "$log" | sed 's/^/    /'
	fi
}

# --- what the source says ------------------------------------------------------------------------

format() { find src fuzz tests -name '*.[ch]' -exec clang-format --dry-run -Werror {} +; }

is_fresh() { "build/replay-none-port-$CC/dictionary" "$1" | diff "dictionaries/$1.dict" -; }

# Every rule and every make target has its place in the README.
readme_names() {
	for rule in $(sed -n 's/^RULE([A-Z_]*, "\([a-z-]*\)".*/\1/p' fuzz/run/rules.def); do
		grep -q "^| \`$rule\` " README.md || { echo "README: no rule $rule"; return 1; }
	done
	for target in $(grep -oE '(^ {4}|`)make [a-z][a-z-]+' README.md | awk '{ print $NF }' | sort -u); do
		grep -qE "^$target:" Makefile || { echo "no make target $target"; return 1; }
	done
}

gcc_is_silent() {
	for source in src/*/*.c fuzz/map/target_port.c fuzz/map/target_coalescing.c \
			fuzz/map/reserve_target_port.c; do
		gcc -std=gnu11 -O2 -Wall -Wextra -Wshadow -Werror -I. -c "$source" -o /dev/null || return 1
	done
}

step 'layers' tests/layers.sh
step 'format' format
step 'README names what is there' readme_names
step 'gcc: no warning' gcc_is_silent

# The oldest and the newest clang that are supported, as far as there are packages for them.
compilers=$CC
for cc in clang-14 clang-19; do
	if [ $cc != "$CC" ] && command -v $cc >/dev/null; then compilers="$compilers $cc"; fi
done

# --- build everything, with every compiler and sanitizer -----------------------------------------

# built CC SAN MAP PROGRAM...: builds without a warning
built() {
	cc=$1 san=$2 map=$3
	shift 3
	dir=build/${ENGINE:-replay}-$(echo "$san" | tr , +)-$map-$cc
	$make -j2 "CC=$cc" "SAN=$san" "MAP=$map" "ENGINE=${ENGINE:-replay}" \
		$(for program in "$@"; do echo "$dir/$program"; done) || return 1
	! grep -n 'warning:' "$log"
}

# The callers of the map are the port's: their programs, and tests, are built with that map only.
tests= callers=
for test in tests/*/*_test.c tests/targets/*/*_test.c; do
	name=${test%.c}
	case $name in tests/targets/reserve/*) callers="$callers $name" ;; *) tests="$tests $name" ;; esac
done
programs="region_replay diff_replay trace_replay region_trace trace"
reserve_programs="reserve_replay reserve_trace"

step 'build the dictionary' built "$CC" none port dictionary region_trace reserve_trace
for target in region diff reserve trace; do
	step "dictionary of $target is fresh" is_fresh $target
done

for cc in $compilers; do
	for san in address,undefined memory; do
		for map in port coalescing; do
			set="$san, $map, $cc"
			dir=build/replay-$(echo $san | tr , +)-$map-$cc
			all="$programs $reserve_programs" all_tests=$tests
			[ $map != port ] || all_tests="$tests $callers"
			# shellcheck disable=SC2086 # lists
			step "build ($set)" built "$cc" $san $map $all $all_tests
			for test in $all_tests; do
				step "$test ($set)" "$dir/$test"
			done
			for target in region diff trace; do
				step "corpus through $target ($set)" "$dir/${target}_replay" corpus/region
			done
			step "texts of reserve through trace ($set)" "$dir/trace_replay" corpus/reserve
			step "corpus through reserve ($set)" "$dir/reserve_replay" corpus/reserve
		done
	done
done

# --- a short fuzz, the programs as a user meets them, the planted bugs -------------------------------

# short_fuzz TARGET SAN MAP: from the corpus of its family
short_fuzz() {
	dir=build/libfuzzer-$(echo "$2" | tr , +)-$3-$CC
	case $1 in reserve) seeds=build/seeds-check/reserve ;; *) seeds=build/seeds-check/region ;; esac
	ENGINE=libfuzzer built "$CC" "$2" "$3" "$1_fuzzer" &&
		"$dir/$1_fuzzer" -seed=1 -runs=20000 -max_len=1024 "-dict=dictionaries/$1.dict" $seeds
}

# assembled FAMILY
assembled() {
	mkdir -p "build/seeds-check/$1"
	for text in "corpus/$1"/*.trace; do
		"build/replay-none-port-$CC/$1_trace" assemble "$text" \
			"build/seeds-check/$1/$(basename "$text" .trace)" || return 1
	done
}

rm -rf build/seeds-check
step 'assemble the corpus of region' assembled region
step 'assemble the corpus of reserve' assembled reserve
for target in region diff reserve trace; do
	for san in address,undefined memory; do
		step "a short fuzz of $target ($san)" short_fuzz $target $san port
	done
done
step 'a short fuzz of the coalescing map' short_fuzz region address,undefined coalescing
step 'every trace of 4 ops on 3 cells' $make explore OPS=4 CELLS=3
step 'programs as a user meets them' tests/cli.sh "build/replay-address+undefined-port-$CC"
step 'made-up kernels are imported' tests/import.sh
step 'planted bugs, replayed' $make bugs-replay
for target in region diff reserve trace; do
	step "a short fuzz of $target with AFL++" $make fuzz-afl TARGET=$target FUZZ_TIME=5 JOBS=2
done
step 'a campaign, killed' tests/campaign.sh

# --- real kernels, where the distribution has their source ---------------------------------------------

for version in 6.1 6.12; do
	kernel=/usr/src/linux-source-$version.tar.xz
	if [ ! -e $kernel ]; then
		skipped=$((skipped + 5))
		continue
	fi
	step "Linux $version: corpus" $make replay KERNEL=$kernel TRACE=corpus/region
	step "Linux $version: the callers are imported" $make import TARGET=reserve KERNEL=$kernel
	step "Linux $version: traces by hand of the callers" tests/kernels.sh callers $version
	step "Linux $version: a short fuzz" $make fuzz-libfuzzer KERNEL=$kernel FUZZ_TIME=5
	step "Linux $version: CVE-2026-74518, its fix undone" tests/kernels.sh cve $version
done
if [ $skipped = 0 ]; then
	step 'git bisect over two kernels' tests/kernels.sh bisect
else
	skipped=$((skipped + 1))
fi

# --- booted kernels, where QEMU and the distribution's images can be had -------------------------------

step 'reports of booted kernels are compared' tests/boot.sh compare
if tests/boot.sh can; then step 'our books are those of booted kernels' tests/boot.sh; else skipped=$((skipped + 1)); fi

echo "$passed passed, $failed failed$([ $skipped = 0 ] || echo ", $skipped skipped")"
[ $failed = 0 ]
