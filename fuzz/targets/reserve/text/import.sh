#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Cuts all of a kernel's hugetlb that touches reservations out of a tree, for text.c.
#
#	import.sh KERNEL FOLDER		fill FOLDER, and print its name if the tree's text can be taken
#
# KERNEL is a tree, or a tar archive of one, which is unpacked into FOLDER/tree as far as it is needed.
#
# FOLDER gets facts.h (fuzz/targets/reserve/text/facts), types.h, functions.c and cuts (fuzz/import/cut), manifest
# (manifest.sh), and, where
# the text cannot be taken, missing: all that the world below lacks, a line each.  Nothing is printed then,
# and the exit status is 0: the caller falls back to fewer functions of the tree's.  A tree and a
# world that are as they were are not looked at again.
set -eu
export LC_ALL=C

tree=$1
out=$2
FILES="include/linux/hugetlb_inline.h include/linux/hugetlb.h include/linux/hugetlb_cgroup.h
	mm/hugetlb_internal.h mm/hugetlb_vmemmap.h mm/hugetlb_cma.h mm/hugetlb.c mm/hugetlb_cgroup.c
	fs/hugetlbfs/inode.c mm/memfd.c"
# Where one of these is not there or cannot be taken, that op is made by text/ as mm/ makes it.
MORE="mm/migrate.c mm/userfaultfd.c"
# Not cut from: how many pages are looked up at a time.
FOR_FACTS="include/linux/folio_batch.h include/linux/pagevec.h"
OURS="$(echo src/vm/*.[ch] fuzz/targets/reserve/text/*.[ch])"

# Calls that ops are made of, and what the kernel reaches by pointers only.
ROOTS="hugetlb_fault __unmap_hugepage_range unmap_hugepage_range ?__unmap_hugepage_range_final
	?__hugetlb_zap_begin ?__hugetlb_zap_end copy_hugetlb_page_range hugetlb_vm_ops
	hugetlbfs_file_mmap|hugetlbfs_file_mmap_prepare hugetlb_reserve_pages hugetlb_unreserve_pages hugetlb_vmtruncate
	hugetlbfs_punch_hole remove_inode_hugepages hugetlbfs_fallocate hugetlbfs_evict_inode
	hugetlbfs_setattr set_max_huge_pages hugepage_new_subpool hugepage_put_subpool
	?hugetlb_mfill_atomic_pte ?hugetlb_mcopy_atomic_pte ?alloc_hugetlb_folio_reserve
	?move_hugetlb_state dissolve_free_hugetlb_folio|dissolve_free_huge_page
	hugetlb_change_protection hugetlb_cgroup_css_offline free_huge_folio|free_huge_page
	?move_hugetlb_page_tables hugetlb_dup_vma_private|reset_vma_resv_huge_pages
	?clear_vma_resv_huge_pages folio_isolate_hugetlb|isolate_hugetlb|isolate_huge_page
	?hugetlbfs_error_remove_folio|hugetlbfs_error_remove_page is_vma_resv_set vma_resv_map
	resv_map_alloc resv_map_release ?memfd_alloc_folio HUGETLBFS_I
	?hugetlbfs_migrate_folio|hugetlbfs_migrate_page
	folio_putback_hugetlb|folio_putback_active_hugetlb|putback_active_hugepage
	?alloc_hugetlb_folio_nodemask|alloc_huge_page_nodemask
	?hugetlb_cgroup_from_folio_rsvd|hugetlb_cgroup_from_page_rsvd
	?hugetlb_cgroup_from_folio|hugetlb_cgroup_from_page
	?hugetlb_folio_subpool|hugetlb_page_subpool
	?unmap_and_move_hugetlb_folio|unmap_and_move_huge_page
	?mfill_atomic_hugetlb|__mcopy_atomic_hugetlb"

inputs() {
	echo "$CC"
	for file in $FILES $MORE $FOR_FACTS; do
		[ ! -f "$tree/$file" ] || sha256sum "$tree/$file"
	done
	sha256sum src/vm/* src/shim/*.h fuzz/import/cut fuzz/import/Text.pm fuzz/targets/reserve/text/*
}

version() {
	awk -F' *= *' '/^(VERSION|PATCHLEVEL|SUBLEVEL)/ && !($1 in v) { v[$1] = $2 }
		END { print v["VERSION"] "." v["PATCHLEVEL"] "." v["SUBLEVEL"] }' "$tree/Makefile"
}

# calls: are our calls good for this tree?  Lines as the importer's where they are not.
calls() {
	# shellcheck disable=SC2086 # CC may have words
	for file in fuzz/targets/reserve/text/*.c; do
		${CC:-clang} -std=gnu11 -I. -I"$out" -DSHIM_DEBUG_VM=1 -w -fsyntax-only -fno-color-diagnostics \
			-fno-caret-diagnostics "$file" 2>&1 || true
	done | sed -n 's/^\(.*:[0-9]*\):.* error: /import: \1: /p'
}

# take FILE...: cut out of these files; false, and what is missing in $out/missing, where they cannot be taken
# shellcheck disable=SC2086 # lists of files and names
take() {
	fuzz/targets/reserve/text/facts "$tree" "$(version)" $OURS -- "$@" >"$out/facts.h"
	fuzz/import/cut --tree "$tree" --out "$out" --text functions.c \
		--config src/vm/config.h --shim "$out/facts.h" --shim src/vm/vm.h \
		--files "$*" $ROOTS 2>"$out/missing" && calls >"$out/missing" && [ ! -s "$out/missing" ] && return
	[ -s "$out/missing" ] || exit 2
	false
}

mkdir -p "$out"
there=$out/../tree # what the importer of the map has unpacked
newer() { [ -n "$(find "$1" -prune -newer "$2")" ]; }
if [ -f "$tree" ] && [ -e "$there/.unpacked" ] && ! newer "$tree" "$there/.unpacked" &&
		[ -e "$there/fs/hugetlbfs/inode.c" ]; then
	tree=$there
elif [ -f "$tree" ]; then
	if [ ! -e "$out/tree/mm/hugetlb.c" ] || newer "$tree" "$out/tree"; then
		rm -rf "$out/tree"
		mkdir "$out/tree"
		# shellcheck disable=SC2046,SC2086 # a list of patterns; some of them may be missing
		tar -xf "$tree" -C "$out/tree" --strip-components=1 --wildcards \
			$(printf '*/%s ' Makefile $FILES $MORE $FOR_FACTS) 2>/dev/null || true
	fi
	tree=$out/tree
fi
[ -e "$tree/Makefile" ] || exit 0
# Before anything is read, so that what changes meanwhile is seen the next time.
inputs >"$out/inputs.now"
if ! cmp -s "$out/inputs.now" "$out/inputs"; then
	rm -f "$out/inputs" "$out/ours"
	# shellcheck disable=SC2086 # lists of files
	for more in "$MORE" "${MORE% *}" "${MORE#* }" ""; do
		if take $FILES $more; then break; fi
		[ -s "$out/ours" ] || cp "$out/missing" "$out/ours"
	done
	[ -s "$out/missing" ] || rm "$out/missing"
	fuzz/targets/reserve/text/manifest.sh "$tree" "$(version)" "$out" >"$out/manifest"
	cp "$out/inputs.now" "$out/inputs"
fi
[ -e "$out/missing" ] || echo "$out"
