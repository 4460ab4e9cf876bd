#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Which folder may include from which others: every #include "..." of a file in src/ or fuzz/ names a
# file of its own folder, or one that the folder's row allows.  One direction, no layer reaches back;
# no target includes from another one.  Folders in a folder have its row; @ is one name.
#
#	folder	what its files may include (a regular expression)
set -eu
LC_ALL=C
export LC_ALL

table='
src/shim		none
src/vm			src/shim/.*
src/map			src/shim/.*
src/callers		src/(shim|vm|map)/.*
src/hugetlbfs		src/(shim|vm|map|callers)/.*
fuzz/trace		none
fuzz/mutate		fuzz/trace/.*
fuzz/run		fuzz/trace/.*|src/shim/hooks
fuzz/minimize		fuzz/(trace|run)/.*
fuzz/explain		fuzz/(trace|run)/.*
fuzz/map		fuzz/(trace|mutate|run)/.*|src/(shim|map)/.*
fuzz/import		src/(shim|vm|callers)/.*|fuzz/map/map|import|types|map|reserve
fuzz/targets/@		fuzz/(trace|mutate|run|map|explain)/.*|fuzz/targets/@/.*|src/.*|import|types|facts|functions
fuzz/mutants		fuzz/(trace|run|programs)/.*|src/shim/hooks
fuzz/threads		fuzz/map/.*|src/shim/(hooks|dup)
fuzz/boot/module	none
fuzz/boot/kunit		resvmap_traces
fuzz/boot/guest		fuzz/trace/.*|fuzz/boot/(books|ops|module/seam)|fuzz/targets/reserve/ops
fuzz/boot/batch		fuzz/(trace|mutate)/.*|fuzz/boot/ops|fuzz/targets/reserve/ops
fuzz/boot/judge		fuzz/trace/.*|fuzz/boot/(books|ops)|fuzz/targets/reserve/(model|ops)
fuzz/boot		fuzz/(trace|run)/.*|fuzz/targets/reserve/(ops|world)|src/shim/hooks
fuzz/explore		fuzz/(trace|run)/.*|src/shim/hooks
fuzz/programs		fuzz/(trace|run|minimize|mutate|explain)/.*
'

# allowed FOLDER: the row of the longest folder that is FOLDER or holds it
allowed() {
	target=$(echo "$1" | sed -n 's,^fuzz/targets/\([^/]*\).*,\1,p')
	echo "$table" | sed "s,@,$target,g" | awk -v folder="$1" '
		NF == 2 && index(folder "/", $1 "/") == 1 && length($1) > length(best) {
			best = $1
			row = $2
		}
		END { print row }'
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
	[ "$lines" -le 450 ] || { echo "$file: over 450 lines"; failed=1; }
done
exit $failed
