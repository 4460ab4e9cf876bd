#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# matrix.sh [KERNEL]: every trace of the folder $TRACES on every tree of $KERNELS, folders or tar archives, and at
# every revision that $REVS names of the repository KERNEL, as a table.
#
# Rows are traces, columns are trees in their order; a cell is ok, the rule that did not hold, or "no build" where
# the tree's map cannot be imported; one that is not as its left neighbour that was built is marked with a *.  With
# FORMAT=html the table is a page, build/matrix.html.  Nothing is checked out: a revision's text is read out of the repository,
# and what two revisions have in common is judged once.
#
# Called by `make matrix`.  Exit status: 0 all cells are ok, 1 a rule fired, 2 wrong usage, such as a folder that
# is no kernel tree, 125 a tree cannot be built and no rule fired.
set -eu

fail() {
	echo "matrix: $*" >&2
	exit 2
}

[ -n "${TRACES-}" ] ||
	fail 'say which traces on which trees: make matrix TRACES=folder KERNELS="dir1 dir2"'
traces=$(fuzz/engines/paths.sh "$TRACES")
[ -e "$traces" ] || fail "TRACES=$TRACES: no such file or folder"
repository=${1-}
[ -n "${KERNELS-}${REVS-}" ] || fail 'say on which trees: KERNELS="dir1 dir2", or KERNEL=repository REVS="rev1 rev2"'
[ -z "${REVS-}" ] || [ -n "$repository" ] || fail 'REVS= are revisions of what? say KERNEL=repository'
[ -z "${REVS-}" ] || [ -z "$(git -C "$repository" rev-parse --show-prefix 2>&1)" ] ||
	fail "KERNEL=$repository is no git repository, so it has no revisions"
case ${FORMAT:=text} in
text | html) ;;
*) fail "FORMAT=$FORMAT is unknown; choose text or html" ;;
esac
list=$(find "$traces" -name '*.trace' | sort)
[ -n "$list" ] || fail "$traces has no .trace in it"

work=${RESVMAP_RUN-build}/matrix
rm -rf "$work"
mkdir -p "$work"
[ -z "${KERNELS-}" ] || fuzz/engines/paths.sh "$KERNELS" >"$work/kernels"
touch "$work/kernels" "$work/judged"
for revision in ${REVS-}; do
	printf '%s\n' "$revision"
done >"$work/revisions"
# From here on lists have one item a line, and a name may have anything else in it.
IFS='
'
set -f

# run_cell REPLAY TRACE: prints the cell and, behind a tab, what the rule said.  One program for each trace: a
# sanitizer ends it, and the next trace is another story.
run_cell() {
	status=0
	"$1" --rules-only "$2" >"$work/said" 2>&1 || status=$?
	case $status in
	0) echo ok ;;
	1) sed -n 's/^.*FAIL \([a-z-]*\): \(.*\)/\1\t\2/p' "$work/said" | head -1 ;;
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

# column NAME REPLAY: a line "tree<tab>trace<tab>cell[<tab>what]" for each cell of the tree; no REPLAY, no build
column() {
	for trace in $list; do
		cell='no build'
		[ -z "$2" ] || cell=$(run_cell "$2" "$trace") || exit 2
		printf '%s\t%s\t%s\n' "$1" "$(basename "$trace" .trace)" "$cell"
	done
}

# build KERNEL: prints the program that replays on it
build() {
	"${MAKE-make}" -s --no-print-directory ENGINE=replay KERNEL="$1" REV= PATCH= BASE=none build-replay \
		>"$work/made" 2>"$work/errors" || { tail -5 "$work/errors" >&2; return 1; }
	tail -1 "$work/made"
}

# Revisions stand one after the other in one folder, so that only what differs is compiled.
folder=
if [ -n "${REVS-}" ]; then
	folder=build/trees/matrix-$(realpath -m -- "$repository" | cksum | cut -d' ' -f1)/$(basename "$repository" .git)
	mkdir -p "$(dirname "$folder")" || exit 2
	exec 8>"$(dirname "$folder")/.matrix"
	flock -n 8 || { echo "matrix: waiting for another one on $repository" >&2 && flock 8; }
fi

# revision NAME: its column
revision() {
	if known=$(grep -m 1 "^$2$tab" "$work/judged" | cut -f2) && [ -n "$known" ]; then
		awk -F'\t' -v OFS='\t' -v known="$known" -v name="$1" '$1 == known { $1 = name; print }' "$work/cells"
		return
	fi
	printf '%s\t%s\n' "$2" "$1" >>"$work/judged"
	status=0
	REV=$1 PATCH='' fuzz/import/tree.sh make "$repository" "$folder" 8>&-
	fuzz/import/tree.sh say "$folder" || exit 2
	(import "$folder") || status=$?
	[ $status != 2 ] || exit 2
	replay=
	[ $status != 0 ] || replay=$(build "$folder" 8>&-) || replay=
	column "$1" "$replay"
}

tab=$(printf '\t')
while read -r name; do
	key=$(REV=$name fuzz/import/tree.sh key "$repository") || exit 2
	printf '%s\t%s\n' "$name" "$key"
done <"$work/revisions" >"$work/keys"

while read -r kernel; do
	status=0
	(import "$kernel") </dev/null || status=$?
	[ $status != 2 ] || exit 2
	printf '%s\t%s\n' "$status" "$kernel"
done <"$work/kernels" >"$work/imported"

while IFS=$tab read -r status kernel; do
	replay=
	[ "$status" != 0 ] || replay=$(build "$kernel" </dev/null) || replay=
	# Two trees may have the same last name.
	name=$(basename "$kernel")
	[ "$(sed 's|/*$||; s|.*/||' "$work/kernels" | grep -cxF -e "$name")" = 1 ] || name=$kernel
	column "$name" "$replay" </dev/null
done <"$work/imported" >"$work/cells"

while IFS=$tab read -r name key; do
	revision "$name" "$key" </dev/null >"$work/column"
	cat "$work/column" >>"$work/cells"
done <"$work/keys"

# The table, as lines or as a page; its status is the matrix's.
status=0
awk -v form="$FORMAT" -v title="$(basename "$traces")" -f fuzz/import/matrix.awk "$work/cells" >"$work/table" || status=$?
case $FORMAT in
html) mv "$work/table" build/matrix.html && echo "the table is build/matrix.html" ;;
*) cat "$work/table" ;;
esac
exit $status
