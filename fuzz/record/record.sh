#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# record.sh MOUNT COMMAND...: runs COMMAND on this machine, as root, and prints what it makes hugetlbfs at MOUNT do, as
# ftrace tells it; trace.awk makes a trace of that.  Nothing but a shell, stat, sed and awk is asked of the machine, so
# this and the file `events` beside it may be copied there.
#
# Exit status: that of COMMAND; 2: this kernel cannot be recorded, and why.
set -u
export LC_ALL=C

cannot() { echo "record: $*" >&2; exit 2; }

[ $# -ge 2 ] || cannot 'usage: record.sh MOUNT COMMAND...'
mount=$1
shift
here=$(dirname "$0")
tracefs=/sys/kernel/tracing
[ -e $tracefs/dynamic_events ] || mount -t tracefs tracefs $tracefs 2>/dev/null ||
	cannot "$tracefs is no tracefs; run this as root, on a kernel with CONFIG_FTRACE"
options=$(awk -v at="$mount" '$2 == at && $3 == "hugetlbfs" { options = $4 } END { print options }' /proc/mounts)
[ -n "$options" ] || cannot "$mount is no mount of hugetlbfs"

# An instance of ours, so that nobody else's tracing is touched.
tracing=$tracefs/instances/resvmap.$$
forget() {
	echo 0 >"$tracing/events/resvmap/enable"
	while read -r event _; do echo "-:${event#f:}"; done <"$here/events" | while read -r event; do
		echo "$event" >>$tracefs/dynamic_events
	done
	rmdir "$tracing"
} 2>/dev/null
trap forget EXIT
while read -r event; do
	echo "$event" >>$tracefs/dynamic_events 2>/dev/null ||
		cannot "this kernel does not take: $event (wanted: CONFIG_FPROBE_EVENTS, CONFIG_PROBE_EVENTS_BTF_ARGS)"
done <"$here/events"
mkdir "$tracing" && echo 16384 >"$tracing/buffer_size_kb" || cannot "$tracing cannot be made"

# What the head of a trace says: the pool, and the limits of the mount in pages.
size=$(stat -f -c %S "$mount")
limit() { echo "$options" | tr , '\n' | sed -n "s/^$1=\([0-9]*\)\$/\1/p; s/^$1=\([0-9]*\)K\$/\1 1024/p; s/^$1=\([0-9]*\)M\$/\1 1048576/p
	s/^$1=\([0-9]*\)G\$/\1 1073741824/p" | awk -v size="$size" '{ printf "%.0f", $1 * ($2 ? $2 : 1) / size }'; }
echo "# pool $(cat /proc/sys/vm/nr_hugepages) surplus $(cat /proc/sys/vm/nr_overcommit_hugepages) max $(limit size) min $(limit min_size)"
echo "# dev $(stat -c %d "$mount") page $size"

echo 1 >"$tracing/events/resvmap/enable"
"$@" >&2
status=$?
echo 0 >"$tracing/events/resvmap/enable"
! grep -q '^overrun: [1-9]' "$tracing"/per_cpu/cpu*/stats || cannot 'more was done than the buffer holds; record less'
grep -v '^#' "$tracing/trace"
exit $status
