#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A kernel's text at a revision, with a patch applied: the files that an import reads, and no others, in a
# folder of their own under build/trees/.  The tree or repository itself is only read.
#
#	tree.sh name KERNEL		print that folder's name; writes nothing
#	tree.sh make KERNEL FOLDER	fill it, and print nothing: what there is to say is in FOLDER/.said, and
#					the exit status that it comes to in FOLDER/.status
#	tree.sh say FOLDER		say it on stderr, and end with that status
#	tree.sh key KERNEL		print a sum of the files' contents at $REV, the Makefile's apart
#
# Environment: REV a revision of KERNEL, which is a git repository then, bare or not; PATCH a mail, a mailbox,
# a diff, a folder of such files or a list of them; FILES more files of the tree to look into.
# Status: 2 there is no such revision, patch or tree; 125 a hunk does not apply.
set -u
export LC_ALL=C GIT_OPTIONAL_LOCKS=0
HERE=$(dirname "$0")

# What import.sh and fuzz/targets/reserve/text/import.sh look into.
READ='Makefile|include/linux/(hugetlb[^/]*|folio_batch|pagevec)\.h|mm/(hugetlb[^/]*|memfd|migrate|userfaultfd)\.[ch]|fs/hugetlbfs/[^/]*\.[ch]'

fail() {
	status=$1
	shift
	echo "import: $*" >&2
	exit "$status"
}

is_wanted() {
	grep -xE "$READ$(printf '|%s' ${FILES-})" | LC_ALL=C sort
}

# The commit that REV names in KERNEL.
commit_of() {
	git -C "$1" rev-parse --quiet --verify --end-of-options "$REV^{commit}"
}

# The patches in their order, one a line.
patches() {
	"$HERE/../engines/paths.sh" "$PATCH" | while IFS= read -r path; do
		if [ -d "$path" ]; then
			find "$path" -maxdepth 1 -type f ! -name '.*' | sort
		else
			printf '%s\n' "$path"
		fi
	done
}

# All that tells one folder from another.
print_what() {
	realpath -m -- "$1"
	[ -z "${REV-}" ] || commit_of "$1" 2>/dev/null || echo "$REV"
	[ -z "${PATCH-}" ] || patches | while IFS= read -r path; do
		cat "$path" 2>/dev/null || printf '%s\n' "$path"
	done | sha256sum
	echo "${FILES-}"
}

plain() { sed 's/[^A-Za-z0-9._+-]/_/g'; }

print_name() {
	sum=$(print_what "$1" | cksum | cut -d' ' -f1)
	name=$(basename "$1")
	[ -z "${REV-}" ] || name=$name-$REV
	[ -z "${PATCH-}" ] || name=$name+$(basename "$(patches | tail -n 1)")
	printf 'build/trees/%08x/%s\n' "$sum" "$(printf %s "$name" | plain)"
}

# --- where the files come from -----------------------------------------------------------------------

# A folder in some other repository is none.
is_repository() {
	prefix=$(git -C "$1" rev-parse --show-prefix) && [ -z "$prefix" ]
}

from_revision() {
	word=${REV_WORD-REV}
	is_repository "$1" || fail 2 "$word=$REV: KERNEL=$1 is no git repository, so it has no revisions"
	commit=$(commit_of "$1") || fail 2 "$word=$REV: there is no such revision in KERNEL=$1"
	git -C "$1" ls-tree -r --full-tree --name-only "$commit" >"$new/.all" || fail 2 "KERNEL=$1 cannot be read at REV=$REV"
	is_wanted <"$new/.all" >"$new/.files"
	while IFS= read -r file; do
		mkdir -p "$new/$(dirname "$file")"
		git -C "$1" show "$commit:$file" >"$new/$file" || fail 2 "KERNEL=$1 cannot be read at REV=$REV"
	done <"$new/.files"
}

list_tree() {
	(cd "$1" && find Makefile include/linux mm fs/hugetlbfs ${FILES-} -maxdepth 1 -type f 2>/dev/null) | is_wanted
}

from_tree() {
	tree=$1
	[ -d "$tree" ] || tree=$(fuzz/import/import.sh tree "$1" "$folder.tar") || exit $?
	list_tree "$tree" >"$new/.files"
	while IFS= read -r file; do
		mkdir -p "$new/$(dirname "$file")"
		cp "$tree/$file" "$new/$file" || fail 2 "$tree/$file cannot be read"
	done <"$new/.files"
}

fill() {
	if [ -n "${REV-}" ]; then from_revision "$1"; else from_tree "$1"; fi
	[ -e "$new/mm/hugetlb.c" ] || fail 2 "KERNEL=$1${REV:+ at REV=$REV} is no kernel tree: it has no mm/hugetlb.c"
	[ -n "${PATCH-}" ] || return 0
	patches >"$new/.patches"
	while IFS= read -r path; do
		[ -r "$path" ] || fail 2 "PATCH=$path: no such file"
	done <"$new/.patches"
	[ -s "$new/.patches" ] || fail 2 "PATCH=$PATCH: there is no file in it"
	fuzz/engines/setup.sh need patch >&2 || exit 2
	(cd "$new" && find . -type f ! -name '.*') | sed 's,^\./,,' >"$new/.files"
	$HERE/apply "$new" "$READ" "$new/.patches" >&2
}

# What a folder was filled from: a tree may have been edited since, a commit is what it is.
inputs() {
	print_what "$1"
	sha256sum $HERE/tree.sh $HERE/apply
	[ -n "${REV-}" ] || [ ! -d "$1" ] || (cd "$1" && list_tree . | tr '\n' '\0' | xargs -0r sha256sum)
	[ -d "$1" ] || stat -c '%s %Y' "$1" 2>/dev/null
}

make_folder() {
	folder=$2
	mkdir -p "$(dirname "$folder")" || exit 2
	exec 9>"$(dirname "$folder")/.lock"
	flock 9
	inputs=$(inputs "$1")
	[ "$inputs" != "$(cat "$folder/.inputs" 2>/dev/null)" ] || return 0
	new=$folder.new
	rm -rf "$new"
	mkdir "$new" || exit 2
	status=0
	(fill "$1") 2>"$new/.said" 9>&- || status=$?
	echo $status >"$new/.status"
	[ $status != 0 ] || printf '%s\n' "$inputs" >"$new/.inputs"
	rm -rf "$folder"
	mv -T "$new" "$folder"
}

# The texts of two revisions are the same if they have the same key.
key() {
	commit=$(commit_of "$1") || fail 2 "REV=${REV-}: there is no such revision in KERNEL=$1"
	# Mode, type, sum, tab, name.
	git -C "$1" ls-tree -r --full-tree "$commit" >"${TMPDIR-/tmp}/key.$$" ||
		fail 2 "KERNEL=$1 cannot be read at REV=$REV"
	cut -f2 "${TMPDIR-/tmp}/key.$$" | is_wanted | grep -vx Makefile |
		awk -F'\t' 'NR == FNR { wanted[$0] = 1; next } $2 in wanted' - "${TMPDIR-/tmp}/key.$$" |
		sha256sum | cut -d' ' -f1
	rm -f "${TMPDIR-/tmp}/key.$$"
}

case $#-${1-} in
2-name) print_name "$2" ;;
3-make) make_folder "$2" "$3" ;;
2-say)
	[ -e "$2/.status" ] || fail 2 "$2: its files were not taken"
	cat "$2/.said" >&2
	exit "$(cat "$2/.status")"
	;;
2-key) key "$2" ;;
*) fail 2 "usage: tree.sh name KERNEL | make KERNEL FOLDER | say FOLDER | key KERNEL" ;;
esac
