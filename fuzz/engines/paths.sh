#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# paths.sh VALUE: the files and folders that TRACE, KERNEL or KERNELS name, one a line.
#
# What make hands on no shell has looked at, and only bash expands the ~ in KERNEL=~/linux.  So this
# is the one place that does, for all variables that are paths.  A VALUE that is there as it stands
# is one path, with all its blanks and apostrophes; else it is a pattern, or a list of patterns.  What
# is not there is printed as it is, for whoever opens it to say so.
set -eu

home() {
	case $1 in
	\~) printf '%s\n' "$HOME" ;;
	\~/*) printf '%s\n' "$HOME/${1#??}" ;;
	*) printf '%s\n' "$1" ;;
	esac
}

value=$(home "${1-}")
if [ -e "$value" ]; then
	printf '%s\n' "$value"
	exit
fi

# A pattern with blanks in it, such as "my traces/*.trace".
IFS=
# shellcheck disable=SC2086 # a pattern
set -- $value
if [ -e "${1-}" ]; then
	printf '%s\n' "$@"
	exit
fi

IFS=' 	
'
set -f
# shellcheck disable=SC2086 # a list
set -- $value
for word; do
	word=$(home "$word")
	set +f
	IFS=
	# shellcheck disable=SC2086 # a pattern
	printf '%s\n' $word
	set -f
done
