#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# afl_instance.sh NUMBER SEEDS OUT [OPTION...]: becomes the afl-fuzz that is NUMBER of those on OUT.
#
# The first one runs the build with sanitizers, so that every rule can fire where it is alone; the
# second one has the comparisons too (CMPLOG), all others are for speed.  Their builds come by
# FUZZER, PLAIN_FUZZER and CMPLOG_FUZZER, the dictionary by DICT.  An instance whose folder in OUT
# is there already goes on with it.
set -eu

number=$1 seeds=$2 out=$3
shift 3

# The name goes first: afl-fuzz wants it before some options.
case $number in
1) set -- -M main "$@" ;;
2) set -- -S cmplog -c "$CMPLOG_FUZZER" "$@" ;;
*) set -- -S "plain$number" "$@" ;;
esac
[ ! -e "$DICT" ] || set -- "$@" -x "$DICT"
[ "$number" = 1 ] || FUZZER=$PLAIN_FUZZER

# afl-fuzz sets what it needs of the sanitizers, unless somebody else did.
unset ASAN_OPTIONS UBSAN_OPTIONS MSAN_OPTIONS
# A hang is what libFuzzer holds to be one.
export AFL_HANG_TMOUT=25000 AFL_AUTORESUME=1 AFL_NO_CRASH_README=1
export AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_TRY_AFFINITY=1
export AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1
exec afl-fuzz "$@" -i "$seeds" -o "$out" -t 5000 -- "$FUZZER"
