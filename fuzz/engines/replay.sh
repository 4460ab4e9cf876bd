#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# replay.sh PROGRAM [OPTION...]: runs PROGRAM on what $TRACE names, called by `make replay`.
#
# Exit status: PROGRAM's own, which is 1 only if it has printed the report of a rule.  A signal, or a
# status that the program does not have, says nothing about the map: 2, and a word about it.
set -eu

if [ -z "${TRACE-}" ]; then
	echo "replay: say which trace or folder: make replay TRACE=file" >&2
	exit 2
fi

paths=$("$(dirname "$0")/paths.sh" "$TRACE")
IFS='
'
set -f
status=0
# shellcheck disable=SC2086 # one path a line
"$@" $paths || status=$?
case $status in
0 | 1 | 2 | 125) exit $status ;;
esac
if [ $status -gt 128 ]; then
	echo "replay: ended by signal $((status - 128)), and no rule was reported" >&2
else
	echo "replay: ended with status $status, and no rule was reported" >&2
fi
exit 2
