#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# machine.sh BZIMAGE INITRAMFS FOLDER [FIRST]: boots a virtual machine, whose executor runs the traces
# of the initramfs from number FIRST on, and waits for its end.
#
# FOLDER gets `console`, what the kernel said, and `report`, what the executor said (books.h).  A machine that has not
# ended after BOOT_LIMIT seconds is ended.  BOOT_ACCEL is kvm or tcg; tcg if not given.
#
# Exit status: 0: the machine ended by itself; 1: it had to be ended; 2: QEMU did not run.
set -eu

image=$1 initramfs=$2 folder=$3 first=${4-0}
limit=${BOOT_LIMIT-900}
accel=${BOOT_ACCEL-tcg}
# Two nodes of memory, so that a page can go from one to the other.
# More processors than one in one thread of QEMU: a kernel that patches its text while another processor
# runs it has been seen to die under TCG with a thread for each.
# Time is counted in instructions there, and does not pass while nobody works: how busy the host is decides nothing.
# TCG goes through "rep stosb" byte by byte, and most of what a kernel does here is to clear huge pages: without ERMS, FSRM
# and REP_GOOD (clearcpuid=112) it clears them in words, and a run takes a quarter of the processor's time.
count='' words=
case $accel in
kvm) cpu=host ;;
*) cpu=max,-erms,-fsrm accel=tcg,thread=single count='-icount shift=3,sleep=off' words=clearcpuid=112 ;;
esac

rm -f "$folder/console" "$folder/report"
status=0
# shellcheck disable=SC2086 # words, or none
timeout -k 5 "$limit" qemu-system-x86_64 -machine pc -accel "$accel" $count -cpu $cpu -m 512 -smp "${BOOT_CPUS-1}" \
	-object memory-backend-ram,size=256M,id=near -object memory-backend-ram,size=256M,id=far \
	-numa node,memdev=near,cpus=0-$((${BOOT_CPUS-1} - 1)) -numa node,memdev=far \
	-nodefaults -display none -no-reboot \
	-serial "file:$folder/console" -serial "file:$folder/report" \
	-kernel "$image" -initrd "$initramfs" \
	-append "console=ttyS0 panic=-1 ${BOOT_OOPS-oops=panic} quiet loglevel=4 no_timer_check nowatchdog rcupdate.rcu_cpu_stall_suppress=1 rcupdate.rcu_expedited=1 cryptomgr.notests $words FIRST=$first ${BOOT_PARAMETERS-}" \
	>"$folder/qemu.log" 2>&1 || status=$?
case $status in
0) ;;
124|137) exit 1 ;;
*) tail -2 "$folder/qemu.log" >&2; exit 2 ;;
esac
