#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# inside.sh TRACE_TOOL: which op runs inside of which on the port, tried for every two of them, as the table that
# stands in fuzz/targets/reserve/README.md; with `check` behind it, whether it stands there.
#
# A cell is "yes" if the inner op ran in some window of the outer one, "no" if it was skipped in all of them.
# An outer op that has no window for any op is no row.
#
# Exit status: 0; 1 the README has another table; 2 it could not look.
set -eu
export LC_ALL=C

tool=$1
readme=fuzz/targets/reserve/README.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# runs OUTER INNER: does it run in any of the first windows?
runs() {
	{
		printf 'pool 16 surplus 4\nmap a file 0 [0,4)\nmap b file 0 [0,4)\nmap e file 2 [0,4)\n'
		printf 'fault a page 2\n%s\n' "$1"
		for window in 1 2 3 4 5 6 7; do echo "  in $window: $2"; done
	} >"$work/trace"
	"$tool" run "$work/trace" >"$work/said" 2>&1 || { cat "$work/said" >&2; exit 2; }
	grep '^ *in [0-9]*:' "$work/said" | grep -qv 'skipped$'
}

cell() {
	if runs "$1" "$2"; then printf ' yes |'; else printf ' no |'; fi
}

# Names and ops of the columns: what runs inside; b and e are other processes, e has another file.
table() {
	echo '| inside of | `map` | `fault`, `copy` of the page | of another page | by the same process |' \
		'`zap` of the page | `unmap` | by the same process | `fork` | `truncate` | `punch` of the page |' \
		'`fault` of another file | `resize` |'
	echo '|---|---|---|---|---|---|---|---|---|---|---|---|---|'
	while read -r name outer; do
		runs "$outer" 'resize to 17' || continue
		printf '| `%s` |' "$name"
		for inner in 'map f file 0 [0,4)' 'fault b page 1' 'fault b page 3' 'fault a page 3' 'zap b page 1' \
			'unmap b' 'unmap a' 'fork b h' 'truncate file 0 to 1' 'punch file 0 [1,3)' 'fault e page 1' \
			'resize to 17'; do
			cell "$outer" "$inner"
		done
		echo
	done <<-END
		map map c file 0 [0,4)
		fault fault a page 1
		copy copy a page 1
		zap zap a page 2
		unmap unmap a
		truncate truncate file 0 to 1
		punch punch file 0 [1,3)
	END
}

table >"$work/table"
[ "${2-}" = check ] || { cat "$work/table"; exit 0; }
grep '^|' "$readme" >"$work/stands"
grep -vxF -f "$work/stands" "$work/table" >"$work/missing" || exit 0
echo "$readme: who runs inside of whom is not as its table says; tests/inside.sh $tool prints it, among that:"
cat "$work/missing"
exit 1
