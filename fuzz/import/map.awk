# SPDX-License-Identifier: GPL-2.0-only
#
# What import_cut.awk cuts for the map, and what kind of map it is: structs, functions that
# fuzz/import/kernel_map.c calls.  What it promises is read off its signatures, fields and calls, never off
# a version number, for distributions backport.

# Everything that is no function, in the order of types.h; only the first two have to be there, and
# all but those are for its callers.
function wish_items(	n, i, item) {
	n = split("struct file_region,struct resv_map,struct hugepage_subpool," \
	          "macro HPAGE_RESV_OWNER,macro HPAGE_RESV_UNMAPPED,macro HPAGE_RESV_MASK," \
	          "enum vma_resv_mode,typedef map_chg_state", item, ",")
	if (part == "map")
		n = 2
	for (i = 1; i <= n; i++) {
		item_name[i] = substr(item[i], index(item[i], " ") + 1)
		item_kind[item_name[i]] = substr(item[i], 1, index(item[i], " ") - 1)
	}
	items = n
}

function write_items(	i) {
	for (i = 1; i <= items; i++)
		write_item(item_name[i])
}

function check_structs() {
	need_item("resv_map")
	need_item("file_region")
	need_field("resv_map", "regions", "fuzz/map/target_walk.h walks it")
	need_field("resv_map", "region_cache", \
	           "a map without an entry cache, as before 4.3, makes no promise to test")
	need_field("resv_map", "region_cache_count", "fuzz/map/target_walk.h reads it")
	need_field("resv_map", "adds_in_progress", "fuzz/map/target_walk.h reads it")
	need_field("resv_map", "refs", "fuzz/import/kernel_map.c drops it")
	need_field("file_region", "link", "fuzz/map/target_walk.h follows it")
	need_field("file_region", "from", "fuzz/map/target_walk.h reads it")
	need_field("file_region", "to", "fuzz/map/target_walk.h reads it")
}

function check_functions(	m, add, chg, abort) {
	caller = "fuzz/import/kernel_map.c"
	m = "struct resv_map *"
	chg = need_signature("region_chg", m ",long,long|" m ",long,long,long *")
	add = need_signature("region_add", m ",long,long|" m ",long,long,long|" m \
	                     ",long,long,long,struct hstate *,struct hugetlb_cgroup *")
	abort = need_signature("region_abort", m ",long,long|" m ",long,long,long")
	need_signature("region_del", m ",long,long")
	need_signature("region_count", m ",long,long")
	need_signature("resv_map_alloc", "void")
	need_signature("resv_map_release", "struct kref *")
	if (chg != abort || (add > 1) != (chg > 1))
		fail("region_chg, region_add and region_abort disagree about regions_needed: " \
		     "a mix of two generations that fuzz/import/kernel_map.c cannot call")
	fact["REGIONS_NEEDED"] = chg > 1
	fact["H_CG"] = add > 2
}

function find_map_traits() {
	# A ticket worth one entry, whatever the holes, is enough only where an add merges.  Other
	# maps do if an add gives the end of one region to another.
	fact["MERGES"] = !fact["REGIONS_NEEDED"] || \
		says("region_add", "->(from|to)[ \t]*=[ \t]*[a-z_]+->(from|to);")
	# Up to 5.4 chg itself puts a region of no page where the add will need one.
	fact["PLACEHOLDERS"] = body["region_chg"] ~ /->from[ \t]*=[^=]/
	fact["CGROUP"] = cgroup && need_field("file_region", "css") && \
		"hugetlb_cgroup_uncharge_file_region" in first
	# Up to 5.9 the regions of one reservation share the caller's reference.
	fact["CSS_PER_REGION"] = fact["CGROUP"] && says("region_add", "css_get[ \t]*\\(")
}

function check_map() {
	check_structs()
	check_functions()
}

function want_map() {
	want("region_chg"); want("region_add"); want("region_abort"); want("region_del")
	want("region_count"); want("resv_map_alloc"); want("resv_map_release")
}
