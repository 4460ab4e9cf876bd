#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# about.sh: what is under test, in one line for the head of a report: tree and version, which part of it is
# the kernel's own text, what is ours, and what was measured of the map.
#
# Environment: RESVMAP_IMPORT is the folder of a kernel's import, RESVMAP_TEXT that of all of its hugetlb,
# each empty where there is none; RESVMAP_MAP and TARGET are make's MAP and TARGET.
set -eu
export LC_ALL=C

import=${RESVMAP_IMPORT-} text=${RESVMAP_TEXT-}

# The facts that hold, as words; MERGES is merges.
facts() {
	awk '$1 == "fact" && $3 == 1 && $2 !~ /^(H_CG|REGIONS_NEEDED|OWNS)$/ { printf ", %s", $2 }' "$1" |
		tr 'A-Z_' 'a-z-' | sed 's/^, //'
}

# "24 functions, 700 lines of mm/hugetlb.c, ...", from lines "function NAME FILE FIRST LAST" or FILE:FIRST-LAST
extent() {
	sed -E 's/:([0-9]+)-([0-9]+) / \1 \2 /' "$1" | awk '$1 == "function" {
			functions++
			lines += $5 - $4 + 1
			if (!($3 in seen)) { seen[$3] = 1; files = files (files == "" ? "" : ", ") $3 }
		}
		END { printf "%d functions, %d lines of %s", functions, lines, files }'
}

# tree FILE: "7.1.5 (~/linux)"
tree() { awk '$1 == "version" { version = $2 } $1 == "tree" { sub(/^tree /, ""); tree = $0 }
	END { print version " (" tree ")" }' "$1"; }

ours='locks, lists, memory and cgroups are ours (src/shim/)'
if [ -n "$text" ] && [ -e "$text/cuts" ]; then
	echo "$(tree "$import/manifest"): its own text is $(extent "$text/cuts");" \
		"the world below hugetlb is ours (src/vm/)"
elif [ -n "$import" ] && [ "${TARGET-}" = reserve ] && [ -e "$import/reserve/manifest" ]; then
	echo "$(tree "$import/reserve/manifest"): its own text is $(extent "$import/reserve/manifest");" \
		"files, faults and the pool are ours (src/hugetlbfs/, src/vm/);" \
		"measured: $(facts "$import/reserve/manifest")"
elif [ -n "$import" ] && [ -e "$import/manifest" ]; then
	echo "$(tree "$import/manifest"): its own text is $(extent "$import/manifest"); $ours;" \
		"measured: $(facts "$import/manifest")"
else
	echo "${RESVMAP_MAP:-port} of this checkout (src/map/); no kernel text"
fi
