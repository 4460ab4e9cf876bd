#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# explain.sh: a run that is explained is explained rightly.
#
#	explain.sh c		every trace of the corpus of region as a C program, compiled by cc: all are good
#	explain.sh bugs [NAME...]	planted bugs (one for each rule, or those named): the C program of the bug's trace
#			fails by the bug's rule against the sources with the bug, and is good against those without
#	explain.sh svg		pictures are whole, and have a row for each op
#	explain.sh report	the page of made-up runs, opened in a headless Chromium where there is one (else status 42)
#	explain.sh boot IMAGE TRACE...	the C programs of traces of reserve on a booted kernel; prints what they print
#
# Environment: MAKE, CC.  Exit status: 0, or 1.
set -u
export LC_ALL=C
: "${CC:?is not set: run this by make}"

make="${MAKE:-make} --no-print-directory -s KERNEL= MAP=port SAN=address,undefined ENGINE=replay TARGET=region"
work=build/test-explain
failed=0
mkdir -p $work
plain='-std=gnu11 -Wall -Wextra -Wshadow -Werror'

wrong() { failed=1; echo "explain.sh: $*"; }

# command FILE: how the program says that it is compiled, after cc: words for a compiler
command_of() { sed -n 's/^ \*	\(cc\|clang\) \(.*\)-o repro repro.c \(.*\)/\2 \3/p' "$1"; }

# compiled FILE FOLDER PROGRAM: as the program itself says, in FOLDER; with MSan that is clang's
compiled() {
	case $(command_of "$1") in
	'') echo "it does not say how it is compiled"; return 1 ;;
	*sanitize=*) compiler=$CC ;;
	*) compiler=cc ;;
	esac
	# shellcheck disable=SC2046,SC2086 # words
	(cd "$2" && $compiler $plain $(command_of "$1") -o "$3" "$1") 2>&1
}

programs() {
	tool=$($make build-trace | tail -1)
	mkdir -p $work/c
	for trace in corpus/region/*.trace; do
		name=$(basename "$trace" .trace)
		"$tool" c "$trace" >"$PWD/$work/c/$name.c" 2>$work/said
		case $?:$(cat $work/said) in
		0:*) ;;
		125:'calls that wait for one another'*) continue ;;
		*) wrong "$name: trace c: $(cat $work/said)"; continue ;;
		esac
		said=$(compiled "$PWD/$work/c/$name.c" . "$PWD/$work/c/$name") || { wrong "$name: $said"; continue; }
		said=$($work/c/"$name") || wrong "$name: $said"
	done
	[ "$(ls $work/c/*.c | wc -l)" -ge 70 ] || wrong "there are fewer than 70 traces"
}

# field NAME: what the header of the bug says
field() { sed -n "/^--- /q; s/^$1: *//p" "tests/bugs/$name.patch"; }

# The trace tool with the bug in it, in $tree.  Objects are links, see tests/copy.sh.
plant() {
	tree=$work/bugs/$name
	objects=$(dirname "$tool")
	shared=$(echo "$objects" | sed "s,build/replay-\(.*\)-$map-,build/objects-replay-\1-,")
	rm -rf "$tree" && mkdir -p "$tree/build" &&
		cp -a Makefile src fuzz "$tree" && cp -al "$objects" "$shared" "$tree/build" &&
		patch -p1 -s -F0 -d "$tree" <"tests/bugs/$name.patch" &&
		$make -C "$tree" CC="$CC" MAP="$map" SAN="$san" build-trace >"$tree/log" 2>&1
}

bug() {
	san=$(field San) map=$(field Map) trace=$(field Trace) rule=$(field Rule)
	: "${san:=address,undefined}" "${map:=port}"
	tool=$($make MAP="$map" SAN="$san" build-trace | tail -1)
	plant || { wrong "$name: cannot be planted; see $tree/log"; return; }
	program=$PWD/$tree/repro
	"$tree/$tool" c --target=region "$trace" >"$program.c" 2>"$tree/log"
	case $?:$rule in
	125:same-again | 125:spare-entries-first) grep -q "^$rule is judged by" "$tree/log" && return ;;
	0:*) ;;
	*) false ;;
	esac || { wrong "$name: trace c: status $?"; return; }
	said=$(compiled "$program.c" "$tree" "$program") || { wrong "$name: $said"; return; }
	said=$("$program" 2>&1)
	case $?:$rule:$said in
	0:*) wrong "$name: survives its C program" ;;
	*:"$rule:FAIL $rule: "* | *:memory-clean:*AddressSanitizer* | *:undefined-behaviour:*'runtime error'* | \
		*:uninitialised-read:*MemorySanitizer*) ;;
	*) wrong "$name: its C program does not say $rule: $(echo "$said" | head -3)" ;;
	esac
	said=$(compiled "$program.c" . "$program.good") || { wrong "$name: without it: $said"; return; }
	said=$("$program.good" 2>&1) || wrong "$name: its C program fails without it: $said"
	[ $failed = 1 ] || rm -rf "$tree"
}

# One bug for each rule that a map breaks.
one_of_each() {
	for patch in tests/bugs/*.patch; do
		grep -q '^Target: ' "$patch" && continue
		echo "$(sed -n 's/^Rule: //p;/^Rule/q' "$patch") $(basename "$patch" .patch)"
	done | grep -v '^expected-result \|^same-again ' | sort -u -k1,1 | cut -d' ' -f2
}

# --- system calls

# booted IMAGE TRACE...: what the C programs of the traces print on the kernel, one after the other, in
# $folder/report.  A defect leaves wrong books behind, so a trace that shows one is the last.
booted() {
	image=$(fuzz/boot/image.sh "$1") || return
	shift
	folder=$work/boot/$(basename "$image")-$(basename "$1" .trace)
	rm -rf "$folder" && mkdir -p "$folder/root"
	number=0
	for trace; do
		number=$((number + 1))
		"$tool" c "$trace" >"$folder/$number.c" &&
			cc $plain -O2 -static -s -o "$folder/root/$number" "$folder/$number.c" || return
	done
	cc -O2 -static -s -o "$folder/root/init" tests/explain_init.c || return
	(cd "$folder/root" && find . | cpio -o -H newc --quiet | gzip -1) >"$folder/initramfs"
	fuzz/boot/machine.sh "$image" "$folder/initramfs" "$folder"
}

can_boot() {
	for program in qemu-system-x86_64 cpio; do
		command -v $program >/dev/null || { echo "skipped: there is no $program"; exit 42; }
	done
}

# --- pictures and the page

# A picture is one element, whose rows are the ops; of a file that is no trace there is none.
pictures() {
	tool=$($make TARGET=reserve build-trace | tail -1)
	for trace in corpus/region/bugs-cve-2026-74518-second-round.trace corpus/reserve/kernel-child-out-of-the-minimum.trace; do
		"$tool" svg "$trace" >$work/a.svg || wrong "$trace: trace svg: status $?"
		[ "$(head -c 4 $work/a.svg)" = '<svg' ] && [ "$(tail -n 1 $work/a.svg)" = '</svg>' ] ||
			wrong "$trace: its picture is not one whole svg"
		grep -v '^#' "$trace" | sed 's/^ *in [0-9]*: //; s/ *\(->\|#\).*//; s/&/\&amp;/g' | while read -r op; do
			grep -qF "$op" $work/a.svg || echo "$trace: no row says $op"
		done >$work/said
		[ ! -s $work/said ] || wrong "$(cat $work/said)"
		if command -v rsvg-convert >/dev/null; then
			rsvg-convert $work/a.svg -o $work/a.png || wrong "$trace: its picture cannot be drawn"
		fi
	done
	! "$tool" svg README.md >$work/a.svg 2>$work/said || wrong "a picture of README.md"
}

# page: what make report makes of one run, one bug and one finding that were written by hand
page() {
	tool=$($make build-trace | tail -1)
	rm -rf $work/page && mkdir -p $work/page/fuzz/findings $work/page/tree
	export CAMPAIGN=$work/page/none KERNEL='' TARGET=region RESVMAP_REPLAY=
	status=0
	fuzz/explain/report.sh "$tool" $work/page/out $work/page/fuzz >$work/said 2>&1 || status=$?
	[ $status = 2 ] && [ ! -e $work/page/out/index.html ] && grep -q 'nothing was run yet' $work/said ||
		wrong "a page of nothing: status $status, $(cat $work/said)"
	echo '2026-01-01T00:00:00Z 60 1000 7000 50 0 40' >$work/page/fuzz/history
	printf '1 10 1\n100 30 20\n1000 50 40\n' >$work/page/fuzz/growth
	{ echo '# links-sane: <made up> & by hand'; cat corpus/region/bugs-chg-refused.trace; } \
		>$work/page/fuzz/findings/links-sane-1.trace
	cat >$work/page/tree/MAINTAINERS <<-END
		HUGETLB SUBSYSTEM
		M:	A Person <a@example.org>
		L:	list@example.org
		F:	mm/hugetlb.c

		ANOTHER
		M:	B Person <b@example.org>
		F:	drivers/

		THE REST
		M:	C Person <c@example.org>
		F:	*
		F:	*/
	END
	KERNEL=$work/page/tree COVERAGE=$work/page/coverage BUGS_FOUND=$work/page/found
	export KERNEL COVERAGE BUGS_FOUND
	printf '%s links-sane %s\n' made-up-easy '10 1' made-up-hard '1000000 90' >$BUGS_FOUND
	mkdir $work/page/coverage
	echo 'src/map/resv_map.c 7 of 9' >$work/page/coverage/table
	printf 'another kernel\nTARGET=region\n' >$work/page/coverage/of
	fuzz/explain/report.sh "$tool" $work/page/out $work/page/fuzz >$work/said 2>&1 ||
		wrong "make report: $(cat $work/said)"
	for words in 'links-sane-1' '1000' 'a@example.org' '<svg' 'as a C program' 'git bisect run' 'Would a bug' \
		'<td>made-up-easy</td><td>links-sane</td><td>10</td><td>1</td><td>over 0.9999</td>' \
		'<td>made-up-hard</td><td>links-sane</td><td>1000000</td><td>90</td><td>0.0010</td>' \
		'both lists close' 'count missing pages and open' 'of another one: make coverage'; do
		grep -qF -- "$words" $work/page/out/index.html || wrong "the page does not have: $words"
	done
	! grep -q 'give a file up' $work/page/out/index.html || wrong "the page explains words that are not in it"
	! grep -q '7 of 9' $work/page/out/index.html || wrong "the page has the coverage of another text"
	{ RESVMAP_IMPORT='' RESVMAP_TEXT='' fuzz/explain/about.sh; echo TARGET=region; } >$work/page/coverage/of
	fuzz/explain/report.sh "$tool" $work/page/out $work/page/fuzz >$work/said 2>&1
	grep -q '7 of 9' $work/page/out/index.html || wrong "the page does not have the coverage"
	! grep -q '[bc]@example.org' $work/page/out/index.html || wrong "the page names who is not to hear of it"
	grep -q 'links-sane-1' $work/page/out/report.txt || wrong "the text does not have the finding"
	! grep -q '<[a-z/]*>' $work/page/out/report.txt || wrong "the text has tags: $(grep -m1 '<[a-z/]*>' $work/page/out/report.txt)"
	for browser in chromium chromium-browser google-chrome; do
		command -v $browser >/dev/null || continue
		timeout 300 $browser --headless --no-sandbox --disable-gpu --virtual-time-budget=1000 --dump-dom \
			"file://$PWD/$work/page/out/index.html" >$work/dom 2>$work/browser.log ||
			{ wrong "$browser does not open the page: $(tail -3 $work/browser.log)"; return; }
		grep -q '<svg' $work/dom && grep -q '</h2>' $work/dom || wrong "$browser sees no picture, or no heading"
		return
	done
	[ $failed = 1 ] || { echo 'skipped: there is no Chromium to open the page of make report with'; exit 42; }
}

case ${1-} in
svg) pictures ;;
report) page ;;
boot)
	image=$2
	shift 2
	can_boot
	tool=$($make TARGET=reserve SAN=none build-trace | tail -1)
	booted "$image" "$@" || wrong "$*: cannot be tried; see $folder"
	cat "$folder/report"
	;;
c) programs ;;
bugs)
	shift
	# shellcheck disable=SC2046 # names
	[ $# != 0 ] || set -- $(one_of_each)
	[ $# != 0 ] || wrong "there is no bug"
	for name; do
		bug
	done
	;;
*) echo "usage: explain.sh c | svg | report | bugs | boot IMAGE TRACE..." >&2; exit 2 ;;
esac
exit $failed
