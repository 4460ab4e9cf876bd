#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# coverage.sh: the corpus reaches every line and every branch of src/map, except what is listed here with its
# reason; what is listed and stands nowhere is an error too.
#
# Environment: MAKE, CC.  Exit status: 0, or 1.
set -u
export LC_ALL=C
: "${CC:?is not set: run this by make}"

make="${MAKE:-make} --no-print-directory -s KERNEL= TARGET=region"
failed=0

# What need not be reached: the text of the line, which side of a condition, and why.  Compilers count the
# conditions of a macro differently, but each as two branches, the true side first.
excused='
VM_BUG_ON(	true	the assertion does not fire unless there is a defect
list_for_each_entry	false	shim_step(), which counts the steps of a walk, is never false
'

# side FILE:LINE: branch BLOCK,NUMBER never taken
side() {
	case $1 in
	*": branch "*[02468]" never taken") echo true ;;
	*": branch "*[13579]" never taken") echo false ;;
	esac
}

# judge FILE:LINE: WHAT
judge() {
	at=${1%%: *}
	file=${at%:*} line=${at##*:}
	text=$(sed -n "${line}p" "$file")
	while IFS='	' read -r words excused_side _; do
		[ -n "$words" ] && [ "$(side "$1")" = "$excused_side" ] || continue
		case $text in
		*"$words"*) return ;;
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
	while read -r missed; do
		judge "$missed"
	done <build/coverage/missed
done
echo "$excused" | sed -n 's/	.*//p' | while read -r words; do
	grep -qF "$words" src/map/*.c || { echo "tests/coverage.sh excuses $words, which stands nowhere; strike it"; exit 1; }
done || failed=1
exit $failed
