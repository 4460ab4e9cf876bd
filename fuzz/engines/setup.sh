#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Finds what a build needs on Debian or Ubuntu, and installs what is missing when run as root.
#
#	setup.sh cc		print the newest clang that has the fuzzer and sanitizer runtimes
#	setup.sh need TOOL...	make sure that these are there: see package_of below
#
# Without root the one line to run is printed on stderr and the exit status is 2.
set -eu

say() { echo "setup: $*" >&2; }

has_runtimes() {
	for lib in fuzzer asan msan ubsan_standalone; do
		for file in "libclang_rt.$lib-$(uname -m).a" "libclang_rt.$lib.a"; do
			[ -e "$("$1" -print-file-name="$file" 2>/dev/null)" ] && continue 2
		done
		return 1
	done
}

newest_clang() {
	for version in $(seq 30 -1 14); do
		if command -v "clang-$version" >/dev/null && has_runtimes "clang-$version"; then
			echo "clang-$version"
			return
		fi
	done
	if command -v clang >/dev/null && has_runtimes clang; then
		echo clang
		return
	fi
	return 1
}

candidate() { apt-cache policy "$1" 2>/dev/null | grep -q '^  Candidate: [^(]'; }

# The packages of one clang version; the runtimes have a package of their own since clang 14.
clang_packages() {
	candidate "clang-$1" || return 1
	if candidate "libclang-rt-$1-dev"; then
		echo "clang-$1 libclang-rt-$1-dev llvm-$1"
	elif candidate "libclang-common-$1-dev"; then
		echo "clang-$1 libclang-common-$1-dev llvm-$1"
	else
		return 1
	fi
}

install() {
	if [ "$(id -u)" != 0 ]; then
		say "missing: $*; run this and try again:"
		say "    sudo apt-get install -y --no-install-recommends $*"
		exit 2
	fi
	say "installing $*"
	if ! DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" \
			>build/setup.log 2>&1; then
		tail -5 build/setup.log >&2
		say "apt-get install failed; all it said is in build/setup.log"
		exit 2
	fi
}

refresh_package_list() {
	if [ "$(id -u)" = 0 ]; then
		apt-get update >build/setup.log 2>&1 || say "apt-get update failed, going on without"
	fi
}

install_clang() {
	refresh_package_list
	for version in $(seq 30 -1 14); do
		if packages=$(clang_packages "$version"); then
			# shellcheck disable=SC2086 # a list of packages
			install $packages
			return
		fi
	done
	say "no clang from 14 on in the package lists; install one with its runtimes, or set CC"
	exit 2
}

# What proves that a tool is there, and the package that brings it.
is_there() {
	case $1 in
	cmocka) echo '#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>' | cc -E - >/dev/null 2>&1 ;;
	clang-14|clang-19) command -v "$1" >/dev/null && has_runtimes "$1" ;;
	linux-source-*) [ -e "/usr/src/$1.tar.xz" ] ;;
	*) command -v "$1" >/dev/null ;;
	esac
}

package_of() {
	case $1 in
	cmocka) echo libcmocka-dev ;;
	ctags) echo universal-ctags ;;
	afl-fuzz) echo afl++ ;;
	objdump) echo binutils ;;
	cc) echo gcc libc6-dev ;;
	xz) echo xz-utils ;;
	qemu-system-x86_64) echo qemu-system-x86 ;;
	clang-14|clang-19) clang_packages "${1#clang-}" ;;
	linux-source-*) candidate "$1" && echo "$1" ;;
	*) echo "$1" ;;
	esac
}

need() {
	missing=
	for tool in "$@"; do
		is_there "$tool" || missing="$missing $tool"
	done
	[ -n "$missing" ] || return 0
	refresh_package_list
	packages=
	for tool in $missing; do
		packages="$packages $(package_of "$tool")" || say "no package has $tool here"
	done
	# shellcheck disable=SC2086 # a list of packages
	[ -z "${packages# }" ] || install $packages
}

mkdir -p build
case ${1-} in
cc)
	newest_clang || { install_clang && newest_clang; } ||
		{ say "clang is installed but its runtimes are not found"; exit 2; }
	;;
need)
	shift
	need "$@"
	;;
*)
	say "usage: setup.sh cc | setup.sh need TOOL..."
	exit 2
	;;
esac
