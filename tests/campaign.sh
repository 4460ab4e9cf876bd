#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A campaign is killed twice with SIGKILL: once only who looks after it, so that the engines are left
# alone, once everybody.  Started again it must have every input and every finding of before, and
# nobody may be left behind.  A known bug is planted, so that there are findings.
set -eu

bug=tests/bugs/cve-2026-74518.patch
tree=build/campaign-test work=campaign

fail() {
	echo "$*"
	exit 1
}

tests/copy.sh $tree
patch -p1 -s -d $tree <$bug
cd $tree

# Its own process group, for kill; make's words are for this test's log.
start() {
	setsid "${MAKE:-make}" campaign CC="${CC:-clang}" JOBS=2 CAMPAIGN=$work FUZZ_TIME="$1" \
		>said 2>&1 9>&- &
	group=$!
}

# inputs: what is known of all engines, by content
inputs() {
	find $work/corpus $work/afl -type f \( -path '*/corpus/*' -o -path '*/queue/id:*' \) \
		-exec sha1sum {} + | cut -d' ' -f1 | sort -u
}

findings() { find $work/findings -name '[!.]*.trace' -exec basename {} \; | sort; }

# However slow the machine is: until every engine has added something.
await() {
	tries=0
	until [ -n "$(find $work/corpus -type f -newer "$1" 2>/dev/null | head -1)" ] &&
		[ -n "$(find $work/afl -path '*/queue/id:*op:*' 2>/dev/null | head -1)" ] &&
		[ -n "$(findings)" ]; do
		[ $((tries += 1)) -lt 300 ] || fail "no input and no finding came: $(tail -5 said)"
		sleep 1
	done
}

# Processes of this campaign carry its mark, see fuzz/engines/alone.sh.
members() {
	for process in /proc/[0-9]*; do
		if tr '\0' '\n' 2>/dev/null <"$process/environ" | grep -qxF "RESVMAP_WORK=$PWD/$work"; then
			echo "${process#/proc/} $(tr '\0' ' ' <"$process/cmdline")"
		fi
	done 2>/dev/null
}

# The shells of that group that look after the engines, the outer one first.
keepers() {
	for process in /proc/[0-9]*; do
		if [ "$(cut -d' ' -f5 "$process/stat")" = "$group" ] &&
				tr '\0' ' ' <"$process/cmdline" | grep -qE '^/bin/sh fuzz/engines/(alone|campaign)\.sh'; then
			echo "${process#/proc/}"
		fi
	done 2>/dev/null
}

# check_all BEFORE: nothing of then is missing
check_all() {
	inputs >now.inputs
	findings >now.findings
	for what in inputs findings; do
		[ -z "$(comm -23 "$1.$what" now.$what)" ] || fail "$what are missing after $1"
	done
}

end_all() {
	members | while read -r pid _; do kill -9 "$pid" || :; done
} 2>/dev/null
trap end_all EXIT

touch began
start 0
await began
inputs >orphans.inputs
findings >orphans.findings
# shellcheck disable=SC2046 # numbers
kill -9 "$group" $(keepers)
wait "$group" 2>/dev/null || :
[ -n "$(members)" ] || fail 'no engine was left alone: this test tests nothing'

touch began
start 0
await began
check_all orphans
cp now.inputs killed.inputs && cp now.findings killed.findings
kill -9 -"$group"
wait "$group" 2>/dev/null || :

start 5
status=0
wait "$group" || status=$?
[ $status = 1 ] || fail "the last session ends with $status: $(tail -5 said)"
check_all killed
[ -z "$(ls $work/new)" ] || fail 'findings were left lying about'
[ -z "$(members)" ] || fail "left behind: $(members)"
"${MAKE:-make}" campaign-status CC="${CC:-clang}" CAMPAIGN=$work >said 2>&1
grep -q 'stopped, runs [1-9]' said || fail "no status: $(cat said)"

# What it grew comes back as text that reads back.
mkdir one && cp build/seeds/region/hand-empty-ranges one/
fuzzer=$(echo build/libfuzzer-*/region_fuzzer) tool=$(echo build/replay-*/trace)
TARGET=region fuzz/engines/corpus.sh import "$fuzzer" "$tool" one $work imported >said || fail "$(cat said)"
for text in imported/*.trace; do
	"$tool" assemble "$text" bytes || fail "$text does not read back"
done
cd ../.. && rm -rf $tree
