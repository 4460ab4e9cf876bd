#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What is run of a kernel tree, as lines: everything that somebody has to know who reads a finding.
#
#	manifest.sh TREE VERSION FOLDER		print it on standard output; FOLDER is import.sh's
#
#	tree, version
#	world		"hugetlb": all of its own; "callers": those of the map only, over files and faults of ours
#	missing		why "callers": what the compiler said
#	functions	FILE: how many of its functions are run, of how many; how many lines they have, of how many
#	replaced	a name of the tree's files that is ours, its place, and the reason: text/replaced
#	ours		a function that an op is made of, written here: this tree's could not be taken, and why
#	config		a word that decided something
#	fact		what calls differ in
#	function, macro, ...	every cut with its lines and sha256
set -eu
export LC_ALL=C

tree=$1
version=$2
folder=$3
echo "tree $tree"
echo "version $version"
if [ -e "$folder/missing" ]; then
	echo "world callers"
	sed 's/^import: /missing /' "$folder/missing"
	exit
fi
echo "world hugetlb"
awk '$1 == "function" { functions[$3]++; lines[$3] += $5 - $4 + 1 }
	$1 == "total" { printf "functions %s %d of %d, lines %d of %d\n", $2, functions[$2], $3, lines[$2], $4 }' \
	"$folder/cuts"
awk -F'\t' '/^[^#]/ && NF == 2 { name[++n] = "^(" $1 ")$"; why[n] = $2; next }
	{ split($0, cut, " ") }
	cut[1] == "shim" {
		reason = "no reason is known: say it in fuzz/targets/reserve/text/replaced"
		for (i = 1; i <= n; i++)
			if (cut[2] ~ name[i]) { reason = why[i]; break }
		print "replaced " cut[2] " " cut[3] ":" cut[4] " " reason
	}' fuzz/targets/reserve/text/replaced "$folder/cuts"
# What an op does by text/ though kernels have a function for it: why, as the compiler said it.
why=$(sed -n 's/^import: //p;1q' "$folder/ours" 2>/dev/null || true)
grep -q '^function unmap_and_move_huge' "$folder/cuts" ||
	echo "ours unmap_and_move_huge_page fuzz/targets/reserve/text/ops_page.c ${why:-this tree has no mm/migrate.c with it}"
grep -q '^function \(mfill\|__mcopy\)_atomic_hugetlb' "$folder/cuts" ||
	echo "ours mfill_atomic_hugetlb fuzz/targets/reserve/text/ops.c ${why:-this tree has no mm/userfaultfd.c with it}"
sed -n 's/^#define TEXT_\([A-Z_]*\) \(.*\)/fact \1 \2/p; s/^#define TEXT_\(ARGS_.*\)/fact \1/p' "$folder/facts.h" | sort
awk '$1 == "config" { print }
	$1 !~ /^(config|shim|total)$/ { print $1, $2, $3 ":" $4 "-" $5, $6 }' "$folder/cuts"
