#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# matrix.sh: every trace of the folder $TRACES on every tree of $KERNELS, as a table.
#
# Rows are traces, columns are trees; a cell is ok, the rule that did not hold, or "no build" where
# the tree's map cannot be imported.  Called by `make matrix`.  Exit status: 0 all cells are ok,
# 1 a rule fired, 2 wrong usage, such as a folder that is no kernel tree, 125 a tree cannot be built
# and no rule fired.
set -eu

fail() {
	echo "matrix: $*" >&2
	exit 2
}

[ -n "${TRACES-}" ] ||
	fail 'say which traces on which trees: make matrix TRACES=folder KERNELS="dir1 dir2"'
traces=$(fuzz/engines/paths.sh "$TRACES")
[ -e "$traces" ] || fail "TRACES=$TRACES: no such file or folder"
[ -n "${KERNELS-}" ] || fail 'say on which trees: KERNELS="dir1 dir2"'
list=$(find "$traces" -name '*.trace' | sort)
[ -n "$list" ] || fail "$traces has no .trace in it"

work=${RESVMAP_RUN-build}/matrix
rm -rf "$work"
mkdir -p "$work"
fuzz/engines/paths.sh "$KERNELS" >"$work/kernels"
# From here on lists have one item a line, and a name may have anything else in it.
IFS='
'
set -f

# One program for each trace: a sanitizer ends it, and the next trace is another story.
run_cell() {
	status=0
	"$1" --rules-only "$2" >"$work/said" 2>&1 || status=$?
	case $status in
	0) echo ok ;;
	1) grep -o 'FAIL [a-z-]*' "$work/said" | head -1 | cut -d' ' -f2 ;;
	2) head -1 "$work/said" >&2 && exit 2 ;;
	*) fail "$2: ended with status $status, and no rule was reported" ;;
	esac
}

# The trees are imported first, so that one which is none is told before anything runs.
import() {
	folder=build/import/$(fuzz/import/import.sh id "$1")
	status=0
	set -- "$1" "$folder"
	[ "${TARGET-}" != reserve ] || set -- "$@" reserve
	mkdir -p "$folder"
	flock "$folder/.lock" fuzz/import/import.sh cut "$@" 2>"$work/errors" || status=$?
	case $status in
	0 | 125) grep '^import:' "$work/errors" >&2 || true ;;
	*) cat "$work/errors" >&2 && exit 2 ;;
	esac
	return $status
}

# column NAME REPLAY: a line "tree<tab>trace<tab>cell" for each cell of the tree; no REPLAY, no build
column() {
	for trace in $list; do
		cell='no build'
		[ -z "$2" ] || cell=$(run_cell "$2" "$trace") || exit 2
		printf '%s\t%s\t%s\n' "$1" "$(basename "$trace" .trace)" "$cell"
	done
}

# build KERNEL: prints the program that replays on it
build() {
	"${MAKE-make}" -s --no-print-directory ENGINE=replay KERNEL="$1" build-replay \
		>"$work/made" 2>"$work/errors" || { tail -5 "$work/errors" >&2; return 1; }
	tail -1 "$work/made"
}

while read -r kernel; do
	status=0
	(import "$kernel") </dev/null || status=$?
	[ $status != 2 ] || exit 2
	printf '%s\t%s\n' "$status" "$kernel"
done <"$work/kernels" >"$work/imported"

tab=$(printf '\t')
while IFS=$tab read -r status kernel; do
	replay=
	[ "$status" != 0 ] || replay=$(build "$kernel" </dev/null) || replay=
	# Two trees may have the same last name.
	name=$(basename "$kernel")
	[ "$(sed 's|/*$||; s|.*/||' "$work/kernels" | grep -cxF -e "$name")" = 1 ] || name=$kernel
	column "$name" "$replay" </dev/null
done <"$work/imported" >"$work/cells"

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
