#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# image.sh IMAGE: prints the path of the bzImage that IMAGE names:
#
#	a file		a bzImage, or a Debian package (.deb) of one
#	a version	6.1, 6.12, 6.12.117: the newest linux-image package of Debian's for x86 clouds that
#			begins with it, which apt-get downloads and nobody installs
#
# Packages are kept in build/boot/images.  Exit status: 0; 125: IMAGE names no image of a kernel.
set -eu
export LC_ALL=C

images=build/boot/images

none() {
	image=$1
	shift
	echo "boot: IMAGE=$image: $*" >&2
	exit 125
}

# A bzImage says so in its header: "HdrS" at byte 514.
is_image() { [ "$(dd if="$1" bs=1 skip=514 count=4 2>/dev/null)" = HdrS ]; }

# unpack DEB: prints the bzImage in it, which is /boot/vmlinuz-VERSION, or vmlinuz beside the modules
unpack() {
	folder=$images/$(basename "$1" .deb)
	if [ ! -d "$folder" ]; then
		mkdir -p "$images"
		rm -rf "$folder.part"
		dpkg-deb -x "$1" "$folder.part" 2>/dev/null || none "$1" "no Debian package"
		image=$(find "$folder.part" -type f -name 'vmlinuz*' | head -1)
		[ -n "$image" ] || none "$1" "the package has no kernel in it"
		mv "$image" "$folder.part/$(basename "$1" | sed -E 's/^linux-(image|binary)-/vmlinuz-/; s/_.*//')"
		find "$folder.part" -mindepth 1 -maxdepth 1 -type d -exec rm -rf {} +
		mv "$folder.part" "$folder"
	fi
	ls "$folder"/vmlinuz-*
}

# The newest packages of a version, the best first.  Signed or not is the same kernel, and an archive may have one of both
# only; newer packages named linux-image are empty, and linux-binary has what they had.
packages_of() {
	apt-cache pkgnames linux- |
		sed -nE "s/^linux-(image|binary)-($(echo "$1" | sed 's/[.+]/\\&/g')[.+-].*cloud-amd64)((-unsigned)?)\$/\2 \1 \3/p" |
		sort -k1,1V -k2,2r -k3,3 | tac |
		awk 'NR == 1 { newest = $1 } $1 == newest { print "linux-" $2 "-" $1 $3 }'
}

# fetched PACKAGE: the package is in the folder of downloads.  What is under way lies elsewhere: an interrupted
# download is no package.
fetched() {
	for deb in "$images/download/${1}_"*.deb; do
		[ ! -e "$deb" ] || { echo "$deb"; return; }
	done
	rm -rf "$images/download/part" && mkdir -p "$images/download/part"
	(cd "$images/download/part" && apt-get -q download "$1" >>../apt.log 2>&1) || return
	mv "$images/download/part/${1}_"*.deb "$images/download"
	ls "$images/download/${1}_"*.deb
}

download() {
	packages=$(packages_of "$1")
	[ -n "$packages" ] || none "$1" "apt-get knows no linux-image-$1*-cloud-amd64;" \
		"give the file of a bzImage or of such a package"
	mkdir -p "$images/download"
	: >"$images/download/apt.log"
	for package in $packages; do
		if fetched "$package"; then return; fi
	done
	none "$1" "apt-get could not download $(echo "$packages" | head -1); see $images/download/apt.log"
}

case $1 in
'') none "" "name a bzImage, or a Debian version like 6.12" ;;
*.deb) [ -f "$1" ] || none "$1" "no such file"; unpack "$1" ;;
*)
	if [ -f "$1" ]; then
		is_image "$1" || none "$1" "the file is no bzImage"
		echo "$1"
	elif echo "$1" | grep -qE '^[0-9]+\.[0-9]+'; then
		deb=$(download "$1")
		unpack "$deb"
	else
		none "$1" "no such file; name a bzImage, or a Debian version like 6.12"
	fi
	;;
esac
