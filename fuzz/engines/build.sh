#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# build.sh RUN FOLDER MAKE [WORD...]: has a make build what its last words name, for one run.
#
# Nobody else builds in FOLDER meanwhile.  Programs that came about are linked into the folder RUN,
# below the name of the folder they were built in: they stay this run's while others build on.  What
# make says is kept from the user, who is told once what is built; if it fails, all is told.  RUN is
# build/runs/ID/COMMAND, where ID begins with the number of the make that runs; folders of makes that
# are no more are removed here.  V=1 shows all at once.
set -eu

run=$1 folder=$2
shift 2

# ID is process.namespace.time; processes of another namespace are not ours to judge.
remove_left_over() {
	here=$(readlink /proc/self/ns/pid | tr -dc 0-9)
	for old in build/runs/*."$here".*; do
		pid=${old##*/}
		[ -e "/proc/${pid%%.*}" ] || rm -rf "$old"
	done
}

link_programs() {
	for word; do
		case $word in build/*/*) ;; *) continue ;; esac
		[ -f "$word" ] || continue
		into=$run/$(basename "$(dirname "$word")")
		mkdir -p "$into"
		ln -f "$word" "$into/"
	done
}

remove_left_over
mkdir -p "$run" "$folder"
exec 9>"$folder/.lock"
if ! flock -n 9; then
	echo "waiting for another make, which builds in $folder" >&2
	flock 9
fi
if [ "${V-0}" = 1 ]; then
	"$@" 9>&- || exit 2
elif ! RESVMAP_TELL=8 "$@" 8>&2 >"$run/log" 2>&1 9>&-; then
	cat "$run/log" >&2
	exit 2
fi
link_programs "$@"
