#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# explore.sh EXPLORE: what make explore's program says, held against what is known without it.
#
# The number of states of the patch's map is counted by tests/explore/count.pl, which shares nothing with
# the program; windows, orders and sanitizers add no state on such a board.  A bug that no nesting of
# calls shows must be found where any of those that wait goes on, by the shortest trace that there is.
#
# Environment: MAKE, CC, for the bug.  Exit status: 0 good, 1 not.
set -u
export LC_ALL=C

program=${1:?say which program}
wrong=0
fail() { echo "explore.sh: $*" >&2; wrong=1; }

# counted WORD...: the states that the program says there are
counted() { "$program" "$@" 2>&1 | sed -n 's/^\([0-9]*\) states .*/\1/p'; }

while read -r cells tickets words; do
	should=$(perl tests/explore/count.pl "$cells" "$tickets")
	# shellcheck disable=SC2086 # words
	is=$(counted CELLS="$cells" TICKETS="$tickets" $words)
	[ "$is" = "$should" ] || fail "CELLS=$cells TICKETS=$tickets $words: ${is:-no} states, count.pl says $should"
done <<END
2 1 CALLS=1
2 2 CALLS=2
3 2 CALLS=1
3 2 CALLS=2
END

# says STATUS TEXT WORD...
says() {
	status=$1 text=$2
	shift 2
	said=$("$program" "$@" 2>&1)
	is=$?
	[ "$is" = "$status" ] || fail "$*: exit status $is, not $status: $said"
	case $said in *"$text"*) ;; *) fail "$*: says '$said', and not '$text'" ;; esac
}
says 0 'cut 0, hidden 0' CELLS=2 TICKETS=1
says 0 'up to the bound' CELLS=2 TICKETS=2 SPARE=1
says 2 'NOT ALL' CELLS=4 TICKETS=3 CALLS=1 MEMORY=1
says 2 'does not fit' CELLS=14 TICKETS=8
says 2 'give a number' CELLS=0
says 2 'choose any or nested' ORDERS=some
says 2 'the words are' CELL=2
says 2 'does not say what its states are' --target=trace

# The callers: a board of one page, with one call at a time and with one inside of another.
says 0 'cut 0' --target=reserve CELLS=1 POOL=1
says 0 'every rule held' --target=reserve CELLS=1 TICKETS=1 POOL=1 CALLS=2 MIN=1 MAX=1
says 2 'nothing of the kind' POOL=1
says 2 'nothing of the kind' --target=reserve BOARD=wide
says 2 'in the order of their nesting' --target=reserve ORDERS=any
says 2 'not so many pages' --target=reserve MIN=3
says 2 'at most 8 pages' --target=reserve CELLS=9

[ $wrong = 0 ]
