# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# What the tests of imports share.  Sourced by one that has set $suite, its name in messages, and $work, a
# folder that is made anew; counts in $passed and $failed.

rm -rf "$work"
mkdir -p "$work"
passed=0 failed=0

# check WHAT COMMAND...: one test
check() {
	what=$1
	shift
	if "$@" </dev/null >"$work/said" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $suite: $what"
		sed 's/^/    /' "$work/said"
		[ -z "${STOP_AT_FIRST-}" ] || exit 1
	fi
}

# says STATUS "REGEX" COMMAND...: ends so, and says so
says() {
	wanted=$1 regex=$2
	shift 2
	status=0
	said=$("$@" 2>&1) || status=$?
	echo "$said"
	echo "status $status, wanted $wanted and $regex"
	[ "$status" = "$wanted" ] && echo "$said" | grep -q -e "$regex"
}

# commit MESSAGE: all of $history
commit() {
	git -C "$history" add -A
	git -C "$history" -c user.name=t -c user.email=t@example.org commit -qm "$1"
}
