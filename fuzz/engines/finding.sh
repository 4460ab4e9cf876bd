#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# finding.sh TRACE_TOOL INPUT FINDINGS [once]: takes over what an engine found, whatever the engine.
#
# INPUT moves into the folder FINDINGS, a minimized trace is put beside it, and its story is
# printed.  With `once` a finding that has the rule and the place of one that is there already is
# dropped, and one line says so.  INPUT goes last: whoever is killed here can start again.
set -eu

tool=$1 input=$2 findings=$3 once=${4-}

mkdir -p "$findings"
sum=$(sha1sum "$input" | cut -c1-8)
# The text parser's inputs are text, and the tool tells text by its name.
case $TARGET in trace) kind=original.trace ;; *) kind=bytes ;; esac
bytes=$findings/.$sum.$kind small=$findings/.$sum.trace said=$findings/.$sum.said

# tell FILE: its story into $said; a sanitizer's own words come first and are left out
tell() { timeout 100 "$tool" run "$1" 2>&1 | sed -n '/^FAIL /,$p' >"$said"; }

# What tells findings of a rule apart: the function a sanitizer names, else the op that failed.
place() {
	sed -nE '1s/.* in ([A-Za-z_0-9]+).*/\1/p
		s/^trace \(release.*/release/p
		s/^> *(in [0-9]+: *)*([a-z]+).*/\2/p' "$said" | head -1
}

# keep NAME: the bytes under a name for good
keep() {
	mv "$bytes" "$findings/$1.$kind"
	rm -f "$said" "$input"
	echo "original: $findings/$1.$kind"
}

cp "$input" "$bytes"
tell "$bytes"
rule=$(sed -n '1s/^FAIL \([a-z-]*\):.*/\1/p' "$said")
name=$rule-$sum
if [ -n "$once" ]; then
	name=$rule-$(place)
	if [ -e "$findings/$name.trace" ]; then
		rm -f "$bytes" "$said" "$input"
		echo "found again: $findings/$name.trace"
		exit
	fi
fi
# What hangs, or what the build without an engine holds to be good.
if ! "$tool" minimize "$bytes" "$small" >&2; then
	keep "unexplained-$sum"
	exit
fi
tell "$small"
cat "$said"
mv "$small" "$findings/$name.trace"
keep "$name"
echo "replay: make replay$RESVMAP_REPLAY TRACE=$findings/$name.trace"
