#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# seeds.sh ASSEMBLER FOLDER TEXT...: makes FOLDER the bytes of these texts, or with - the texts.
#
# An engine may be reading FOLDER for another make, so it is never without its seeds: each is put in
# place whole, and what has no text any more goes last.
set -eu

assembler=$1 folder=$2
shift 2

mkdir -p "$folder"
for text; do
	name=$(basename "$text")
	if [ "$assembler" = - ]; then
		cp "$text" "$folder/.new" && mv "$folder/.new" "$folder/$name"
	else
		"$assembler" assemble --target="$TARGET" "$text" "$folder/${name%.trace}"
	fi
done

for seed in "$folder"/*; do
	name=$(basename "$seed")
	[ "$assembler" = - ] || name=$name.trace
	case " $* " in *"/$name "*) ;; *) rm -f "$seed" ;; esac
done
