#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# coverage.sh: the corpus reaches every line and every branch of src/map, except what is listed here with its
# reason; what is listed and reached is an error too.
#
# Environment: MAKE, CC.  Exit status: 0, or 1.
set -u
export LC_ALL=C
: "${CC:?is not set: run this by make}"

make="${MAKE:-make} --no-print-directory -s KERNEL= TARGET=region"
failed=0

# What need not be reached: the text of the line, which of its branches, and why.
excused='
VM_BUG_ON(	branch 0,0	the assertion does not fire unless there is a defect
list_for_each_entry	branch 0,1	shim_step(), which counts the steps of a walk, is never false
'

# judge FILE:LINE: WHAT
judge() {
	at=${1%%: *}
	file=${at%:*} line=${at##*:}
	text=$(sed -n "${line}p" "$file")
	while IFS='	' read -r words branch _; do
		[ -n "$words" ] || continue
		case $1:$text in
		*": $branch never taken:"*"$words"*) echo "$words" >>build/coverage/used; return ;;
		esac
	done <<-END
		$excused
	END
	failed=1
	echo "$1, and no seed does: $text"
	echo "    put a trace into corpus/region that does, or say in tests/coverage.sh why none can"
}

for map in port coalescing; do
	mkdir -p build/coverage
	$make MAP=$map coverage >build/coverage.log 2>&1 || { cat build/coverage.log; exit 1; }
	grep -q '^SF:src/map/' build/coverage/lcov.info || { echo "no file of src/map was looked at"; exit 1; }
	: >build/coverage/used
	while read -r missed; do
		judge "$missed"
	done <build/coverage/missed
	[ "$(sort -u build/coverage/used | wc -l)" = 2 ] || {
		failed=1
		echo "$map: of what tests/coverage.sh excuses, only this is not reached: $(sort -u build/coverage/used); strike the rest"
	}
done
exit $failed
