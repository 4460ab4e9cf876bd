#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What a user does with a real kernel, on the source packages of the distribution.  A package is
# judged by the text that is in it, never by its version: it may be older or newer than any that was
# seen here.  What is changed is a copy of the few files that the importer reads, under build/kernels/.
#
#	kernels.sh corpus ARCHIVE	the traces of corpus/region: every rule holds; where the text
#				has CVE-2026-74518 that is what fails, and nothing once it is fixed
#	kernels.sh import ARCHIVE	its callers of the map are imported
#	kernels.sh callers ARCHIVE	and do with the traces of corpus/reserve that show no bug what
#				every rule allows
#	kernels.sh text ARCHIVE	all of its hugetlb is run, calls in windows wait for its locks, two runs of
#				corpus/reserve say the same, and where a function is missing the callers
#				alone are run, which is said
#	kernels.sh fuzz ARCHIVE	a short fuzz of the map: the same as for the corpus
#	kernels.sh cve ARCHIVE	without the fix, CVE-2026-74518 is found from an empty corpus, and its
#				known trace fails
#	kernels.sh bisect ARCHIVE...	a git history out of these texts, with one bad commit: git
#				bisect must name it
#
# Silent and 0 when good; 42, and a line `skipped: why`, where the text has nothing to test.  MAKE and
# CC are make's and the compiler.
# shellcheck disable=SC2086 # make with its options
set -eu
LC_ALL=C
export LC_ALL

make="${MAKE:-make} --no-print-directory"
trace=corpus/region/bugs-cve-2026-74518-second-round.trace
rules='links-sane|memory-clean|cache-counted'

fail() { echo "$*"; exit 1; }
skip() { echo "skipped: $*"; exit 42; }

# run WANTED COMMAND...: it must end with that status; what it says goes to $work/log
run() {
	wanted=$1 status=0
	shift
	"$@" >"$work/log" 2>&1 || status=$?
	if [ $status = 125 ] && [ "$wanted" != 125 ]; then
		skip "$({ grep '^import:' "$work/log" || cat "$work/log"; } | tail -n 1)"
	fi
	case $wanted:$status in any:[01]) return ;; esac
	[ $status = "$wanted" ] || fail "exit status $status, not $wanted: $*
$(tail -n 40 "$work/log")"
}

# unpack ARCHIVE FOLDER: the importer has taken the files out of the archive, or does so now
unpack() {
	run 0 $make import KERNEL="$1"
	mkdir -p "$2"
	cp -r "build/import/$(fuzz/import/import.sh id "$1")/tree/." "$2"
	rm -f "$2/.unpacked"
}

# The fix is one word: the list that was spliced is emptied.  It stands in other functions too, so
# only this function is looked at.
in_function() { sed "$@" "/^static int allocate_file_region_entries/,/^}/$word" "$tree/mm/hugetlb.c"; }

# state TREE: fixed or broken, or neither, since there is no such function or it does otherwise
state() {
	tree=$1
	if word=p in_function -n | grep -q 'list_splice_init('; then
		echo fixed
	elif word=p in_function -n | grep -q 'list_splice('; then
		echo broken
	else
		echo neither
	fi
}
undo_fix() { tree=$1 word='s/list_splice_init(/list_splice(/' && in_function -i; }
redo_fix() { tree=$1 word='s/list_splice(/list_splice_init(/' && in_function -i; }

# holds COMMAND...: with KERNEL= the archive it is good, or finds the CVE where the text has it; with
# the fix it is good then
holds() {
	if [ "$(state "$work/linux")" != broken ]; then
		run 0 "$@" KERNEL="$archive"
		return
	fi
	run 1 "$@" KERNEL="$archive"
	! grep -E 'FAIL [a-z-]+:' "$work/log" | grep -vE "FAIL ($rules):" ||
		fail "the text has CVE-2026-74518, but another rule fails"
	redo_fix "$work/linux"
	run 0 "$@" KERNEL="$work/linux"
}

# says COMMAND...: what that command's replay says of corpus/reserve
says() {
	"$@" "$replay" --rules-only corpus/reserve 2>&1 |
		sed 's/0x[0-9a-f]*/ADDRESS/g; /^ *\([0-9a-f][0-9a-f] *\)*$/d'
}

# witness RULE: a trace that shows a bug, and fails by that rule here
witness() {
	for known in corpus/reserve/bugs-*.trace corpus/reserve/kernel-*.trace; do
		if "$replay" --rules-only "$known" 2>/dev/null | grep -q "FAIL $1:"; then
			echo "$known"
			return
		fi
	done
}

# ends_with TRACE WORDS: the books behind that trace's last op, on all of this tree's hugetlb; WORDS as in fuzz/boot/books.h
ends_with() {
	mkdir -p "$work/batch"
	printf '%s\n' "$1" | sed 's/; */\n/g' >"$work/batch/0.trace"
	echo "0 0 $2" >"$work/batch/list"
	ops=$(($(wc -l <"$work/batch/0.trace") - 1))
	"$books" "$work/batch" >"$work/books" 2>&1 || fail "no books: $(cat "$work/books")"
	grep -q "^step $ops $2" "$work/books" || fail "behind \"$1\" it should be \"$2\": $(cat "$work/books")"
}

# What booted kernels do, and files and faults of ours once did otherwise: an owner's page that nobody maps any more
# may leave its reservation again, a mapping that fails gives its fresh pages back, pages are dropped behind the
# reservations of a punch, a charge of no page cannot be refused, and a minimum is not above a maximum.
books_are_right() {
	books=$($make -s TARGET=reserve KERNEL="$work/linux" boot-books | tail -n 1)
	restores=$(sed -n '/^void __unmap_hugepage_range(/,/^}/p' "$work/linux/mm/hugetlb.c" | grep -c 'adjust_reservation = true') ||
		true
	[ "$restores" = 0 ] || restores=1
	ends_with 'pool 2; map a file 0 [0,1) private; fault a page 0; punch file 0 [0,1)' \
		"good - pages 2 free 2 resv $restores surplus 0"
	ends_with 'pool 2 surplus 1 min 2; map a file 2 [1,3)' \
		'failed ENOMEM pages 2 free 2 resv 2 surplus 0'
	ends_with "$(grep -v '^#' corpus/reserve/hand-punch-out-of-memory.trace | sed 's/ ->.*//')" \
		'good - pages 6 free 6 resv 4 surplus 0'
	ends_with 'pool 3; map a file 0 [0,1); map b file 0 [0,1) refuse cgroup' \
		'good - pages 3 free 3 resv 1 surplus 0'
	ends_with 'pool 4 max 1 min 2; map a file 2 [0,1)' 'skipped - pages 4 free 4 resv 0 surplus 0'
}

archive=${2:?which archive?}
work=$PWD/build/kernels/$1
rm -rf "$work" && mkdir -p "$work"
case $1 in
corpus)
	unpack "$archive" "$work/linux"
	holds $make replay TRACE=corpus/region
	;;
import)
	run 0 $make import TARGET=reserve KERNEL="$archive"
	;;
callers)
	mkdir "$work/traces"
	cp corpus/reserve/hand-*.trace "$work/traces"
	run any $make replay TARGET=reserve KERNEL="$archive" TRACE="$work/traces"
	grep -q ' traces good, ' "$work/log" || fail "$(tail -n 20 "$work/log")"
	# A known defect of this text may show in a trace by hand too: then another trace of the
	# corpus, which was written for that defect, fails by the same rule.
	replay=$($make -s build-replay TARGET=reserve KERNEL="$archive" | tail -n 1)
	sed -n 's/^.*\.trace: FAIL \([a-z-]*\):.*/\1/p' "$work/log" | sort -u >"$work/rules"
	while read -r rule; do
		known=$(witness "$rule")
		[ -n "$known" ] || fail "$rule fails, and no known defect explains it:
$(cat "$work/log")"
		echo "the text has the defect that $known shows, and so traces by hand fail by $rule" \
			>>"$work/explained"
	done <"$work/rules"
	[ ! -s "$work/explained" ] || skip "$(tail -n 1 "$work/explained")"
	;;
text)
	unpack "$archive" "$work/linux"
	run 0 $make import TARGET=reserve KERNEL="$work/linux"
	grep -q "^import: all of this kernel's hugetlb: [0-9]* functions" "$work/log" ||
		skip "$(head -n 1 "$work/log")"
	manifest=build/import/$(fuzz/import/import.sh id "$work/linux")/text/manifest
	grep -q '^import: of mm/hugetlb.c [0-9]* of [0-9]* functions' "$work/log" &&
		grep -q '^world hugetlb' "$manifest" || fail "its share is not said: $(cat "$work/log")"
	! grep 'no reason is known' "$manifest" || fail "a name of the tree's is replaced without a reason"
	books_are_right
	# Who waits goes on: a call inside of another that has the lock returns, and is not skipped.
	printf '%s\n' 'pool 2' 'map a file 0 [0,2)' 'fault a page 0' 'punch file 0 [0,1)' \
		'  in 4: map b file 0 [0,1)' >"$work/waits.trace"
	run 0 $make replay TARGET=reserve KERNEL="$work/linux" TRACE="$work/waits.trace"
	grep -q 'in 4: map b file 0 \[0,1) -> 0' "$work/log" ||
		fail "a call that waits does not go on: $(cat "$work/log")"
	# What a replay says has nothing of its process in it, such as an address: but for a sanitizer's own words.
	replay=$($make -s build-replay TARGET=reserve KERNEL="$work/linux" | tail -n 1)
	says env >"$work/said"
	says env "ROOM=$(printf %060000d 0)" $(setarch -R true 2>/dev/null && echo setarch -R) >"$work/said.again"
	[ "$(grep -c ': good$' "$work/said")" -ge 30 ] || fail "few traces are good: $(tail -n 20 "$work/said")"
	diff "$work/said" "$work/said.again" >"$work/log" || fail "two runs say two things: $(cat "$work/log")"
	# A tree that changes while it is read is read again the next time: the compiler changes this one.
	printf '%s\n' '#!/bin/sh' "[ -e $work/changed ] || echo '/* */' >>$work/linux/mm/hugetlb.c" ": >$work/changed" \
		"exec ${CC:-clang} \"\$@\"" >"$work/cc"
	chmod +x "$work/cc"
	run 0 env "CC=$work/cc" fuzz/targets/reserve/text/import.sh "$work/linux" "$work/text"
	now=$(sha256sum <"$work/linux/mm/hugetlb.c")
	grep -q "mm/hugetlb.c$" "$work/text/inputs" && [ -e "$work/changed" ] ||
		fail "nothing was imported or changed: $(cat "$work/log" "$work/text/inputs")"
	! grep -q "${now%% *}" "$work/text/inputs" || fail "what was read before the change passes for what is there"
	sed -i 's/\<hugetlb_fault(/hugetlb_fault_by_another_name(/' "$work/linux"/mm/hugetlb.c
	run 0 $make import TARGET=reserve KERNEL="$work/linux"
	grep -q '^import: only the callers of this kernel' "$work/log" ||
		fail "a fallback that is not said: $(cat "$work/log")"
	for file in "$manifest" "${manifest%/*/*}/reserve/manifest"; do
		grep -q '^world callers' "$file" || fail "$file does not say that only the callers are run"
	done
	grep -q hugetlb_fault "$work/log" || fail "it is not said what is missing: $(cat "$work/log")"
	run any $make replay TARGET=reserve KERNEL="$work/linux" TRACE=corpus/reserve
	grep -q ' traces good, ' "$work/log" || fail "$(tail -n 20 "$work/log")"
	;;
fuzz)
	unpack "$archive" "$work/linux"
	holds $make fuzz-libfuzzer FUZZ_TIME=5
	;;
cve)
	unpack "$archive" "$work/linux"
	undo_fix "$work/linux"
	[ "$(state "$work/linux")" = broken ] ||
		skip 'its allocate_file_region_entries() is not the one that has it'
	run 1 $make replay KERNEL="$work/linux" TRACE="$trace"
	mkdir "$work/empty"
	# Until it is found; the number of runs is many times what it takes.
	fuzzer=$($make -s ENGINE=libfuzzer KERNEL="$work/linux" build-fuzzer | tail -n 1)
	"$fuzzer" -seed=1 -runs=8000000 -max_len=1024 -artifact_prefix="$work/" \
		-dict=dictionaries/region.dict "$work/empty" >"$work/log" 2>&1 && fail "not found"
	grep -qE "^FAIL ($rules):" "$work/log" || fail "another rule: $(tail -n 20 "$work/log")"
	;;
bisect)
	shift
	git init -q "$work/linux"
	commit() {
		git -C "$work/linux" add -A
		git -C "$work/linux" -c user.name=t -c user.email=t commit -q -m "$1"
	}
	good=
	for archive in "$@"; do
		unpack "$archive" "$work/linux"
		redo_fix "$work/linux"
		commit "$archive"
		: "${good:=$(git -C "$work/linux" rev-parse HEAD)}"
	done
	echo >>"$work/linux/mm/hugetlb.c" && commit 'nothing much'
	undo_fix "$work/linux"
	[ "$(state "$work/linux")" = broken ] ||
		skip 'its allocate_file_region_entries() is not the one that has it'
	commit 'the bad one'
	for change in 1 2 3; do
		echo >>"$work/linux/mm/hugetlb.c" && commit "later, $change"
	done
	git -C "$work/linux" bisect start HEAD "$good" >/dev/null
	run 0 git -C "$work/linux" bisect run $make -C "$PWD" replay KERNEL="$work/linux" TRACE="$trace"
	# What git says of it in words is another in each version.
	bad=$(git -C "$work/linux" log -1 --format=%s refs/bisect/bad)
	[ "$bad" = 'the bad one' ] || fail "git bisect says: $bad"
	;;
*)
	echo 'usage: kernels.sh corpus|import|callers|fuzz|cve|bisect ARCHIVE' >&2
	exit 2
	;;
esac
