#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# cli.sh FOLDER: what replay and the trace tool in FOLDER (a folder below build/) say, and how they
# exit.
#
# Each case is one line: a name, the exit status, stdout, stderr, and the arguments, which are files
# of a folder made here.  Both outputs are compared whole, so that nothing is said twice or in
# passing.  Failed rules print a story, of which only the first line is compared; report_test.c has
# the rest.
#
# Prints "N passed, N failed"; exits 1 if any failed.

set -u
if [ $# != 1 ] || ! [ -x "$1/region_replay" ] || ! [ -x "$1/region_trace" ] ||
	! [ -x "$1/trace_replay" ] || ! [ -x "$1/reserve_replay" ] || ! [ -x "$1/reserve_trace" ]; then
	echo "usage: $0 FOLDER with replay and trace of region and reserve, and trace_replay" >&2
	exit 2
fi
programs=$(cd "$1" && pwd)
program=$programs/region_replay
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
cd "$work" || exit 2
unset RESVMAP_REPLAY RESVMAP_STATS

passed=0 failed=0

# same NAME WHAT EXPECTED IS
same() {
	[ "$3" = "$4" ] && return
	printf '%s: %s is\n%s\ninstead of\n%s\n' "$1" "$2" "$4" "$3"
	wrong=1
}

# check NAME STATUS STDOUT STDERR ARGUMENT...; STDOUT ending in "..." : only what is before it
check() {
	name=$1 status=$2 stdout=$3 stderr=$4 wrong=0
	shift 4
	"$program" "$@" >stdout 2>stderr
	same "$name" "exit status" "$status" $?
	case $stdout in
	*...) same "$name" stdout "${stdout%...}" "$(head -n 1 stdout)" ;;
	*) same "$name" stdout "$stdout" "$(cat stdout)" ;;
	esac
	same "$name" stderr "$stderr" "$(cat stderr)"
	# One line, and it ends: a message that shell and log can take.
	[ -z "$stderr" ] || same "$name" "lines on stderr" 1 "$(wc -l <stderr | tr -d ' ')"
	count_it
}

count_it() {
	if [ $wrong = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
}

# check_line NAME LINE COMMAND...: what the command makes of the stdout of the check before
check_line() {
	name=$1 line=$2 wrong=0
	shift 2
	same "$name" "what $1 says" "$line" "$("$@" <stdout)"
	count_it
}

# --- what is there -------------------------------------------------------------------------------

mkdir empty good mixed broken hidden
printf 'chg [0,2) a # comment\nadd a -> 2\n' >good.trace
printf 'chg [0,2) a -> 3\n' >wrong.trace
printf 'chg [0,2) a\n\nfrob\n' >malformed.trace
printf 'chg [0,2) a' >no-newline.trace
printf '' >nothing.trace
printf '# x\n\n  map a file 0 [0,2)\n' >reserve.trace
printf 'u1\0\0\0\0\0\0n\0\101\0\0\0\0\0tail' >bytes
printf '' >nothing
dd if=/dev/zero of=long bs=1024 count=1024 2>/dev/null
dd if=/dev/zero of=long.trace bs=1024 count=1024 2>/dev/null
cp good.trace good/one.trace
cp bytes good/two
cp good.trace wrong.trace mixed/
cp good.trace mixed/last.trace
cp good.trace malformed.trace wrong.trace broken/
cp good.trace hidden/.trace

# --- good: printed with its results, or counted --------------------------------------------------

transcript='board unit
chg [0,2) a -> 2 needs 1
add a -> 2'
check 'good trace' 0 "$transcript" '' good.trace
check 'good bytes' 0 'board unit
count [0,end) -> 0' '' bytes
check 'no newline at the end' 0 'board unit
chg [0,2) a -> 2 needs 1' '' no-newline.trace
check 'empty text' 0 'board unit' '' nothing.trace
check 'empty bytes' 0 'board unit' '' nothing
check 'folder' 0 '2 traces good, 0 failed' '' good
check 'two files' 0 "$transcript
$transcript
2 traces good, 0 failed" '' good.trace good/one.trace

# --- a rule failed -------------------------------------------------------------------------------

story='FAIL expected-result: returned 2, expected 3...'
check 'wrong expectation' 1 "wrong.trace: $story" '' wrong.trace
check 'rules only: what it expects is not looked at' 0 'board unit
chg [0,2) a -> 2 needs 1' '' --rules-only wrong.trace
check 'rules only of a folder' 0 '3 traces good, 0 failed' '' --rules-only mixed
check 'wrong one in a folder' 1 "mixed/wrong.trace: $story" '' mixed
check_line 'count of a folder' '2 traces good, 1 failed' tail -n 1
RESVMAP_REPLAY=' MAP=x'
export RESVMAP_REPLAY
check 'wrong expectation of another map' 1 "wrong.trace: $story" '' wrong.trace
check_line 'replay command' 'replay: make replay MAP=x TRACE=wrong.trace' grep '^replay:'
unset RESVMAP_REPLAY

# --- unusable: one line that says what to do -----------------------------------------------------

check 'no argument' 2 '' 'usage: replay [--rules-only] FILE|FOLDER...'
check 'no file behind the option' 2 '' 'usage: replay [--rules-only] FILE|FOLDER...' --rules-only
check 'no such option' 2 '' \
	'--rules: No such file or directory; name a trace or a folder of traces' --rules
check 'no such file' 2 '' \
	'missing: No such file or directory; name a trace or a folder of traces' missing
check 'no such file behind a good one' 2 "$transcript" \
	'missing: No such file or directory; name a trace or a folder of traces' good.trace missing
check 'empty folder' 2 '' 'empty: the folder is empty; put a .trace file into it' empty
check 'folder of hidden files' 2 '' 'hidden: the folder is empty; put a .trace file into it' hidden
check 'malformed trace' 2 '' \
	"malformed.trace:3:1: unknown word 'frob'; known are board chg add abort del count bad" \
	malformed.trace
check 'malformed one in a folder' 2 "broken/wrong.trace: $story" \
	"broken/malformed.trace:3:1: unknown word 'frob'; known are board chg add abort del count bad" \
	broken
check 'trace of another target' 2 '' \
	'reserve.trace:3:3: a trace of the reserve target: replay it with TARGET=reserve' reserve.trace
toolong='File too large; name a readable trace of less than 1048576 bytes'
check 'too many bytes' 2 '' "long: $toolong" long
check 'too long a text' 2 '' "long.trace: $toolong" long.trace
if [ "$(id -u)" != 0 ]; then
	chmod 0 good.trace
	check 'unreadable file' 2 '' \
		'good.trace: Permission denied; name a readable trace' good.trace
fi

# --- the trace tool -----------------------------------------------------------------------------

program=$programs/region_trace
usage='usage: trace print|run FILE, trace assemble|minimize FILE OUT'
check 'trace: no argument' 2 '' "$usage"
check 'trace: no such command' 2 '' "$usage" frobnicate good.trace
check 'trace: no file' 2 '' "$usage" print
check 'trace: no place for what comes out' 2 '' "$usage" assemble good.trace
check 'trace: more than it takes' 2 '' "$usage" print good.trace out
check 'trace print' 0 'board unit
chg [0,2) a
add a' '' print good.trace
check 'trace print of bytes' 0 'board unit
count [0,end)' '' print bytes
check 'trace run' 0 "$transcript" '' run good.trace
check 'trace run of a wrong one' 1 "$story" '' run wrong.trace
check 'trace run of a malformed one' 2 '' \
	"malformed.trace:3:1: unknown word 'frob'; known are board chg add abort del count bad" \
	run malformed.trace
check 'trace assemble' 0 '' '' assemble good.trace assembled
check 'trace print of what was assembled' 0 'board unit
chg [0,2) a
add a' '' print assembled
check 'trace assemble into nowhere' 2 '' \
	'nowhere/out: No such file or directory; name a file that can be written' \
	assemble good.trace nowhere/out
if [ -c /dev/full ]; then
	ln -s /dev/full full.new
	check 'trace assemble onto a full disk' 2 '' \
		'full: No space left on device; name a file that can be written' \
		assemble good.trace full
fi
cp assembled kept
check 'trace assemble of a malformed one' 2 '' \
	"malformed.trace:3:1: unknown word 'frob'; known are board chg add abort del count bad" \
	assemble malformed.trace kept
check 'trace minimize of a good one' 2 '' 'every rule holds: there is nothing to minimize' \
	minimize good.trace kept
check_line 'what was there is kept' '' cmp assembled kept

# --- the callers of the map ----------------------------------------------------------------------

program=$programs/reserve_replay
printf 'pool 1\nmap a file 0 [0,2) -> 0\n' >broken.trace
printf 'map a file 0 [0,2)\nfrob\n' >frob.trace
printf 'p1\1\0\0\0\0\0m\0\2\141\0\0\0\0tail' >reserve.bytes
check 'reserve: good trace' 0 'pool 8
map a file 0 [0,2) -> 0' '' reserve.trace
check 'reserve: good bytes' 0 'pool 1
map a file 0 [0,2) -> ENOMEM' '' reserve.bytes
export RESVMAP_WITHOUT=late,map
check 'reserve: a word left out of bytes' 0 'pool 1' '' reserve.bytes
check 'reserve: and not of text' 0 'pool 8
map a file 0 [0,2) -> 0' '' reserve.trace
RESVMAP_WITHOUT=lat
known='known are chg add abort del count bad map fault unmap fork truncate punch evict resize backwards'
known="$known private noreserve write late pool subpool cgroup memory windows limits surplus"
check 'reserve: an unknown word left out' 2 '' "RESVMAP_WITHOUT: unknown word 'lat'; $known" \
	reserve.bytes
unset RESVMAP_WITHOUT
check 'reserve: empty text' 0 'pool 8' '' nothing.trace
check 'reserve: rules only' 0 'pool 1
map a file 0 [0,2) -> ENOMEM' '' --rules-only broken.trace
RESVMAP_REPLAY=' TARGET=reserve'
export RESVMAP_REPLAY
check 'reserve: wrong expectation' 1 \
	'broken.trace: FAIL expected-result: returned -12, expected 0...' '' broken.trace
check_line 'reserve: its books' \
	'  pool: 1 pages, 1 free, 0 promised, surplus 0 of 0' grep '^  pool:'
check_line 'reserve: replay command' \
	'replay: make replay TARGET=reserve TRACE=broken.trace' grep '^replay:'
unset RESVMAP_REPLAY
known='known are pool map fault unmap fork truncate punch evict resize backwards'
check 'reserve: malformed trace' 2 '' "frob.trace:2:1: unknown word 'frob'; $known" frob.trace
check 'reserve: trace of another target' 2 '' \
	'good.trace:1:1: a trace of the region target: replay it with TARGET=region' good.trace
program=$programs/reserve_trace
check 'reserve: trace assemble' 0 '' '' assemble reserve.trace assembled
check 'reserve: trace print of what was assembled' 0 'pool 8
map a file 0 [0,2)' '' print assembled
check 'reserve: trace run' 0 'pool 8
map a file 0 [0,2) -> 0' '' run reserve.trace
check 'reserve: trace minimize of a good one' 2 '' \
	'every rule holds: there is nothing to minimize' minimize reserve.trace kept

# --- the text parser's own target reads texts of every other ---------------------------------------

program=$programs/trace_replay
check 'trace of another target, as a text' 0 'pool 8
map a file 0 [0,2)' '' reserve.trace
check 'trace of a region, as a text' 0 'board unit
chg [0,2) a
add a' '' good.trace

echo "$passed passed, $failed failed"
[ $failed = 0 ]
