#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# boot.sh: is our rendition faithful?  Traces of the corpus and generated ones run on Debian's kernels 6.1
# and 6.12 and on the port, and every departure must be in fuzz/boot/known.list.
#
#	boot.sh compare		only how reports are compared, by reports that were written by hand
#	boot.sh			both kernels; exit status 42 where that cannot be done here
#
# Environment: MAKE, CC.
set -eu
export LC_ALL=C

make="${MAKE-make} --no-print-directory -s SAN=none KERNEL= MAP=port ENGINE=replay TARGET=reserve"
work=build/test-boot

die() { echo "boot.sh: $*" >&2; exit 1; }

skip() { echo "skipped: $*"; exit 42; }

can() {
	command -v qemu-system-x86_64 >/dev/null || skip "there is no qemu-system-x86_64"
	command -v cpio >/dev/null || skip "there is no cpio"
	for version in 6.1 6.12; do
		fuzz/boot/image.sh $version >/dev/null 2>&1 || skip "no image of Debian's kernel $version"
	done
}

build() { programs=$($make boot-programs | tail -1); }

# compared STATUS WORD REPORT: what boot_compare must say of the report, beside the port
compared() {
	status=0
	"$programs/boot_compare" $work/batch fuzz/boot/known.list "$3" port=$work/port \
		>$work/said 2>&1 || status=$?
	[ $status = "$1" ] || { cat $work/said; die "$3: status $status, not $1"; }
	grep -q -e "$2" $work/said || { cat $work/said; die "$3: does not say '$2'"; }
}

# A report that is the port's own agrees; one number, one line or one line of the log changed does not.
compare() {
	rm -rf $work && mkdir -p $work/batch
	printf 'pool 4 min 1\nmap a file 0 [0,2)\nfault a page 0 write\nfork a b\nunmap a\n' >$work/a.trace
	"$programs/boot_batch" $work/batch $work/a.trace >$work/said
	grep -q '^1 traces, 1 of them whole' $work/said || die "a trace is not taken whole"
	"$programs/boot_books" $work/batch >$work/port
	cp $work/port $work/kernel
	compared 0 '1 agree' $work/kernel
	sed '/^step 2/s/ resv [0-9]*/ resv 0/' $work/kernel >$work/resv
	compared 1 'FINDING resv-matches-promises' $work/resv
	sed '/^step 6/s/ resv [0-9]*/ resv -1/' $work/kernel >$work/gone
	compared 1 'FINDING all-given-back' $work/gone
	sed '/^step 2 good/s/good -/failed SIGBUS/' $work/kernel >$work/sigbus
	compared 1 'FINDING reservation-honoured' $work/sigbus
	sed '/^step 3/s/ pages [0-9]*/ pages 5/; /^step 3/s/ free [0-9]*/ free 4/' $work/kernel >$work/pages
	compared 1 'DEPARTURE of port' $work/pages
	sed '/^step 3/i\log 3 WARNING: something' $work/kernel >$work/log
	compared 1 'FINDING kernel-log' $work/log
	sed '/^step 4/,$d' $work/kernel >$work/dead
	compared 1 'did not come to the' $work/dead
	: >$work/empty
	compared 1 'never ran' $work/empty
	printf 'pool 1\nmap a file 0 [0,1)\nfault a page 0 late\nbackwards b file 0 [0,1)\n' >$work/b.trace
	"$programs/boot_batch" $work/batch $work/b.trace >$work/said
	grep -q '0 of them whole, 1 op left out, 1 late left out' $work/said ||
		die "what cannot be said is not named: $(cat $work/said)"
	for wrong in 9.99 README.md /nowhere; do
		status=0
		fuzz/boot/image.sh $wrong 2>$work/said || status=$?
		[ $status = 125 ] || die "IMAGE=$wrong: status $status, not 125"
	done
}

# Both kernels at the same time, each in a folder of its own.
boot() {
	boots=
	rm -rf $work/traces && mkdir -p $work/traces $work/6.1 $work/6.12
	"$programs/boot_generate" $work/traces 250 1 corpus/reserve/*.trace
	for version in 6.1 6.12; do
		BOOT_FIDELITY=1 fuzz/boot/boot.sh $version $work/$version "$programs" '' corpus/reserve \
			$work/traces >$work/$version/said 2>&1 &
		boots="$boots $!"
	done
	status=0
	for boot in $boots; do
		wait "$boot" || status=$?
	done
	cat $work/6.1/said $work/6.12/said
	return $status
}

case ${1-} in
compare) build; compare ;;
*) can; build; boot ;;
esac
