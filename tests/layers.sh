#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Which folder may include from which others: every #include "..." of a file in src/ or fuzz/ names a
# file of its own folder, or one that the folder's row allows.  One direction, no layer reaches back;
# no target includes from another one.
#
#	folder (a shell pattern)	what its files may include (a regular expression)
set -eu

table='
src/shim		none
src/map			src/shim/.*
src/callers		src/(shim|map)/.*
src/hugetlbfs		src/(shim|map|callers)/.*
fuzz/trace		none
fuzz/mutate		fuzz/trace/.*
fuzz/run		fuzz/trace/.*|src/shim/hooks|fuzz/map/target|fuzz/targets/region/model
fuzz/minimize		fuzz/(trace|run)/.*
fuzz/map		fuzz/run/pool|fuzz/import/.*|src/.*|import|types
fuzz/import		src/shim/.*|import|types|map|reserve
fuzz/targets/*		fuzz/(trace|mutate|run|map)/.*|src/.*
fuzz/boot		fuzz/(trace|run|mutate)/.*|fuzz/targets/reserve/(model|world)
fuzz/programs		fuzz/(trace|run|minimize|mutate)/.*
'

# The first pattern of the table that fits decides.
allowed() {
	echo "$table" | while read -r pattern allowed; do
		# shellcheck disable=SC2254 # a pattern
		case $1 in $pattern) echo "$allowed"; break ;; esac
	done
}

failed=0
for file in $(find src fuzz -name '*.[ch]' | sort); do
	folder=$(dirname "$file")
	allowed=$(allowed "$folder")
	if [ -z "$allowed" ]; then
		echo "$file: its folder is in no layer; give it a row in tests/layers.sh"
		failed=1
		continue
	fi
	for included in $(sed -n 's/^#include "\(.*\)"$/\1/p' "$file"); do
		case $included in */*) ;; *) [ ! -e "$folder/$included" ] || continue ;; esac
		if ! echo "$included" | grep -qE "^($allowed)\.(h|def|c)$"; then
			echo "$file: may not include $included (allowed: $allowed)"
			failed=1
		fi
	done
	lines=$(wc -l <"$file")
	case $file in
	fuzz/targets/*/fuzzer.c) [ "$lines" -le 40 ] || { echo "$file: over 40 lines"; failed=1; } ;;
	*) [ "$lines" -le 450 ] || { echo "$file: over 450 lines"; failed=1; } ;;
	esac
done
exit $failed
