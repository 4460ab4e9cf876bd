#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh boot|fuzz|kunit FOLDER: builds what boot.sh, fuzz.sh or kunit.sh needs, and runs it alone in FOLDER.
#
# Environment: IMAGE, TRACE (a file or folder, or several), KERNEL (a tree, or empty), MAKE.
# Exit status: that of boot.sh, fuzz.sh or kunit.sh.
set -eu

what=$1 folder=$2
make="${MAKE-make} --no-print-directory -s SAN=none ENGINE=replay TARGET=reserve"
[ "$what" != boot ] || [ -n "${TRACE-}" ] || { echo "boot: say which trace or folder: make boot TRACE=file IMAGE=6.12" >&2; exit 2; }

mkdir -p build/boot
if [ "$what" = kunit ]; then
	trace=$(KERNEL='' $make KERNEL= MAP=port boot-trace 2>build/boot/log | tail -1)
	[ -x "$trace" ] || { cat build/boot/log >&2; exit 2; }
	# shellcheck disable=SC2086 # TRACE may be several
	exec fuzz/engines/alone.sh "$folder" fuzz/boot/kunit.sh "${KERNEL-}" "$folder" "$trace" ${TRACE:-corpus/region}
fi
programs=$(KERNEL='' $make KERNEL= MAP=port boot-programs 2>build/boot/log | tail -1) ||
	{ cat build/boot/log >&2; exit 2; }
[ -x "$programs/boot_books" ] || { cat build/boot/log >&2; exit 2; }
books=
if [ -n "${KERNEL-}" ]; then
	# A distribution's kernel has no assertions: where one would end our run it goes on.
	books=$($make KERNEL="$KERNEL" DEBUG_VM="${DEBUG_VM-0}" boot-books 2>build/boot/log | tail -1)
	[ -x "$books" ] || { cat build/boot/log >&2; exit 125; }
fi
if [ "$what" = fuzz ]; then
	exec fuzz/engines/alone.sh "$folder" fuzz/boot/fuzz.sh "${IMAGE-}" "$folder" "$programs"
fi
# shellcheck disable=SC2086 # TRACE may be several
exec fuzz/engines/alone.sh "$folder" fuzz/boot/boot.sh "${IMAGE-}" "$folder" "$programs" "$books" $TRACE
