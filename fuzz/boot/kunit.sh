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
# There is no init: when the tests are over the kernel finds none, panics and ends the machine.
status=0
mkdir -p "$folder/root"
(cd "$folder/root" && echo . | cpio -o -H newc 2>/dev/null) | gzip -1 >"$folder/initramfs"
BOOT_OOPS= BOOT_PARAMETERS='kunit.enable=1 loglevel=7' "$here/machine.sh" "$image" "$folder/initramfs" "$folder" || status=$?
[ $status -lt 2 ] || exit 2

tr -d '\r' <"$folder/console" | grep -aE '^(\[[^]]*\] )? *(ok|not ok|# ).*' | sed 's/^\[[^]]*\] *//' >"$folder/results" || true
good=$(grep -cE '^ *ok [0-9]+ [a-z0-9]' "$folder/results") || true
bad=$(grep -cE '^ *not ok [0-9]+ ' "$folder/results") || true
grep -aE 'not ok|EXPECTATION|: [a-z-]+: ' "$folder/results" || true
if [ "$((good + bad))" = 0 ]; then
	echo "boot: the kernel did not come to the tests: $(tail -1 "$folder/console")" >&2
	exit 125
fi
echo "$good good, $bad failed; all that the kernel said is in $folder/console"
[ "$bad" = 0 ]
