#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# boot.sh IMAGE FOLDER PROGRAMS KERNEL_BOOKS TRACE...: traces on a booted kernel, on the port and, where
# KERNEL_BOOKS is not empty, on an imported kernel; and what compare.c says of the three.
#
# FOLDER is for this run; it keeps the batch, the report of each side and the console of the last boot.
# PROGRAMS is the folder of a build without sanitizers of the port, KERNEL_BOOKS the program boot_books of
# the imported kernel.
#
# MODULE=1: with the module of build_module.sh, which says refusals, late failures and windows too.
# BOOT_FIDELITY=1: findings of the kernel are told, and are no failure.
# BOOT_SEEN: a file of behaviours that were seen (judge/seen.h); traces that show others are told.
#
# Exit status: 0; 1 a finding or an unknown departure; 2 wrong usage, or something could not be read;
# 125 the image is none, does not boot, or has no hugetlbfs.
set -eu
export LC_ALL=C

image=$1 folder=$2 programs=$3 kernel_books=$4
shift 4

here=$(dirname "$0")
bzimage=$("$here/image.sh" "$image") || exit $?
module=
[ "${MODULE-0}" = 0 ] || module=$("$here/build_module.sh" "$bzimage") || exit $?

rm -rf "$folder/batch"
mkdir -p "$folder/batch"
"$programs/boot_batch" ${module:+--module} "$folder/batch" "$@" || exit 2
traces=$(wc -l <"$folder/batch/list")

# What boots is the same for every batch, and so is the machine that waits for one.
what=$({ cat "$bzimage" "$programs/boot_guest" "$here/machine.sh" ${module:+"$module"}
	echo "${BOOT_ACCEL-} ${BOOT_CPUS-} ${BOOT_OOPS-} ${BOOT_PARAMETERS-}"; } | cksum)
if [ "$(cat "$folder/what" 2>/dev/null)" != "$what" ]; then
	rm -rf "$folder/root" "$folder"/state* "$folder/accel"
	mkdir -p "$folder/root"
	cp "$programs/boot_guest" "$folder/root/init"
	[ -z "$module" ] || cp "$module" "$folder/root/resvmap.ko"
	(cd "$folder/root" && find . | cpio -o -H newc 2>/dev/null) | gzip -1 >"$folder/initramfs"
	echo "$what" >"$folder/what"
fi

# traces_from NUMBER: what the executor reads (guest/guest.c)
traces_from() {
	head -c 500 /dev/zero | tr '\0' '\n'
	if [ "$1" -lt "$traces" ]; then
		# shellcheck disable=SC2046 # names without blanks
		(cd "$folder/batch" && awk -v number="$1" '
			FNR == 1 { if (NR > 1) print "."; print "trace " number++ }
			{ print }
			END { print "." }' $(seq -f '%.0f.trace' "$1" $((traces - 1))))
	fi
	echo end
}

# KVM only where it has been seen to boot this image in time: /dev/kvm may be there and hang.
accel() {
	if [ ! -e "$folder/accel" ]; then
		traces_from "$traces" >"$folder/input"
		echo tcg >"$folder/accel"
		if [ -w /dev/kvm ] && BOOT_ACCEL=kvm BOOT_LIMIT=8 "$here/machine.sh" "$bzimage" \
				"$folder/initramfs" "$folder" "$folder/input" 2>/dev/null &&
				grep -q '^ready' "$folder/report" 2>/dev/null; then
			echo kvm >"$folder/accel"
		fi
	fi
	cat "$folder/accel"
}
BOOT_ACCEL=${BOOT_ACCEL-$(accel)}
export BOOT_ACCEL
# A machine that KVM runs boots in no time.
[ "$BOOT_ACCEL" != tcg ] || export BOOT_STATE="$folder/state"

# Boots again for the traces behind one that was not survived, until all have run.
boots=0 next=0 failures=0
: >"$folder/kernel"
while [ "$next" -lt "$traces" ]; do
	boots=$((boots + 1))
	ended=0
	traces_from "$next" >"$folder/input"
	"$here/machine.sh" "$bzimage" "$folder/initramfs" "$folder" "$folder/input" || ended=$?
	[ $ended -lt 2 ] || exit 2
	# On a machine that is busy a kernel may die on its way up: twice is no accident.
	if ! grep -q '^ready' "$folder/report" 2>/dev/null; then
		failures=$((failures + 1))
		[ $failures = 2 ] || continue
		echo "boot: $bzimage does not boot to the executor: $(grep -h '^died' "$folder/report" \
			2>/dev/null || tail -1 "$folder/console")" >&2
		exit 125
	fi
	failures=0
	cat "$folder/report" >>"$folder/kernel"
	if ! grep -qE '^(done|dirty|died) ' "$folder/report"; then
		said=$(grep -m1 -aE 'BUG|Oops|WARNING|panic' "$folder/console" | tr -d '\r') || said=nothing
		printf '\ndied the kernel said: %s\n' "$said" >>"$folder/kernel"
	fi
	last=$(sed -n 's/^trace //p' "$folder/report" | tail -1)
	if grep -q '^done' "$folder/report"; then break; fi
	if [ $ended = 1 ]; then
		echo "boot: trace ${last:-none}: the machine was still running after its time, and was ended" >&2
	fi
	next=$((${last:-$next} + 1))
done

"$programs/boot_books" "$folder/batch" >"$folder/port" || exit 2
set -- "port=$folder/port"
if [ -n "$kernel_books" ]; then
	"$kernel_books" "$folder/batch" >"$folder/imported" || exit 2
	set -- "$@" "imported=$folder/imported"
fi
status=0
"$programs/boot_compare" ${BOOT_FIDELITY:+--fidelity} ${BOOT_SEEN:+--seen "$BOOT_SEEN"} "$folder/batch" "$here/judge/known.list" "$folder/kernel" "$@" || status=$?
echo "$(basename "$bzimage"), $boots boots, $BOOT_ACCEL"
exit $status
