#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Tests of the importer: a made-up tree in every style of signatures is imported, is found out for
# what it is, builds, and keeps every rule on the whole corpus; and broken trees are refused with a
# message that names what is missing.
set -u

suite=import work=build/tests-import
. tests/import/check.sh

. tests/import/make_tree.sh

cut_tree() { fuzz/import/import.sh cut "$1" "$1.cut"; }
cut_callers() { fuzz/import/import.sh cut "$1" "$1.cut" reserve; }

# has_facts FOLDER "WORDS": the facts that are 1, in alphabetical order
has_facts() {
	found=$(sed -n 's/^#define IMPORT_\([A-Z_]*\) 1$/\1/p' "$1/import.h" | grep -vx OWNS | tr '\n' ' ')
	[ "$found" = "$2 " ] || { echo "found $found, not $2"; return 1; }
}

# is_unchanged TREE FOLDER FILE: every cut is in the output as it stands in the tree, behind a #line
# that says where that is.
is_unchanged() {
	tree=$(cd "$1" && pwd)
	folder=$2 text=$3
	while read -r kind name place sum; do
		file=${place%:*} lines=${place#*:}
		sed -n "${lines%-*},${lines#*-}p" "$tree/$file" >"$work/wanted"
		[ "$(sha256sum <"$work/wanted" | cut -d' ' -f1)" = "$sum" ] || return 1
		case $kind in function | variable | made) cut=$text ;; *) cut=types.h ;; esac
		awk -v want="#line ${lines%-*} \"$tree/$file\"" -v lines="$(wc -l <"$work/wanted")" '
			$0 == want { left = lines; text = ""; next }
			left-- > 0 { text = text $0 "\n" }
			END { printf "%s", text }' "$folder/$cut" | cmp - "$work/wanted" || { echo "$name"; return 1; }
	done <<-END
		$(grep -E '^(struct|macro|enum|typedef|function|variable|made) ' "$folder/manifest")
	END
}

replay_corpus() {
	"${MAKE-make}" --no-print-directory KERNEL="$1" SAN="$2" TRACE=corpus/region replay
}

# replay_callers KERNEL TRACES
replay_callers() {
	"${MAKE-make}" --no-print-directory KERNEL="$1" SAN=none TARGET=reserve TRACE="$2" replay
}

style_tests() {
	tree=$work/$1
	make_tree "$1" "$tree"
	cp -r "$tree" "$tree.before"
	check "$1 imports" cut_tree "$tree"
	check "$1 is found out" has_facts "$tree.cut" "$2"
	check "$1 is cut unchanged" is_unchanged "$tree" "$tree.cut" map.c
	check "$1 keeps every rule" replay_corpus "$tree" none
	check "$1 is not touched" diff -r "$tree" "$tree.before"
}

style_tests g2 "COUNTS_AT_END MERGES PLACEHOLDERS"
style_tests g3 "COUNTS_AT_END MERGES"
style_tests v7 "NEEDS_HOLES REGIONS_NEEDED"
style_tests g4 "CGROUP H_CG MERGES NEEDS_HOLES REGIONS_NEEDED"
style_tests g6 "CGROUP CSS_PER_REGION H_CG MERGES NEEDS_HOLES REGIONS_NEEDED"
style_tests g8 "CGROUP CSS_PER_REGION H_CG MERGES NEEDS_HOLES REGIONS_NEEDED"

# callers_tests STYLE "FACTS" TRACES: the callers of the map too, of a tree that was made above
callers_tests() {
	tree=$work/$1
	check "$1's callers import" cut_callers "$tree"
	check "... are found out" has_facts "$tree.cut/reserve" "$2"
	check "... are cut unchanged" is_unchanged "$tree" "$tree.cut/reserve" reserve.c
	check "... without what the shim has" grep -q '^shim gather_surplus_pages mm/hugetlb.c:' \
		"$tree.cut/reserve/manifest"
	check "... and keep every rule" replay_callers "$tree" "$3"
	check "... and are not touched" diff -r "$tree" "$tree.before"
}

# Where nothing restores a reservation, what fails when it has its page takes it along: with `late`, and a copy
# behind the end of its file.
mkdir "$work/no-late"
# shellcheck disable=SC2046 # a list of files
cp $(grep -L late corpus/reserve/*.trace) "$work/no-late"
rm "$work/no-late/kernel-5.13-copy-behind-the-end.trace"
callers_tests g2 "COPY_RESTORES COUNTS_AT_END FAULT_RESTORES FIX_RESTORE MERGES PLACEHOLDERS" "$work/no-late"
callers_tests v7 "COPY_RESTORES FAULT_RESTORES NEEDS_HOLES REGIONS_NEEDED RESTORE VMA_NEEDED" corpus/reserve
callers_tests g8 "ALLOC_FOLIO CGROUP CHARGES_RESERVED COPY_RESTORES CSS_PER_REGION FAULT_RESTORES FREE_FOLIO H_CG MERGES \
NEEDS_HOLES REGIONS_NEEDED RESERVE_VMA_FLAGS RESTORE RESTORE_FOLIO" corpus/reserve
check "no callers" says 125 'no hugepage_new_subpool' replay_callers "$work/g4" corpus/reserve

check "the manifest has the version" grep -q '^version 9.8.7-rc6$' "$work/g8.cut/manifest"
check "unrelated functions stay" sh -c "! grep unrelated $work/g8.cut/map.c"

# broken NAME STYLE: a tree to break, in $broken
broken() {
	broken=$work/$1
	make_tree "$2" "$broken"
}

broken no-abort g8
sed -i 's/region_abort(/region_undo(/' "$broken/mm/hugetlb.c"
check "a function is missing" says 125 'has no region_abort in: ' cut_tree "$broken"

broken new-signature g8
sed -i 's/region_count(struct resv_map \*resv, /region_count(struct resv_map *resv, int how, /' \
	"$broken/mm/hugetlb.c"
check "a signature is new" says 125 \
	'mm/hugetlb.c:[0-9]*: the signature is new: .*region_count(struct resv_map \*resv, int how, ' cut_tree "$broken"

broken new-callers g8
sed -i 's/^hugetlb_reserve_pages(/&unsigned how, /' "$broken/mm/hugetlb.c"
check "a caller's signature is new" says 125 \
	'is new: .*hugetlb_reserve_pages(unsigned how,.*); fuzz/import/kernel_reserve.c knows' cut_callers "$broken"
check "... which is nothing to the map" cut_tree "$broken"

broken no-alloc v7
sed -i 's/alloc_huge_page(/alloc_giant_page(/' "$broken/mm/hugetlb.c"
check "a caller has a new name" says 125 'has no alloc_hugetlb_folio or alloc_huge_page in: ' \
	cut_callers "$broken"

broken foreign-caller v7
sed -i 's/page_hstate(page)/page_giant(page)/' "$broken/mm/hugetlb.c"
check "a caller's helper is not in the shim" says 125 'page_giant' cut_callers "$broken"
check "... and where it should be" says 125 'src/vm/part.h' cut_callers "$broken"

broken mixed v7
sed -i 's/region_abort(struct resv_map \*resv, long f, long t, long regions_needed)/region_abort(struct resv_map *resv, long f, long t)/' \
	"$broken/mm/hugetlb.c"
sed -i 's/in_progress -= regions_needed/in_progress--/' "$broken/mm/hugetlb.c"
check "two generations are mixed" says 125 'two generations are mixed: .* disagree about regions_needed' cut_tree "$broken"

broken renamed-helper g8
sed -i '/^put_region\|^static void put_region/s/put_region/place_region/' "$broken/mm/hugetlb.c"
check "a helper is missing" says 125 'mm/hugetlb.c:[0-9]*:[0-9]*: .*put_region' cut_tree "$broken"

broken foreign-helper g8
sed -i 's/kfree(rest)/kfree_sensitive(rest)/' "$broken/mm/hugetlb.c"
check "a helper is not in the shim" says 125 'kfree_sensitive' cut_tree "$broken"
check "... and where it should be" says 125 'src/shim/kernel.h' cut_tree "$broken"

broken no-cache g2
sed -i '/region_cache;/d' "$broken/include/linux/hugetlb.h"
check "there is no entry cache" says 125 'struct resv_map has no region_cache: .*entry cache' cut_tree "$broken"

broken no-struct g2
sed -i 's/^struct file_region {/struct other_region {/' "$broken/mm/hugetlb.c"
check "a struct is missing" says 125 'mm/hugetlb.c:[0-9]*:[0-9]*: struct file_region$' cut_tree "$broken"

broken no-hugetlb g2
rm "$broken/mm/hugetlb.c"
check "a foreign folder" says 2 'is no kernel tree: it has no mm/hugetlb.c' cut_tree "$broken"
check "a foreign file" says 2 'neither a folder nor a tar' \
	fuzz/import/import.sh cut tests/import.sh "$work/foreign"
check "no such folder" says 2 'no such file' fuzz/import/import.sh cut "$work/none" "$work/foreign"

broken no-cgroup g8
rm "$broken/mm/hugetlb_cgroup.c" "$broken/include/linux/hugetlb_cgroup.h"
check "without cgroup files" says 0 'no mm/hugetlb_cgroup.c: built without cgroup' cut_tree "$broken"
check "... it has none" has_facts "$broken.cut" "H_CG MERGES NEEDS_HOLES REGIONS_NEEDED"
check "... and keeps every rule" replay_corpus "$broken" none

# What only a map with owners can do wrong, each reported by its own rule.
broken lost-reference g6
sed -i 's/css_put(rg->css);/(void)rg;/' "$broken/mm/hugetlb.c"
check "a merge keeps a reference" says 1 'FAIL css-balanced' replay_corpus "$broken" none

broken lost-charge g4
sed -i 's/, nr_pages \* resv->pages_per_hpage/, nr_pages/' "$broken/mm/hugetlb_cgroup.c"
check "a del pays back too little" says 1 'FAIL uncharge-exact' replay_corpus "$broken" none

tar -C "$work" -cf "$work/linux-9.8.tar.xz" -J g8
check "a tar archive" fuzz/import/import.sh cut "$work/linux-9.8.tar.xz" "$work/tar.cut"
check "... is what was packed" cmp "$work/g8/mm/hugetlb.c" "$work/tar.cut/tree/mm/hugetlb.c"

# --- ways to write it, and ways to break it ------------------------------------------------------

# shellcheck source=tests/import/variants.sh
. tests/import/variants.sh

facts_of() {
	case $1 in
	g3) echo "COUNTS_AT_END MERGES" ;;
	g8) echo "CGROUP CSS_PER_REGION H_CG MERGES NEEDS_HOLES REGIONS_NEEDED" ;;
	esac
}

# All of them stand in one place one after the other, so that only the map is built anew.
edit_tree() {
	make_tree "$2" "$work/variant"
	cp -r "$work/variant" "$work/before"
	(cd "$work/variant" && "edit_$1")
	! diff -r "$work/before" "$work/variant" >/dev/null
	edited=$?
	rm -rf "$work/before"
	return $edited
}

# Each names what is missing once, with its line.
names_both() {
	says 125 'hugetlb.c:[0-9]*:[0-9]*: kfree_late$' cut_tree "$work/variant"
}

while read -r name style fate expected; do
	[ -n "$name" ] || continue
	check "variant $name is one" edit_tree "$name" "$style"
	case $fate in
	good | runs)
		check "variant $name imports" cut_tree "$work/variant"
		check "... as what it is" has_facts "$work/variant.cut" "$(facts_of "$style")"
		[ "$fate" = good ] || check "... and keeps every rule" replay_corpus "$work/variant" none
		;;
	says) check "variant $name is refused" says 125 "$expected" cut_tree "$work/variant" ;;
	callers) check "variant $name is refused" says 125 "$expected" cut_callers "$work/variant" ;;
	esac
	[ "$name" != two_unknown ] || check "... with all names" names_both
done <<-END
	$variants
END

# --- facts of a map that is broken ---------------------------------------------------------------

# A merge that is forgotten is what the map promises, unless somebody says otherwise.
broken no-merge g3
sed -i 's/rg->to < f)/rg->to <= f)/; s/rg->from > t)/rg->from >= t)/' "$broken/mm/hugetlb.c"
check "a map that does not merge" cut_tree "$broken"
check "... is one" has_facts "$broken.cut" "COUNTS_AT_END"
check "... and is found out with FACTS=" says 1 'FAIL map-shape' \
	env FACTS=MERGES=1 "${MAKE-make}" --no-print-directory KERNEL="$broken" SAN=none \
	TRACE=corpus/region replay
check "... which say so" says 0 'fact MERGES 1 set by FACTS=' sh -c "FACTS=MERGES=1 \
	fuzz/import/import.sh cut '$broken' '$broken.cut' && cat '$broken.cut/manifest'"
check "an unknown fact" says 2 'FACTS=MERGED=1: there is no such fact here; choose of:.* MERGES' \
	env FACTS=MERGED=1 fuzz/import/import.sh cut "$broken" "$broken.cut"

# One that breaks when it is asked is still built, for its bug is to be found.
broken asserts g8
sed -i 's/^static long region_add/&_/; /^static long region_add_/,/^}/s/long needed, add;/&\n\n\tVM_BUG_ON(t - f == 1);/
	s/^static long region_add_/static long region_add/' "$broken/mm/hugetlb.c"
check "a map that breaks when it is asked" cut_tree "$broken"
check "... says so" grep -q '^fact MERGES 1 assumed: the map broke when asked: .*/mm/hugetlb.c:[0-9]*: VM_BUG_ON' \
	"$broken.cut/manifest"
check "... and its bug is found" says 1 'FAIL kernel-assert' replay_corpus "$broken" none

# --- where it comes from, and where it goes ---------------------------------------------------------

archive() { fuzz/import/import.sh cut "$work/$1" "$work/$1.cut"; }

tar -C "$work" -cf "$work/dot.tar" ./g8
check "a tar whose names begin with ./" archive dot.tar
tar -C "$work/g8" -cf "$work/flat.tar" .
check "a tar without a top folder" archive flat.tar
head -c 3000 "$work/linux-9.8.tar.xz" >"$work/short.tar.xz"
check "a tar that was cut off" says 2 'short.tar.xz cannot be read: ' archive short.tar.xz
check "... leaves nothing" sh -c "! ls -d $work/short.tar.xz.cut/*"
tar -C tests -cf "$work/other.tar" import
check "a tar of something else" says 2 'is no archive of a kernel' archive other.tar

odd="$work/it's a ~ tree"
cp -r "$work/g8" "$odd"
check "spaces and apostrophes, and what is said" says 0 \
	"19 functions, .* of .*/it's a ~ tree (9.8.7-rc6) are in build/import/" \
	"${MAKE-make}" --no-print-directory KERNEL="$odd" import
at_home() {
	HOME=$PWD/$work "${MAKE-make}" --no-print-directory KERNEL='~/g8' import
}
check "a ~ that the shell left" at_home

full_disk() {
	trap '' XFSZ
	ulimit -f 8
	fuzz/import/import.sh cut "$work/g8" "$work/full"
}
check "a full disk is no verdict" says 2 'File too large' full_disk
check "... and leaves nothing" sh -c "! ls -d $work/full/*"

mkdir "$work/read-only"
touch "$work/read-only/file"
check "no room for the folder" says 2 'cannot be written' \
	fuzz/import/import.sh cut "$work/g8" "$work/read-only/file/cut"

# Four at once: each is whole, and none takes away what another one made.
at_once() {
	rm -rf "$work/once"
	for _ in 1 2 3 4; do
		fuzz/import/import.sh cut "$work/g8" "$work/once" && cmp "$work/once/map.c" "$work/g8.cut/map.c" &
	done
	wait && is_unchanged "$work/g8" "$work/once" map.c &&
		[ "$(ls "$work/once")" = "$(printf '%s\n' import.h inputs manifest map.c types.h)" ]
}
check "four imports at once" at_once

check "what did not change is not touched" sh -c "touch -d @1 $work/once/map.c &&
	fuzz/import/import.sh cut $work/g8 $work/once && [ -z \"\$(find $work/once -name map.c -newermt @2)\" ]"

broken moved-far g8
(cd "$broken" && edit_moved_elsewhere)
check "FILES= names a file" env FILES=mm/regions.c fuzz/import/import.sh cut "$broken" "$broken.cut"
check "... that is cut from" grep -q '^function region_count mm/regions.c:2-' "$broken.cut/manifest"
check "... and has to be there" says 2 'FILES=mm/none.c: .* has no such file' \
	env FILES=mm/none.c fuzz/import/import.sh cut "$broken" "$broken.cut"

# --- a history: git bisect run finds the commit, and passes over one that does not build -----------

history=$work/history

make_history() {
	make_tree g8 "$history"
	git init -q "$history"
	commit 'good'
	sed -i 's/made-up/invented/' "$history/mm/hugetlb.c" && commit 'good too'
	sed -i 's/kfree(rest)/kfree_sensitive(rest)/' "$history/mm/hugetlb.c" && commit 'unbuildable'
	sed -i 's/kfree_sensitive(rest)/kfree(rest)/' "$history/mm/hugetlb.c" && commit 'builds again'
	sed -i 's/in_progress -= regions_needed/in_progress--/' "$history/mm/hugetlb.c" && commit 'culprit'
	sed -i 's/invented/made-up/' "$history/mm/hugetlb.c" && commit 'bad too'
	printf 'chg [1,2) a\nadd a\nchg [0,3) b\nabort b\n' >"$work/two-holes.trace"
}

bisect() {
	here=$(pwd)
	git -C "$history" bisect start HEAD HEAD~5 &&
		git -C "$history" bisect run "${MAKE-make}" -C "$here" SAN=none replay \
			KERNEL="$here/$history" TRACE="$here/$work/two-holes.trace" &&
		git -C "$history" show -s refs/bisect/bad
}

make_history
check "git bisect finds the culprit" says 0 '^ *culprit$' bisect

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
