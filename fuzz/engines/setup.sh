#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Finds the compiler and the tools on Debian or Ubuntu, and installs what is missing when run as
# root.  It knows packages and versions, and nothing of what is built.
#
#	setup.sh cc [TOOL...]	print the newest clang that has the fuzzer and sanitizer runtimes; make
#				sure that it and the tools are there
#	setup.sh need TOOL...	make sure that the tools are there: see is_there below
#	setup.sh find		print what `cc` would; install nothing, and say clang if there is none
#	setup.sh afl-clang	print the clang that AFL++ was made for, or nothing
#	setup.sh clang-format	print a clang-format that agrees with .clang-format, or nothing
#	setup.sh kernels	print the archives of kernels that packages have put into /usr/src
#
# All that is missing is named at once.  Without root the line to run is printed on stderr and the
# exit status is 2.  What no package has is left out here if a test can do without it (clang-format,
# kernels, booting): tests/check.sh skips what needs it, and says so.
set -eu

# What apt says is read here, and classes like [a-z] are those of ASCII.
LC_ALL=C
export LC_ALL

say() { echo "setup: $*" >&2; }

# The versions of clang that are looked for, the newest first, and of clang-format: only what the files
# here are formatted with, since every version breaks some line elsewhere, 17 those of macros.
clang_versions=$(seq 40 -1 14)
format_version=14

# --- what is there -------------------------------------------------------------------------------

# has_runtimes COMPILER: libraries and their headers, which are packages of their own
has_runtimes() {
	for lib in fuzzer asan msan ubsan_standalone; do
		for file in "libclang_rt.$lib-$(uname -m).a" "libclang_rt.$lib.a"; do
			[ -e "$("$1" -print-file-name="$file" 2>/dev/null)" ] && continue 2
		done
		return 1
	done
	[ -e "$("$1" -print-file-name=include/sanitizer/asan_interface.h 2>/dev/null)" ]
}

newest_clang() {
	for clang in $(for version in $clang_versions; do echo "clang-$version"; done) clang; do
		if command -v "$clang" >/dev/null && has_runtimes "$clang"; then
			echo "$clang"
			return
		fi
	done
	return 1
}

# The version of clang that AFL++ calls, or will call once it is installed.
afl_version() {
	if command -v afl-clang-fast >/dev/null; then
		AFL_QUIET=1 afl-clang-fast --version 2>/dev/null
	else
		apt-cache depends afl++ 2>/dev/null
	fi | sed -n 's/.*clang version \([0-9]*\)\..*/\1/p; s/.*Depends: clang-\([0-9]*\)$/\1/p' | head -n 1
}

clang_format() {
	for format in clang-format "clang-format-$format_version"; do
		if "$format" --version 2>/dev/null | grep -q " version $format_version\."; then
			echo "$format"
			return
		fi
	done
	return 1
}

# Kernels of the distribution: of the oldest and the newest package of its lists.
kernel_packages() {
	apt-cache pkgnames linux-source- 2>/dev/null | grep -E '^linux-source-[0-9.]+$' |
		sort -V | sed -n '1p; $p' | uniq
}

# archive PACKAGE: where that package puts its kernel
archive() {
	for file in "/usr/src/$1".tar.*; do
		if [ -e "$file" ]; then echo "$file"; return; fi
	done
	return 1
}

has_cmocka() {
	echo '#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>' | cc -E - >/dev/null 2>&1
}

# has_header NAME: of a library without a program of its own
has_header() { echo "#include <$1>" | cc -E - >/dev/null 2>&1; }

has_kernels() {
	for package in $(kernel_packages); do
		archive "$package" >/dev/null || return 1
	done
	[ -n "$(ls -d /usr/src/linux-source-*.tar.* 2>/dev/null)" ]
}

# is_there TOOL
is_there() {
	case $1 in
	clang) newest_clang >/dev/null ;;
	cmocka) has_cmocka ;;
	libelf) has_header libelf.h ;;
	libssl) has_header openssl/opensslv.h ;;
	afl) command -v afl-fuzz >/dev/null && command -v afl-clang-fast >/dev/null &&
		has_runtimes afl-clang-fast ;;
	clang-format) clang_format >/dev/null ;;
	kernels) has_kernels ;;
	booting) command -v qemu-system-x86_64 >/dev/null && command -v cpio >/dev/null ;;
	*) command -v "$1" >/dev/null ;;
	esac
}

# --- packages ------------------------------------------------------------------------------------

# candidate PACKAGE: of exactly that name; apt takes a name that it does not know, and that has a
# dot, for a regular expression
candidate() {
	apt-cache policy "$1" 2>/dev/null | awk -v name="$1:" '
		/^[^ ]/ { ours = $1 == name }
		ours && $1 == "Candidate:" { found = $2 != "(none)" }
		END { exit !found }'
}

has_lists() { apt-cache policy 2>/dev/null | grep -qE '^ *[0-9-]+ [a-z+]+:'; }

# The packages of one clang version; the runtimes have a package of their own since clang 14.
clang_packages() {
	candidate "clang-$1" || return 1
	for runtimes in "libclang-rt-$1-dev" "libclang-common-$1-dev"; do
		if candidate "$runtimes"; then
			echo "clang-$1 $runtimes llvm-$1"
			return
		fi
	done
	return 1
}

newest_clang_packages() {
	for version in $clang_versions; do
		clang_packages "$version" && return
	done
	return 1
}

# packages_of TOOL: nothing, and 1, if no package has it
packages_of() {
	case $1 in
	clang) newest_clang_packages ;;
	cmocka) echo libcmocka-dev ;;
	libelf | libssl) echo "$1-dev" ;;
	ctags) echo universal-ctags ;;
	afl) candidate afl++ && echo "afl++ $(clang_packages "$(afl_version)")" ;;
	objdump) echo binutils ;;
	cc) echo gcc libc6-dev ;;
	xz) echo xz-utils ;;
	gnuplot) echo gnuplot-nox ;;
	qemu-system-x86_64) echo qemu-system-x86 ;;
	clang-format) candidate "clang-format-$format_version" && echo "clang-format-$format_version" ;;
	kernels) kernel_packages ;;
	booting) candidate qemu-system-x86 && echo qemu-system-x86 cpio ;;
	*) echo "$1" ;;
	esac
}

# install PACKAGE...
install() {
	log=build/setup.log
	say "installing $*"
	DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >$log 2>&1 && return
	tail -n 5 $log >&2
	say "apt-get install failed; all it said is in $log"
	return 1
}

refresh_package_lists() {
	if [ "$(id -u)" = 0 ]; then
		mkdir -p build || exit 2
		apt-get update >build/setup.log 2>&1 ||
			say "apt-get update failed, going on without: $(grep '^E:' build/setup.log | head -n 1)"
	elif ! has_lists; then
		say "missing: $*; there are no package lists yet, run this and try again:"
		say "    sudo apt-get update"
		exit 2
	fi
}

# need TOOL...: have them all, by one transaction for what must be there and one for what may
need() {
	missing='' musts='' mays=''
	for tool in "$@"; do
		is_there "$tool" || missing="$missing $tool"
	done
	[ -n "$missing" ] || return 0
	missing=${missing# }
	if ! command -v apt-get >/dev/null; then
		say "missing: $missing; there is no apt-get here, install them and try again"
		exit 2
	fi
	refresh_package_lists "$missing"
	for tool in $missing; do
		packages=$(packages_of "$tool") || packages=
		case $tool:$packages in
		clang-format:* | kernels:* | booting:*) mays="$mays $packages" ;;
		clang:) say "no clang from 14 on in the package lists; install one with its runtimes, or set CC"
			exit 2 ;;
		*:) say "no package has $tool here; install it and try again"
			exit 2 ;;
		*) musts="$musts $packages" ;;
		esac
	done
	# A package is named once, though two tools may want it.
	musts=$(echo "$musts" | tr ' ' '\n' | sort -u | tr '\n' ' ')
	mays=$(echo "$mays" | tr ' ' '\n' | sort -u | tr '\n' ' ')
	all=$(echo "$musts $mays" | sed 's/  */ /g; s/^ //; s/ $//')
	[ -n "$all" ] || return 0
	if [ "$(id -u)" != 0 ]; then
		say "missing: $missing; run this and try again:"
		say "    sudo apt-get install -y --no-install-recommends $all"
		exit 2
	fi
	# shellcheck disable=SC2086 # lists of packages
	[ -z "${musts% }" ] || install $musts || exit 2
	# shellcheck disable=SC2086
	[ -z "${mays% }" ] || install $mays || say "going on without"
}

case ${1-} in
cc)
	shift
	need clang "$@"
	newest_clang || { say "clang is installed but its runtimes are not found"; exit 2; }
	;;
need)
	shift
	need "$@"
	;;
find) newest_clang || echo clang ;;
afl-clang)
	version=$(afl_version)
	if command -v "clang-${version:-none}" >/dev/null && has_runtimes "clang-$version"; then
		echo "clang-$version"
	fi
	;;
clang-format) clang_format || : ;;
kernels)
	for file in /usr/src/linux-source-*.tar.*; do
		if [ -e "$file" ]; then echo "$file"; fi
	done | sort -V
	;;
*)
	say "usage: setup.sh cc [TOOL...] | need TOOL... | find | afl-clang | clang-format | kernels"
	exit 2
	;;
esac
