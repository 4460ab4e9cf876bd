#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# replay.sh PROGRAM [OPTION...]: runs PROGRAM on what $TRACE names, called by `make replay`.
#
# Where a sanitizer stops PROGRAM, what it says is told as story.awk does: its message and the calls down to
# the harness, without addresses and shadow bytes.
#
# Exit status: PROGRAM's own, which is 1 only if it has printed the report of a rule.  A signal, or a
# status that the program does not have, says nothing about the map: 2, and a word about it.
set -eu

if [ -z "${TRACE-}" ]; then
	echo "replay: say which trace or folder: make replay TRACE=file" >&2
	exit 2
fi

engines=$(dirname "$0")
paths=$("$engines/paths.sh" "$TRACE")
RESVMAP_ABOUT=${RESVMAP_ABOUT-$("$engines/../explain/about.sh")}
UBSAN_OPTIONS=print_stacktrace=1${UBSAN_OPTIONS:+:$UBSAN_OPTIONS}
export RESVMAP_ABOUT UBSAN_OPTIONS
said=$(mktemp)
trap 'rm -f "$said"' EXIT
trap 'exit 2' INT TERM HUP
IFS='
'
set -f
status=0
# shellcheck disable=SC2086 # one path a line
"$@" $paths 2>"$said" || status=$?
if grep -q '^SUMMARY: [A-Za-z]*Sanitizer' "$said" && grep -q '^FAIL ' "$said"; then
	awk -v here="$PWD" -f "$engines/story.awk" "$said" >&2
else
	cat "$said" >&2
fi
case $status in
0 | 1 | 2 | 125) exit $status ;;
esac
if [ $status -gt 128 ]; then
	echo "replay: ended by signal $((status - 128)), and no rule was reported" >&2
else
	echo "replay: ended with status $status, and no rule was reported" >&2
fi
exit 2
