#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# copy.sh FOLDER [PATH...]: a copy of the checkout for a test that changes it, with the objects that are
# built here already and those PATHs too.  Times are kept and what is built is put in place whole (see
# fuzz/build.mk), so objects are links, and make builds in the copy only what the test changes.
#
# FOLDER is made anew, on the same file system.  What another make removes meanwhile is no error: it is
# built in the copy.
set -eu

tree=$1
shift
rm -rf "$tree" && mkdir -p "$tree/build"
cp -a Makefile README.md .clang-format src fuzz tests corpus dictionaries "$tree"
for path in build/objects-* "$@"; do
	[ ! -e "$path" ] || cp -al "$path" "$tree/build" 2>/dev/null || :
done
# Who holds a lock here is of no interest there.
find "$tree/build" -name .lock -delete
