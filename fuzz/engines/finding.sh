#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# finding.sh TRACE_TOOL INPUT FINDINGS [once]: takes over what an engine found, whatever the engine.
#
# INPUT moves into the folder FINDINGS, a minimized trace is put beside it, and its story is
# printed.  With `once` a finding that has the rule and the place of one that is there already is
# dropped, and one line says so.  INPUT goes last: whoever is killed here can start again.
#
# What fails on the base too, and only ended the fuzzer, is no finding: INPUT goes, and the status is 3.
set -eu
export LC_ALL=C

tool=$1 input=$2 findings=$3 once=${4-}
RESVMAP_ABOUT=$(fuzz/explain/about.sh)
export RESVMAP_ABOUT

mkdir -p "$findings"
# Another run may have found the same input.
exec 7>"$findings/.lock"
flock 7
sum=$(sha1sum <"$input" | cut -c1-8)
# The text parser's inputs are text, and the tool tells text by its name.
case $TARGET in trace) kind=original.trace ;; *) kind=bytes ;; esac
bytes=$findings/.$sum.$kind small=$findings/.$sum.trace said=$findings/.$sum.said

# tell FILE: its story into $said
tell() {
	UBSAN_OPTIONS=print_stacktrace=1 timeout 100 "$tool" run --target="$TARGET" "$1" 2>&1 7>&- |
		awk -v here="$PWD" -f fuzz/engines/story.awk >"$said"
}

# What tells findings of a rule apart: the function of the text under test that a sanitizer stopped
# in, the line of an assertion, else the op that failed.
place() {
	sed -nE '1s/^FAIL .*Sanitizer.* in ([A-Za-z_0-9]+)$/\1/p
		1s/^FAIL kernel-assert: .* at (.*\/)?([^/]+):([0-9]+)$/\2-\3/p
		s/^trace \(release.*/release/p
		s/^> *(in [0-9]+: *)*([a-z]+).*/\2/p' "$said" | head -1
}

# As a shell reads it back.
quoted() {
	case $1 in
	*[!A-Za-z0-9_./+,=:@%-]*) echo "'$(printf %s "$1" | sed "s/'/'\\\\''/g")'" ;;
	*) echo "$1" ;;
	esac
}

# keep NAME: the bytes under a name for good
keep() {
	mv "$bytes" "$findings/$1.$kind"
	rm -f "$said" "$input"
	echo "original: $findings/$1.$kind"
}

cp "$input" "$bytes"
tell "$bytes"
if ! grep -q '^FAIL ' "$said" && known=$(grep -m 1 '^KNOWN ' "$said"); then
	echo "known, though it ended the fuzzer: ${known#KNOWN }"
	rm -f "$bytes" "$said" "$input"
	exit 3
fi
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
if ! "$tool" minimize --target="$TARGET" "$bytes" "$small" >&2 7>&-; then
	keep "unexplained-$sum"
	exit
fi
tell "$small"
cat "$said"
mv "$small" "$findings/$name.trace"
keep "$name"
echo "replay: make replay$RESVMAP_REPLAY TRACE=$(quoted "$findings/$name.trace")"
