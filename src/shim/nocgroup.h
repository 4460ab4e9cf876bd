/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an imported kernel's text calls where it is built without cgroups: the files that have these
 * names are then not read, and nobody is charged.
 */
#ifndef SHIM_NOCGROUP_H
#define SHIM_NOCGROUP_H

#define hugetlb_cgroup_charge_cgroup(...)              0
#define hugetlb_cgroup_charge_cgroup_rsvd(...)         0
#define hugetlb_cgroup_commit_charge(...)              ((void)0)
#define hugetlb_cgroup_commit_charge_rsvd(...)         ((void)0)
#define hugetlb_cgroup_uncharge_cgroup(...)            ((void)0)
#define hugetlb_cgroup_uncharge_cgroup_rsvd(...)       ((void)0)
#define hugetlb_cgroup_uncharge_page(...)              ((void)0)
#define hugetlb_cgroup_uncharge_page_rsvd(...)         ((void)0)
#define hugetlb_cgroup_uncharge_folio(...)             ((void)0)
#define hugetlb_cgroup_uncharge_folio_rsvd(...)        ((void)0)
#define hugetlb_cgroup_uncharge_counter(...)           ((void)0)
#define hugetlb_cgroup_uncharge_file_region(...)       ((void)0)
#define hugetlb_cgroup_put_rsvd_cgroup(...)            ((void)0)
#define resv_map_dup_hugetlb_cgroup_uncharge_info(...) ((void)0)
#define resv_map_put_hugetlb_cgroup_uncharge_info(...) ((void)0)

#endif
