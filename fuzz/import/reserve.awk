# SPDX-License-Identifier: GPL-2.0-only
#
# What import_cut.awk cuts for the callers of the map, behind src/callers/reserve.h, and what kind they are:
# signatures that fuzz/import/kernel_reserve.c can call.  Names that src/shim/ supplies (the pool of pages,
# accessors of a page) are not followed; the manifest has them as "shim".

function check_subpool() {
	need_item("hugepage_subpool")
	need_item("HPAGE_RESV_OWNER")
	need_item("vma_resv_mode")
	need_field("hugepage_subpool", "max_hpages", "fuzz/map/reserve_target_kernel.c reads it")
	need_field("hugepage_subpool", "used_hpages", "fuzz/map/reserve_target_kernel.c reads it")
	need_field("hugepage_subpool", "min_hpages", \
	           "a subpool without a minimum, as before 4.1, is none that src/callers/reserve.h has")
	need_field("hugepage_subpool", "rsv_hpages", "fuzz/map/reserve_target_kernel.c reads it")
}

function check_vma(	m) {
	m = "struct hstate *,struct vm_area_struct *,unsigned long"
	fact["VMA_NEEDED"] = need_signature("vma_needs_reservation", m "|" m ",long *") > 1
	if (fact["VMA_NEEDED"] != (need_signature("vma_end_reservation", m "|" m ",long") > 1))
		fail("vma_needs_reservation and vma_end_reservation disagree about regions_needed")
	need_signature("vma_resv_map", "struct vm_area_struct *")
	need_signature("is_vma_resv_set", "struct vm_area_struct *,unsigned long")
	need_signature("set_vma_resv_flags", "struct vm_area_struct *,unsigned long")
	need_signature("hugetlb_vm_op_close", "struct vm_area_struct *")
}

function check_pages(	m) {
	alloc = need_one_of("alloc_hugetlb_folio|alloc_huge_page")
	m = "struct vm_area_struct *,unsigned long,"
	need_signature(alloc, m "int|" m "bool")
	fact["ALLOC_FOLIO"] = alloc == "alloc_hugetlb_folio"
	free = need_one_of("free_huge_folio|free_huge_page")
	need_signature(free, "struct folio *|struct page *")
	fact["FREE_FOLIO"] = free == "free_huge_folio"
	# Before 4.10 a fault that failed just freed its page.
	fact["RESTORE"] = "restore_reserve_on_error" in tag_file
	m = "struct hstate *,struct vm_area_struct *,unsigned long,"
	if (fact["RESTORE"])
		fact["RESTORE_FOLIO"] = need_signature("restore_reserve_on_error", \
			m "struct page *|" m "struct folio *") > 1
}

function check_reserve(	m, n, i) {
	caller = "fuzz/import/kernel_reserve.c"
	check_subpool()
	check_vma()
	check_pages()
	need_signature("hugepage_new_subpool", "struct hstate *,long,long")
	need_signature("hugepage_put_subpool", "struct hugepage_subpool *")
	m = "struct inode *,long,long,"
	i = need_signature("hugetlb_reserve_pages", m "struct vm_area_struct *,vm_flags_t|" m \
	                   "struct vm_area_desc *,vm_flags_t|" m \
	                   "struct vm_area_struct *,vma_flags_t|" m \
	                   "struct vm_area_desc *,vma_flags_t")
	fact["RESERVE_DESC"] = i == 2 || i == 4
	fact["RESERVE_VMA_FLAGS"] = i > 2
	fact["RESERVE_BOOL"] = returns("hugetlb_reserve_pages", "bool")
	need_signature("hugetlb_unreserve_pages", m "long")
	fact["FIX_RESTORE"] = need_signature("hugetlb_fix_reserve_counts", \
	                                     "struct inode *|struct inode *,bool") > 1
}

function want_reserve() {
	want("hugepage_new_subpool"); want("hugepage_put_subpool")
	want("vma_needs_reservation"); want("vma_end_reservation")
	want(alloc); want(free); want("restore_reserve_on_error")
	want("hugetlb_reserve_pages"); want("hugetlb_unreserve_pages")
	want("hugetlb_fix_reserve_counts"); want("hugetlb_vm_op_close")
	want("vma_resv_map"); want("is_vma_resv_set"); want("set_vma_resv_flags")
}

function find_reserve_traits() {
	# Since 5.7 a cgroup is charged for what is reserved, and each region knows who is.
	fact["CHARGES_RESERVED"] = cgroup && says("hugetlb_reserve_pages", "hugetlb_cgroup_charge_")
	fact["CHARGES_USED"] = cgroup && says(alloc, "hugetlb_cgroup_charge_cgroup[ \t]*\\(")
}
