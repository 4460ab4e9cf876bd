#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Imports the reservation map of a kernel tree, or of a tar archive of one.
#
#	import.sh id KERNEL			print the name of its folder under build/import/
#	import.sh cut KERNEL FOLDER		fill that folder
#	import.sh cut KERNEL FOLDER reserve	fill FOLDER/reserve: the map and its callers
#	import.sh say KERNEL FOLDER [reserve]	cut, and say what was cut and where it is
#	import.sh tree KERNEL FOLDER		print where the tree is: an archive is unpacked into FOLDER
#
# Never writes to the tree.  Environment: CC a clang; CGROUP=0 builds the map without cgroups; FILES
# more files of the tree to look into ("mm/hugetlb_resv.c"); FACTS="MERGES=1" facts that are not to be
# measured.  FOLDER gets
#
#	types.h		macros, types		each cut with its #line, so that reports and
#	map.c		functions, variables	coverage point into the tree (reserve: reserve.c)
#	import.h	IMPORT_*: how they are called and what they promise, for fuzz/import/kernel_*.c
#	manifest	tree, version, configuration, facts; every cut with its lines and sha256; "shim":
#			what src/shim/ stands in for
#
# An import is made in a folder of its own, and what changed is put in place when all of it is good;
# a tree that is as it was is not looked at again.  Exit status: 2 KERNEL is no kernel tree, or the disk
# is full; 125 its map cannot be built here; lines on stderr say what is missing, and where.
set -eu
export LC_ALL=C

# Headers before what uses them.  Left out is what the configuration leaves out, and sysfs.
READ="include/linux/hugetlb_inline.h include/linux/hugetlb.h include/linux/hugetlb_cgroup.h
	mm/hugetlb_*.h mm/hugetlb.c mm/hugetlb_*.c fs/hugetlbfs/*.c
	!mm/hugetlb_vmemmap.c !mm/hugetlb_cma.c !mm/hugetlb_sysfs.c !mm/hugetlb_sysctl.c"
# Unpacked with them, for fuzz/targets/reserve/text/import.sh.
BESIDE="include/linux/folio_batch.h include/linux/pagevec.h mm/memfd.c mm/migrate.c mm/userfaultfd.c"
CGROUP_FILES="mm/hugetlb_cgroup.c include/linux/hugetlb_cgroup.h"
HERE=fuzz/import

fail() {
	status=$1
	shift
	echo "import: $*" >&2
	exit "$status"
}

new=
# What did not compile stays to be looked at.  Whatever else stops this script is no verdict about the
# tree.
end() {
	status=$?
	if [ "$status" = 125 ] && [ -s "$new/errors" ]; then
		rm -rf "${new%/*}/failed"
		mv "$new" "${new%/*}/failed"
		echo "import: all that the compiler said is in ${new%/*}/failed/errors" >&2
	elif [ -n "$new" ]; then
		rm -rf "$new"
	fi
	case $status in 0 | 2 | 125) ;; *) status=2 ;; esac
	exit $status
}

is_tar() {
	case $1 in
	*.tar | *.tar.xz | *.tar.gz | *.tar.bz2 | *.tar.zst | *.tgz) [ -f "$1" ] ;;
	*) return 1 ;;
	esac
}

# Some shells leave the ~ of KERNEL=~/linux as it is.
at_home() {
	# shellcheck disable=SC2088 # one that the shell left
	case $1 in
	'~' | '~/'*) printf '%s\n' "$HOME${1#?}" ;;
	*) printf '%s\n' "$1" ;;
	esac
}

# The folder of build/import/ is the tree's: what is in it may change, as under git bisect.
print_id() {
	name=$(basename "$1" | sed 's/\.t[a-z]*\(\.[a-z0-9]*\)\?$//; s/[^A-Za-z0-9._-]/_/g')
	path=$(realpath -m -- "$1")
	sum=$(printf %s "$path${FILES:+ $FILES}${FACTS:+ $FACTS}" | cksum | cut -d' ' -f1)
	printf '%s-%08x%s\n' "$name" "$sum" "$([ "${CGROUP-1}" = 0 ] && echo -nocgroup)"
}

# What may stand in front of the folder of the archive.
patterns() {
	for pattern in Makefile $READ $BESIDE ${FILES-}; do
		case $pattern in !*) continue ;; esac
		printf '%s\n' "$pattern" "./$pattern" "*/$pattern" "./*/$pattern"
	done
}

# Only the files that are needed, once for each version of the archive.  A pattern that fits nothing is
# no error; anything else that tar says is.
unpack() {
	[ -z "$(find "$2/.unpacked" -newer "$1" 2>/dev/null)" ] || return 0
	mkdir "$new/tar"
	patterns >"$new/patterns"
	XZ_DEFAULTS=-T0 tar -xf "$1" -C "$new/tar" --wildcards --no-wildcards-match-slash \
		--no-same-owner -T "$new/patterns" 2>"$new/errors" || true
	wrong=$(grep -v ': Not found in archive$\|Exiting with failure status' "$new/errors" | head -1) ||
		true
	[ -z "$wrong" ] || fail 2 "KERNEL=$1 cannot be read: $wrong"
	top=$(find "$new/tar" -path '*/mm/hugetlb.c' | head -1)
	[ -n "$top" ] || fail 2 "KERNEL=$1 is no archive of a kernel: it has no mm/hugetlb.c"
	touch "${top%/mm/hugetlb.c}/.unpacked"
	rm -rf "$2"
	mv -T "${top%/mm/hugetlb.c}" "$2"
}

kernel_version() {
	[ -e "$1/Makefile" ] || { echo unknown; return; }
	awk -F' *= *' '/^(VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION)/ && !($1 in v) { v[$1] = $2 }
		END { print v["VERSION"] "." v["PATCHLEVEL"] "." v["SUBLEVEL"] v["EXTRAVERSION"] }' \
		"$1/Makefile"
}

# All that an import depends on, as sums; a file that is not there any more changes the list.
print_inputs() {
	echo "$kernel ${CGROUP-1} ${FILES-} ${FACTS-}"
	(cd "$tree" && for pattern in Makefile $READ ${FILES-}; do
		for file in ${pattern#!}; do [ ! -f "$file" ] || sha256sum "$file"; done
	done)
	# shellcheck disable=SC2046 # a list of files
	sha256sum $HERE/* src/shim/* $([ "$part" != reserve ] || echo src/vm/*)
}

# import.h: facts that calls and probe found, and those that were set by hand.
write_import_h() {
	echo "/* How this map is called and what it promises; written by $HERE/import.sh. */"
	echo "#define IMPORT_NAME \"$(printf %s "$1" | sed 's/[\\"]/_/g')\""
	[ "$cgroup" = 1 ] || echo "#define WITHOUT_CGROUP"
	echo "#include \"$config\""
	awk '{ fact[$1] = $2 } END { for (name in fact) print "#define IMPORT_" name " " fact[name] }' \
		"$new/facts" | sort
}

set_by_hand() {
	for fact in ${FACTS-}; do
		name=${fact%%=*}
		case $fact in *=[01]) ;; *) fail 2 "FACTS=$fact: say NAME=0 or NAME=1" ;; esac
		grep -q "^$name " "$new/facts" || fail 2 "FACTS=$fact: there is no such fact here; choose of:" \
			"$(cut -d' ' -f1 "$new/facts" | sort -u | tr '\n' ' ')"
		echo "$name ${fact#*=} set by FACTS="
	done
}

# Build the probe over the cut and run it.
measure_facts() {
	cp "$new/calls" "$new/facts"
	[ "$part" != reserve ] || read_facts >>"$new/facts"
	write_import_h probe >"$new/import.h"
	"$@" -std=gnu11 -O1 -w -fno-strict-overflow -fno-strict-aliasing -I. -I"$new" $probe \
		$HERE/probe.c src/shim/hooks.c $([ "$part" != reserve ] || echo src/vm/*.c) -o "$new/probe" 2>"$new/errors" ||
		fail 2 "$HERE/probe.c does not build: $(grep -m 1 error "$new/errors")"
	"$new/probe" >"$new/measured" || fail 2 "$HERE/probe.c failed"
	cat "$new/measured" >>"$new/facts"
	set_by_hand >"$new/by-hand"
	cat "$new/by-hand" >>"$new/facts"
}

print_facts() {
	awk '{ how[$1] = substr($0, length($1) + 2) }
		END { for (name in how) if (name != "OWNS") print "fact " name " " how[name] }' "$new/facts" | sort
}

write_manifest() {
	echo "tree $tree"
	echo "version $version"
	echo "cgroup $cgroup"
	[ "$part" != reserve ] || echo "world callers: files and faults around them are ours"
	print_facts
	awk '$1 == "config" { print }
		$1 == "shim" { print $1, $2, $3 ":" $4 }
		$1 !~ /^(config|shim|total)$/ { print $1, $2, $3 ":" $4 "-" $5, $6 }' "$new/cuts"
}

# What the faults and unmaps of this tree do when a page is given back.  Those that run are ours, and do the
# same.  A function that is not found does as the port.
read_facts() {
	awk '
		/^[a-z].*[ *](hugetlb_no_page|hugetlb_mfill_atomic_pte|hugetlb_mcopy_atomic_pte|__unmap_hugepage_range)\(/ {
			match($0, /(hugetlb_no_page|hugetlb_mfill_atomic_pte|hugetlb_mcopy_atomic_pte|__unmap_hugepage_range)/)
			name = substr($0, RSTART, RLENGTH)
		}
		/^}/ { name = "" }
		name == "hugetlb_no_page" && /add_to_page_cache\(/ { adds = 1; fault = 0 }
		name == "hugetlb_no_page" && adds && /restore_reserve_on_error\(/ { fault = 1; adds = 0 }
		name == "hugetlb_no_page" && adds && /put(_page)?\(/ { fault = 0; adds = 0; seen["f"] = 1 }
		name ~ /atomic_pte/ { seen["c"] = 1 }
		name ~ /atomic_pte/ && /restore_reserve_on_error\(/ { copy = 1 }
		name == "__unmap_hugepage_range" && /restore_reserve\(/ { unmap = 1 }
		END {
			print "FAULT_RESTORES " !("f" in seen) " read off hugetlb_no_page()"
			print "COPY_RESTORES " ("c" in seen ? copy + 0 : 1) " read off hugetlb_mfill_atomic_pte()"
			print "UNMAP_RESTORES " unmap + 0 " read off __unmap_hugepage_range()"
		}' "$tree/mm/hugetlb.c"
}

# The facts that are so, as words, for the report of a failure.
promises() {
	awk '/^fact/ && $3 == 1 && $2 ~ /^(MERGES|NEEDS_HOLES|COUNTS_AT_END|PLACEHOLDERS|CGROUP|CSS_PER_REGION)$/ {
		gsub(/_/, "-", $2); printf "%s%s", sep, tolower($2); sep = ", " }' "$1"
}

# ask_calls VERB FILE.calls...
ask_calls() {
	verb=$1
	shift
	# shellcheck disable=SC2086 # lists
	$HERE/calls "$verb" --out "$new" --text "$part.c" --config $config --shim $shim \
		--adapter "fuzz/import/kernel_$part.c" --say "$tree" $without "$@"
}

# cut_part PART: once it is known what there is to cut from
cut_part() {
	shim=src/shim/kernel.h
	config=$HERE/config.h
	probe=
	replaced=
	ours=
	set -- "$1" $HERE/map.calls
	if [ "$1" = reserve ]; then
		shim=src/vm/part.h
		config=src/vm/config.h
		probe=-DPROBE_RESERVE
		replaced="--replaced $HERE/replaced"
		ours="; only the callers, files and faults are ours"
		set -- "$@" $HERE/reserve.calls
	fi
	part=$1
	shift
	roots=$($HERE/calls roots "$@")
	without=$([ "$cgroup" = 1 ] || echo --define WITHOUT_CGROUP)
	# A field that is missing may be why it does not compile.
	# shellcheck disable=SC2086 # lists
	$HERE/cut --tree "$tree" --out "$new" --text "$part.c" --config $config --shim $shim \
		--files "$READ ${FILES-} $left_out" $replaced $without $roots || {
		status=$?
		[ $status != 125 ] || ask_calls fields "$@" 2>&1 | grep ' has no ' >&2 || true
		exit $status
	}
	ask_calls facts "$@"
	# shellcheck disable=SC2086 # CC may have words
	measure_facts $CC
	write_manifest >"$new/manifest"
	write_import_h "$(basename "$kernel") ($version; $(promises "$new/manifest")$ours)" >"$new/import.h"
}

# Put in place what changed, the inputs last: without them the next import starts anew.
install() {
	rm -rf "$1/inputs" "$1/failed"
	for file in types.h "$part.c" manifest import.h inputs; do
		cmp -s "$new/$file" "$1/$file" || mv "$new/$file" "$1/$file"
	done
}

find_tree() {
	[ -e "$kernel" ] || fail 2 "KERNEL=$kernel: no such file or folder"
	tree=$kernel
	if [ ! -d "$kernel" ]; then
		is_tar "$kernel" || fail 2 "KERNEL=$kernel is neither a folder nor a tar archive"
		tree=$1/tree
		unpack "$kernel" "$tree"
	fi
	for file in mm/hugetlb.c include/linux/hugetlb.h; do
		[ -r "$tree/$file" ] || fail 2 "KERNEL=$kernel is no kernel tree: it has no $file"
	done
	for file in ${FILES-}; do
		[ -e "$tree/$file" ] || fail 2 "FILES=$file: $kernel has no such file"
	done
	tree=$(cd "$tree" && pwd)
}

# import_kernel PART FOLDER: FOLDER is where its files go
import_kernel() {
	mkdir -p "$2" 2>/dev/null || fail 2 "$2 cannot be written"
	# What a killed import left.
	find "$2" -maxdepth 1 -name 'new.*' -mmin +60 -exec rm -rf {} + 2>/dev/null || true
	new=$(mktemp -d "$2/new.XXXXXX") || fail 2 "$2 cannot be written"
	find_tree "${2%/reserve}"
	version=$(kernel_version "$tree")
	cgroup=${CGROUP-1}
	left_out=
	for file in $CGROUP_FILES; do
		[ -e "$tree/$file" ] && continue
		cgroup=0
		echo "import: $tree has no $file: built without cgroup" >&2
	done
	[ "$cgroup" = 1 ] || left_out="!mm/hugetlb_cgroup.c !include/linux/hugetlb_cgroup.h"
	part=$1
	print_inputs >"$new/inputs"
	cmp -s "$new/inputs" "$2/inputs" && return
	cut_part "$1"
	install "$2"
}

print_tree() {
	mkdir -p "$1" 2>/dev/null || fail 2 "$1 cannot be written"
	new=$(mktemp -d "$1/new.XXXXXX") || fail 2 "$1 cannot be written"
	find_tree "$1"
	printf '%s\n' "$tree"
}

# What somebody who typed make import wants to know.
say() {
	awk -v kernel="$kernel" -v folder="$1" -v part="$2" '
		$1 == "version" { version = $2 }
		$1 == "cgroup" { cgroup = $2 }
		$1 == "function" { functions++ }
		$1 ~ /^(struct|union|enum|enumerator|typedef|macro|variable|made)$/ { others++ }
		$1 == "shim" { shim++ }
		$1 == "fact" && $3 == 1 { facts = facts " " $2 }
		$1 == "fact" && / assumed: / { assumed = assumed "import: " $0 "\n" }
		$1 == "config" && $3 == "on" { config = config " " $2 }
		END {
			print "import: " functions " functions, " others + 0 " types, macros and variables of " kernel \
				" (" version (cgroup ? "" : ", without cgroup") ") are in " folder ", unchanged"
			print "import: the kernel'"'"'s: " part ".c and types.h.  Ours: " (part == "map" ? "src/shim/" : "src/vm/") " below it" \
				(shim ? ", which stands in for " shim " names that the tree has too" : "") \
				"; fuzz/import/kernel_" part ".c, which calls it"
			print "import: configuration:" config
			print "import: facts:" facts
			printf "%s", assumed
			print "import: every cut with its lines: " folder "/manifest"
		}' "$1/manifest"
}

# The parser is clang, whatever the map is built with later.
find_compiler() {
	CC=${CC-}
	case $CC in *clang*) ;; *) CC=$(command -v clang || fuzz/engines/setup.sh cc) || exit 2 ;; esac
	export CC
}

trap end EXIT
trap 'exit 2' INT TERM HUP
[ $# -lt 2 ] || kernel=$(at_home "$2")
case ${1-} in cut | say) find_compiler ;; esac
case $#-${1-}-${4-reserve} in
2-id-*) print_id "$kernel" ;;
3-tree-*) print_tree "$3" ;;
3-cut-*) import_kernel map "$3" ;;
4-cut-reserve) import_kernel reserve "$3/reserve" ;;
3-say-*)
	import_kernel map "$3"
	say "$3" map
	;;
4-say-reserve)
	import_kernel reserve "$3/reserve"
	say "$3/reserve" reserve
	;;
*) fail 2 "usage: import.sh id KERNEL | import.sh cut|say KERNEL FOLDER [reserve]" ;;
esac
