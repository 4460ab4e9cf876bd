#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# maintainers.sh KERNEL FILE...: who the tree's MAINTAINERS says are to hear of FILEs, paths in the tree: a line for
# each person, list and reviewer, and the entry's name.  An entry counts if one of its F: lines names a FILE,
# its folder, or a pattern of it; the one for all of the kernel does not.
#
# Exit status: 0; 2 the tree has no MAINTAINERS, or nobody in it is named for these.
set -u
export LC_ALL=C

kernel=$1
shift
if [ -d "$kernel" ]; then
	text=$(cat "$kernel/MAINTAINERS" 2>/dev/null)
else
	text=$(tar -xOf "$kernel" --wildcards --no-wildcards-match-slash '*/MAINTAINERS' 2>/dev/null)
fi
[ -n "$text" ] || { echo "$kernel has no MAINTAINERS" >&2; exit 2; }
said=$(echo "$text" | awk -v files="$*" '
	function matches(pattern,    i, file, regex) {
		for (i = 1; i <= count; i++) {
			file = wanted[i]
			if (pattern == file || (pattern ~ /\/$/ && index(file, pattern) == 1))
				return 1
			regex = pattern
			gsub(/[.+]/, "\\\\&", regex)
			gsub(/\*/, "[^/]*", regex)
			if (pattern ~ /\*/ && file ~ ("^" regex "$"))
				return 1
		}
		return 0
	}
	function end_entry() {
		if (is_wanted)
			for (i = 1; i <= people; i++)
				if (!(person[i] in told)) {
					told[person[i]] = 1
					print person[i] " (" name ")"
				}
		people = is_wanted = 0
	}
	BEGIN { count = split(files, wanted, " ") }
	/^$/ { end_entry(); name = ""; next }
	/^[A-Z]:/ {
		value = $0
		sub(/^[A-Z]:[ \t]*/, "", value)
		if (/^[MRL]:/)
			person[++people] = (/^R:/ ? "reviewer " : /^L:/ ? "list " : "") value
		if (/^F:/ && matches(value))
			is_wanted = 1
		next
	}
	name == "" { name = $0 }
	END { end_entry() }')
[ -n "$said" ] || { echo "MAINTAINERS of $kernel names nobody for $*" >&2; exit 2; }
echo "$said"
