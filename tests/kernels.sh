#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What a user does with a real kernel, on the source packages of the distribution.  Every step works
# on copies of the few files that the importer reads, under build/kernels/.
#
#	kernels.sh cve VERSION	undo the fix of CVE-2026-74518: it must be found from an empty corpus,
#				and its known traces must fail on that text
#	kernels.sh callers VERSION	what its callers of the map do with the traces of corpus/reserve
#				that show no bug: every rule holds
#	kernels.sh bisect	a git history out of two kernels' text, with one bad commit: git bisect
#				must name it
#
# Silent and 0 when good; MAKE and CC are make's and the compiler.
set -eu

make="${MAKE:-make} --no-print-directory"
trace=corpus/region/bugs-cve-2026-74518-second-round.trace

fail() { echo "$*"; exit 1; }

# unpack VERSION FOLDER: the importer has taken the files out of the archive, or does so now
unpack() {
	kernel=/usr/src/linux-source-$1.tar.xz
	$make import KERNEL=$kernel >/dev/null
	mkdir -p "$2"
	cp -r "build/import/$(fuzz/import/import.sh id $kernel)/tree/." "$2"
	rm -f "$2/.unpacked"
}

# One word is the fix: the list that was spliced is emptied.  It stands in other functions too.
undo_fix() {
	sed -i '/^static int allocate_file_region_entries/,/^}/s/list_splice_init(/list_splice(/' \
		"$1/mm/hugetlb.c"
}

# ends_with STATUS COMMAND...
ends_with() {
	wanted=$1 status=0
	shift
	"$@" || status=$?
	[ $status = "$wanted" ] || fail "exit status $status, not $wanted: $*"
}

work=$PWD/build/kernels/$1
rm -rf "$work" && mkdir -p "$work"
case $1 in
cve)
	unpack "$2" "$work/linux"
	cp "$work/linux/mm/hugetlb.c" "$work/fixed.c"
	undo_fix "$work/linux"
	! cmp -s "$work/fixed.c" "$work/linux/mm/hugetlb.c" || fail "Linux $2 has no such fix"
	ends_with 1 $make replay KERNEL="$work/linux" TRACE="$trace"
	mkdir "$work/empty"
	# Until it is found; the number of runs is many times what it takes.
	fuzzer=$($make -s ENGINE=libfuzzer KERNEL="$work/linux" build-fuzzer | tail -1)
	"$fuzzer" -seed=1 -runs=8000000 -max_len=1024 -artifact_prefix="$work/" \
		-dict=dictionaries/region.dict "$work/empty" >"$work/log" 2>&1 && fail "not found"
	grep -E '^FAIL (links-sane|memory-clean|cache-counted):' "$work/log" || fail "another rule"
	;;
callers)
	# Traces of bugs show those that a kernel has too.
	mkdir "$work/traces"
	cp corpus/reserve/hand-*.trace "$work/traces"
	$make replay TARGET=reserve KERNEL=/usr/src/linux-source-$2.tar.xz \
		TRACE="$work/traces" >"$work/log" 2>&1 || fail "$(cat "$work/log")"
	;;
bisect)
	git init -q "$work/linux"
	commit() {
		git -C "$work/linux" add -A
		git -C "$work/linux" -c user.name=t -c user.email=t commit -q -m "$1"
	}
	unpack 6.1 "$work/linux" && commit 'linux 6.1'
	good=$(git -C "$work/linux" rev-parse HEAD)
	unpack 6.12 "$work/linux" && commit 'linux 6.12'
	echo >>"$work/linux/mm/hugetlb.c" && commit 'nothing much'
	undo_fix "$work/linux" && commit 'the bad one'
	for change in 1 2 3; do
		echo >>"$work/linux/mm/hugetlb.c" && commit "later, $change"
	done
	git -C "$work/linux" bisect start HEAD "$good" >/dev/null
	git -C "$work/linux" bisect run $make -C "$PWD" replay KERNEL="$work/linux" \
		TRACE="$trace" >"$work/log" 2>&1
	grep -q 'is the first bad commit' "$work/log" || fail "$(tail -5 "$work/log")"
	bad=$(git -C "$work/linux" log -1 --format=%s refs/bisect/bad)
	[ "$bad" = 'the bad one' ] || fail "git bisect says: $bad"
	;;
esac
