#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What fuzz/engines/setup.sh makes of systems that are not this one: apt, id and the tools are
# stand-ins in a folder that is the whole PATH.  The stand-in of apt speaks German unless LC_ALL is C,
# and takes a name with a dot for a regular expression, as apt does.
#
# Silent and 0 when good.
set -eu
LC_ALL=C
export LC_ALL

here=$PWD
work=$PWD/build/setup-test
wrong=0
rm -rf "$work" && mkdir -p "$work/bin"
for tool in sh sed grep awk seq uname sort tr head tail uniq ls cat mkdir; do
	ln -s "$(command -v $tool)" "$work/bin/$tool"
done
cd "$work"

# stand_in NAME: its text is stdin
stand_in() { { echo '#!/bin/sh'; cat; } >"bin/$1" && chmod +x "bin/$1"; }

stand_in id <<'END'
echo 1000
END
stand_in apt-get <<'END'
echo "apt-get $*" >>called
END
# Lists is a file of packages; without it apt has no lists.
stand_in apt-cache <<'END'
candidate=Installationskandidat:
[ "${LC_ALL-}" != C ] || candidate=Candidate:
case $1 in
policy)
	if [ $# = 1 ]; then
		[ ! -e lists ] || echo ' 500 http://archive.example sid/main amd64 Packages'
	else
		grep -E "^${2}" lists 2>/dev/null | while read -r name; do
			printf '%s:\n  %s 1.0\n' "$name" "$candidate"
		done
	fi ;;
depends) printf 'afl++\n  Depends: clang-21\n' ;;
pkgnames) grep "^$2" lists 2>/dev/null ;;
esac
END

# says NAME STATUS TEXT ARGUMENT...: setup.sh ends so, and says that and nothing else
says() {
	name=$1 status=$2 text=$3 is=0
	shift 3
	said=$(PATH=$work/bin LC_ALL=tr_TR.UTF-8 "$here/fuzz/engines/setup.sh" "$@" 2>&1) || is=$?
	if [ "$is" != "$status" ] || [ "$said" != "$text" ]; then
		printf '%s: status %s, and\n%s\ninstead of %s, and\n%s\n' "$name" "$is" "$said" "$status" "$text"
		wrong=1
	fi
}

run='run this and try again:
setup:     sudo apt-get'
says 'no package lists' 2 "setup: missing: clang afl; there are no package lists yet, $run update" cc afl
printf '%s\n' clang-19 libclang-rt-19-dev clang-21 libclang-rt-21-dev clang-23 afl++ \
	linux-source-9.9 clang-format-19 >lists
says 'the newest with runtimes, and all at once' 2 "setup: missing: clang afl cmocka ctags; $run \
install -y --no-install-recommends afl++ clang-21 libclang-rt-21-dev libcmocka-dev llvm-21 \
universal-ctags" cc afl cmocka ctags
says 'what a test can do without' 2 "setup: missing: clang-format kernels booting; $run \
install -y --no-install-recommends linux-source-9.9" need clang-format kernels booting
echo qemu-system-x86 >lists
says 'what boots kernels' 2 "setup: missing: booting; $run \
install -y --no-install-recommends cpio qemu-system-x86" need booting
echo aflnet >lists
says 'a name is no pattern' 2 'setup: no package has afl here; install it and try again' need afl
echo afl++ >lists
says 'no clang at all' 2 'setup: no clang from 14 on in the package lists; install one with its runtimes, or set CC' cc
says 'find installs nothing' 0 clang find
[ ! -e called ] || { echo "without root apt-get was called: $(cat called)"; wrong=1; }
[ ! -e build ] || { echo 'something was written where nothing was to be'; wrong=1; }
[ $wrong = 0 ]
