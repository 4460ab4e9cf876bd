#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# check.sh: every test, called by `make check`.  A step that is good says nothing; one that fails
# says what it printed, and one that is skipped says why.  The last line is `N passed, N failed`,
# with `, N skipped` where something was.
#
#	check.sh			everything
#	check.sh GROUP [WORD...]	one of the group_* below, by itself: tests/canary.sh does that
#
# First comes what all others use: the programs of the main compiler.  Then two lanes run side by
# side: one builds and runs programs, the other one calls the commands that users call.
#
# Environment: MAKE, CC.
# shellcheck disable=SC2086,SC2046,SC2013 # make with its options, and lists of names without blanks
set -u
LC_ALL=C
: "${MAKE:=make}" "${CC:?is not set: run this by make check}"
export LC_ALL MAKE CC
make="$MAKE --no-print-directory"
cc_name() { echo "$1" | sed 's,[^ ]*/,,g' | tr ' ' -; }
main=$(cc_name "$CC")
processors=$(nproc)

# --- steps and their count -----------------------------------------------------------------------

results=build/check
passed=0 failed=0 skipped=0

# processor_time BEFORE AFTER: what the processors worked between these two outputs of times, in seconds
processor_time() {
	awk '{ for (i = 1; i <= 2; i++) {
			split($i, time, "m")
			sum += (time[1] * 60 + time[2]) * (FILENAME == ARGV[1] ? -1 : 1)
		} }
		END { printf "%.1f", sum }' "$1" "$2"
}

# step NAME COMMAND...: a command that ends with 42 was skipped, and its last line says `skipped: ` and
# the reason.  Both are asked for: a sanitizer's or an engine's exit status must never pass for it.
step() {
	name=$1
	shift
	if [ -t 2 ]; then printf '\r\033[K%s' "$name" >&2; fi
	start=$(date +%s)
	times >"$log.before"
	"$@" >"$log" 2>&1
	status=$?
	times >"$log.after"
	echo "$(($(date +%s) - start)) $(processor_time "$log.before" "$log.after") $name" >>$results/seconds
	reason=$(tail -n 1 "$log" | sed -n 's/^skipped: //p')
	case $status:$reason in
	0:*) passed=$((passed + 1)) ;;
	42:?*) skip "$name" "$reason" ;;
	*)
		failed=$((failed + 1))
		{ printf '\rFAILED %s\n' "$name"; tail -n 60 "$log" | sed 's/^/    /'; } >"$log.told"
		cat "$log.told"
		;;
	esac
}

# skip NAME REASON
skip() {
	skipped=$((skipped + 1))
	printf '\rskipped %s: %s\n' "$1" "$2"
}

# --- what the source says ------------------------------------------------------------------------

# Versions of clang-format do not agree with one another: setup.sh knows which agree with us.
format() {
	clang_format=$(fuzz/engines/setup.sh clang-format)
	[ -n "$clang_format" ] || { echo 'skipped: there is no clang-format 14 here'; return 42; }
	find src fuzz tests -name '*.[ch]' -exec "$clang_format" --dry-run -Werror {} +
}

readmes() { find . -name build -prune -o -name README.md -print; }

# Every make target that a README names is there, and every rule can be printed.
readme_names() {
	for target in $(readmes | xargs grep -ohE '(^ {4}|`)make [a-z][a-z-]+' | awk '{ print $NF }' | sort -u); do
		grep -qE "^([a-z -]* )?$target( [a-z -]*)?:" Makefile fuzz/build.mk fuzz/*/commands.mk || { echo "no make target $target"; return 1; }
	done
	$make rules | awk 'END { exit NR < 40 }' || { echo 'make rules prints hardly a rule'; return 1; }
	[ "$($make rules | wc -l)" = "$(grep -c '^RULE' fuzz/run/rules.def)" ] || { echo 'make rules leaves rules out'; return 1; }
}

# What may be compiled by any compiler; a kernel's text wants clang.
gcc_is_silent() {
	for source in src/shim/*.c src/vm/*.c src/map/*.c src/callers/*.c src/hugetlbfs/*.c fuzz/trace/*.c fuzz/mutate/*.c \
			fuzz/run/*.c fuzz/explain/*.c fuzz/minimize/*.c fuzz/map/[cjmop]*.c fuzz/targets/*/[cmp]*.c; do
		gcc -std=gnu11 -O2 -Wall -Wextra -Wshadow -Werror -I. -c "$source" -o /dev/null || return 1
	done
}

group_source() {
	step 'setup on systems that are not this one' tests/setup.sh
	step 'layers' tests/layers.sh
	step 'format' format
	step 'README names what is there' readme_names
	step 'gcc: no warning' gcc_is_silent
}

# --- build everything, with every compiler and sanitizer; a warning is an error ------------------------

# folder_of ENGINE CC SAN MAP
folder_of() { echo "build/$1-$(echo "$3" | tr , +)-$4-$(cc_name "$2")"; }

# built ENGINE CC SAN MAP PROGRAM...
built() {
	engine=$1 cc=$2 san=$3 map=$4
	shift 4
	dir=$(folder_of "$engine" "$cc" "$san" "$map")
	$make -s "-j$processors" WERROR=1 "CC=$cc" "SAN=$san" "MAP=$map" "ENGINE=$engine" \
		$(for program in "$@"; do echo "$dir/$program"; done)
}

# tests_of MAP: the callers of the map are the port's, so their tests are built with that map only;
# tests of ops and of mutations have no map at all, and run once for each compiler and sanitizer.
tests_of() {
	for test in tests/*/*_test.c tests/targets/*/*_test.c; do
		case $1:$test in
		coalescing:tests/targets/reserve/* | coalescing:tests/trace/* | coalescing:tests/mutate/*) ;;
		*) echo "${test%.c}" ;;
		esac
	done
}

programs="replay trace"

# A target is a folder, and so is a corpus.
targets=$(cd fuzz/targets && ls)
corpora=$(cd corpus && ls)

# runs TARGET CORPUS: its own, one that its build.mk names, and the text parser all
runs() {
	[ "$1" = "$2" ] || [ "$1" = trace ] || grep -qsx "corpus-$1 := $2" fuzz/targets/"$1"/build.mk
}

# group_build CC SAN MAP
group_build() {
	step "build ($2, $3, $1)" built replay "$1" "$2" "$3" $programs $(tests_of "$3")
}

# group_run CC SAN MAP: the programs of that build, on all that is checked in
group_run() {
	set="$2, $3, $1"
	dir=$(folder_of replay "$1" "$2" "$3")
	for test in $(tests_of "$3"); do
		step "$test ($set)" "$dir/$test"
	done
	for corpus in $corpora; do
		for target in $targets; do
			runs $target $corpus || continue
			step "corpus/$corpus through $target ($set)" "$dir/replay" --target=$target corpus/$corpus
		done
	done
}

# --- what is generated: dictionaries, and the corpora as bytes -----------------------------------------

is_fresh() { "build/replay-none-port-$main/dictionary" "$1" | diff "dictionaries/$1.dict" -; }

# assembled CORPUS
assembled() {
	rm -rf "build/seeds-check/$1"
	mkdir -p "build/seeds-check/$1"
	for text in "corpus/$1"/*.trace; do
		"build/replay-none-port-$main/trace" assemble "$text" \
			"build/seeds-check/$1/$(basename "$text" .trace)" || return 1
	done
}

group_generated() {
	step 'build the dictionary' built replay "$CC" none port dictionary trace
	for target in $targets; do
		step "dictionary of $target is fresh" is_fresh $target
	done
	for corpus in $corpora; do
		step "assemble the corpus of $corpus" assembled "$corpus"
	done
	step 'who runs inside of whom' tests/inside.sh "$(folder_of replay "$CC" none port)/trace" check
}

# --- a short fuzz --------------------------------------------------------------------------------

# short_fuzz TARGET SAN MAP: from the corpora that it runs
short_fuzz() {
	dir=$(folder_of libfuzzer "$CC" "$2" "$3")
	seeds=
	for corpus in $corpora; do
		! runs "$1" $corpus || seeds="$seeds build/seeds-check/$corpus"
	done
	built libfuzzer "$CC" "$2" "$3" "$1_fuzzer" || return
	mkdir -p build/check/found
	"$dir/$1_fuzzer" -seed=1 -runs=20000 -max_len=1024 "-dict=dictionaries/$1.dict" \
		-artifact_prefix=build/check/found/ $seeds
}

# group_fuzz TARGET SAN MAP
group_fuzz() { step "a short fuzz of $1 ($2, $3)" short_fuzz "$1" "$2" "$3"; }

# --- the commands as a user calls them -----------------------------------------------------------------

group_explore() {
	step 'build the explorer' built replay "$CC" none port explore
	step 'the explorer says what is known without it' tests/explore.sh "build/replay-none-port-$main/explore"
	step 'a bug that only a free order shows' env BUG=fill-trusts-the-order tests/bugs.sh explore
	step 'a bug of the callers' env BUG=fault-takes-what-is-promised tests/bugs.sh explore
	step 'every state of 3 cells' $make explore CELLS=3 TICKETS=2 CALLS=3 OPS=3 SAN=address,undefined
}
group_sweep() { step 'every refusal of every trace' $make sweep; }
group_cli() { step 'programs as a user meets them' tests/cli.sh "build/replay-address+undefined-port-$main"; }
group_explain() {
	step 'runs as C programs' tests/explain.sh c
	step 'planted bugs as C programs' tests/explain.sh bugs
	step 'pictures of runs' tests/explain.sh svg
	step 'the page of make report' tests/explain.sh report
	step 'seeds reach all of src/map' tests/coverage.sh
	step 'what was recorded of a kernel is a trace' tests/record.sh
}
group_import() { step 'made-up kernels are imported' tests/import.sh; }
group_patch() {
	step 'a patch out of a mail, revisions, the first bad commit' tests/patch.sh
	step 'what the base has too is known' tests/base.sh
}
group_bugs() { step 'planted bugs, replayed' tests/bugs.sh replay; }
group_afl() { step "a short fuzz of $1 with AFL++" $make fuzz-afl TARGET="$1" FUZZ_TIME=5 JOBS=2; }
group_engines() { step 'runs that do not go as planned' tests/engines.sh; }
group_campaign() { step 'a campaign, killed' tests/campaign.sh; }
group_threads() { step 'the map by many threads' tests/threads.sh; }
group_bench() { step 'how soon bugs are found' tests/bench.sh; }
# The build whose compiler says most; all of them are `make oss-fuzz`.
group_oss_fuzz() { step 'what OSS-Fuzz builds' env ONLY_SAN=undefined fuzz/oss-fuzz/check.sh; }
group_mutants() { step 'mutants are written, and judged' tests/mutants.sh; }
group_readme() {
	for readme in $(readmes); do
		step "the examples and commands of ${readme#./}" tests/readme.sh "${readme#./}"
	done
}
group_canary() { step 'every kind of step can fail' tests/canary.sh; }

# group_kernel ARCHIVE: a kernel of the distribution, judged by what its text is
group_kernel() {
	package=$(basename "$1" | sed 's/\.tar.*//')
	step "$package: corpus" tests/kernels.sh corpus "$1"
	step "$package: the callers are imported" tests/kernels.sh import "$1"
	step "$package: traces by hand of the callers" tests/kernels.sh callers "$1"
	step "$package: all of its hugetlb" tests/kernels.sh text "$1"
	step "$package: a short fuzz" tests/kernels.sh fuzz "$1"
	step "$package: CVE-2026-74518 is found" tests/kernels.sh cve "$1"
}

group_kernels() {
	kernels=$(fuzz/engines/setup.sh kernels)
	if [ -z "$kernels" ]; then
		skip 'kernels of the distribution' 'no package linux-source-* is installed, or known to apt'
		return
	fi
	for kernel in $kernels; do
		group_kernel "$kernel"
	done
	step 'git bisect over kernels' tests/kernels.sh bisect $kernels
}

# --- booted kernels, where QEMU and the distribution's images can be had ---------------------------

group_reports() {
	step 'reports of booted kernels are compared' tests/boot.sh compare
	step 'the judge of booted kernels tells each mistake by its rule' tests/boot/judge.sh
}
group_boot() {
	group_reports
	for version in 6.1 6.12; do
		step "our books are those of Debian's $version, booted" tests/boot.sh $version
	done
}

# --- what was written where ------------------------------------------------------------------------

# The files of the checkout, but for those that begin with a dot, which an editor may have open.
files_outside_build() { find . -path ./build -prune -o -name '.?*' -prune -o -type f -print | sort; }

nothing_new_outside_build() {
	files_outside_build >$results/files.after
	new=$(comm -13 $results/files $results/files.after)
	[ -z "$new" ] || { printf 'new since the check began, and not in build/:\n%s\n' "$new"; return 1; }
}
group_tidy() { step 'nothing is written outside of build/' nothing_new_outside_build; }

# --- all of them ---------------------------------------------------------------------------------

sanitizers="address,undefined memory"
maps="port coalescing"

# The clang that AFL++ was made for is there anyway: an older one than ours.
other=$(fuzz/engines/setup.sh afl-clang)
[ "$other" != "$CC" ] || other=

# sets CC GROUP...: these groups with each sanitizer and map
sets() {
	for san in $sanitizers; do
		for map in $maps; do
			for group in build run; do
				case $2 in *$group*) "group_$group" "$1" $san $map ;; esac
			done
		done
	done
}

group_test() {
	sanitizers=address,undefined
	group_source
	sets "$CC" build,run
	group_reports
}

lane_shared() {
	group_source
	group_generated
	sets "$CC" build
	step 'build the fuzzers' built libfuzzer "$CC" address,undefined port \
		$(printf '%s_fuzzer ' $targets)
	group_cli
}

lane_programs() {
	sets "$CC" run
	[ -z "$other" ] || sets "$other" build,run
	for target in $targets; do
		for san in $sanitizers; do
			group_fuzz $target $san port
		done
	done
	group_fuzz region address,undefined coalescing
	# These work on copies of the checkout or on trees of their own, and so beside the commands.
	group_canary
	group_explain
	group_import
	group_patch
}

lane_commands() {
	group_bugs
	group_threads
	group_oss_fuzz
	group_mutants
	# What AFL++ builds here is linked into the copies of the next two.
	for target in $targets; do
		group_afl $target
	done
	group_bench
	group_campaign
	group_engines
	group_kernels
	group_boot
	group_readme
	group_explore
	group_sweep
}

lane_tidy() { group_tidy; }

# lane NAME: run it, and leave its count
lane() {
	log=$results/$1.log
	"lane_$1"
	echo "$passed $failed $skipped" >"$results/$1.count"
}

mkdir -p $results
if [ $# != 0 ]; then
	log=$results/group-$1.log group=$1
	shift
	grep -q "^group_$group() {" tests/check.sh || { echo "tests/check.sh: there is no group $group" >&2; exit 2; }
	"group_$group" "$@"
else
	rm -f $results/*.count $results/seconds
	files_outside_build >$results/files
	lane shared
	passed=0 failed=0 skipped=0 processors=1
	lane programs &
	(lane commands)
	wait
	passed=0 failed=0 skipped=0
	lane tidy
	# A lane that died has no count, and is a failure.
	for lane in shared programs commands tidy; do
		[ -s "$results/$lane.count" ] || echo 0 1 0 >"$results/$lane.count"
	done
	read -r passed failed skipped <<END
$(cat $results/*.count | awk '{ p += $1; f += $2; s += $3 } END { print p, f, s }')
END
fi
echo "$passed passed, $failed failed$([ "$skipped" = 0 ] || echo ", $skipped skipped")"
[ "$failed" = 0 ] && [ $((passed + skipped)) != 0 ]
