#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# readme.sh [FILE]: runs every example and every command of the README, or of a folder's README.md.  They
# are found by their form, so that whoever writes there needs to know nothing of this file:
#
#	a block in ``` with a line `board ...` or `pool ...` is a trace: every rule and every expected
#	result must hold.  One that starts with FAIL is a story; its rule must exist.  Others are
#	refused, but for blocks that say what they are in (```c).
#	a line of four blanks and make, git, afl-fuzz, build/ or $(make, and `make ...` within a
#	sentence, is a command.  What is behind ` #` is a comment, \ goes on.
#
# A command is run as it stands, for one second where it fuzzes, with a trace for f.trace and FILE.
# What takes long, or needs what is not here, is only asked for what it would do; plan() lists those,
# each with the reason.
#
# Silent and 0 when good; 42, and a line `skipped: why`, if there is nothing to run.  MAKE and CC are make's and the compiler.
# shellcheck disable=SC2016 # $(make is what the README says
set -eu
LC_ALL=C
export LC_ALL

make=${MAKE:-make}
work=$PWD/build/readme
good=corpus/region/hand-del-shapes.trace
readme=${1-README.md}
failed=0

wrong() {
	echo "$readme: $1"
	[ ! -e "$work/log" ] || tail -n 20 "$work/log" | sed 's/^/    /'
	failed=$((failed + 1))
}

# --- traces --------------------------------------------------------------------------------------

# Blocks without a language, each as a file of its own.
split_blocks() {
	awk -v to="$work/block-" '
		/^```/ { if (inside) close(file); else { known = $0 != "```"; file = to (++n) } inside = !inside; next }
		inside && !known { print >file }' "$readme"
}

check_block() {
	rm -f "$work/log"
	case $(head -n 1 "$1") in
	FAIL\ *)
		rule=$(sed -n '1s/^FAIL \([a-z-]*\):.*/\1/p' "$1")
		grep -q "\"$rule\"" fuzz/run/rules.def || wrong "a story fails by $rule, which is no rule"
		stories=$((stories + 1))
		return
		;;
	esac
	case $(sed -n 's/^\(board\|pool\) .*/\1/p' "$1" | head -n 1) in
	board) target=region ;;
	pool) target=reserve ;;
	*) wrong "a block that is no trace and no story; say in which language it is: $(head -n 1 "$1")"; return ;;
	esac
	traces=$((traces + 1))
	cp "$1" "$work/example.trace"
	if ! "$make" --no-print-directory replay TARGET=$target TRACE="$work/example.trace" >"$work/log" 2>&1 ||
			! grep -q '^[a-z].* -> ' "$work/log"; then
		wrong "this example is not good: $(head -n 1 "$1")"
	fi
}

# --- commands ------------------------------------------------------------------------------------

commands() {
	{
		sed -n -e ':more' -e '/^    .*\\$/{N;s/\\\n *//;b more' -e '}' \
			-e 's/^    \(\(make\|git\|afl-fuzz\|build\/\|\$(make\).*\)/\1/p' "$readme"
		grep -o '`make [^`]*`' "$readme" | tr -d '`'
	} | sed 's/  *# .*//; s/ *$//' | awk '!seen[$0]++'
}

# plan COMMAND: "run", or why not
plan() {
	case $1 in
	make\ check*) echo 'this test is a part of it' ;;
	make\ test*) echo 'make check runs the same tests' ;;
	make\ oss-fuzz*) echo 'it takes minutes, and is a test itself' ;;
	make\ bugs* | make\ bench*) echo 'it takes minutes; tests/bugs.sh replay runs the same bugs' ;;
	make\ sweep* | make\ mutants* | make\ boot* | make\ fuzz-boot*) echo 'it takes minutes' ;;
	make\ explore\ TARGET=reserve*) echo 'it takes a while; tests/explore.sh goes through smaller boards' ;;
	make\ threads*) echo 'tests/threads.sh runs it' ;;
	make\ report*) echo 'it needs something that was run; tests/explain.sh has something' ;;
	make\ campaign-status*) echo 'there is no campaign; tests/campaign.sh has one' ;;
	make\ campaign*) echo 'it runs until interrupted; tests/campaign.sh kills one' ;;
	make\ corpus-import*) echo 'it needs a campaign, and writes into corpus/' ;;
	make\ dictionaries*) echo 'it writes into the checkout; make check compares' ;;
	make\ clean*) echo 'it removes what other tests use' ;;
	make\ *KERNEL*) echo 'it needs a kernel; tests/kernels.sh and tests/import.sh have some' ;;
	*\ minimize\ *) echo 'it needs a trace that fails; tests/minimize/ has some' ;;
	git\ bisect*) echo 'it needs a history; tests/kernels.sh has one' ;;
	*) echo run ;;
	esac
}

# The words of the README that stand for something else.
filled_in() {
	echo "$1" | sed "s,f\.trace,$good,g; s, FILE\>, $good,g; s, OUT\>, $work/out,g; s, -o out , -V 2 -o $work/afl ,
		s/\(explore.*\)OPS=[0-9]*/\1OPS=3/; s/^\(make fuzz-.*\)/\1 FUZZ_TIME=1/
		s,^make ,$make --no-print-directory ,; s,^\$(make ,\$($make --no-print-directory ,"
}

check_command() {
	reason=$(plan "$1")
	command=$(filled_in "$1")
	case $reason:$1 in
	run:*)
		HOME=$work AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 \
			sh -c "$command" >"$work/log" 2>&1 </dev/null || { wrong "$1: exit status $?"; return; }
		case $1 in
		make\ record*) grep -q '^pool ' "$work/log" || wrong "$1: prints no trace" ;;
		esac
		rm -f "$work/out"
		;;
	*:make\ *)
		HOME=$work sh -c "$make -n ${1#make }" >"$work/log" 2>&1 </dev/null || { wrong "$1: exit status $? with -n"; return; }
		[ -s "$work/log" ] || wrong "$1: would do nothing"
		;;
	esac
}

rm -rf "$work" && mkdir -p "$work"
traces=0 stories=0
split_blocks
for block in "$work"/block-*; do
	[ -e "$block" ] && check_block "$block"
done
rm -f "$work/log"
commands >"$work/commands"
if [ "$readme" = README.md ]; then
	[ $traces$stories = 11 ] || wrong "its blocks are not a trace and a story, but $traces and $stories"
	[ "$(wc -l <"$work/commands")" -ge 20 ] || wrong 'hardly a command was found: is the form another one?'
fi
if [ ! -s "$work/commands" ] && [ $traces$stories = 00 ]; then
	echo 'skipped: it has no example and no command'
	exit 42
fi
while read -r command; do
	check_command "$command"
done <"$work/commands"
[ $failed = 0 ]
