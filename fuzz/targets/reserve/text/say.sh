#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Says on stderr what the reserve target runs of a kernel: all of its hugetlb, or only the callers of its map
# over files and faults of ours, and then why.  FOLDER is one of import.sh's.
#
#	say.sh FOLDER		in a sentence, before every run
#	say.sh FOLDER import	and the figures
set -eu
export LC_ALL=C

folder=$1
manifest=$folder/manifest
if [ ! -e "$manifest" ]; then
	echo "import: the callers of this kernel's map, over files and faults of ours" >&2
elif grep -q '^world callers' "$manifest"; then
	echo "import: only the callers of this kernel's map, over files and faults of ours: its own hugetlb" \
		"wants what is not there, see $folder/missing:" >&2
	head -3 "$folder/missing" >&2
else
	awk '$1 == "functions" { functions += $3; lines += $7 }
		END { print "import: all of this kernel'\''s hugetlb: " functions " functions, " lines " lines" }' \
		"$manifest" >&2
	[ "${2-}" = import ] || exit 0
	awk '$1 == "functions" && $3 {
			sub(",", "", $5)
			printf "import: of %s %d of %d functions, %d of their %d lines (%d %%)\n", $2, $3, $5, $7, $9, \
				100 * $7 / $9
		}
		$1 == "replaced" { names = names " " $2; n++ }
		END { print "import: ours instead of the tree'\''s are " n " names, for reasons in the manifest:" names }' \
		"$manifest" >&2
	echo "import: every cut with its lines: $manifest" >&2
fi
