#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# bisect.sh TRACE=FILE [RULE=NAME] [VARIABLE=VALUE...]: replays on the kernel tree it is called in, for
# `git bisect run`.
#
# git takes every status below 128 but 0 and 125 for "bad", also the 2 of `make replay`, which says
# nothing about the commit: that becomes 255, at which git stops and says so.  TRACE is a path from
# the tree, or a whole one.
set -u

tree=$PWD
root=$(cd "$(dirname "$0")/../.." && pwd) || exit 255
status=0
# Paths are the caller's, so make runs where the Makefile is and is told whole ones.
for word; do
	case $word in
	TRACE=/* | TRACE=~*) ;;
	TRACE=?*) word=TRACE=$tree/${word#TRACE=} ;;
	esac
	set -- "$@" "$word"
	shift
done
"${MAKE-make}" -s --no-print-directory -C "$root" replay KERNEL="$tree" "$@" || status=$?
case $status in
0 | 1 | 125) exit $status ;;
esac
exit 255
