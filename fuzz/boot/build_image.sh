#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# build_image.sh TREE [FOLDER]: builds a bzImage out of a full kernel tree: tinyconfig and what
# image.config lists.  Prints the bzImage's path on the last line.
#
# The tree is not written into, and may have been built in: what is built is a copy of it that consists of links, and the
# objects are in a folder beside that.  Built again after a change of one file, only that file is compiled.  FOLDER is where
# both are; without it, a folder in build/boot/images that belongs to the tree.
#
# Environment: JOBS; BOOT_CONFIG, more files like image.config; BOOT_OVER, a folder whose files stand in for the tree's.
#
# Exit status: 0; 2 wrong usage; 125 the tree is no kernel's, or does not build.
set -eu
export LC_ALL=C

config=$(cd "$(dirname "$0")" && pwd)/image.config

unbuilt() {
	echo "boot: KERNEL=$1: $2" >&2
	exit 125
}

[ -n "${1-}" ] || { echo "boot: say which tree: make boot-image KERNEL=folder" >&2; exit 2; }
tree=$(cd "$1" 2>/dev/null && pwd) || { echo "boot: KERNEL=$1: no such folder" >&2; exit 2; }
[ -f "$tree/Kbuild" ] && [ -f "$tree/mm/hugetlb.c" ] && [ -d "$tree/arch/x86" ] && [ -f "$tree/scripts/kconfig/merge_config.sh" ] ||
	unbuilt "$1" "not a whole kernel tree for x86; a package linux-source-* or a git checkout is one"
folder=${2-build/boot/images/tree-$(echo "$tree" | cksum | tr -d ' ')}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

# The tree's files, without what a build has left in it
files() {
	(cd "$tree" && find . -path ./.git -prune -o -path ./include/config -prune -o -path '*/include/generated' -prune -o \
		! -type d ! -name '*.o' ! -name '.*.cmd' ! -name '*.a' ! -path ./.config -print) | sort
}

# link_all: the copy is links to all of them
link_all() {
	rm -rf "$folder/tree" "$folder/tree.part"
	cp -rs "$tree" "$folder/tree.part"
	(
		cd "$folder/tree.part"
		rm -rf .git .config include/config include/generated arch/*/include/generated
		find . -name '*.o' -o -name '.*.cmd' -o -name '*.a' | xargs -r rm -f
	)
	: >"$folder/over"
	mv "$folder/tree.part" "$folder/tree"
}

# link_again FILE: what has stood in for a file of the tree, or beside them, goes
link_again() {
	rm -f "$folder/tree/$1"
	rm -f "$folder/out/${1%.c}.o"
	[ ! -e "$tree/$1" ] || ln -s "$tree/$1" "$folder/tree/$1"
}

# A copy that has the tree's files stays: to make all the links takes longer than to compile one file.
make_copy() {
	files >"$folder/files.new"
	if ! [ -d "$folder/tree" ] || ! cmp -s "$folder/files.new" "$folder/files"; then
		rm -f "$folder/files"
		link_all
		mv "$folder/files.new" "$folder/files"
	fi
	while read -r file; do link_again "$file"; done <"$folder/over"
	: >"$folder/over"
	[ -n "${BOOT_OVER-}" ] || return 0
	(cd "$BOOT_OVER" && find . -type f) >"$folder/over"
	cp -r --remove-destination "$BOOT_OVER/." "$folder/tree"
}

# What the tree does not know, or does not allow, is told: the executor says itself what it lacks.
tell_missing() {
	for option in $(sed -n 's/^\(CONFIG_[A-Z0-9_]*\)=y$/\1/p' "$@"); do
		grep -q "^$option=y" "$folder/out/.config" || printf ' %s' "$option"
	done
}

quietly() {
	"$@" >>"$folder/log" 2>&1 || {
		grep -aE 'error|Error' "$folder/log" | head -5 >&2
		unbuilt "$tree" "does not build; all of it is in $folder/log"
	}
}

make_copy
: >"$folder/log"
mkdir -p "$folder/out"
# The tree's make is none of this one's jobs.
unset MAKEFLAGS MFLAGS MAKELEVEL CC KERNEL TARGET TRACE ARCH CROSS_COMPILE || true
build="make -C $folder/tree O=$folder/out ARCH=x86_64"
# shellcheck disable=SC2086 # commands and lists of files
{
	if ! cat "$config" ${BOOT_CONFIG-} | cmp -s - "$folder/config"; then
		quietly $build tinyconfig
		(cd "$folder/out" && quietly "$folder/tree/scripts/kconfig/merge_config.sh" -m .config "$config" ${BOOT_CONFIG-})
		quietly $build olddefconfig
		cat "$config" ${BOOT_CONFIG-} >"$folder/config"
	fi
	missing=$(tell_missing "$config" ${BOOT_CONFIG-})
	[ -z "$missing" ] || echo "this tree is built without$missing"
	quietly $build "-j${JOBS-2}" bzImage modules
}
echo "$folder/out/arch/x86/boot/bzImage"
