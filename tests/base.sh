#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Tests of BASE=: on made-up trees with planted mistakes, what the base has too is known, what it has not is
# found, and what only the base has is mended.  One mistake of the base is a sanitizer's stop, the other one a rule's.
set -u

suite=base work=build/tests-base
. tests/import/check.sh
. tests/import/make_tree.sh

heard() { grep -q -e "$1" "$work/heard"; }
not_heard() { ! heard "$1"; }

# Both trees stay where they are, so that only what changes is built anew.
base=$work/base new=$work/new text=mm/hugetlb.c
free_first() { sed -i '/^drop_region/,/^}/ { s/list_del(&rg->link);/kfree(rg);/; t; s/kfree(rg);/list_del(\&rg->link);/ }' "$1/$text"; }
abort_one() { sed -i 's/in_progress -= regions_needed/in_progress--/' "$1/$text"; }
count_more() { sed -i '/^static long region_count/,/^}/s/return sum;/return sum + (sum == 3);/' "$1/$text"; }
remark() { sed -i '1s,^,/* nothing but a remark */\n/* on two lines */\n,' "$1/$text"; }

# trees BASE'S-MISTAKE... -- NEW'S-MISTAKE...
trees() {
	make_tree g8 "$base"
	make_tree g8 "$new"
	for mistake; do
		shift
		[ "$mistake" != -- ] || break
		$mistake "$base"
	done
	for mistake; do
		$mistake "$new"
	done
}

run() { "${MAKE-make}" -s --no-print-directory KERNEL="$new" BASE="$base" "$@"; }
fuzz() {
	goal=$1 seconds=$2
	shift 2
	rm -rf build/fuzz/region-new-*-on-base-*
	run "$goal" TARGET=region FUZZ_TIME="$seconds" "$@"
}

cat >"$work/free.trace" <<'END'
chg [0,1) a
add a
chg [1,2) a
add a
END
printf 'chg [1,2) a\nadd a\nchg [0,3) b\nabort b\n' >"$work/abort.trace"
printf 'chg [0,3) a\nadd a\ncount [0,3)\n' >"$work/count.trace"
cat "$work/free.trace" >"$work/both.trace"
sed -n '3,$p' "$work/abort.trace" >>"$work/both.trace"

# --- one trace at a time ---------------------------------------------------------------------------

trees free_first abort_one -- free_first abort_one remark count_more
check "a stop that the base has too is known" says 0 'free.trace: known: memory-clean: the text .* in ' \
	run replay TRACE="$work/free.trace"
check "a rule that fails on the base too is known" says 0 'abort.trace: known: tickets-counted: ' \
	run replay TRACE="$work/abort.trace"
check "what the base has not is a finding" says 1 'FAIL count-count' run replay TRACE="$work/count.trace"
check "... and says what to run" says 1 "KERNEL=$new BASE=$base TRACE=" run replay TRACE="$work/count.trace"
check "without a base all are findings" says 1 '0 traces good, ' \
	run replay BASE=none SAN=none TRACE="$work/abort.trace $work/count.trace"
check "a folder is counted" says 1 '1 failed, 3 known, 0 mended' run replay TRACE="$work/*.trace"

trees free_first abort_one -- abort_one
check "what only the base has is mended" says 0 'free.trace: mended: memory-clean' run replay TRACE="$work/free.trace"
check "... and the trace is good" says 0 '^add a -> 1$' run replay TRACE="$work/free.trace"

trees abort_one -- free_first
check "a stop that is new has its own report" says 1 'FAIL memory-clean: AddressSanitizer: use-after-poison' \
	run replay TRACE="$work/free.trace"

# --- fuzzing ---------------------------------------------------------------------------------------

trees free_first abort_one -- free_first abort_one remark
check "a change of nothing: no finding" says 0 '^no finding$' fuzz fuzz-libfuzzer 5
cp "$work/said" "$work/heard"
check "... known by rule: a stop" heard '^  known: memory-clean  *[1-9][0-9]* times, for example build/fuzz/'
check "... and a count" heard '^  known: tickets-counted  *[1-9][0-9]* times'
check "... nothing is mended" not_heard 'mended'
shortest() { cat build/fuzz/region-new-*/known/memory-clean.trace; grep -c '^[a-z]' build/fuzz/region-new-*/known/memory-clean.trace | grep -qx '[4-9]'; }
check "... and the shortest trace is kept" shortest
check "... which is known again" says 0 'known: memory-clean' run replay \
	TRACE="$(ls build/fuzz/region-new-*/known/memory-clean.trace 2>/dev/null)"

trees free_first abort_one -- free_first count_more remark
check "a new mistake behind two known ones" says 1 '^FAIL count-count' fuzz fuzz-libfuzzer 60
cp "$work/said" "$work/heard"
check "... is all that is reported" not_heard '^FAIL [^c]'
check "... minimized" heard '^minimized to [3-9] of [0-9]* ops'
check "... and what is mended is said" heard '^  mended: tickets-counted  *[1-9][0-9]* inputs fail on the base only'
check "AFL++ finds it too" says 1 '^FAIL count-count' fuzz fuzz-afl 60
# It does not end by itself, and goes on where it was.
campaign_finds() {
	for _ in 1 2 3 4 5 6 7 8; do
		! says 1 '^FAIL count-count' fuzz campaign 5 CAMPAIGN="$work/campaign" || return 0
	done
	return 1
}
check "a campaign too" campaign_finds
cp "$work/said" "$work/heard"
check "... and nothing else" not_heard '^FAIL [^c]'
check "... counts what is known" heard '^  known: memory-clean  *[1-9][0-9]* times, for example '
check "... and the finding" heard 'findings/count-count[-a-z]*.trace  *[1-9][0-9]* times'

# --- what is no base -------------------------------------------------------------------------------

check "BASE that is nowhere" says 2 'BASE=v9: KERNEL=.* is no git repository' run import BASE=v9
check "BASE of a target that has none" says 2 'BASE= is for TARGET=region and TARGET=reserve' run import TARGET=diff
git init -q "$new"
git -C "$new" add -A
git -C "$new" -c user.name=t -c user.email=t@example.org commit -qm new
check "BASE that is no revision" says 2 'BASE=v9: there is no such revision' run import BASE=v9
abort_one "$new"
check "BASE as a revision of KERNEL" says 1 'FAIL tickets-counted' run replay BASE=HEAD TRACE="$work/abort.trace"
git -C "$new" diff >"$work/abort.diff"
git -C "$new" checkout -q -- .
check "a patch's base is what it is for" says 1 'FAIL tickets-counted' \
	"${MAKE-make}" -s --no-print-directory KERNEL="$new" PATCH="$work/abort.diff" replay TRACE="$work/abort.trace"
check "... so what is there already is known" says 0 'known: count-count' \
	"${MAKE-make}" -s --no-print-directory KERNEL="$new" PATCH="$work/abort.diff" replay TRACE="$work/count.trace"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
