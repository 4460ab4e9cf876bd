#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# explain.sh: a run that is explained is explained rightly.
#
#	explain.sh c		every trace of the corpus of region as a C program, compiled by cc: all are good
#	explain.sh bugs [NAME...]	planted bugs (one for each rule, or those named): the C program of the bug's trace
#			fails by the bug's rule against the sources with the bug, and is good against those without
#	explain.sh boot IMAGE TRACE...	the C programs of traces of reserve on a booted kernel; prints what they print
#
# Environment: MAKE, CC.  Exit status: 0, or 1.
set -u
export LC_ALL=C
: "${CC:?is not set: run this by make}"

make="${MAKE:-make} --no-print-directory -s KERNEL= MAP=port SAN=address,undefined ENGINE=replay TARGET=region"
work=build/test-explain
failed=0
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

# The trace tool with the bug in it, in $tree.
plant() {
	tree=$work/bugs/$name
	objects=$(dirname "$tool")
	rm -rf "$tree" && mkdir -p "$tree/build" &&
		cp -a Makefile src fuzz "$tree" && cp -a "$objects" "$tree/build" &&
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
	125:same-again) grep -q '^same-again is judged by' "$tree/log" && return ;;
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

case ${1-} in
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
*) echo "usage: explain.sh c | bugs | boot IMAGE TRACE..." >&2; exit 2 ;;
esac
exit $failed
