#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# build_module.sh BZIMAGE: builds module/ for a kernel, and prints the path of the module.
#
# The headers of a package of Debian's are packages too, of the same version: linux-headers-RELEASE and
# those it needs.  apt-get downloads them, and nobody installs them.  For a kernel that was built here they are its own objects.  HEADERS names a folder of
# packages (.deb), or the folder where a kernel was built, where neither is so.
#
# Exit status: 0; 125: there are no headers for this kernel, or the module does not build with them.
set -eu
export LC_ALL=C

bzimage=$1
here=$(cd "$(dirname "$0")" && pwd)

none() {
	echo "boot: no module for $bzimage: $*" >&2
	exit 125
}

# "6.1.0-56-cloud-amd64 (debian-kernel@...)" is at an offset that the header of a bzImage says.
release_of() {
	at=$(od -An -tu2 -j526 -N2 "$1" | tr -d ' ')
	dd if="$1" bs=1 skip=$((at + 512)) count=80 2>/dev/null | tr '\0' '\n' | sed 's/ .*//;q'
}

release=$(release_of "$bzimage")
version=$(dd if="$bzimage" bs=1 skip=$(($(od -An -tu2 -j526 -N2 "$bzimage" | tr -d ' ') + 512)) count=160 2>/dev/null |
	tr '\0' '\n' | sed -n '1s/.* Debian \([^ ]*\) .*/\1/p')
folder=build/boot/modules/$release-$(cksum <"$bzimage" | tr -d ' ')
headers=$folder/headers

# download: the packages of headers, of the version that the kernel has
download() {
	mkdir -p "$folder/packages"
	[ -n "$version" ] || none "it is no kernel of a distribution's; give HEADERS="
	packages=$(apt-cache depends "linux-headers-$release" 2>/dev/null |
		sed -nE 's/^ *Depends: (linux-(headers|kbuild)-.*)/\1/p' | sort -u)
	[ -n "$packages" ] || none "apt-get knows no linux-headers-$release; give HEADERS="
	for package in linux-headers-$release $packages; do
		wanted=$package
		if apt-cache madison "$package" | grep -qF "| $version |"; then wanted=$package=$version; fi
		(cd "$folder/packages" && apt-get -q download "$wanted" >apt.log 2>&1) ||
			none "apt-get could not download $wanted; see $folder/packages/apt.log"
	done
	HEADERS=$folder/packages
}

# unpack: the headers, whose Makefile names the place where they would be installed
unpack() {
	rm -rf "$headers"
	mkdir -p "$headers"
	for deb in "$HEADERS"/linux-headers-*.deb "$HEADERS"/linux-kbuild-*.deb; do
		[ -f "$deb" ] || none "$HEADERS has no packages linux-headers-* and linux-kbuild-*"
		dpkg-deb -x "$deb" "$headers" || none "$deb is no package"
	done
	sed -i "s,/usr/,$(cd "$headers" && pwd)/usr/," "$headers/usr/src/linux-headers-$release/Makefile"
	built=$headers/usr/src/linux-headers-$release
}

if [ -e "$folder/resvmap.ko" ] && [ -z "$(find "$here/module" -newer "$folder/resvmap.ko")" ]; then
	echo "$folder/resvmap.ko"
	exit
fi
mkdir -p "$folder"
own=${bzimage%/arch/x86/boot/bzImage}
if [ "$own" != "$bzimage" ] && [ -e "$own/.config" ]; then
	built=$own
elif [ -n "${HEADERS-}" ] && [ -e "$HEADERS/.config" ]; then
	built=$HEADERS
else
	[ -n "${HEADERS-}" ] || download
	unpack
fi
rm -rf "$folder/source"
cp -r "$here/module" "$folder/source"
compiler=$(sed -nE 's/^CONFIG_CC_VERSION_TEXT="([^ "]*).*/\1/p' "$built/.config")
compiler=${compiler#x86_64-linux-gnu-}
command -v "$compiler" >/dev/null || compiler=gcc
unset MAKEFLAGS MFLAGS MAKELEVEL CC KERNEL TARGET TRACE ARCH CROSS_COMPILE || true
make -C "$built" "M=$(cd "$folder/source" && pwd)" "CC=$compiler" CONFIG_DEBUG_INFO_BTF_MODULES= modules >"$folder/log" 2>&1 && [ -e "$folder/source/resvmap.ko" ] || {
	grep -aE 'error|Error|No rule' "$folder/log" | head -3 >&2
	none "it does not build; all of it is in $folder/log"
}
strip --strip-debug -o "$folder/resvmap.ko.part" "$folder/source/resvmap.ko"
mv "$folder/resvmap.ko.part" "$folder/resvmap.ko"
echo "$folder/resvmap.ko"
