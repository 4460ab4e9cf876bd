#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What is done with folders of inputs, whatever the engine that filled them.
#
#	corpus.sh failing FUZZER FOLDER...	print those inputs that FUZZER does not survive
#	corpus.sh harvest AFL CORPUS		copy what the afl-fuzz instances on AFL have found
#	corpus.sh import FUZZER TRACE_TOOL SEEDS FROM INTO	what FROM reaches and SEEDS do not, as
#						text in the folder INTO
#
# A corpus is named by content, as libFuzzer names it, so nothing is in it twice.
set -eu

failing() {
	fuzzer=$1
	shift
	# A hundred at a time, and one by one where there is something.
	# shellcheck disable=SC2016 # for the inner shell
	find "$@" -type f ! -name '.*' -print0 | xargs -0 -r -n 100 sh -c '
		"$0" "$@" >/dev/null 2>&1 && exit
		for input; do
			"$0" "$input" >/dev/null 2>&1 || echo "$input"
		done' "$fuzzer"
}

# No half a file is ever to be seen in the corpus.
harvest() {
	find "$1" -path '*/queue/id:*' -type f -exec sha1sum {} + 2>/dev/null |
		while read -r sum input; do
			[ -e "$2/$sum" ] || { cp "$input" "$2.new" && mv "$2.new" "$2/$sum"; }
		done
}

# Seeds are read by people, so an input must reach code or a state that is new, not only go through
# known code more often, and of those only as many are taken as are needed.
import() {
	fuzzer=$1 tool=$2 seeds=$3 from=$4 into=$5
	# A campaign's folder has its corpus inside.
	[ ! -d "$from/corpus" ] || from=$from/corpus
	[ -d "$from" ] || { echo "corpus-import: say from which folder: FROM=dir" >&2; exit 2; }
	work=build/corpus-import
	rm -rf "$work" && mkdir -p "$work" "$into"
	cp -r "$seeds" $work/merged
	merge=-merge=1
	! "$fuzzer" -help=1 2>&1 | grep -q set_cover_merge || merge=-set_cover_merge=1
	"$fuzzer" $merge -use_counters=0 -max_len=1024 -timeout=25 -artifact_prefix=$work/ \
		$work/merged "$from" >$work/log 2>&1 || { tail -5 $work/log >&2; exit 2; }
	count=0
	for input in "$work"/merged/*; do
		[ ! -e "$seeds/$(basename "$input")" ] || continue
		text=$into/campaign-$(sha1sum "$input" | cut -c1-8).trace
		case $TARGET in trace) kind=trace ;; *) kind=bytes ;; esac
		mv "$input" "$input.$kind" && input=$input.$kind
		# What the text parser refuses is no trace.
		"$tool" print --target="$TARGET" "$input" >$work/text 2>$work/why || continue
		{ echo '# a campaign: reaches what no seed before it did' && cat $work/text; } >"$text"
		echo "$text"
		count=$((count + 1))
	done
	echo "$count seeds imported$([ $count = 0 ] || echo '; read them, say in the first line what they show')"
}

case ${1-} in
failing | harvest | import) "$@" ;;
*) echo "usage: corpus.sh failing|harvest|import, see there" >&2; exit 2 ;;
esac
