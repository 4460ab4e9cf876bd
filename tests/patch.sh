#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Tests of what a reviewer does: a patch out of a mail on a made-up tree, a revision without a checkout, and
# the commit from which on a trace fails.
set -u

suite=patch work=build/tests-patch
. tests/import/check.sh
. tests/import/make_tree.sh

run() { "${MAKE-make}" -s --no-print-directory SAN=none "$@"; }

# The tree, a trace that is good on it, and the same tree with the mistake that the trace shows.
tree=$work/tree
make_tree g8 "$tree"
printf 'chg [1,2) a\nadd a\nchg [0,3) b\nabort b\n' >"$work/two-holes.trace"
make_mistake() { sed -i 's/in_progress -= regions_needed/in_progress--/' "$1/mm/hugetlb.c"; }
cp -r "$tree" "$work/bad"
make_mistake "$work/bad"

# What the importers look into is what is copied, patched and compared.
all_is_read() {
	regex=$(sed -n "s/^READ='\(.*\)'$/\1/p" fuzz/import/tree.sh)
	files=$(awk '/^(READ|FILES|FOR_FACTS)="/ { on = 1 } on { print } /"$/ { on = 0 }' fuzz/import/import.sh \
		fuzz/targets/reserve/text/import.sh | sed 's/^[A-Z_]*="//; s/"$//; s/![^ ]*//g; s/\*/x/g')
	[ "$(echo "$files" | wc -w)" -ge 15 ] || return 1
	for file in $files; do
		echo "$file" | grep -xqE "$regex" || { echo "$file is not in fuzz/import/tree.sh"; return 1; }
	done
}
check "tree.sh takes all that is read" all_is_read

# --- what a patch may come as ------------------------------------------------------------------------

(cd "$work" && diff -u tree/mm/hugetlb.c bad/mm/hugetlb.c | sed 's,^\(---\|+++\) [a-z]*/,\1 a/,') >"$work/fix.diff"
mail() {
	printf 'From 0123456789 Mon Sep 17 00:00:00 2001\nFrom: Ann <ann@example.org>\nSubject: [PATCH] %s\n' "$1"
	[ -z "$2" ] || printf 'Content-Transfer-Encoding: %s\n' "$2"
	printf '\n'
}
{ mail 'one mistake' ''; echo 'It changes = and a-b.'; echo ---; cat "$work/fix.diff"; } >"$work/mail.txt"
{ mail 'one mistake' quoted-printable; sed 's/=/=3D/g; s/needed/need=\
ed/' "$work/fix.diff"; } >"$work/quoted.txt"
{ mail 'one mistake' base64; base64 "$work/fix.diff"; } >"$work/base64.txt"
printf -- '--- a/Documentation/x.rst\n+++ b/Documentation/x.rst\n@@ -1 +1,2 @@\n one\n+two\n' >"$work/other.diff"
mkdir "$work/series"
cp "$work/other.diff" "$work/series/0001-other.patch"
cp "$work/mail.txt" "$work/series/0002-mistake.patch"
{ mail 'other' ''; cat "$work/other.diff"; cat "$work/mail.txt"; } >"$work/box.mbox"

cp -r "$tree" "$work/before"
# is_applied KERNEL KIND
is_applied() {
	folder=$(PATCH=$work/$2 fuzz/import/tree.sh name "$1")
	PATCH=$work/$2 fuzz/import/tree.sh make "$1" "$folder"
	fuzz/import/tree.sh say "$folder" && cmp "$folder/mm/hugetlb.c" "$work/bad/mm/hugetlb.c"
}
for kind in fix.diff mail.txt quoted.txt base64.txt series box.mbox; do
	check "a patch as $kind is applied" is_applied "$tree" $kind
done
check "the tree is not touched" diff -r "$tree" "$work/before"
check "what a report says to run names the patch" says 1 "replay: make replay KERNEL=$tree PATCH=$work/fix.diff" \
	run replay KERNEL="$tree" PATCH="$work/fix.diff" BASE=none TRACE="$work/two-holes.trace"
check "hunks of other files are counted" says 0 \
	'series/0002\|2 patches: 1 hunk applied to mm/hugetlb.c; 1 hunk of files that are not read: Documentation/x.rst' \
	run import KERNEL="$tree" PATCH="$work/series"
check "a patch of other files only" says 2 'no hunk concerns a file that is read, .*Documentation/x.rst' \
	run import KERNEL="$tree" PATCH="$work/other.diff"
check "a file without a hunk" says 2 'there is no hunk in it' run import KERNEL="$tree" PATCH="$work/two-holes.trace"
check "no such file" says 2 'PATCH=.*/none: no such file' run import KERNEL="$tree" PATCH="$work/none"
check "a patch of nothing" says 2 'say which tree' run import PATCH="$work/fix.diff"

# Lines above it that came meanwhile.
cp -r "$tree" "$work/moved"
sed -i '1s,^,/* one */\n/* two */\n,' "$work/moved/mm/hugetlb.c"
check "an offset is said" says 0 '1 hunk applied to mm/hugetlb.c, 1 with an offset' \
	run import KERNEL="$work/moved" PATCH="$work/fix.diff"

# The line that it wants is another one.
cp -r "$tree" "$work/changed"
sed -i 's/in_progress -= regions_needed/in_progress -= regions_wanted/' "$work/changed/mm/hugetlb.c"
line=$(grep -n regions_wanted "$work/changed/mm/hugetlb.c" | cut -d: -f1)
wants=$(grep -n '^-.*in_progress -= regions_needed' "$work/fix.diff" | cut -d: -f1)
check "a hunk that does not apply" says 125 "fix.diff:$wants: this hunk does not apply: mm/hugetlb.c:$line is\$" \
	run import KERNEL="$work/changed" PATCH="$work/fix.diff"
check "... with what stands there" says 125 '^import:     .*in_progress -= regions_wanted;' \
	run replay KERNEL="$work/changed" PATCH="$work/fix.diff" TRACE="$work/two-holes.trace"

# A tar, and a tree that is edited: what is made of them follows.
tar -C "$work" -cf "$work/linux.tar" tree
check "a patch on a tar" is_applied "$work/linux.tar" fix.diff
edited() {
	run import KERNEL="$work/moved" PATCH="$work/fix.diff" &&
		sed -i 's,/\* two \*/,struct { int a[-1]; } two; #error two,' "$work/moved/mm/hugetlb.c" &&
		run import KERNEL="$work/moved" PATCH="$work/fix.diff"
	grep -q 'error two' "$(PATCH=$work/fix.diff fuzz/import/tree.sh name "$work/moved")/mm/hugetlb.c"
}
check "a tree that was edited is read again" edited

# --- a repository of 200 commits -----------------------------------------------------------------------

history=$work/history
# One commit in five changes what is read; some do not build; number 131 makes the mistake.
make_history() {
	make_tree g8 "$history"
	git init -q "$history"
	commit 'start'
	git -C "$history" tag start
	number=0
	while [ $((number += 1)) -le "$1" ]; do
		echo $number >"$history/other"
		[ $((number % 5)) != 0 ] || sed -i "1s,^.*\$,/* $number */," "$history/mm/hugetlb.c"
		case $number in
		98) sed -i 's/kfree(rest)/kfree_sensitive(rest)/' "$history/mm/hugetlb.c" ;;
		101) sed -i 's/kfree_sensitive(rest)/kfree(rest)/' "$history/mm/hugetlb.c" ;;
		131) make_mistake "$history" ;;
		esac
		commit "change $number"
	done
	rm -r "$history/mm" "$history/include"
}
make_history 200
bisect() { run bisect KERNEL="$history" TRACE="$work/two-holes.trace" "$@"; }
unchanged() {
	git -C "$history" status --porcelain >"$work/status.after"
	[ ! -e "$history/mm" ] && cmp "$work/status.before" "$work/status.after" &&
		[ -z "$(git -C "$history" for-each-ref refs/bisect)" ] && [ ! -e "$history/.git/BISECT_LOG" ]
}
git -C "$history" status --porcelain >"$work/status.before"
check "the first bad commit" says 0 '^    change 131$' bisect GOOD=start BAD=HEAD
cp "$work/said" "$work/first"
check "... is told with the verdict there" grep -q 'with it: tickets-counted: adds_in_progress 1' "$work/first"
check "... and before it" grep -q 'before it: good$' "$work/first"
check "... and few texts are judged" grep -q ' [5-9] texts judged in .* of 200 commits' "$work/first"
check "... nothing is checked out or written" unchanged
check "a revision without a checkout, whose report names it" says 1 "KERNEL=$history REV=HEAD~1 " run replay KERNEL="$history" REV=HEAD~1 \
	TRACE="$work/two-holes.trace"
check "no such revision" says 2 'REV=v9: there is no such revision' run import KERNEL="$history" REV=v9
check "a revision of a folder" says 2 'is no git repository' run import KERNEL="$tree" REV=v9
check "BAD that is good" says 2 'BAD=HEAD~90 is good' bisect GOOD=start BAD=HEAD~90
check "GOOD that is bad" says 2 'GOOD=.* change 150: tickets-counted' bisect GOOD=HEAD~50 BAD=HEAD
check "another rule than it fails by" says 2 'cannot say' bisect GOOD=start BAD=HEAD RULE=memory-clean
check "no GOOD" says 2 'say which trace' bisect BAD=HEAD
git clone -q --bare "$history" "$work/bare"
# same_text REPOSITORY REV REPOSITORY REV
same_text() {
	[ "$(REV=$2 fuzz/import/tree.sh key "$1")" = "$(REV=$4 fuzz/import/tree.sh key "$3")" ]
}
other_text() { ! same_text "$@"; }
check "the same files have one key, in a bare repository too" same_text "$history" HEAD~1 "$work/bare" HEAD~5
check "... and other files another one" other_text "$history" HEAD "$work/bare" HEAD~5

# --- a table: an archive, and revisions of which one does not build ---------------------------------------

matrix() {
	run matrix TRACES="$work/two-holes.trace" KERNELS="$work/linux.tar" KERNEL="$history" \
		REVS="start HEAD~101 HEAD HEAD~1 HEAD~80" "$@" && return
	status=$?
	sed -n '/<table>/,$p' build/matrix.html 2>/dev/null
	return $status
}
rm -f build/matrix.html
check "a row of a tar and of revisions; what differs is marked" says 1 \
	'^two-holes  ok         ok     no build  tickets-counted\*  tickets-counted  ok\*$' matrix
cp "$work/said" "$work/page"
check "... what is marked is told" grep -q '^\* is not as its left neighbour that was built$' "$work/page"
check "... and the columns have the names that were given" \
	grep -q '^           linux.tar  start  HEAD~101  HEAD              HEAD~1           HEAD~80$' "$work/page"
check "the table as a page" says 1 '^the table is build/matrix.html$' matrix FORMAT=html
cp "$work/said" "$work/page"
cell='<td class="fired changed" title="adds_in_progress 1, open tickets need 0">tickets-counted</td>'
check "... whose cell says what the rule said, and is marked" grep -q "<td class=\"unbuilt\">no build</td>$cell<td class=\"fired\" title" \
	"$work/page"
check "... and columns are counted" grep -q '<th>failed</th><td>0</td><td>0</td><td>0</td><td>1</td><td>1</td><td>0</td>' \
	"$work/page"
check "a table of revisions of a folder" says 2 'is no git repository, so it has no revisions' \
	run matrix TRACES="$work/two-holes.trace" KERNEL="$tree" REVS=v9
check "a table of a revision that is none" says 2 'REV=v9: there is no such revision' \
	run matrix TRACES="$work/two-holes.trace" KERNEL="$history" REVS=v9
check "a table of another form" says 2 'FORMAT=pdf is unknown' matrix FORMAT=pdf

# The mistake is made while nothing builds.
history=$work/gap
make_tree g8 "$history"
git init -q "$history"
commit 'start'
sed -i 's/kfree(rest)/kfree_sensitive(rest)/' "$history/mm/hugetlb.c" && commit 'builds no more'
make_mistake "$history" && commit 'mistake'
sed -i 's/kfree_sensitive(rest)/kfree(rest)/' "$history/mm/hugetlb.c" && commit 'builds again'
check "what cannot be judged is told" says 125 '^    .* mistake$' bisect GOOD=HEAD~3 BAD=HEAD
cp "$work/said" "$work/first"
check "... and what is the last of them" grep -q 'the first bad commit is .* builds again$' "$work/first"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
