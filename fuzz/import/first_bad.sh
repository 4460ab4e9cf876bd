#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# first_bad.sh KERNEL: the commit of the repository KERNEL from which on $TRACE fails, called by `make bisect`.
#
# Nothing is checked out and no reference is written: texts are read out of the repository, into one folder
# under build/trees/, one after the other, so that only what changed is compiled.  $GOOD is a
# revision, or several with blanks between, where the trace is good; at $BAD it fails.  A commit is bad if
# $RULE fails there, or, without RULE=, the rule that fails at BAD.  Only commits that change the files which an
# import reads are looked at, and of those with the same files one is judged.
#
# Exit status: 0 the commit was found; 2 wrong usage, or GOOD and BAD are not what they are said to be; 125
# the texts between two commits cannot be built, or another rule fails there first: the candidates are listed.
set -u
export LC_ALL=C GIT_OPTIONAL_LOCKS=0

kernel=$1
tab=$(printf '\t')

fail() {
	echo "bisect: $*" >&2
	exit 2
}

[ -n "${TRACE-}" ] && [ -n "${GOOD-}" ] && [ -n "${BAD-}" ] && [ -n "$kernel" ] ||
	fail 'say which trace, where, and between what: make bisect TRACE=file KERNEL=repository GOOD=rev BAD=rev'
[ -z "$(git -C "$kernel" rev-parse --show-prefix 2>&1)" ] ||
	fail "KERNEL=$kernel is no git repository; for a tree that is none, see fuzz/engines/bisect.sh"
repository=$(git -C "$kernel" rev-parse --absolute-git-dir) || exit 2
work=${RESVMAP_RUN-build}/bisect
rm -rf "$work"
mkdir -p "$work" || exit 2
: >"$work/judged"
started=$(date +%s)
number=0

folder=build/trees/bisect-$(printf %s "$repository" | cksum | cut -d' ' -f1)/$(basename "$kernel" .git)
mkdir -p "$(dirname "$folder")" || exit 2
exec 8>"$(dirname "$folder")/.bisect"
flock -n 8 || { echo "bisect: waiting for another one on $kernel" >&2 && flock 8; }

git_in() { git --git-dir="$repository" "$@"; }

commit_of() {
	git_in rev-parse --quiet --verify --end-of-options "$1^{commit}" || fail "$1: there is no such revision in $kernel"
}

title() { git_in log -1 --abbrev=12 --format='%h %s' "$1"; }

# Replays at a commit; leaves its status in $status and what it comes to in $verdict.
replay_at() {
	status=0
	REV=$1 PATCH='' fuzz/import/tree.sh make "$kernel" "$folder" 8>&-
	{
		fuzz/import/tree.sh say "$folder" && "${MAKE-make}" -s --no-print-directory replay \
			KERNEL="$folder" REV= PATCH= BASE= ${RULE:+"RULE=$RULE"}
	} >"$work/said" 2>&1 8>&- || status=$?
	verdict=$(grep -o -m 1 'FAIL [a-z-]*: .*' "$work/said" | cut -c6-)
	case $status in
	0) verdict=good ;;
	1) ;;
	125) verdict="cannot say: $(tail -n 1 "$work/said")" ;;
	*)
		cat "$work/said" >&2
		exit 2
		;;
	esac
}

# A text that was judged before is not again.
judge() {
	key=$(REV=$1 fuzz/import/tree.sh key "$repository") || exit 2
	if line=$(grep -m 1 "^$key$tab" "$work/judged"); then
		status=$(printf %s "$line" | cut -f2)
		verdict=$(printf %s "$line" | cut -f3-)
		return
	fi
	replay_at "$1"
	number=$((number + 1))
	printf '%s\t%s\t%s\n' "$key" "$status" "$verdict" >>"$work/judged"
	echo "$(title "$1"): $verdict"
}

# What may be the first bad commit, those in the middle first; a commit that cannot be judged is none.
candidates() {
	# shellcheck disable=SC2086 # lists
	git_in rev-list --bisect-all "$bad" --not $goods -- 'include/linux/hugetlb*.h' \
		include/linux/folio_batch.h include/linux/pagevec.h 'mm/hugetlb*' mm/memfd.c mm/migrate.c mm/userfaultfd.c fs/hugetlbfs ${FILES-} | cut -d' ' -f1 | grep -vxF -e "$bad" >"$work/all"
	grep -vxF -f "$work/skipped" "$work/all"
}

# The commit's own text is what fails there; before it is that of its first parent.
tell() {
	seconds=$(($(date +%s) - started))
	if [ -s "$work/all" ]; then
		echo "bisect: the first bad commit is $(title "$bad")"
		echo "bisect: or one of these, which cannot be judged:"
		while IFS= read -r one; do
			echo "    $(title "$one")"
		done <"$work/all"
		echo "bisect: $number texts judged in $seconds s"
		exit 125
	fi
	echo "bisect: the first bad commit is"
	git_in log -1 --format='    %H%n    %s%n    %an, %as' "$bad"
	judge "$bad"
	echo "bisect: with it: $verdict"
	judge "$bad^"
	echo "bisect: before it: $verdict"
	echo "bisect: $number texts judged in $seconds s, of $total commits"
}

goods=
for revision in $GOOD; do
	good=$(commit_of "$revision") || exit 2
	goods="$goods $good"
done
bad=$(commit_of "$BAD") || exit 2
: >"$work/skipped"
judge "$bad"
[ "$status" != 0 ] || fail "BAD=$BAD is good: the trace does not fail there"
[ "$status" = 1 ] || fail "BAD=$BAD: $verdict"
: "${RULE:=${verdict%%:*}}"
export RULE
for good in $goods; do
	judge "$good"
	[ "$status" = 0 ] || fail "GOOD=$(title "$good"): $verdict"
done
# shellcheck disable=SC2086 # a list
total=$(git_in rev-list --count "$bad" --not $goods)
[ "$total" != 0 ] || fail "BAD=$BAD is not behind GOOD=$GOOD"

while next=$(candidates | head -n 1) && [ -n "$next" ]; do
	judge "$next"
	case $status in
	0) goods="$goods $next" ;;
	1) bad=$next ;;
	*) echo "$next" >>"$work/skipped" ;;
	esac
done
tell
