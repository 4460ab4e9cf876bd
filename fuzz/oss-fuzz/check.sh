#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# check.sh: runs build.sh in the environments that OSS-Fuzz gives it, one after the other, and
# checks what comes out as OSS-Fuzz does.  Called by `make oss-fuzz`.
#
# Each build goes to build/out/<engine>-<sanitizer>-<architecture>.  Checks are made in another
# folder, for that is where programs run.  Then a known bug is planted for every sanitizer, which
# must report it.  CC is a clang; the last line is `N passed, N failed, N skipped`.
set -u

root=$PWD passed=0 failed=0 skipped=0
log=$root/build/oss-fuzz.log
CXX=$(echo "$CC" | sed 's/clang/clang++/')
version=$(echo "$CC" | sed -n 's/.*clang\(-[0-9]*\)$/\1/p')

base='-O1 -fno-omit-frame-pointer -gline-tables-only -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION'
fatal=array-bounds,bool,builtin,enum,integer-divide-by-zero,null,object-size,return
fatal=$fatal,returns-nonnull-attribute,shift,signed-integer-overflow,unreachable,vla-bound
flags_of() {
	case $1 in
	address) echo '-fsanitize=address -fsanitize-address-use-after-scope' ;;
	undefined) echo "-fsanitize=$fatal,unsigned-integer-overflow -fno-sanitize-recover=$fatal" ;;
	memory) echo '-fsanitize=memory -fsanitize-memory-track-origins' ;;
	coverage) echo '-fprofile-instr-generate -fcoverage-mapping' ;;
	esac
}

# As their runner says it: an unsigned number may wrap.
export UBSAN_OPTIONS=silence_unsigned_overflow=1

# build SOURCES: $engine, $san and $arch into $out
build() {
	flags="$base $(flags_of "$san")"
	if [ "$arch" = i386 ]; then flags="-m32 $flags"; fi
	case $engine in
	afl) cc=afl-clang-fast cxx=afl-clang-fast++ library=$(afl_driver) ;;
	*) cc=$CC cxx=$CXX library=-fsanitize=fuzzer ;;
	esac
	case $engine-$san in
	afl-* | *-coverage) ;;
	*) flags="$flags -fsanitize=fuzzer-no-link" ;;
	esac
	rm -rf "$out" && mkdir -p "$out"
	(cd "$1" && env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u TARGET OUT="$out" SRC="$root/.." WORK="$root/build" \
		CC="$cc" CXX="$cxx" CFLAGS="$flags" CXXFLAGS="$flags" \
		LIB_FUZZING_ENGINE="$library" SANITIZER="$san" FUZZING_ENGINE="$engine" \
		ARCHITECTURE="$arch" FUZZING_LANGUAGE=c AFL_QUIET=1 bash -eux fuzz/oss-fuzz/build.sh)
}

afl_driver() { find / -xdev -name libAFLDriver.a -path '*afl*' 2>/dev/null | head -1; }

# --- what their scripts check, for one $fuzzer in a folder it was not built for ------------------

is_for_architecture() {
	case $arch in i386) word=80386 ;; *) word=x86-64 ;; esac
	file "$fuzzer" | grep -q "$word"
}

# calls NAME: into that sanitizer's library
calls() { objdump -d "$fuzzer" | grep -cE "call.*<__$1"; }

# The limits are theirs; every library of clang's has some of UBSan's calls.
has_its_sanitizer_only() {
	asan=$(calls asan) msan=$(calls msan) ubsan=$(calls ubsan) others=200
	if [ "$arch" = i386 ]; then others=280; fi
	echo "calls: asan $asan, msan $msan, ubsan $ubsan"
	case $san in
	address) [ "$asan" -ge 1000 ] && [ "$msan" -le 3 ] && [ "$ubsan" -le $others ] ;;
	memory) [ "$msan" -ge 1000 ] && [ "$asan" = 0 ] && [ "$ubsan" -le $others ] ;;
	undefined) [ "$ubsan" -ge 168 ] && [ "$asan" = 0 ] && [ "$msan" -le 3 ] ;;
	esac
}

starts() {
	"$fuzzer" -seed=1337 -runs=4 </dev/null >out 2>&1
	cat out
	grep -q 'Done 4 runs' out && ! grep -q 'no interesting inputs were found' out
}

starts_under_afl() {
	mkdir -p one && echo input >one/input
	AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_TRY_AFFINITY=1 \
		afl-fuzz -V 3 -i one -o found -- "$fuzzer" >out 2>&1
	cat out
	grep -q 'All set and ready to roll' out
}

# The whole archive is unpacked into one folder; nothing may be said of what is good.
seeds_are_good() {
	unzip -q -d seeds "${fuzzer}_seed_corpus.zip" && [ -n "$(ls seeds)" ] &&
		[ -z "$(find seeds -mindepth 1 -type d)" ] && set -- seeds/* &&
		"$fuzzer" "-dict=${fuzzer}.dict" "$@" >out 2>&1
	status=$?
	cat out
	[ $status = 0 ] && ! grep -qE 'FAIL|runtime error|SUMMARY' out
}

options_are_there() {
	grep -qx 'max_len = 1024' "$fuzzer.options" &&
		[ -e "$(sed -n 's/^dict = //p' "$fuzzer.options")" ]
}

# Seeds alone never mutate.
# What is under test, where a fuzzer's sources are no folder of src/.
sources_of() {
	case $1 in
	./trace_fuzzer) echo fuzz/trace/parse.c fuzz/trace/parse_op.c fuzz/trace/lex.c ;;
	./reserve_fuzzer) echo src/callers src/hugetlbfs src/map/resv_map.c src/map/resv_map_common.c ;;
	*) echo src/map ;;
	esac
}

is_covered() {
	# shellcheck disable=SC2046 # a list of sources
	"llvm-profdata$version" merge -o data ./*.profraw &&
		"llvm-cov$version" report -instr-profile=data "$fuzzer" \
		$(sources_of "$fuzzer" | sed "s,[^ ]*,$root/&,g") >out
	cat out
	awk '/^TOTAL/ { covered = $3 < $2 * 2 / 3 } END { exit !covered }' out
}

# --- steps --------------------------------------------------------------------------------------

step() {
	name="$engine $san $arch: $1"
	shift
	if "$@" >"$log" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED $name"
		tail -20 "$log" | sed 's/^/    /'
	fi
}

# One for each target there is, which are folders.
all_are_there() {
	for target in "$root"/fuzz/targets/*/; do
		target=$(basename "$target")
		for what in '' _seed_corpus.zip .dict .options; do
			[ -e "${target}_fuzzer$what" ] || { echo "no ${target}_fuzzer$what"; return 1; }
		done
	done
}

check_fuzzer() {
	step "$fuzzer is for its architecture" is_for_architecture
	step "$fuzzer.options" options_are_there
	[ "$san" = coverage ] || step "$fuzzer has its sanitizer only" has_its_sanitizer_only
	case $engine in
	afl) step "$fuzzer starts" starts_under_afl ;;
	*)
		[ "$san" = coverage ] || step "$fuzzer starts" starts
		step "seeds of $fuzzer" seeds_are_good
		;;
	esac
	[ "$san" != coverage ] || step "$fuzzer is covered by its seeds" is_covered
	rm -rf seeds one found out data ./*.profraw
}

# one ENGINE SANITIZER ARCHITECTURE
one() {
	engine=$1 san=$2 arch=$3
	out=$root/build/out/$engine-$san-$arch
	step build build "$root"
	moved=$root/build/out-moved
	rm -rf "$moved" && mv "$out" "$moved" && cd "$moved" || return
	step 'every target is there' all_are_there
	for fuzzer in ./*_fuzzer; do
		check_fuzzer
	done
	cd "$root" && mv "$moved" "$out"
}

# Reported by the sanitizer itself, not by a rule: its summary says so.
is_reported() {
	"$out/region_fuzzer" "$input" >"$root/build/said" 2>&1
	cat "$root/build/said"
	grep -q "SUMMARY: $1" "$root/build/said"
}

# planted SANITIZER BUG WORDS: in a copy of the sources
planted() {
	engine=libfuzzer san=$1 arch=x86_64
	bug=tests/bugs/$2.patch copy=$root/build/oss-fuzz-planted
	out=$copy/out
	rm -rf "$copy" && mkdir -p "$copy"
	cp -r Makefile src fuzz corpus dictionaries "$copy"
	step "plant $2" patch -p1 -s -F0 -d "$copy" -i "$root/$bug"
	step "build with $2" build "$copy"
	input=$copy/build/seeds/region/$(basename "$(sed -n 's/^Trace: //p' "$bug")" .trace)
	step "$2 is reported" is_reported "$3"
}

# ONLY_SAN=word is for tests: one build, and no bug is planted.
if [ -n "${ONLY_SAN-}" ]; then
	one libfuzzer "$ONLY_SAN" x86_64
	echo "$passed passed, $failed failed"
	[ "$failed" = 0 ] && [ "$passed" != 0 ]
	exit
fi
for san in address undefined memory coverage; do
	one libfuzzer $san x86_64
done
one afl address x86_64
if echo 'int main() { return 0; }' | "$CXX" -m32 -x c++ - -o build/m32 2>/dev/null; then
	one libfuzzer address i386
else
	echo "skipped: i386, for which g++-multilib is needed"
	skipped=$((skipped + 1))
fi
planted address del-walks-on-freed AddressSanitizer
planted undefined middle-overflows UndefinedBehaviorSanitizer
planted memory split-forgets-fresh-range MemorySanitizer
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
