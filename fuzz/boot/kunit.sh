#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# kunit.sh TREE FOLDER TRACE_PROGRAM TRACE...: the traces as a KUnit suite of the reservation map, in a copy of the tree,
# built and booted.  Prints the results that the kernel printed, and how many there were.
#
# What is added to the copy: the suite at the end of mm/hugetlb.c, and behind its #includes the hook round kmalloc().
#
# Exit status: 0; 1 a case failed, or the kernel complained; 2 wrong usage; 125 the tree does not build or boot.
set -eu
export LC_ALL=C

[ -n "${1-}" ] || { echo "boot: say which tree: make boot-kunit KERNEL=folder" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$1" 2>/dev/null && pwd) || { echo "boot: KERNEL=$1: no such folder" >&2; exit 2; }
folder=$2 program=$3
shift 3
mkdir -p "$folder"
over=$(cd "$folder" && pwd)/over

rm -rf "$over" && mkdir -p "$over/mm"
[ -f "$tree/mm/hugetlb.c" ] || { echo "boot: KERNEL=$tree: there is no mm/hugetlb.c" >&2; exit 125; }
"$program" kunit "$@" >"$over/mm/resvmap_traces.h" || exit 2
cp "$here/kunit/resvmap_kunit.c" "$here/kunit/resvmap_kunit.h" "$over/mm"
last=$(grep -n '^#include' "$tree/mm/hugetlb.c" | tail -1 | cut -d: -f1)
{
	head -n "$last" "$tree/mm/hugetlb.c"
	echo '#include "resvmap_kunit.h"'
	tail -n "+$((last + 1))" "$tree/mm/hugetlb.c"
	echo '#include "resvmap_kunit.c"'
} >"$over/mm/hugetlb.c"

image=$(BOOT_OVER=$over "$here/build_image.sh" "$tree" | tee "$folder/build.log" | tail -1) && [ -f "$image" ] || exit 125
cases=$(grep -c 'resvmap_op_[0-9]*\[\]' "$over/mm/resvmap_traces.h")
mkdir -p "$folder/root"
(cd "$folder/root" && echo . | cpio -o -H newc 2>/dev/null) | gzip -1 >"$folder/initramfs"

# boot_from CASE: the cases from number CASE on, until one fails.  There is no init: when the tests are over the kernel
# finds none, panics and ends the machine.
boot_from() {
	status=0
	BOOT_OOPS='' BOOT_PARAMETERS="kunit.enable=1 loglevel=7 hugetlb.resvmap_first=$1" "$here/machine.sh" "$image" \
		"$folder/initramfs" "$folder" || status=$?
	[ $status -lt 2 ] || exit 2
	tr -d '\r' <"$folder/console" | sed 's/^\[[^]]*\] *//' >>"$folder/log"
	# A case is a line of the subtest; behind those stand the lines of the function and of the suite.
	tr -d '\r' <"$folder/console" | sed -n 's/^\[[^]]*\] *//; /# Subtest: run_trace/,/# run_trace: pass/p' |
		grep -aE '^ *(not )?ok [0-9]|EXPECTATION FAILED|^ *[a-zA-Z0-9._-]+: [a-z-]+: |^Kernel panic .* has no end' |
		grep -v '# SKIP' >"$folder/part" || true
	cat "$folder/part" >>"$folder/results"
}

count() { grep -cE "$1" "$folder/results" || true; }

: >"$folder/results"
: >"$folder/log"
boots=0 done=0
while [ "$done" -lt "$cases" ]; do
	boot_from $done
	boots=$((boots + 1))
	before=$done
	good=$(count '^ *ok [0-9]') bad=$(count '^ *not ok [0-9]|^Kernel panic')
	done=$((good + bad))
	if [ "$done" = $before ]; then
		echo "boot: the kernel did not come to the tests: $(tail -1 "$folder/log")" >&2
		exit 125
	fi
done
grep -vE '^ *ok ' "$folder/results" || true
sed -n 's,^/\* \(No case: .*\)\. \*/$,\1,p' "$over/mm/resvmap_traces.h"
unasked=$(grep -c '{ "bad",' "$over/mm/resvmap_traces.h") || true
[ "$unasked" = 0 ] || echo "Not asked of a kernel: $unasked ops \`bad\`, whose range no caller may pass"
echo "$good good, $bad failed, $boots boots; all that the kernel said is in $folder/log"
[ "$bad" = 0 ]
