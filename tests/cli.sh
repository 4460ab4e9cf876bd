#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# cli.sh FOLDER: what replay and the trace tool in FOLDER (a folder below build/) say, and how they
# exit; so do the fuzzers of region and trace in the same folder with libfuzzer for replay in its name.
#
# Each case is one line: a name, the exit status, stdout, stderr, and the arguments, which are files
# of a folder made here.  Both outputs are compared whole, so that nothing is said twice or in
# passing.  Failed rules print a story, of which only the first line is compared; report_test.c has
# the rest.
#
# Prints "N passed, N failed"; exits 1 if any failed.

set -u
if [ $# != 1 ] || ! [ -x "$1/replay" ] || ! [ -x "$1/trace" ]; then
	echo "usage: $0 FOLDER with replay and trace" >&2
	exit 2
fi
programs=$(cd "$1" && pwd)
fuzzers=$(dirname "$programs")/libfuzzer-$(basename "$programs" | sed 's/^replay-//')
if ! [ -x "$fuzzers/region_fuzzer" ] || ! [ -x "$fuzzers/trace_fuzzer" ]; then
	echo "cli: no region_fuzzer and trace_fuzzer in $fuzzers" >&2
	exit 2
fi
root=$PWD
program=$programs/replay wanted=region
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
cd "$work" || exit 2
unset RESVMAP_REPLAY RESVMAP_STATS ASAN_OPTIONS MSAN_OPTIONS UBSAN_OPTIONS

passed=0 failed=0

# same NAME WHAT EXPECTED IS
same() {
	[ "$3" = "$4" ] && return
	printf '%s: %s is\n%s\ninstead of\n%s\n' "$1" "$2" "$4" "$3"
	wrong=1
}

# run ARGUMENT...: $program for the target $wanted; the trace tool wants that behind its command
run() {
	case $wanted:$program:$# in
	:* | *:*/trace:0 | *:*/trace:1) ;;
	*:*/trace:*) command=$1
		shift
		set -- "$command" "--target=$wanted" "$@" ;;
	*) set -- "--target=$wanted" "$@" ;;
	esac
	"$program" "$@"
}

# check NAME STATUS STDOUT STDERR ARGUMENT...; STDOUT ending in "..." : only what is before it
check() {
	name=$1 status=$2 stdout=$3 stderr=$4 wrong=0
	shift 4
	run "$@" >stdout 2>stderr
	same "$name" "exit status" "$status" $?
	case $stdout in
	*...) same "$name" stdout "${stdout%...}" "$(head -n 1 stdout)" ;;
	*) same "$name" stdout "$stdout" "$(cat stdout)" ;;
	esac
	same "$name" stderr "$stderr" "$(cat stderr)"
	# One line, and it ends: a message that shell and log can take.
	[ -z "$stderr" ] || same "$name" "lines on stderr" "${lines-1}" "$(wc -l <stderr | tr -d ' ')"
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

# check_command NAME STATUS STDERR COMMAND...: its stderr ends in that line, or is not there if it is ''
check_command() {
	name=$1 status=$2 stderr=$3 wrong=0
	shift 3
	"$@" >stdout 2>stderr
	same "$name" "exit status" "$status" $?
	same "$name" "end of stderr" "$stderr" "$(tail -n 1 stderr)"
	count_it
}

# --- what is there -------------------------------------------------------------------------------

mkdir empty good mixed broken hidden told
echo '# What these traces show' | tee good/README.md >told/README.md
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
# What a name does not say, or says wrongly.
cp good.trace text
cp bytes bytes.trace
cp good.trace text.bytes
printf 'ubcdefghnBACDEFG' >unclear
cp unclear unclear.bytes
printf '# nothing but words\n' >comment.trace
mkdir "it's here"
cp good.trace "it's here/one two.trace"
cp wrong.trace "it's here/three's.trace"

# --- good: printed with its results, or counted --------------------------------------------------

transcript='board unit
chg [0,2) a -> 2 needs 1
add a -> 2'
check 'good trace' 0 "$transcript" '' good.trace
check 'good bytes' 0 'board unit
count [0,end) -> 0' '' bytes
check 'no newline at the end' 0 'board unit
chg [0,2) a -> 2 needs 1' '' no-newline.trace
check 'text told by what it holds' 0 "$transcript" '' text
check 'bytes that are all letters, by their name' 0 'board unit
count [1,end) -> 0' '' unclear.bytes
check 'folder' 0 'good/one.trace: good
good/two: good
2 traces good, 0 failed' '' good
check 'two files' 0 "# good.trace
$transcript
# good/one.trace
$transcript
2 traces good, 0 failed" '' good.trace good/one.trace

# --- nothing to look at is not good ----------------------------------------------------------------

no_op='no op in it, so nothing was looked at'
check 'empty text' 2 '' "nothing.trace: $no_op" nothing.trace
check 'empty bytes' 2 '' "nothing: $no_op" nothing
check 'a comment' 2 '' "comment.trace: $no_op" comment.trace
export RESVMAP_WITHOUT=count
check 'all of it left out' 2 '' "bytes: $no_op" bytes
unset RESVMAP_WITHOUT
if [ -c /dev/full ]; then
	# shellcheck disable=SC2016 # for the inner shell
	check_command 'onto a full disk' 2 \
		'replay: what was found cannot be written: No space left on device' \
		sh -c '"$0" good.trace >/dev/full' "$program"
fi

# --- a rule failed -------------------------------------------------------------------------------

story='FAIL expected-result: returned 2, expected 3...'
check 'wrong expectation' 1 "wrong.trace: $story" '' wrong.trace
check 'rules only: what it expects is not looked at' 0 'board unit
chg [0,2) a -> 2 needs 1' '' --rules-only wrong.trace
check 'rules only of a folder' 0 'mixed/good.trace: good
mixed/last.trace: good
mixed/wrong.trace: good
3 traces good, 0 failed' '' --rules-only mixed
check 'wrong one in a folder' 1 'mixed/good.trace: good...' '' mixed
check_line 'story of a folder' "mixed/wrong.trace: ${story%...}" grep FAIL
check_line 'count of a folder' '2 traces good, 1 failed' tail -n 1
RESVMAP_REPLAY=' MAP=x'
export RESVMAP_REPLAY
check 'wrong expectation of another map' 1 "wrong.trace: $story" '' wrong.trace
check_line 'replay command' 'replay: make replay MAP=x TRACE=wrong.trace' grep '^replay:'
check 'a name with blanks' 1 'it'"'"'s here/one two.trace: good...' '' "it's here"
check_line 'replay command of a name with blanks' \
	"replay: make replay MAP=x TRACE='it'\\''s here/three'\\''s.trace'" grep '^replay:'
unset RESVMAP_REPLAY

# --- one rule of many: what git bisect run is to make of it ------------------------------------------

check 'the rule that was asked for' 1 "wrong.trace: $story" '' --rule=expected-result wrong.trace
check 'another rule' 125 "wrong.trace: $story" \
	'expected-result failed first, so this trace cannot say whether links-sane holds' \
	--rule=links-sane wrong.trace
check 'a rule that held' 0 "$transcript" '' --rule=links-sane good.trace
# What a line may begin with, the head first: the words of an ops.def.
words_of() { sed -n "s/^\(HEAD\|OP\|ORDER\)('.', *\([a-z]*\),.*/\2/p" "$root/$1" | paste -sd' '; }
region_words=$(words_of fuzz/map/ops.def)
reserve_words=$(words_of fuzz/targets/reserve/ops.def)
rules=$(sed -n 's/^RULE([A-Z_]*, "\([a-z-]*\)".*/\1/p' "$root/fuzz/run/rules.def" | paste -sd' ')
check 'no such rule' 2 '' "RULE=links is unknown; choose one of: $rules" --rule=links good.trace
lines=2
check 'another rule, behind one that cannot be read' 2 "wrong.trace: $story" \
	'expected-result failed first, so this trace cannot say whether links-sane holds
nothing: '"$no_op" --rule=links-sane wrong.trace nothing
unset lines

# --- what says nothing about the map is no rule that failed ---------------------------------------------

replay=$root/fuzz/engines/replay.sh
export TRACE=good.trace
check_command 'replay.sh: good' 0 '' "$replay" "$program"
TRACE="it's here/*.trace"
check_command 'replay.sh: a pattern with blanks' 1 '' "$replay" "$program"
# shellcheck disable=SC2088 # it is not this shell's to expand
TRACE="~/it's here/one two.trace"
check_command 'replay.sh: a ~' 0 '' env HOME="$work" "$replay" "$program"
TRACE='good.trace bytes'
check_command 'replay.sh: a list' 0 '' "$replay" "$program"
check_line 'count of a list' '2 traces good, 0 failed' tail -n 1
check_command 'replay.sh: a signal' 2 'replay: ended by signal 9, and no rule was reported' \
	"$replay" sh -c 'kill -9 $$'
check_command 'replay.sh: a status of somebody else' 2 \
	'replay: ended with status 77, and no rule was reported' "$replay" sh -c 'exit 77'
check_command 'replay.sh: another rule' 125 \
	'expected-result failed first, so this trace cannot say whether links-sane holds' \
	env TRACE=wrong.trace "$replay" "$program" --rule=links-sane
check_command 'replay.sh: no trace' 2 \
	'replay: say which trace or folder: make replay TRACE=file' env TRACE= "$replay" "$program"
# A sanitizer that finds no room to start says so in its own words; which they are, and whether it
# exits or aborts, is its version's.
case $programs in
*address*)
	wrong=0
	# shellcheck disable=SC3045 # dash, bash and busybox have it
	(ulimit -v 1000000 && "$replay" "$program") >stdout 2>stderr
	same 'replay.sh: a sanitizer that cannot start' 'exit status' 2 $?
	[ -s stderr ] || same 'replay.sh: a sanitizer that cannot start' stderr 'a word' ''
	count_it
	;;
esac
unset TRACE

# --- unusable: one line that says what to do -----------------------------------------------------

check 'no argument' 2 '' 'usage: replay [--rules-only] [--mended] [--rule=NAME] [--target=NAME] FILE|FOLDER...'
check 'no file behind the option' 2 '' 'usage: replay [--rules-only] [--mended] [--rule=NAME] [--target=NAME] FILE|FOLDER...' --rules-only
check 'no such option' 2 '' \
	'--rules: No such file or directory; name a trace or a folder of traces' --rules
check 'no such file' 2 '' \
	'missing: No such file or directory; name a trace or a folder of traces' missing
check 'no such file behind a good one' 2 "# good.trace
$transcript" \
	'missing: No such file or directory; name a trace or a folder of traces' good.trace missing
check 'empty folder' 2 '' 'empty: no trace is in this folder; put a .trace file into it' empty
check 'folder of a README.md only' 2 '' 'told: no trace is in this folder; put a .trace file into it' told
check 'folder of hidden files' 2 '' 'hidden: no trace is in this folder; put a .trace file into it' hidden
check 'malformed trace' 2 '' \
	"malformed.trace:3:1: unknown word 'frob'; known are $region_words" \
	malformed.trace
check 'malformed one in a folder' 2 'broken/good.trace: good...' \
	"broken/malformed.trace:3:1: unknown word 'frob'; known are $region_words" \
	broken
check 'trace of another target' 2 '' \
	'reserve.trace:3:3: a trace of the reserve target: replay it with TARGET=reserve' reserve.trace
check 'bytes that are called text' 2 '' "bytes.trace: holds bytes that no text has, and its name says text; an engine's input has no .trace at its end" \
	bytes.trace
check 'text that is called bytes' 2 '' \
	"text.bytes: holds a trace's text, and its name says bytes; let the name end in .trace" text.bytes
check 'text or bytes' 2 '' \
	"unclear:1:1: unknown word 'ubcdefghnBACDEF'; known are $region_words; bytes of an engine? let the name end in .bytes" \
	unclear
toolong='File too large; name a readable trace of less than 1048576 bytes'
check 'too many bytes' 2 '' "long: $toolong" long
check 'too long a text' 2 '' "long.trace: $toolong" long.trace
if [ "$(id -u)" != 0 ]; then
	chmod 0 good.trace
	check 'unreadable file' 2 '' \
		'good.trace: Permission denied; name a readable trace' good.trace
	chmod 644 good.trace
fi

# --- the trace tool -----------------------------------------------------------------------------

program=$programs/trace wanted=region
usage='usage: trace print|c|svg [--target=NAME] FILE, trace run [--rule=NAME] FILE, trace assemble|minimize FILE OUT, trace kunit FILE|FOLDER...'
check 'trace: no argument' 2 '' "$usage"
check 'trace: no such command' 2 '' "$usage" frobnicate good.trace
check 'trace: no file' 2 '' "$usage" print
check 'trace: no place for what comes out' 2 '' "$usage" assemble good.trace
check 'trace: more than it takes' 2 '' "$usage" print good.trace out
check 'trace print' 0 'board unit
chg [0,2) a
add a' '' print good.trace
# In a terminal, which script(1) is where there is one, results stand in one column, in colours where they are wanted.
cat >results.trace <<'END'
board unit
chg [5,6) a
add a
END
on_terminal() { script -qec "$1 '$programs/trace' run results.trace" /dev/null </dev/null | tr -d '\r'; }
if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
	wrong=0
	same 'trace run in a terminal' stdout 'board unit
chg [5,6) a -> 1 needs 1
add a       -> 1' "$(on_terminal NO_COLOR=1)"
	same 'trace run with colours' 'its first line' "$(printf '\033[1mboard\033[0m unit')" \
		"$(on_terminal TERM=xterm | head -n 1)"
	same 'trace run in a dumb terminal' 'its first line' 'board unit' "$(on_terminal TERM=dumb | head -n 1)"
	count_it
fi

check 'trace print of bytes' 0 'board unit
count [0,end)' '' print bytes
check 'trace run' 0 "$transcript" '' run good.trace
check 'trace run of a wrong one' 1 "$story" '' run wrong.trace
check 'trace run of a malformed one' 2 '' \
	"malformed.trace:3:1: unknown word 'frob'; known are $region_words" \
	run malformed.trace
check 'trace run of nothing' 2 '' "nothing.trace: $no_op" run nothing.trace
check 'trace run: another rule' 125 "$story" \
	'expected-result failed first, so this trace cannot say whether links-sane holds' \
	run --rule=links-sane wrong.trace
check 'trace run: no such rule' 2 '' "RULE=x is unknown; choose one of: $rules" run --rule=x good.trace
check 'trace print: text told by what it holds' 0 'board unit
chg [0,2) a
add a' '' print text
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
	"malformed.trace:3:1: unknown word 'frob'; known are $region_words" \
	assemble malformed.trace kept
check 'trace minimize of a good one' 2 '' 'every rule holds: there is nothing to minimize' \
	minimize good.trace kept
check_line 'what was there is kept' '' cmp assembled kept

# --- the callers of the map ----------------------------------------------------------------------

program=$programs/replay wanted=reserve
printf 'pool 1\nmap a file 0 [0,2) -> 0\n' >broken.trace
printf 'map a file 0 [0,2)\nfrob\n' >frob.trace
printf 'p1\1\0\0\0\0\0m\0\2\141\0\0\0\0tail' >reserve.bytes
check 'reserve: good trace' 0 'pool 8
map a file 0 [0,2) -> 0' '' reserve.trace
check 'reserve: good bytes' 0 'pool 1
map a file 0 [0,2) -> ENOMEM' '' reserve.bytes
export RESVMAP_WITHOUT=late,map
check 'reserve: a word left out of bytes, and nothing is left' 2 '' "reserve.bytes: $no_op" reserve.bytes
check 'reserve: and not of text' 0 'pool 8
map a file 0 [0,2) -> 0' '' reserve.trace
RESVMAP_WITHOUT=lat
known="known are ${region_words#* } ${reserve_words#* }"
switches=$(sed -n '/opt_name\[OPTS\] = {/,/};/p' "$root/fuzz/trace/op.c" | grep -o '"[a-z]*"' | tr -d '"' | paste -sd' ')
known="$known $switches memory windows limits surplus"
check 'reserve: an unknown word left out' 2 '' "RESVMAP_WITHOUT: unknown word 'lat'; $known" \
	reserve.bytes
unset RESVMAP_WITHOUT
check 'reserve: empty text' 2 '' "nothing.trace: $no_op" nothing.trace
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
known="known are $reserve_words"
check 'reserve: malformed trace' 2 '' "frob.trace:2:1: unknown word 'frob'; $known" frob.trace
check 'reserve: trace of another target' 2 '' \
	'good.trace:1:1: a trace of the region target: replay it with TARGET=region' good.trace
program=$programs/trace wanted=reserve
check 'reserve: trace assemble' 0 '' '' assemble reserve.trace assembled
check 'reserve: trace print of what was assembled' 0 'pool 8
map a file 0 [0,2)' '' print assembled
check 'reserve: trace run' 0 'pool 8
map a file 0 [0,2) -> 0' '' run reserve.trace
check 'reserve: trace minimize of a good one' 2 '' \
	'every rule holds: there is nothing to minimize' minimize reserve.trace kept

# --- the text parser's own target reads texts of every other ---------------------------------------

program=$programs/replay wanted=trace
check 'trace of another target, as a text' 0 'pool 8
map a file 0 [0,2)' '' reserve.trace
check 'trace of a region, as a text' 0 'board unit
chg [0,2) a
add a' '' good.trace

# --- the fuzzers: text is not run as bytes, nothing is written into the corpus -----------------------

program=$fuzzers/region_fuzzer wanted=
texts="a folder of traces as text, and inputs here are bytes; make seeds fills build/seeds/ with them"
text="a trace's text, and inputs here are bytes; run it with make replay TRACE=..."
check 'fuzzer: text' 2 '' "good.trace: $text" good.trace
check 'fuzzer: text by what it holds' 2 '' "text: $text" -runs=1 text
check 'fuzzer: malformed text' 2 '' "malformed.trace: $text" malformed.trace
check 'fuzzer: a folder of texts' 2 '' "mixed: $texts" -runs=1 mixed
mkdir inputs checkout checkout/corpus checkout/corpus/region checkout/fuzz checkout/fuzz/trace
cp bytes inputs/
check 'fuzzer: texts in the second folder' 2 '' "mixed: $texts" -runs=1 inputs mixed
check_command 'fuzzer: bytes' 0 '***' "$program" bytes
touch checkout/fuzz/trace/op.h
corpus='the checked-in corpus, which an engine would write into; make seeds fills build/seeds/ with it'
check 'fuzzer: the corpus' 2 '' "checkout/corpus/region: $corpus" -runs=1 checkout/corpus/region
check 'fuzzer: all of the corpus' 2 '' "checkout/corpus/: $corpus" -runs=1 checkout/corpus/
program=$fuzzers/trace_fuzzer
check 'fuzzer of texts: the corpus' 2 '' "checkout/corpus/region: $corpus" -runs=1 checkout/corpus/region
wrong=0
"$program" -runs=1 inputs checkout/corpus/region >stdout 2>stderr
same 'fuzzer of texts: the corpus read' 'exit status' 0 $?
same 'fuzzer' 'what is in the corpus' '' "$(ls checkout/corpus/region)"
count_it

# --- make: trees and folders with a ~, blanks and apostrophes, and such that are none -----------------

mkdir "no kernel's tree"
make_in_root() { "${MAKE-make}" -s --no-print-directory -C "$root" "$@"; }
not_there="no such file or folder"
check_command 'make: a ~ that no shell expanded' 2 "import: KERNEL=$work/no tree: $not_there" \
	env HOME="$work" "${MAKE-make}" -s --no-print-directory -C "$root" KERNEL="~/no tree" import
check_command 'make: blanks and apostrophes' 2 \
	"import: KERNEL=$work/no kernel's tree is no kernel tree: it has no mm/hugetlb.c" \
	make_in_root KERNEL="$work/no kernel's tree" import
check_command 'make matrix: no such tree' 2 "import: KERNEL=$work/nowhere: $not_there" \
	make_in_root TRACES="$work/good" KERNELS="$work/nowhere" matrix
check_command 'make matrix: no kernel tree' 2 \
	"import: KERNEL=$work/no kernel's tree is no kernel tree: it has no mm/hugetlb.c" \
	make_in_root TRACES="$work/good" KERNELS="$work/no kernel's tree" matrix

bisect() { (cd "$1" && shift && "$root/fuzz/engines/bisect.sh" "$@"); }
check_command 'bisect: what says nothing about the commit is not bad' 255 \
	"import: KERNEL=$work/no kernel's tree is no kernel tree: it has no mm/hugetlb.c" \
	bisect "no kernel's tree" TRACE=../good.trace

# --- src/ by itself --------------------------------------------------------------------------------

check_command 'src/ compiles alone' 0 '' "${CC:-cc}" -std=gnu11 -O1 -I"$root" -o alone \
	"$root/tests/src/alone.c" "$root/src/map/resv_map.c" "$root/src/map/resv_map_common.c" \
	"$root/src/shim/hooks.c"
check_command 'a million calls of it' 0 '' ./alone

echo "$passed passed, $failed failed"
[ $failed = 0 ]
