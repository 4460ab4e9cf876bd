#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# machine.sh BZIMAGE INITRAMFS FOLDER [INPUT]: boots a virtual machine, and waits for its end.
#
# FOLDER gets `console`, what the kernel said, and `report`, what the executor said (books.h), who reads INPUT.  A machine
# that has not ended after BOOT_LIMIT seconds is ended.  BOOT_ACCEL is kvm or tcg; tcg if not given.
#
# BOOT_STATE names a file that keeps the machine as it is when the executor waits for its input: the first call writes it,
# later ones with the same image, initramfs and parameters go on from there, and need not boot.
#
# Exit status: 0: the machine ended by itself; 1: it had to be ended; 2: QEMU did not run.
set -eu

image=$1 initramfs=$2 folder=$3 input=${4-/dev/null} state=${BOOT_STATE-}
limit=${BOOT_LIMIT-900}
accel=${BOOT_ACCEL-tcg}
# Two nodes of memory, so that a page can go from one to the other.
# More processors than one in one thread of QEMU: a kernel that patches its text while another processor
# runs it has been seen to die under TCG with a thread for each.
# Time is counted in instructions there, and does not pass while nobody works: how busy the host is decides nothing.
# TCG goes through "rep stosb" byte by byte, and most of what a kernel does here is to clear huge pages: without ERMS, FSRM
# and REP_GOOD (clearcpuid=112) it clears them in words, and a run takes a quarter of the processor's time.  Without CX16,
# for in a machine that goes on from its state QEMU 7.2 has been seen to lose the flags that cmpxchg16b sets.
count='' words=
case $accel in
kvm) cpu=host ;;
*) cpu=max,-erms,-fsrm,-cx16 accel=tcg,thread=single count='-icount shift=3,sleep=off' words=clearcpuid=112 ;;
esac

# machine OPTION...: runs it
machine() {
	rm -f "$folder/console" "$folder/report"
	# shellcheck disable=SC2086 # words, or none
	timeout -k 5 "$limit" qemu-system-x86_64 -machine pc -accel "$accel" $count -cpu $cpu -m 512 -smp "${BOOT_CPUS-1}" \
		-object memory-backend-ram,size=256M,id=near -object memory-backend-ram,size=256M,id=far \
		-numa node,memdev=near,cpus=0-$((${BOOT_CPUS-1} - 1)) -numa node,memdev=far \
		-nodefaults -display none -no-reboot \
		-serial "file:$folder/console" -chardev stdio,id=report,signal=off -serial chardev:report \
		-kernel "$image" -initrd "$initramfs" \
		-append "console=ttyS0 panic=-1 ${BOOT_OOPS-oops=panic} quiet loglevel=4 no_timer_check nowatchdog rcupdate.rcu_cpu_stall_suppress=1 rcupdate.rcu_expedited=1 cryptomgr.notests $words ${BOOT_PARAMETERS-}" \
		"$@" >"$folder/report" 2>"$folder/qemu.log"
}

# Boots, and has QEMU write the machine down when the executor waits.
keep_state() {
	rm -f "$folder/monitor.in" "$folder/monitor.out" "$state.part"
	mkfifo "$folder/monitor.in" "$folder/monitor.out"
	machine -chardev "pipe,id=monitor,path=$folder/monitor" -mon chardev=monitor </dev/null &
	while kill -0 $! 2>/dev/null && ! grep -qs '^waits' "$folder/report"; do sleep 0.2; done
	if kill -0 $! 2>/dev/null; then
		printf 'migrate "exec:cat >%s"\nquit\n' "$state.part" >"$folder/monitor.in"
	fi
	if wait $! && [ -s "$state.part" ]; then mv "$state.part" "$state"; fi
	rm -f "$folder/monitor.in" "$folder/monitor.out"
}

[ -z "$state" ] || [ -s "$state" ] || keep_state
status=0
if [ -n "$state" ] && [ -s "$state" ]; then
	machine -incoming "exec:cat $state" <"$input" || status=$?
fi
# Without a state, or where its machine did not get as far as the executor: that one boots.
if [ -z "$state" ] || [ ! -s "$state" ] || ! grep -q . "$folder/report"; then
	status=0
	machine <"$input" || status=$?
fi
case $status in
0) ;;
124|137) exit 1 ;;
*) tail -2 "$folder/qemu.log" >&2; exit 2 ;;
esac
