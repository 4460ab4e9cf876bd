#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Mutants: that fuzz/mutants/mutate writes what its list says, and that `make mutants` judges.  Each mutant of
# tests/mutants/text.c is chosen when the program starts, and must print what the text prints where the
# words are really changed, and it compiled anew.  Silent and 0 when good; CC is the compiler.
set -eu
LC_ALL=C CCACHE_DISABLE=1
export LC_ALL CCACHE_DISABLE

: "${CC:?is not set: run this by make check}"
make="${MAKE:-make} --no-print-directory"
work=build/mutants-test
text=tests/mutants/text.c
tab=$(printf '\t')

fail() { echo "$*"; exit 1; }

rm -rf $work && mkdir -p $work
fuzz/mutants/mutate --out $work --of "$text" $text -- $CC -std=gnu11 -I. || fail 'mutate fails'
cut -f5 $work/mutants | sort -u | tr '\n' , >$work/kinds
[ "$(cat $work/kinds)" = 'arithmetic,compare,condition,counter,dropped,logic,loop,off by one,swap,' ] ||
	fail "mutants of these kinds, and of no others: $(cat $work/kinds)"
! grep -q "VM_BUG_ON\|count < 0" $work/mutants || fail 'an assertion is mutated'
$CC -w -std=gnu11 -I. -ivfsoverlay $work/overlay.yaml -include fuzz/mutants/mutant.h -o $work/all \
	$text fuzz/mutants/mutant.c src/shim/hooks.c
$CC -w -std=gnu11 -o $work/none $text
[ "$($work/all)" = "$($work/none)" ] || fail 'without a mutant the text does something else'

# Where the words stand once in their line they are changed there.
compared=0
while IFS=$tab read -r number _ line _ kind words becomes; do
	[ "$kind" != loop ] || continue
	awk -v line="$line" -v words="$words" -v becomes="$becomes" '
		NR == line {
			at = index($0, words)
			if (!at || index(substr($0, at + 1), words))
				exit 1
			$0 = substr($0, 1, at - 1) becomes substr($0, at + length(words))
		}
		{ print }' $text >$work/one.c || continue
	$CC -w -std=gnu11 -o $work/one $work/one.c
	[ "$(RESVMAP_MUTANT=$number $work/all)" = "$($work/one)" ] ||
		fail "mutant $number, line $line: $words => $becomes: does something else than these words"
	compared=$((compared + 1))
done <$work/mutants
[ $compared -ge 30 ] || fail "only $compared mutants are compared"

# One function of the map: all of its mutants are killed.  One of a rule that is lost lives.
$make mutants CC="$CC" ONLY='resv_map.c:region_chg$' RUNS=1000 >$work/said 2>&1 ||
	fail "mutants of region_chg: $(cat $work/said)"
grep -qE '^all +[0-9]+ +[0-9]+ +0 +[1-9][0-9]* +0 +100.0%$' $work/said || fail "no score: $(cat $work/said)"
rm -rf $work
