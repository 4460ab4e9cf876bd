#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# coverage.sh REPLAY RUN OUT CORPUS SOURCE...: what the traces of CORPUS reach of the text under test, the files
# SOURCE; called by `make coverage`.
#
# Each trace runs in a process of its own, so that one that a defect kills takes only its own counts away.  OUT gets
#
#	lcov.info	lines and branches, in the names and numbers of the user's own files: what was imported says by its
#			#line where it stood
#	missed		FILE:LINE: what was not reached there
#	of		what was under test, as about.sh says it
#	index.html	the same line by line, of the text as it was compiled
#
# Prints a table of the files.  Environment: CC; about.sh's; REPLAY_OPTIONS for REPLAY; MCDC is not empty where CC can do that.
# Exit status: 0; 2: it could not look, no trace was run.
set -u
export LC_ALL=C

replay=$1 run=$2 out=$3 corpus=$4
shift 4
tools=${CC##* }
tool() { echo "$tools" | sed "s/clang/llvm-$1/"; }

mkdir -p "$out"
rm -f "$out/of" "$out/table" "$out/missed" "$out/lcov.info"
ran=0 failed=0 ended=0
for trace in "$corpus"/*.trace; do
	[ -e "$trace" ] || { echo "coverage: $corpus has no .trace, so nothing is reached" >&2; exit 2; }
	# shellcheck disable=SC2086 # options
	LLVM_PROFILE_FILE=$run/raw.$ran timeout 60 "$replay" ${REPLAY_OPTIONS-} "$trace" >"$run/said" 2>&1
	case $? in
	0) ;;
	1) failed=$((failed + 1)) ;;
	2) cat "$run/said" >&2; exit 2 ;;
	*) ended=$((ended + 1)); rm -f "$run/raw.$ran"; echo "coverage: $trace does not end well; it is not counted" >&2 ;;
	esac
	ran=$((ran + 1))
done
"$(tool profdata)" merge -o "$run/data" "$run"/raw.* || exit 2
"$(tool cov)" show --format=html --show-branches=count -o "$out" -instr-profile="$run/data" \
	${MCDC:+--show-mcdc} "$replay" "$@" || exit 2
"$(tool cov)" export --format=lcov -instr-profile="$run/data" "$replay" "$@" >"$run/lcov" || exit 2
# What says which functions were imported, in lines "function NAME FILE FIRST LAST" or "function NAME FILE:FIRST-LAST".
if [ -n "${RESVMAP_TEXT-}" ]; then
	functions=$RESVMAP_TEXT/cuts
elif [ -n "${RESVMAP_IMPORT-}" ]; then
	functions=$RESVMAP_IMPORT/$([ "$TARGET" != reserve ] || echo reserve/)manifest
else
	functions=
fi
[ -z "$functions" ] || sed -E 's/:([0-9]+)-([0-9]+) / \1 \2 /' "$functions" >"$run/functions"
awk -v here="$PWD/" -v missed="$out/missed" -v info="$out/lcov.info" -v functions="${functions:+$run/functions}" -f fuzz/explain/coverage.awk "$@" "$run/lcov" >"$out/table" || exit 2
{ fuzz/explain/about.sh && echo "TARGET=$TARGET"; } >"$out/of" || exit 2
cat "$out/table"
if [ -n "${MCDC-}" ]; then
	"$(tool cov)" report -instr-profile="$run/data" --show-mcdc-summary "$replay" "$@" |
		awk '$1 == "TOTAL" { print "MC/DC: " $NF " of " $(NF - 2) " conditions" }'
fi
echo "$ran traces$([ $failed = 0 ] || echo ", $failed of them failed by a rule")$([ $ended = 0 ] || echo ", $ended were killed")"
echo "line by line: $out/index.html; not reached: $out/missed; for other tools: $out/lcov.info"
