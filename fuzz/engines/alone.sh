#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# alone.sh FOLDER COMMAND...: runs what keeps its work in FOLDER, and sees that it is the only one.
#
# Whoever else has FOLDER gets told, and exit status 2.  What a run leaves behind that was killed,
# and what afl-fuzz leaves behind (a stopped child that holds its output folder), carries a mark in
# its environment, and is ended before COMMAND starts and after it has ended.
set -eu

mkdir -p "$1"
mark=RESVMAP_WORK=$(realpath "$1")
exec 9>"$1/.lock"
if ! flock -n 9; then
	echo "$1 is in use by another run; end that one first" >&2
	exit 2
fi
shift

# Ctrl-C is for COMMAND, which ends then.
trap : INT
fuzz/engines/sweep.sh "$mark"
status=0
env "$mark" "$@" 9>&- || status=$?
fuzz/engines/sweep.sh "$mark"
exit $status
