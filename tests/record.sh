#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# record.sh: tests/record/recorded, which fuzz/record/record.sh has printed on a booted 6.12.117, is the trace beside it,
# which replays with the results that the kernel had; and what cannot be a trace is said.
#
# Environment: MAKE, CC.  Exit status: 0, or 1.
set -u
export LC_ALL=C
: "${CC:?is not set: run this by make}"

make="${MAKE:-make} --no-print-directory -s"
work=build/test-record
failed=0
rm -rf $work && mkdir -p $work

wrong() { echo "record.sh: $*"; failed=1; }

$make record FROM=tests/record/recorded >$work/trace || wrong "make record: exit status $?"
cmp -s $work/trace tests/record/recorded.trace || wrong "another trace: $(diff $work/trace tests/record/recorded.trace | head -5)"

# The port says ENOSPC where mmap() says ENOMEM, and cannot cut a mapping in two: up to there.
grep -q ' -> ENOMEM$' $work/trace || wrong 'nothing is refused in it'
sed '/ -> ENOMEM$/,$d' $work/trace >$work/front.trace
grep -q '^punch' $work/front.trace || wrong 'the part that the port can do is too short'
$make replay TRACE=$work/front.trace >$work/said 2>&1 || wrong "it does not replay: $(head -3 $work/said)"

# A mapping of a third file, one that lies beyond the board, and a fault that is tried again.
{
	sed 2q tests/record/recorded
	map() {
		echo "w-1 [000] ...1. 1.0: map: (f) inode=$1 dev=24 mm=0x1 off=$2 start=$3 end=$(($3 + 2097152)) flags=251"
		echo 'w-1 [000] ...1. 1.1: mapped: (f) ret=0'
	}
	map 0xa 0 0; map 0xb 0 2097152; map 0xc 0 4194304; map 0xa 32768 6291456
	for ret in 1024 0; do
		echo 'w-1 [000] ...1. 2.0: fault: (f) dev=24 mm=0x1 start=0 address=0 flags=1'
		echo "w-1 [000] ...1. 2.1: faulted: (f) ret=$ret"
	done
	echo 'w-1 [000] ...1. 3.0: evict: (f) inode=0xd dev=25'
} >$work/much
$make record FROM=$work/much >$work/trace || wrong "much: exit status $?"
sort $work/trace >$work/sorted
sort >$work/wanted <<-END
	# recorded from a running kernel
	# left out: 1 calls of a third file
	# left out: 1 calls beyond page 64
	pool 8 max 6 min 1
	map a file 0 [0,1) -> 0
	map b file 1 [0,1) -> 0
	fault a page 0 write -> 0
END
cmp -s $work/sorted $work/wanted || wrong "of too much: $(cat $work/trace)"

# ends_badly WHAT COMMAND...: with 2, and a line that says why
ends_badly() {
	what=$1
	shift
	status=0
	"$@" >$work/said 2>&1 || status=$?
	[ $status = 2 ] && grep -q 'record: ' $work/said || wrong "$what: exit status $status, $(cat $work/said)"
}
: >$work/nothing
ends_badly 'an empty file' $make record FROM=$work/nothing
ends_badly 'no file' $make record
ends_badly 'no mount' fuzz/record/record.sh $work true
exit $failed
