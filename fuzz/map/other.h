/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two maps in one program: the second one's objects are compiled behind this header, which gives
 * every external name another one; diff.c declares both.
 */
#define target_traits      other_traits
#define target_open        other_open
#define target_close       other_close
#define target_chg         other_chg
#define target_add         other_add
#define target_abort       other_abort
#define target_del         other_del
#define target_count       other_count
#define target_look        other_look
#define target_look_owners other_look_owners

#define resv_map_alloc     other_resv_map_alloc
#define resv_map_release   other_resv_map_release
#define region_chg         other_region_chg
#define region_add         other_region_add
#define region_abort       other_region_abort
#define region_del         other_region_del
#define region_count       other_region_count
#define region_cache_fill  other_region_cache_fill
#define region_cache_take  other_region_cache_take
