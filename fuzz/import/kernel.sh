#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Cuts the reservation map out of a kernel tree, or out of a tar archive of one.
#
#	import_kernel.sh id KERNEL		print the name of its folder under build/import/
#	import_kernel.sh cut KERNEL FOLDER	fill that folder
#	import_kernel.sh cut KERNEL FOLDER reserve	fill FOLDER/reserve: the map and its callers
#
# Reads mm/hugetlb.c, include/linux/hugetlb.h and, if they are there, mm/hugetlb_cgroup.c,
# include/linux/hugetlb_cgroup.h and the version in the top Makefile; never writes to the tree.
# With CGROUP=0 in the environment the map is built without cgroups.  FOLDER gets
#
#	types.h		the structs		each cut with its #line, so that reports and
#	map.c		the functions		coverage point into the tree
#	import.h	what kind of map it is: IMPORT_* for fuzz/import/kernel_map.c and target_kernel.c
#	manifest	tree, version, every cut with its lines and sha256; "shim": a function of the
#			tree that src/shim/ stands in for
#
# and a file that would not change is not touched.  FOLDER/reserve has the same files, but reserve.c
# for map.c: each is imported, and fails, by itself.  Exit status: 2 KERNEL is no kernel tree, 125
# it cannot be built here; one line on stderr says what is missing.
set -eu

FILES="mm/hugetlb.c mm/hugetlb_cgroup.c include/linux/hugetlb.h include/linux/hugetlb_cgroup.h"

fail() {
	status=$1
	shift
	echo "import: $*" >&2
	exit "$status"
}

is_tar() {
	case $1 in
	*.tar | *.tar.xz | *.tar.gz | *.tar.bz2 | *.tar.zst | *.tgz) [ -f "$1" ] ;;
	*) return 1 ;;
	esac
}

# The folder of build/import/ is the tree's: what is in it may change, as under git bisect.
print_id() {
	name=$(basename "$1" | sed 's/\.t[a-z]*\(\.[a-z0-9]*\)\?$//; s/[^A-Za-z0-9._-]/_/g')
	path=$(realpath -m "$1")
	sum=$(printf %s "$path" | cksum | cut -d' ' -f1)
	printf '%s-%08x%s\n' "$name" "$sum" "$([ "${CGROUP-1}" = 0 ] && echo -nocgroup)"
}

# Only the files that are needed, once for each version of the archive.
unpack() {
	[ -e "$2/Makefile" ] && [ ! "$1" -nt "$2/.unpacked" ] && return
	rm -rf "$2"
	mkdir -p "$2"
	# Some may be missing, which tar holds to be an error: what matters is checked later.  xz
	# takes all processors where it can.
	# shellcheck disable=SC2086 # a list of files
	XZ_DEFAULTS=-T0 tar -xf "$1" -C "$2" --strip-components=1 --occurrence=1 --wildcards \
		--no-wildcards-match-slash '*/Makefile' $(printf '*/%s ' $FILES) 2>/dev/null || true
	touch "$2/.unpacked"
}

kernel_version() {
	[ -e "$1/Makefile" ] || { echo unknown; return; }
	awk -F' *= *' '/^(VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION)/ && !($1 in v) { v[$1] = $2 }
		END { print v["VERSION"] "." v["PATCHLEVEL"] "." v["SUBLEVEL"] v["EXTRAVERSION"] }' \
		"$1/Makefile"
}

list_tags() {
	# shellcheck disable=SC2086 # a list of files
	(cd "$1" && ctags --sort=no --kinds-C=fsgtd --language-force=C -x \
		--_xformat='%N|%K|%F|%n|%e|%S' $2)
}

# Names that the shim supplies for the part; nocgroup.h stands in for files that are not read.
list_shim() {
	for header in src/shim/*.h; do
		case $1-$header in
		*/nocgroup.h | map-*/kernel_mm.h) ;;
		*) ctags --sort=no --kinds-C=dfp --language-force=C -x --_xformat='%N|shim' "$header" ;;
		esac
	done
}

write_manifest() {
	echo "tree $1"
	echo "version $2"
	echo "cgroup $3"
	while read -r kind name file from to; do
		[ "$kind" != shim ] || { echo "$kind $name $file:$from"; continue; }
		sum=$(sed -n "$from,${to}p" "$1/$file" | sha256sum | cut -d' ' -f1)
		echo "$kind $name $file:$from-$to $sum"
	done <"$4/cuts"
}

write_import_h() {
	echo "/* What kind of map it is; written by import_kernel.sh. */"
	echo "#define IMPORT_NAME \"$1\""
	cat "$2/facts"
	! grep -q 'IMPORT_C\(GROUP\|HARGES_USED\) 1' "$2/facts" || echo "#define CONFIG_CGROUP_HUGETLB 1"
}

# A name that is in neither the tree's files nor the shim: the compiler says which, and where.
try_to_compile() {
	"${CC-cc}" -std=gnu11 -fsyntax-only -Werror=implicit-function-declaration \
		-Werror=int-conversion -Werror=incompatible-pointer-types \
		-I. -I"$1" "fuzz/import/kernel_$2.c" 2>"$1/errors" && return
	sed -n 's/^\(.*\): \(fatal \)\?error: \(.*\)/import: \1: \3/p' "$1/errors" | head -1 >&2
	fail 125 "the kernel's text does not compile over src/shim/: what it calls there and is in" \
		"none of the files read must be in src/shim/$3; all errors are in $1/errors"
}

install() {
	for file in types.h "$3.c" import.h manifest; do
		cmp -s "$1/$file" "$2/$file" || mv "$1/$file" "$2/$file"
	done
	rm -rf "$1"
}

# cut_part PART FOLDER NAME: once it is known what there is to cut from
cut_part() {
	new=$2/new
	rm -rf "$new"
	mkdir -p "$new"
	version=$(kernel_version "$tree")
	{ list_shim "$1"; list_tags "$tree" "$present"; } >"$new/tags"
	awk -v root="$tree" -v out="$new" -v text="$1.c" -v cgroup="$cgroup" -v part="$1" \
		-f fuzz/import/cut.awk -f fuzz/import/map.awk -f fuzz/import/reserve.awk "$new/tags"
	write_import_h "$3 ($version)" "$new" >"$new/import.h"
	write_manifest "$tree" "$version" "$cgroup" "$new" >"$new/manifest"
	try_to_compile "$new" "$1" "$([ "$1" = map ] && echo kernel.h || echo kernel_mm.h)"
	install "$new" "$2" "$1"
}

cut_kernel() {
	kernel=$1
	folder=$2
	[ -e "$kernel" ] || fail 2 "KERNEL=$kernel: no such file or folder"
	mkdir -p "$folder"
	tree=$kernel
	if [ ! -d "$kernel" ]; then
		is_tar "$kernel" || fail 2 "KERNEL=$kernel is neither a folder nor a tar archive"
		tree=$folder/tree
		unpack "$kernel" "$tree"
	fi
	for file in mm/hugetlb.c include/linux/hugetlb.h; do
		[ -e "$tree/$file" ] || fail 2 "KERNEL=$kernel is no kernel tree: it has no $file"
	done
	tree=$(cd "$tree" && pwd)
	cgroup=${CGROUP-1}
	present=
	for file in $FILES; do
		if [ -e "$tree/$file" ]; then
			present="$present $file"
		else
			cgroup=0
			echo "import: $tree has no $file: built without cgroup" >&2
		fi
	done
	if [ "$3" = map ]; then
		cut_part map "$folder" "$(basename "$kernel")"
	else
		cut_part reserve "$folder/reserve" "$(basename "$kernel")"
	fi
}

case $#-${1-} in
2-id) print_id "$2" ;;
3-cut) cut_kernel "$2" "$3" map ;;
4-cut) cut_kernel "$2" "$3" "$4" ;;
*) fail 2 "usage: import_kernel.sh id KERNEL | import_kernel.sh cut KERNEL FOLDER [reserve]" ;;
esac
