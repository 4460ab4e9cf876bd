#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# boot.sh: is our rendition faithful?  Traces of the corpus and generated ones run on a kernel of Debian's
# and on the port, and every departure must be in fuzz/boot/judge/known.list.
#
#	boot.sh compare		only how reports are compared, by reports that were written by hand
#	boot.sh VERSION		that kernel, 6.1 or 6.12; exit status 42 where that cannot be done here
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
	fuzz/boot/image.sh "$1" >$work.image 2>&1 || skip "no image of Debian's kernel $1: $(tail -1 $work.image)"
}

build() { programs=$($make boot-programs | tail -1); }

# compared STATUS WORD REPORT: what boot_compare must say of the report, beside the port
compared() {
	status=0
	"$programs/boot_compare" $work/batch fuzz/boot/judge/known.list "$3" port=$work/port \
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
	compared 1 'FINDING all-given-back.*(too few)$' $work/gone
	sed '/^step 6/s/ resv [0-9]*/ resv 3/' $work/kernel >$work/more
	compared 1 'FINDING all-given-back.*(too many)$' $work/more
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
	remembers
	printf 'pool 1\nmap a file 0 [0,1)\nfault a page 0 late\nbackwards b file 0 [0,1)\n' >$work/b.trace
	"$programs/boot_batch" $work/batch $work/b.trace >$work/said
	grep -q '0 of them whole, 1 backwards left out, 1 late left out' $work/said ||
		die "what cannot be said is not named: $(cat $work/said)"
	generates
	forgives
	keeps_silent
	with_module
	with_memory_failure
	kunit
	for wrong in 9.99 README.md /nowhere; do
		status=0
		fuzz/boot/image.sh $wrong 2>$work/said || status=$?
		[ $status = 125 ] || die "IMAGE=$wrong: status $status, not 125"
	done
}

# What a trace shows is new once, and again where the kernel does otherwise.
remembers() {
	: >$work/behaviours
	for report in kernel kernel resv; do
		"$programs/boot_compare" --seen $work/behaviours $work/batch /dev/null $work/$report | grep -c '^NEW' || true
	done >$work/new
	[ "$(tr '\n' ' ' <$work/new)" = '1 0 1 ' ] || die "behaviours are not remembered: $(cat $work/new)"
	grep -q '^fork+private - ' $work/behaviours && die "an op that is not there was seen"
	grep -q '^fork+limited+min -$' $work/behaviours || { cat $work/behaviours; die "the fork was not seen"; }
}

# Ops that are generated make sense where they stand: hardly one is skipped, and no mount is refused.
generates() {
	rm -rf $work/generated && mkdir -p $work/generated $work/generated/batch
	"$programs/boot_generate" --only "$("$programs/boot_books" --can)" $work/generated 500 1
	"$programs/boot_generate" --only "$("$programs/boot_books" --can)" $work/generated 500 1 $work/generated/*.trace
	"$programs/boot_batch" $work/generated/batch $work/generated/*.trace >$work/said
	"$programs/boot_books" $work/generated/batch >$work/generated/port
	awk '/^step 0 failed/ { refused++ } /^step/ && $2 { steps++; skipped += $3 == "skipped" }
		END { print refused + 0, int(100 * skipped / steps); exit !(steps > 2000 && skipped < steps / 5 && !refused) }' \
		$work/generated/port >$work/said || die "refused mounts, and percents of ops that are skipped: $(cat $work/said)"
}

# batch_of LINE...: the batch is this trace, and the kernel says what the port does
batch_of() {
	printf '%s\n' "$@" >$work/d.trace
	"$programs/boot_batch" $work/batch $work/d.trace >$work/said
	"$programs/boot_books" $work/batch >$work/port
	cp $work/port $work/kernel
}

# failed STEP: the kernel's report, in which that step fails and changes nothing
failed() {
	awk -v step="$1" '$1 == "step" && $2 == step { $0 = before; $2 = step; $3 = "failed"; $4 = "SIGBUS" }
		{ before = $0; print }' $work/kernel >$work/failed
}

# What is known of a child and a minimum is known of nothing else.
forgives() {
	batch_of 'pool 4' 'map a file 0 [0,2) noreserve' 'fault a page 0'
	failed 2
	compared 1 'DEPARTURE of port' $work/failed
	batch_of 'pool 2 min 2' 'map a file 0 [0,1) private' 'fork a b' 'fault b page 0'
	failed 3
	compared 0 '^known departure of port' $work/failed
	batch_of 'pool 2 min 2' 'map a file 0 [0,1) private noreserve' 'fault a page 0'
	failed 2
	compared 0 '^known departure of port' $work/failed
	batch_of 'pool 2 min 2' 'map a file 0 [0,1) noreserve' 'fault a page 0'
	failed 2
	compared 1 'DEPARTURE of port' $work/failed
	batch_of 'pool 2 min 2' 'map a file 0 [0,1) private' 'fork a b' 'fault a page 0'
	failed 3
	compared 1 'FINDING reservation-honoured' $work/failed
}

# What a rendition cannot do, or this kernel lacks, is counted, and no departure.
keeps_silent() {
	batch_of 'pool 4' 'map a file 0 [0,2)' 'mremap a' 'fault a page 0'
	sed -n '/^trace/p; /^step [01]/p; $i\silent 2 mremap' $work/kernel >$work/port
	{
		sed '/^step 1/q' $work/port
		for step in 2 3; do sed -n "/^step 1/s/step 1/step $step/p" $work/port; done
		for step in 4 5; do sed -n "/^step 0/s/step 0/step $step/p" $work/port; done
		echo 'end 0'
	} >$work/kernel
	sed -i '/^step 3/s/free 4 resv 2 \(.*\) there 0/free 3 resv 1 \1 there 1/' $work/kernel
	compared 0 'port .* nothing of 2 ops, for it cannot: mremap 1' $work/kernel
	batch_of 'pool 4' 'map a file 0 [0,2)' 'resize to 6'
	sed '/^step 2/{s/good -/skipped lacks/; s/pages 6 free 6/pages 4 free 4/}; /^step [34]/s/pages 6 free 6/pages 4 free 4/' \
		$work/kernel >$work/lacks
	compared 0 'this kernel lacks: resize 1' $work/lacks
	sed 's/skipped lacks/skipped -/' $work/lacks >$work/skips
	compared 1 'DEPARTURE of port' $work/skips
}

# With the module nothing of these ops is left out, and from the first window on no rendition is asked.
with_module() {
	printf '%s\n' 'pool 4' 'map a file 0 [0,2) refuse 1' 'map a file 0 [0,2)' 'fault a page 0 late' \
		'map b file 0 [2,3)' '  in 1: fault a page 1' 'truncate file 0 to 1' >$work/c.trace
	"$programs/boot_batch" $work/batch $work/c.trace >$work/said
	grep -q '^1 traces, 0 of them whole, 1 refuse-memory left out, 1 late left out, 1 window left out' $work/said ||
		{ cat $work/said; die "what only the module can say is not left out"; }
	"$programs/boot_batch" --module $work/batch $work/c.trace >$work/said
	grep -q '^1 traces, 1 of them whole$' $work/said || { cat $work/said; die "the module's trace is not whole"; }
	"$programs/boot_books" $work/batch >$work/port
	[ "$(grep -c '^step' $work/port)" = 4 ] || die "the port says something behind a window"
	unknown='pages ? free ? resv ? surplus ? used ? there ? ? ? ? rsvd ? ? ? usage ? ? ? nodes ? rsv ?'
	empty='pages 4 free 4 resv 0 surplus 0 used ? there ? ? ? ? rsvd 0 0 0 usage 0 0 0 nodes 0 rsv ?'
	{
		grep -E '^(trace|step)' $work/port
		echo "step 4 good - $unknown"
		for step in 5 6 7 8; do echo "step $step good - $empty"; done
		echo 'end 0'
	} >$work/window
	compared 0 '1 agree' $work/window
	sed 's/^\(step 8.*resv\) 0/\1 -1/' $work/window >$work/wrong
	compared 1 'FINDING all-given-back' $work/wrong
}

# Where memory failure takes a page that everything free was promised of, nobody can keep the promise.
with_memory_failure() {
	printf '%s\n' 'pool 1 min 1' 'map a file 0 [0,1) private' 'fault a page 0' 'poison a page 0' 'unmap a' \
		'map b file 0 [0,1) private' 'fault b page 0' >$work/e.trace
	"$programs/boot_batch" --module $work/batch $work/e.trace >$work/said
	"$programs/boot_books" $work/batch >$work/port
	free='pages 1 free 1 resv 1 surplus 0 used ? there 0 ? ? ? rsvd ? ? ? usage ? ? ? nodes ? rsv'
	{
		grep -E '^(trace|step [0-2] )' $work/port
		echo "step 3 failed EBUSY $free 1"
		echo "step 4 good - $free 1"
		echo "step 5 good - $free 0"
		echo "step 6 failed SIGBUS $free 0"
		echo "step 7 good - $free 1" | sed 's/there 0/there ?/'
		echo "step 8 good - $free ?" | sed 's/there 0/there ?/; s/resv 1/resv 0/'
		echo 'end 0'
	} >$work/failure
	compared 0 'poison 1' $work/failure
	sed '/^step 3/s/resv 1/resv 0/; /^step 3/s/rsv 1/rsv 0/' $work/failure >$work/kept
	compared 1 'FINDING' $work/kept
	sed '/^step 3/s/failed EBUSY/good -/' $work/failure >$work/kept
	compared 0 'poison 1' $work/kept
	sed '/^step 3/{s/failed EBUSY/good -/; s/pages 1 free 1/pages 1 free 0/; s/resv 1/resv 0/; s/rsv 1/rsv 0/}' $work/failure >$work/kept
	compared 1 'FINDING reservation-honoured' $work/kept
}

# Traces of a map are data of a suite; others are none, and that is said.
kunit() {
	trace=$($make boot-trace | tail -1)
	"$trace" kunit corpus/region >$work/traces.h
	[ "$(grep -c '^	{ ".*resvmap_op_' $work/traces.h)" -ge 70 ] || die "trace kunit: hardly a trace of corpus/region"
	mkdir -p $work/stub/linux
	for header in list sched slab; do : >$work/stub/linux/$header.h; done
	cc -fsyntax-only -w -x c -include stddef.h -I$work/stub -Ifuzz/boot/kunit -Du8='unsigned char' -Dgfp_t=int \
		'-Dunlikely(x)=(x)' -Dcurrent=NULL '-Dkmalloc(size,flags)=NULL' $work/traces.h ||
		die "trace kunit writes no C"
	if "$trace" kunit $work/a.trace >$work/said 2>&1; then die "trace kunit takes a trace of reserve"; fi
}

boot() {
	folder=$work-$1
	rm -rf "$folder/traces" && mkdir -p "$folder/traces"
	# From the plainest trace, so that a trace more in the corpus does not make others of all these.
	"$programs/boot_generate" --only "$("$programs/boot_books" --can)" "$folder/traces" 250 1
	BOOT_FIDELITY=1 fuzz/boot/boot.sh "$1" "$folder" "$programs" '' corpus/reserve "$folder/traces"
}

case ${1-} in
compare) build; compare ;;
6.*) mkdir -p build; can "$1"; build; boot "$1" ;;
*) echo 'usage: boot.sh compare | VERSION' >&2; exit 2 ;;
esac
