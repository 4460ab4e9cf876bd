#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# matrix.sh TRACES KERNEL...: every trace of a folder on every tree, as a table.
#
# Rows are traces, columns are trees; a cell is ok, the rule that did not hold, or "no build" where
# the tree's map cannot be imported.  Called by `make matrix`.  Exit status: 0 all cells are ok,
# 1 a rule fired, 2 wrong usage, 125 a tree cannot be built and no rule fired.
set -eu

fail() {
	echo "matrix: $*" >&2
	exit 2
}

traces=${1-}
[ -e "$traces" ] || fail 'say which traces on which trees: make matrix TRACES=folder KERNELS="dir1 dir2"'
[ $# -gt 1 ] || fail 'say on which trees: KERNELS="dir1 dir2"'
shift
list=$(find "$traces" -name '*.trace' | sort)
[ -n "$list" ] || fail "$traces has no .trace in it"

work=build/matrix
rm -rf "$work"
mkdir -p "$work"

# One program for each trace: a sanitizer ends it, and the next trace is another story.
run_cell() {
	status=0
	"$1" --rules-only "$2" >"$work/said" 2>&1 || status=$?
	case $status in
	0) echo ok ;;
	2) head -1 "$work/said" >&2 && exit 2 ;;
	*) grep -o 'FAIL [a-z-]*' "$work/said" | head -1 | cut -d' ' -f2 | grep . || echo "status $status" ;;
	esac
}

# A line "tree<tab>trace<tab>cell" for each cell of the tree.
run_column() {
	if "${MAKE-make}" -s --no-print-directory ENGINE=replay KERNEL="$1" build-replay \
			>"$work/made" 2>"$work/errors"; then
		replay=$(tail -1 "$work/made")
		for trace in $list; do
			printf '%s\t%s\t%s\n' "$(basename "$1")" "$(basename "$trace" .trace)" \
				"$(run_cell "$replay" "$trace")"
		done
	else
		grep '^import:' "$work/errors" >&2 || tail -5 "$work/errors" >&2
		for trace in $list; do
			printf '%s\t%s\tno build\n' "$(basename "$1")" "$(basename "$trace" .trace)"
		done
	fi
}

for kernel in "$@"; do
	run_column "$kernel" >>"$work/cells"
done

awk -F'\t' '
function column(name) {
	if (!(name in width)) {
		tree[++trees] = name
		width[name] = length(name)
	}
}
{
	column($1)
	if (!($2 in seen)) {
		seen[$2] = 1
		row[++rows] = $2
		widest = length($2) > widest ? length($2) : widest
	}
	cell[$1, $2] = $3
	width[$1] = length($3) > width[$1] ? length($3) : width[$1]
	unbuilt += $3 == "no build"
	fired += $3 != "no build" && $3 != "ok"
}
END {
	for (r = 0; r <= rows; r++) {
		line = sprintf("%-*s", widest, row[r])
		for (t = 1; t <= trees; t++)
			line = line sprintf("  %-*s", width[tree[t]], r ? cell[tree[t], row[r]] : tree[t])
		sub(/ +$/, "", line)
		print line
	}
	exit fired ? 1 : unbuilt ? 125 : 0
}' "$work/cells"
