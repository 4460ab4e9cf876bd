#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# engines.sh: what a person is told when fuzzing does not go as planned, on a copy of the sources.
#
#	a fuzzer that is killed, that cannot start, or that runs no op is never "no finding"
#	two makes in one checkout have each its own exit status, and do not break each other's build
#	what a run that was killed had found is taken up; Ctrl-C ends with the summary
#	a finding's story names the text under test and has the sanitizer's message, and it can be replayed
#
# Nothing here depends on how fast the machine is: whoever waits waits for what is to come.  Silent and
# 0 when good.  MAKE and CC are make's and the compiler.
set -eu
export LC_ALL=C
unset MAKEFLAGS MFLAGS RESVMAP_WITHOUT RESVMAP_REPLAY RESVMAP_STATS KERNEL CAMPAIGN

root=$PWD
# A folder as users have them.
tree="$root/build/engines test"
work=build/fuzz/region-port-address+undefined
cc=${CC:-clang}

fail() {
	echo "$*"
	[ ! -e said ] || sed 's/^/    /' said
	exit 1
}

make() { command "${MAKE:-make}" "CC=$cc" "$@"; }

# ends_with STATUS COMMAND...: what it says is in ./said
ends_with() {
	wanted=$1 status=0
	shift
	"$@" >said 2>&1 || status=$?
	[ $status = "$wanted" ] || fail "exit status $status, not $wanted: $*"
}

says() { grep -q -- "$1" said || fail "does not say '$1'"; }
does_not_say() { ! grep -q -- "$1" said || fail "says '$1'"; }

# await COMMAND...: until it is true
await() {
	tries=0
	until "$@" >/dev/null 2>&1; do
		[ $((tries += 1)) -lt 1200 ] || fail "never came: $*"
		sleep 0.1
	done
}

# in_background COMMAND...: in a process group of its own, $group; Ctrl-C is heeded there
in_background() {
	env --default-signal=INT setsid "${MAKE:-make}" "CC=$cc" "$@" >said 2>&1 &
	group=$!
}

# ended STATUS: what was started in the background has ended so
ended() {
	status=0
	wait $group || status=$?
	[ $status = "$1" ] || fail "exit status $status, not $1"
}

is_fuzzing() {
	for stats in $work/run.*/stats; do
		case $(fuzz/engines/stats.sh "$stats") in *' 0 '*) ;; *) return 0 ;; esac
	done
	return 1
}

# kill_fuzzer: as the kernel does when memory is short
kill_fuzzer() {
	for process in /proc/[0-9]*; do
		if [ "$(cut -d' ' -f5 "$process/stat")" = $group ] &&
				tr '\0' ' ' <"$process/cmdline" | grep -q '^[^ ]*region_fuzzer .*-max_len'; then
			kill -9 "${process#/proc/}"
		fi
	done 2>/dev/null
}

tests/copy.sh "$tree"
cd "$tree"

# --- never good of nothing -----------------------------------------------------------------------

ends_with 0 make fuzz-libfuzzer FUZZ_TIME=2
says '^building region_fuzzer with '
says '^no finding'
in_background fuzz-libfuzzer FUZZ_TIME=0
await is_fuzzing
kill_fuzzer
ended 2
does_not_say '^no finding'
# ASan needs more than that to reserve.
ends_with 2 sh -c "ulimit -v 4000000 && exec ${MAKE:-make} CC='$cc' fuzz-libfuzzer FUZZ_TIME=2"
does_not_say '^no finding'
everything='chg add abort del count bad'
for command in 'fuzz-libfuzzer FUZZ_TIME=2' 'fuzz-libfuzzer FUZZ_TIME=2 JOBS=2' \
		'fuzz-afl FUZZ_TIME=3' 'campaign FUZZ_TIME=5'; do
	# shellcheck disable=SC2086 # words
	ends_with 2 make $command "WITHOUT=$everything"
	says 'no op was run'
	does_not_say '^no finding'
done
ends_with 1 make bugs BUG=canary/no-bug FUZZ=1 "WITHOUT=$everything"
says 'no op was run'
mkdir nothing
echo 'board unit' >nothing/one.trace
echo 'add a' >nothing/two.trace
ends_with 2 make replay TRACE=nothing
says 'no op in it, so nothing was looked at'

# --- Ctrl-C --------------------------------------------------------------------------------------

for jobs in 1 2; do
	in_background fuzz-libfuzzer FUZZ_TIME=0 JOBS=$jobs
	await is_fuzzing
	kill -INT -$group
	ended 0
	says '^runs [1-9][0-9]*, ops [1-9]'
	says '^no finding'
done

# --- two at once ---------------------------------------------------------------------------------

echo 'chg [0,2) a -> 3' >wrong.trace
echo 'chg [0,2) a -> 2' >good.trace
echo 'frob' >unreadable.trace
for round in 1 2 3 4 5 6; do
	# The first round builds, and so does the fourth.
	[ $round != 1 ] || rm -rf build/replay-* build/make_status.so
	[ $round != 4 ] || touch src/map/*.c
	pids=
	for trace in good wrong unreadable; do
		make replay TRACE=$trace.trace >$trace.said 2>&1 &
		pids="$pids $!"
	done
	got=
	for pid in $pids; do
		status=0
		wait "$pid" || status=$?
		got="$got $status"
	done
	[ "$got" = ' 0 1 2' ] || fail "round $round: good, wrong and unreadable end with$got" \
		"$(cat good.said wrong.said unreadable.said)"
done
ends_with 1 make replay explore OPS=2 TRACE=wrong.trace
ends_with 2 make explore replay OPS=2 TRACE=unreadable.trace
says 'every rule held'
[ -z "$(ls build/runs)" ] || fail "left behind: $(ls build/runs)"

# --- a finding -----------------------------------------------------------------------------------

# plant BUG
plant() {
	patch -p1 -s <"tests/bugs/$1.patch"
	rm -rf build/fuzz build/campaign
}

# unplant BUG
unplant() { patch -R -p1 -s <"tests/bugs/$1.patch"; }

# Everybody is killed between the crash and the minimized trace: who takes over a finding locks first.
plant del-walks-on-freed
mkdir -p $work/findings
exec 5>$work/findings/.lock
flock 5
in_background fuzz-libfuzzer FUZZ_TIME=0 5>&-
await sh -c "ls $work/run.*/new/*"
kill -9 -$group
wait $group 2>/dev/null || :
exec 5>&-
ends_with 1 make fuzz-libfuzzer FUZZ_TIME=2
says '^taken up:'
says '^FAIL memory-clean: AddressSanitizer: use-after-poison src/map/resv_map_common.c:[0-9:]* in region_del$'
says '^    region_del src/map/resv_map_common.c:'
does_not_say 'Shadow byte'
[ -n "$(ls $work/findings/memory-clean-*.trace)" ] || fail 'the finding is gone'
[ -z "$(ls -d $work/run.* 2>/dev/null)" ] || fail 'a run is left behind'
# The same with AFL++.
rm -rf $work/findings/*
mkdir -p $work/afl/main/crashes
"$(echo build/replay-*/trace)" assemble corpus/region/bugs-del-walks-on-freed.trace \
	$work/afl/main/crashes/id:000000
ends_with 1 make fuzz-afl FUZZ_TIME=2
says '^taken up:'
[ -n "$(ls $work/findings/memory-clean-*.trace)" ] || fail 'the finding is gone'
unplant del-walks-on-freed

# --- a campaign, in a folder that a shell has to quote -------------------------------------------

# Two bugs that stop in the same list helper of the shim, which is no place to tell them apart by.
cat >two-places.patch <<'END'
--- a/src/map/resv_map_common.c
+++ b/src/map/resv_map_common.c
@@ -68,6 +68,11 @@
 		for (i = 0; i < want; i++) {
 			rg = region_alloc();
 			if (!rg) {
+				if (!list_empty(&fresh)) {
+					rg = list_first_entry(&fresh, struct file_region, link);
+					kfree(rg);
+					list_del(&rg->link);
+				}
 				region_list_free(&fresh);
 				return -ENOMEM;
 			}
@@ -127,8 +132,8 @@
 	} else if (t < rg->to) {
 		rg->from = t;
 	} else {
-		list_del(&rg->link);
 		kfree(rg);
+		list_del(&rg->link);
 	}
 	return pages;
 }
END
patch -p1 -s <two-places.patch
rm -rf build/fuzz
printf 'chg [0,1) a\nadd a\ndel [0,1)\n' >trim.trace
printf 'chg [0,1) a\nadd a\nchg [2,3) b\nadd b\nchg [0,5) c refuse 2\n' >fill.trace
ends_with 0 make build/replay-address+undefined-port-"$cc"/trace
tool=build/replay-address+undefined-port-$cc/trace
campaign="$PWD/it's a campaign"
mkdir -p "$campaign/new"
for input in fill trim; do
	"$tool" assemble $input.trace "$campaign/new/$input"
	cp "$campaign/new/$input" "$campaign/new/$input-too"
	cp "$campaign/new/$input" "$campaign/new/$input-as-well"
done
ends_with 1 make campaign FUZZ_TIME=2 "CAMPAIGN=$campaign"
for function in region_trim region_cache_fill; do
	[ -e "$campaign/findings/memory-clean-$function.trace" ] ||
		fail "not told apart by the text under test: $(ls "$campaign/findings")"
	again="found again: $campaign/findings/memory-clean-$function.trace"
	[ "$(grep -cxF "$again" said)" = 1 ] || fail "not once: $again"
done
replay=$(sed -n 's/^replay: //p' said | head -n 1)
ends_with 0 make campaign-status "CAMPAIGN=$campaign"
says 'stopped, runs'
ends_with 1 sh -c "CC=$cc $replay"
says 'FAIL memory-clean'

# --- a sanitizer that has no stack of its own ----------------------------------------------------

patch -R -p1 -s <two-places.patch
plant middle-overflows
ends_with 0 make build/replay-address+undefined-port-"$cc"/trace
"$tool" assemble corpus/region/bugs-middle-overflows.trace input
ends_with 0 env TARGET=region RESVMAP_REPLAY= fuzz/engines/finding.sh "$tool" input findings
says '^FAIL undefined-behaviour: UndefinedBehaviorSanitizer: undefined-behavior src/map/resv_map.c:[0-9:]* in '
says 'runtime error: signed integer overflow'

cd "$root"
rm -rf "$tree"
