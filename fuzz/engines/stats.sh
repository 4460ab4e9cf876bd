#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# stats.sh FILE: prints the runs, ops and skipped ops that the fuzzers of $RESVMAP_STATS=FILE counted
# (fuzz/run/stats.h), as three numbers; zeros if none of them came so far.
set -eu

[ -e "$1" ] || { echo 0 0 0; exit; }
od -An -v -t u8 -w32 "$1" | awk '
	{ runs += $1; ops += $2; skipped += $3 }
	END { printf "%.0f %.0f %.0f\n", runs, ops, skipped }'
