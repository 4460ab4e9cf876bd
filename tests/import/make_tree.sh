# SPDX-License-Identifier: GPL-2.0-only
#
# make_tree STYLE FOLDER: a made-up kernel tree, out of the templates beside this file.  To be sourced.

# The lines of a template that belong to a style.
in_style() {
	awk -v style="$1" '
		BEGIN { on = 1 }
		/^\/\/@/ { on = NF == 1; for (i = 2; i <= NF; i++) on = on || $i == style; next }
		on' "$2"
}

# make_tree STYLE FOLDER
make_tree() {
	rm -rf "$2"
	mkdir -p "$2/mm" "$2/include/linux"
	in_style "$1" tests/import/hugetlb.c.in >"$2/mm/hugetlb.c"
	in_style "$1" tests/import/callers.c.in >>"$2/mm/hugetlb.c"
	in_style "$1" tests/import/hugetlb.h.in >"$2/include/linux/hugetlb.h"
	in_style "$1" tests/import/hugetlb_cgroup.c.in >"$2/mm/hugetlb_cgroup.c"
	echo '/* empty */' >"$2/include/linux/hugetlb_cgroup.h"
	printf 'VERSION = 9\nPATCHLEVEL = 8\nSUBLEVEL = 7\nEXTRAVERSION = -rc6\n' >"$2/Makefile"
}
