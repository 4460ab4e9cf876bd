#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Says on stderr what the reserve target runs of a kernel: all of its hugetlb, or only the callers of its map
# over files and faults of ours, and then why.  FOLDER is one of import.sh's.
#
#	say.sh FOLDER
set -eu
export LC_ALL=C

folder=$1
if [ ! -e "$folder/inputs" ]; then
	echo "import: the callers of this kernel's map, over files and faults of ours" >&2
elif [ -e "$folder/missing" ]; then
	echo "import: only the callers of this kernel's map, over files and faults of ours: its own hugetlb" \
		"wants what is not there, see $folder/missing:" >&2
	head -3 "$folder/missing" >&2
else
	awk '$1 == "function" { functions++; lines += $5 - $4 + 1 }
		END { print "import: all of this kernel'\''s hugetlb: " functions " functions, " lines " lines" }' \
		"$folder/cuts" >&2
fi
